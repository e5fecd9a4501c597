// Command kcenter is the Go side of compare.py, which measures how long
// k-center selections take here and with NumPy.
//
//	sh internal/bench/kcenter/run.sh
//
// It opens the .npy file named on the command line and then does what each
// line of standard input says, answering with a line of JSON: a method
// ("lazy" or "dense"), k (0 for none), a threshold (negative for none) and
// "weights" or "plain". All selections start at row 0. Times are those of
// the selections alone; opening and checking is told first.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"runtime"
	"strings"
	"time"

	"github.com/specstress/specstress/analysis"
	"github.com/specstress/specstress/internal/sqdist"
	"github.com/specstress/specstress/loaders/embeddings"
)

func main() {
	if err := run(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, "kcenter:", err)
		os.Exit(1)
	}
}

type answer struct {
	Seconds   float64        `json:"s"`
	Rows      []int          `json:"rows"`
	Radius    float64        `json:"radius"`
	Distances int64          `json:"distances"`
	Memory    map[string]int `json:"memory"` // MB, as the system counts them
}

func run(ctx context.Context) error {
	if len(os.Args) != 2 {
		return fmt.Errorf("want the file of vectors")
	}
	start := time.Now()
	e, err := embeddings.Open(ctx, os.Args[1], embeddings.Options{})
	if err != nil {
		return err
	}
	defer e.Close()
	v, err := analysis.NewVectors(ctx, e.Data, e.Dim, analysis.Euclidean)
	if err != nil {
		return err
	}
	say := json.NewEncoder(os.Stdout)
	if err := say.Encode(map[string]any{"n": v.Rows(), "dim": v.Dim(), "s": time.Since(start).Seconds()}); err != nil {
		return err
	}
	weights := weightsOf(v.Rows())
	for in := bufio.NewScanner(os.Stdin); in.Scan(); {
		var method, weighted string
		opt := analysis.KCenterOptions{Method: analysis.FarthestFirst, Start: analysis.StartAt(0)}
		if _, err := fmt.Sscan(in.Text(), &method, &opt.K, &opt.Threshold, &weighted); err != nil {
			return fmt.Errorf("command %q: %w", in.Text(), err)
		}
		if weighted == "weights" {
			opt.Weights = weights
		}
		start := time.Now()
		var a answer
		if method == "dense" {
			a.Rows, a.Radius = dense(v, opt)
			a.Distances = int64(v.Rows()) * int64(len(a.Rows))
		} else {
			s, err := analysis.KCenter(ctx, v, opt)
			if err != nil {
				return err
			}
			a.Rows, a.Radius, a.Distances = s.Rows, s.Radius, s.Distances
		}
		a.Seconds = time.Since(start).Seconds()
		a.Memory = memory()
		if err := say.Encode(a); err != nil {
			return err
		}
	}
	return nil
}

// weightsOf are deviations like the paper's: 1.5 to 3, most of them small.
// compare.py makes the same ones.
func weightsOf(n int) []float64 {
	w := make([]float64, n)
	for i := range w {
		u := float64(uint32(i)*2654435761) / (1 << 32)
		w[i] = 1.5 + 1.5*u*u
	}
	return w
}

// dense computes the distances of all points to every selected one, on all
// cores with the same kernel: what lazy evaluation is measured against.
func dense(v *analysis.Vectors, opt analysis.KCenterOptions) (rows []int, radius float64) {
	n := v.Rows()
	near := make([]float32, n)
	for i := range near {
		near[i] = float32(math.Inf(1))
	}
	workers := runtime.GOMAXPROCS(0)
	best, score := make([]int, workers), make([]float64, workers)
	done := make(chan bool)
	next := make([]chan int, workers)
	part := func(g int) (lo, hi int) { return n * g / workers, n * (g + 1) / workers }
	work := func(g, centre int) {
		lo, hi := part(g)
		x := v.Row(centre)
		best[g], score[g] = lo, -1
		var squares [256]float32
		for at := lo; at < hi; at += len(squares) {
			m := min(len(squares), hi-at)
			sqdist.Rows(squares[:m], x, v.Range(at, at+m))
			for j, s := range squares[:m] {
				i := at + j
				near[i] = min(near[i], s)
				d := math.Sqrt(float64(near[i]))
				if opt.Weights != nil {
					d *= opt.Weights[i]
				}
				if d > score[g] {
					best[g], score[g] = i, d
				}
			}
		}
	}
	for g := 1; g < workers; g++ {
		next[g] = make(chan int)
		defer close(next[g])
		go func() {
			for centre := range next[g] {
				work(g, centre)
				done <- true
			}
		}()
	}
	rows = []int{0}
	for {
		centre := rows[len(rows)-1]
		for g := 1; g < workers; g++ {
			next[g] <- centre
		}
		work(0, centre)
		for range workers - 1 {
			<-done
		}
		g := 0
		for h := range score {
			if score[h] > score[g] {
				g = h
			}
		}
		radius = score[g]
		if opt.Threshold >= 0 && radius <= opt.Threshold || len(rows) == opt.K || radius == 0 {
			return rows, radius
		}
		rows = append(rows, best[g])
	}
}

// memory is what /proc says: resident pages of the program's own, of mapped
// files, and the highest sum.
func memory() map[string]int {
	out := map[string]int{}
	text, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return out // not Linux
	}
	for line := range strings.Lines(string(text)) {
		var kb int
		name, rest, _ := strings.Cut(line, ":")
		if _, err := fmt.Sscan(rest, &kb); err == nil && (name == "RssAnon" || name == "RssFile" || name == "VmHWM") {
			out[name] = kb / 1024
		}
	}
	return out
}
