package analysis

// Preferences is the proxy for value prioritization that public data
// allow: the share of a category's scenarios in which a model's position
// on the value of that category is FavorScore or more. It measures the
// favouring of the values that a scenario was seeded with, not the
// free-form values of the paper's section 2.3.
type Preferences struct {
	Categories []string // only those that occur
	Models     []string
	Providers  []string
	ByModel    [][]Estimate // [category][model]
	ByProvider [][]Estimate // [category][provider]: mean over its models
	Unmapped   int          // scenario values outside the taxonomy
}

// FavorScore is the lowest score that counts as favouring a value:
// 5 is strong_favor (prompt B.3).
const FavorScore = 5
