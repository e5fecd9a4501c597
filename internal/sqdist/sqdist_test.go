package sqdist

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// TestByHand: whole numbers, whose sums are exact in any order.
func TestByHand(t *testing.T) {
	for _, dim := range []int{1, 3, 31, 32, 33, 64, 100, 384} {
		x := make([]float32, dim)
		rows := make([]float32, 2*dim)
		var squares float32
		for i := range x {
			x[i] = float32(i % 7)
			rows[dim+i] = float32(i%7 + i%3) // differs by i mod 3
			squares += float32(i % 3 * (i % 3))
		}
		copy(rows, x)
		out := []float32{-1, -1}
		Rows(out, x, rows)
		if out[0] != 0 || out[1] != squares {
			t.Errorf("dim %d: %v, want 0 and %v", dim, out, squares)
		}
	}
}

// TestSameBits holds the fast path to the plain one bit by bit, at every
// dimension around the block size, and checks both against float64.
func TestSameBits(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for dim := 1; dim <= 200; dim++ {
		const n = 5
		x, rows := make([]float32, dim), make([]float32, n*dim)
		for i := range x {
			x[i] = float32(rng.NormFloat64())
		}
		for i := range rows {
			rows[i] = float32(rng.NormFloat64() * math.Exp(4*rng.NormFloat64()))
		}
		fast, plain := make([]float32, n), make([]float32, n)
		rowsFast(fast, x, rows)
		rowsGo(plain, x, rows)
		for j := range fast {
			if math.Float32bits(fast[j]) != math.Float32bits(plain[j]) {
				t.Fatalf("dim %d row %d: %v by the fast path, %v by the plain one", dim, j, fast[j], plain[j])
			}
			want := 0.0
			for i := range x {
				d := float64(x[i]) - float64(rows[j*dim+i])
				want += d * d
			}
			if rel := math.Abs(float64(fast[j])-want) / want; rel > 1e-6 {
				t.Fatalf("dim %d row %d: %v, want %v", dim, j, fast[j], want)
			}
		}
	}
}

// TestRowsLength: a wrong length is a bug of the caller, never a read
// outside the slice.
func TestRowsLength(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("no panic for rows that are too short")
		}
	}()
	Rows(make([]float32, 2), make([]float32, 64), make([]float32, 127))
}

func TestEmpty(t *testing.T) {
	Rows(nil, make([]float32, 3), nil)
	out := []float32{1, 2}
	Rows(out, nil, nil)
	if out[0] != 0 || out[1] != 0 {
		t.Errorf("distances of vectors without elements are %v, want 0", out)
	}
}

func BenchmarkRows(b *testing.B) {
	for _, dim := range []int{384, 3072} {
		for name, f := range map[string]func(out, x, rows []float32){"fast": rowsFast, "go": rowsGo} {
			b.Run(fmt.Sprintf("dim=%d/%s", dim, name), func(b *testing.B) {
				const n = 64
				x, rows, out := make([]float32, dim), make([]float32, n*dim), make([]float32, n)
				for b.Loop() {
					f(out, x, rows)
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/n, "ns/distance")
			})
		}
	}
}
