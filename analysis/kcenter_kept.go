package analysis

import "fmt"

// A Kept says how many of some points a selection kept. They are counts of
// what there is, so they have no interval.
type Kept struct {
	Kept int `json:"kept"`
	Of   int `json:"of"`
}

// Share is Kept over Of; the error is ErrUndefined where there are none.
func (k Kept) Share() (float64, error) {
	if k.Of == 0 {
		return 0, fmt.Errorf("analysis: share kept of no points: %w", ErrUndefined)
	}
	return float64(k.Kept) / float64(k.Of), nil
}

// KeptAtLeast counts the scenarios of at least a disagreement, decided in
// whole numbers, and those of them that were selected. Scenarios whose
// disagreement cannot be computed are not among them. The errors are those
// of Spread.AtLeast and a selected row that is out of range.
//
// Missing positions are why a disagreement cannot be computed.
//
// Source: Zhang et al. 2025, section 2.2, whose selection is to keep them.
func KeptAtLeast(selected []int, d *Disagreements, threshold float64) (Kept, error) {
	n, err := d.CountAtLeast(threshold)
	if err != nil {
		return Kept{}, err
	}
	k := Kept{Of: n}
	for _, row := range selected {
		if row < 0 || row >= d.Len() {
			return Kept{}, fmt.Errorf("analysis: kept: row %d is selected, want 0..%d", row, d.Len()-1)
		}
		spread, ok := d.At(row)
		if !ok {
			continue
		}
		high, err := spread.AtLeast(threshold)
		if err != nil {
			return Kept{}, err
		}
		if high {
			k.Kept++
		}
	}
	return k, nil
}
