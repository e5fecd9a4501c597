package parquet

import (
	"context"
	"math"

	"github.com/specstress/specstress/loaders"
)

// notAsked marks a dictionary entry that no row has used so far.
const notAsked = math.MinInt32

// ReadCodes decodes a text column as codes. Intern is asked once for every
// dictionary entry that a row uses, in the order of the rows, and for every
// value of a page without a dictionary.
func (t *table) ReadCodes(ctx context.Context, group int, column string, dst []int32, intern func(text []byte) int32) error {
	l, err := t.flatColumn(group, column, len(dst), "text", loaders.Text)
	if err != nil {
		return err
	}
	var dict []int32
	return t.scan(ctx, group, l, nil, func(b *batch) error {
		if b.index != nil && dict == nil {
			dict = make([]int32, b.values.n)
			for i := range dict {
				dict[i] = notAsked
			}
		}
		b.each(l, func(row, value int) {
			switch {
			case value < 0:
				dst[row] = loaders.NullCode
			case b.index == nil:
				dst[row] = intern(b.values.bytes(value))
			default:
				if dict[value] == notAsked {
					dict[value] = intern(b.values.bytes(value))
				}
				dst[row] = dict[value]
			}
		})
		return nil
	})
}
