// Package sqdist computes squared Euclidean distances between float32
// vectors, to the same bits on every processor.
//
// Floating-point sums depend on their order, so the order is part of what
// the package promises. Square i of the first 32*(dim/32) goes to lane i%32,
// each lane adding in ascending i; the lanes are then added by halves (l and
// l+16, then l and l+8, down to 1); the squares that are left over follow
// one by one. Products are rounded before they are added: no fused
// multiply-add anywhere, since not every processor has one.
//
// Differences are squared, rather than the lengths and a dot product
// combined: equal vectors are at distance exactly 0, and near ones keep
// their digits. Squares below 1e-45 vanish and those above 3e38 are +Inf.
//
// On amd64 with AVX2 the lanes are vector registers; elsewhere, and with the
// build tag purego, plain Go does the same.
package sqdist

import "fmt"

// lanes is how many partial sums there are.
const lanes = 32

// Rows fills out[j] with the squared distance between x and row j of rows,
// which holds len(out) vectors of len(x) elements one after the other. It
// panics when rows has another length.
func Rows(out, x, rows []float32) {
	if len(rows) != len(out)*len(x) {
		panic(fmt.Sprintf("sqdist: %d elements of rows, want %d rows of %d", len(rows), len(out), len(x)))
	}
	if len(out) == 0 || len(x) == 0 {
		clear(out)
		return
	}
	rowsFast(out, x, rows)
}

// rowsGo is Rows in plain Go.
func rowsGo(out, x, rows []float32) {
	dim := len(x)
	body := dim - dim%lanes
	for j := range out {
		row := rows[j*dim:][:dim]
		var lane [lanes]float32
		for i := 0; i < body; i += lanes {
			a, b := (*[lanes]float32)(x[i:]), (*[lanes]float32)(row[i:])
			for l := range lane {
				d := a[l] - b[l]
				lane[l] += float32(d * d) // the conversion forbids a fused multiply-add
			}
		}
		for half := lanes / 2; half > 0; half /= 2 {
			for l := range half {
				lane[l] += lane[l+half]
			}
		}
		out[j] = lane[0]
	}
	addRest(out, x, rows)
}

// addRest adds the squares after the last whole block.
func addRest(out, x, rows []float32) {
	dim := len(x)
	body := dim - dim%lanes
	if body == dim {
		return
	}
	for j := range out {
		sum := out[j]
		for i, b := range rows[j*dim+body : (j+1)*dim] {
			d := x[body+i] - b
			sum += float32(d * d)
		}
		out[j] = sum
	}
}
