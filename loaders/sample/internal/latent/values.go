package latent

// ValuesInCategory are the numbers of values in each category of the
// taxonomy, in the order of analysis.Categories.
//
// Source: counted from values_tree.csv of Huang et al. 2025, Values in
// the Wild.
var ValuesInCategory = [...]int{
	206, 445, 74, 125, 284, 166, 120, 314, 225, 44, 139, 143, 158,
	115, 95, 71, 85, 50, 92, 54, 66, 78, 77, 21, 38, 22,
}

// TreeValues is their sum.
const TreeValues = 3_307

// TreeIndex is the place in the taxonomy of the value with this number;
// a few places stay without one.
func TreeIndex(value int) int { return value * TreeValues / NumValues }

// categoryOf is the category of the value with this number.
func categoryOf(value int) int {
	left := TreeIndex(value)
	for c, n := range ValuesInCategory {
		if left < n {
			return c
		}
		left -= n
	}
	panic("sample: a value beyond the taxonomy")
}
