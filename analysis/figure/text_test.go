package figure

import (
	"strings"
	"testing"

	"gonum.org/v1/plot/vg"
)

// No line is wider than it may be, none is lost before the last, and
// nothing but spaces goes missing where there are lines enough.
func TestWrap(t *testing.T) {
	sty := labelStyle()
	for _, s := range []string{
		"", " ", "word", "a few words more than fit into one line", strings.Repeat("long", 40),
		"mixed " + strings.Repeat("x", 90) + " in between", "正直 な 模型", "42.0\u00a0% stays\u00a0together", "\x1b[31m\u202e",
	} {
		for _, width := range []vg.Length{-10, 0, 1, 9, 40, 120, 1e6} {
			got := wrap(s, sty, width, 1000)
			for line := range strings.SplitSeq(got, "\n") {
				if len([]rune(line)) > 1 && sty.Width(line) > width {
					t.Errorf("%q at %v: line %q is %.1f wide", s, width, line, sty.Width(line))
				}
			}
			squeeze := strings.NewReplacer(" ", "", "\n", "")
			if a, b := squeeze.Replace(got), squeeze.Replace(wrap(s, sty, 1e9, 1)); a != b {
				t.Errorf("%q at %v: %q, want the characters %q", s, width, a, b)
			}
			if cut := wrap(s, sty, width, 2); strings.Count(cut, "\n") > 1 {
				t.Errorf("%q at %v: %q has more than two lines", s, width, cut)
			}
		}
	}
	if got := wrap("one two three four five", sty, sty.Width("one two"), 2); got != "one two\nthree…" {
		t.Errorf("cut text is %q", got)
	}
	// A title never ends in a line of its last word where another break
	// takes as many lines.
	if got := wrap("Values of Claude 3.5 Sonnet given those of Grok 4", sty, sty.Width("Values of Claude 3.5 Sonnet given those of Grok"), 3); got != "Values of Claude 3.5 Sonnet\ngiven those of Grok 4" {
		t.Errorf("balanced text is %q", got)
	}
}
