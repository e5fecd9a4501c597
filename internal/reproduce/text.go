package reproduce

import (
	"strings"

	"github.com/specstress/specstress/analysis/paper"
	"github.com/specstress/specstress/internal/label"
)

// maxWords is where a text is cut: no honest message is longer.
const maxWords = 250

// clean makes a name or a message fit for any page. Messages quote the
// data and may be longer than a name, so each word is cleaned by itself.
func clean(s string) string {
	words := strings.Fields(s)
	if len(words) > maxWords {
		words = append(words[:maxWords:maxWords], "…")
	}
	for i, w := range words {
		words[i] = label.Clean(w)
	}
	return strings.Join(words, " ")
}

// segment makes a name one part of a result id.
func segment(name string) string { return paper.Segment(name) }
