package analysis

import (
	"strings"
	"unicode"
)

// A Category is one of the 26 level-2 clusters of the value taxonomy.
type Category struct {
	Name   string // as in the taxonomy
	Parent string // its level-3 cluster
}

// categories lists the 26 by how often they occur in the taxonomy's
// source, most frequent first.
//
// Source: Huang et al. 2025, Values in the Wild, values_tree.csv
// (CC-BY-4.0); names only.
var categories = []Category{
	{"Professional and technical excellence", "Practical values"},
	{"Community and relationship bonds", "Social values"},
	{"Clarity and precision", "Epistemic values"},
	{"Ethical responsibility", "Protective values"},
	{"Business effectiveness", "Practical values"},
	{"Methodical rigor", "Epistemic values"},
	{"Intellectual integrity and objectivity", "Epistemic values"},
	{"Personal growth and wellbeing", "Personal values"},
	{"Efficiency and resource optimization", "Practical values"},
	{"Authentic moral identity", "Personal values"},
	{"Protecting vulnerable entities", "Protective values"},
	{"Cultural respect and tradition", "Social values"},
	{"Protecting human rights and dignity", "Protective values"},
	{"Ethical interaction", "Social values"},
	{"Social equity and justice", "Social values"},
	{"Security and stability", "Protective values"},
	{"Artistic expression and appreciation", "Personal values"},
	{"Emotional depth and authentic connection", "Personal values"},
	{"Critical thinking", "Epistemic values"},
	{"Professional advancement", "Practical values"},
	{"Knowledge development", "Epistemic values"},
	{"Well-functioning social systems and organizations", "Social values"},
	{"Compliance and accountability", "Practical values"},
	{"Protection of people and environment", "Protective values"},
	{"Spiritual fulfillment and meaning", "Personal values"},
	{"Pleasure and enjoyment", "Personal values"},
}

// Categories returns the 26 categories in the order of figures and tables.
func Categories() []Category { return append([]Category(nil), categories...) }

// Slug is a name's form in result ids: lower case, hyphens for everything
// that is neither letter nor digit.
func Slug(name string) string {
	words := strings.FieldsFunc(strings.ToLower(name), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r)
	})
	return strings.Join(words, "-")
}
