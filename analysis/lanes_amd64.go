//go:build !purego

package analysis

import "golang.org/x/sys/cpu"

// useAVX2 is a variable so that a test can compare both ways.
var useAVX2 = cpu.X86.HasAVX2

// avxRows is how many rows one register holds.
const avxRows = 32

// addFast adds as many positions as fill registers and says how many.
func addFast(t *laneTallies, column []Position) (done int) {
	steps := len(column) / avxRows
	if !useAVX2 || steps == 0 || len(column) > blockRows {
		return 0
	}
	addAVX2(t, &column[0], steps)
	return steps * avxRows
}

func mergeFast(t, o *laneTallies) bool {
	if useAVX2 {
		mergeAVX2(t, o)
	}
	return useAVX2
}

func completeFast(a, b *laneTallies, models int, dst []Spread) (done int) {
	steps := len(dst) / (avxRows / 2)
	if !useAVX2 || steps == 0 || len(dst) > blockRows {
		return 0
	}
	completeAVX2(&dst[0], a, b, models, steps)
	return steps * (avxRows / 2)
}

func planesFast(p *planes, c []Position) bool {
	if !useAVX2 || len(c) < planeRows {
		return false
	}
	planesAVX2(p, &c[0])
	return true
}

// productsFast sums the products of the n of as many rows as make planes.
func productsFast(x, y []Position) (sum int64, done int) {
	blocks := len(x) / planeRows
	if !useAVX2 || blocks == 0 || len(x) > blockRows {
		return 0, 0
	}
	return productsAVX2(&x[0], &y[0], 2*blocks), blocks * planeRows
}

// addAVX2 adds 32 positions a step to the tallies from the first word on.
//
//go:noescape
func addAVX2(t *laneTallies, column *Position, steps int)

// mergeAVX2 adds all tallies of o to those of t.
//
//go:noescape
func mergeAVX2(t, o *laneTallies)

// completeAVX2 writes 16 spreads a step.
//
//go:noescape
func completeAVX2(dst *Spread, a, b *laneTallies, models, steps int)

// planesAVX2 transposes 64 positions.
//
//go:noescape
func planesAVX2(p *planes, c *Position)

// productsAVX2 multiplies 32 rows a step, at most blockRows in all.
//
//go:noescape
func productsAVX2(x, y *Position, steps int) int64
