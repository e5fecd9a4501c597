package analysis

// CountAmong counts the outliers of each model, in the order of Models, in
// those rows only for which keep says so, and these rows: what would have
// been counted had only they been looked at.
func (o *Outliers) CountAmong(keep func(row int) bool) (counts []int, rows int) {
	counts = make([]int, len(o.Models))
	for row := range o.Rows {
		if !keep(row) {
			continue
		}
		rows++
		for m := range counts {
			counts[m] += count(o.Is(row, m))
		}
	}
	return counts, rows
}
