package parquet

import (
	"context"
	"math"
	"strconv"

	"github.com/specstress/specstress/analysis"
	"github.com/specstress/specstress/loaders"
)

// ReadPositions decodes a column of scores 0..6. A NaN is a missing
// position like NULL, since pandas writes missing integers so.
func (t *table) ReadPositions(ctx context.Context, group int, column string, dst []analysis.Position, bad *loaders.BadValues) error {
	l, err := t.flatColumn(group, column, len(dst), "integer or float", loaders.Int, loaders.Float)
	if err != nil {
		return err
	}
	return readNumbers(ctx, t, group, l, dst, analysis.Position{}, positions, bad)
}

// ReadInts decodes a column of whole numbers; NaN is NULL.
func (t *table) ReadInts(ctx context.Context, group int, column string, dst []int64, valid []bool, bad *loaders.BadValues) error {
	l, err := t.flatColumn(group, column, len(dst), "integer or float", loaders.Int, loaders.Float)
	if err != nil {
		return err
	}
	if _, err := t.column(group, column, len(valid)); err != nil {
		return err
	}
	whole := make([]integer, len(dst))
	err = readNumbers(ctx, t, group, l, whole, integer{}, integers, bad)
	for i, w := range whole {
		dst[i], valid[i] = w.value, w.ok
	}
	return err
}

// ReadFloats decodes a column of numbers; NULL is NaN.
func (t *table) ReadFloats(ctx context.Context, group int, column string, dst []float64) error {
	l, err := t.flatColumn(group, column, len(dst), "integer or float", loaders.Int, loaders.Float)
	if err != nil {
		return err
	}
	return readNumbers(ctx, t, group, l, dst, math.NaN(), floats, nil)
}

// readNumbers puts the column's values to their rows, each converted once
// per dictionary entry where there is a dictionary. convert fills out from
// the values and lists those that it had to leave out, by index.
func readNumbers[T any](ctx context.Context, t *table, group int, l *leaf, dst []T, null T,
	convert func(v *values, l *leaf, out []T) (bad []int), bad *loaders.BadValues) error {
	var dict, plain []T
	var dictBad []int
	row := t.groups[group].first
	return t.scan(ctx, group, l, nil, func(b *batch) error {
		rows := dst[b.first : b.first+b.n]
		if b.index == nil {
			if b.defs == nil {
				reportBad(b, convert(b.values, l, rows), l, row, bad)
				return nil
			}
			plain = grow(plain, b.values.n)
			reportBad(b, convert(b.values, l, plain), l, row, bad)
			spread(rows, b.defs, l.def, plain, null)
			return nil
		}
		if dict == nil {
			dict = make([]T, b.values.n)
			dictBad = convert(b.values, l, dict)
		}
		if b.defs == nil {
			for i, x := range b.index {
				rows[i] = dict[x]
			}
		} else {
			spreadIndexed(rows, b.defs, l.def, b.index, dict, null)
		}
		reportBad(b, dictBad, l, row, bad)
		return nil
	})
}

// spread puts the values that are there to the rows that have one.
func spread[T any](rows []T, defs []uint8, there uint8, present []T, null T) {
	k := 0
	for i, d := range defs {
		if d != there {
			rows[i] = null
			continue
		}
		rows[i] = present[k]
		k++
	}
}

func spreadIndexed[T any](rows []T, defs []uint8, there uint8, index []int32, dict []T, null T) {
	k := 0
	for i, d := range defs {
		if d != there {
			rows[i] = null
			continue
		}
		rows[i] = dict[index[k]]
		k++
	}
}

// reportBad enters every row of the batch whose value is among the bad
// ones. It is slow and seldom runs.
func reportBad(b *batch, at []int, l *leaf, firstRow int, bad *loaders.BadValues) {
	if len(at) == 0 || bad == nil {
		return
	}
	is := make(map[int]bool, len(at))
	for _, i := range at {
		is[i] = true
	}
	b.each(l, func(entry, value int) {
		if value >= 0 && is[value] {
			bad.Add(firstRow+entry, b.values.text(value, l))
		}
	})
}

// each calls f with every entry of the batch, counted in the chunk, and the
// index of its value, -1 for NULL.
func (b *batch) each(l *leaf, f func(entry, value int)) {
	k := 0
	for i := range b.n {
		value := -1
		if b.defs == nil || b.defs[i] == l.def {
			value = k
			if b.index != nil {
				value = int(b.index[k])
			}
			k++
		}
		f(b.first+i, value)
	}
}

// text is a number as the file has it.
func (v *values) text(i int, l *leaf) string {
	switch {
	case l.kind == loaders.Float:
		return strconv.FormatFloat(v.floats[i], 'g', -1, 64)
	case l.unsigned:
		return strconv.FormatUint(uint64(v.ints[i]), 10)
	}
	return strconv.FormatInt(v.ints[i], 10)
}

// scores are the positions that values in range become.
var scores = func() (s [analysis.MaxScore + 1]analysis.Position) {
	for i := range s {
		s[i], _ = analysis.NewPosition(i)
	}
	return s
}()

func positions(v *values, l *leaf, out []analysis.Position) (bad []int) {
	if l.kind == loaders.Float {
		for i, x := range v.floats[:v.n] {
			out[i] = analysis.Position{}
			if x >= 0 && x <= analysis.MaxScore && x == math.Trunc(x) {
				out[i] = scores[int(x)]
			} else if !math.IsNaN(x) { // pandas writes a missing integer as NaN
				bad = append(bad, i)
			}
		}
		return bad
	}
	for i, x := range v.ints[:v.n] {
		if uint64(x) <= analysis.MaxScore {
			out[i] = scores[x]
		} else {
			out[i] = analysis.Position{}
			bad = append(bad, i)
		}
	}
	return bad
}

// An integer is a whole number or, when not ok, none.
type integer struct {
	value int64
	ok    bool
}

func integers(v *values, l *leaf, out []integer) (bad []int) {
	if l.kind == loaders.Float {
		for i, x := range v.floats[:v.n] {
			out[i] = integer{}
			// 2^63 is the first float that no int64 holds.
			if x == math.Trunc(x) && x >= -(1<<63) && x < 1<<63 {
				out[i] = integer{int64(x), true}
			} else if !math.IsNaN(x) {
				bad = append(bad, i)
			}
		}
		return bad
	}
	for i, x := range v.ints[:v.n] {
		out[i] = integer{x, true}
		if l.unsigned && x < 0 { // 2^63 and above
			out[i] = integer{}
			bad = append(bad, i)
		}
	}
	return bad
}

func floats(v *values, l *leaf, out []float64) (bad []int) {
	if l.kind == loaders.Float {
		copy(out, v.floats[:v.n])
		return nil
	}
	for i, x := range v.ints[:v.n] {
		out[i] = float64(x)
		if l.unsigned {
			out[i] = float64(uint64(x))
		}
	}
	return nil
}
