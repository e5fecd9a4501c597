//go:build !purego

package sqdist

import "golang.org/x/sys/cpu"

var hasAVX2 = cpu.X86.HasAVX2

func rowsFast(out, x, rows []float32) {
	if !hasAVX2 || len(x) < lanes {
		rowsGo(out, x, rows)
		return
	}
	rowsAVX2(&out[0], &x[0], &rows[0], len(x), len(out))
	addRest(out, x, rows)
}

// rowsAVX2 does the whole blocks of n rows of dim elements, dim at least 32
// and n at least 1.
//
//go:noescape
func rowsAVX2(out, x, rows *float32, dim, n int)
