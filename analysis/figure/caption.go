package figure

import (
	"fmt"
	"strings"

	"github.com/specstress/specstress/analysis"
	"github.com/specstress/specstress/internal/label"
)

// describe sets caption and alternative text. Made-up data are said to be
// that before anything else.
func (f *Figure) describe(src Source, alt string, sentences ...string) {
	f.Source = src
	if src.Filter != "" {
		sentences = append(sentences, "Filter: "+label.Clean(src.Filter)+".")
	}
	var kept []string
	if src.Synthetic != "" {
		kept = append(kept, sentence(src.Synthetic))
	}
	for _, s := range sentences {
		if s != "" {
			kept = append(kept, s)
		}
	}
	f.Caption = strings.Join(kept, " ")
	f.Alt = alt
	if src.Synthetic != "" {
		f.Alt = sentence(src.Synthetic) + " " + alt
	}
}

// sentence starts with a capital and ends with a full stop.
func sentence(s string) string {
	s = label.Clean(s)
	if s == "" {
		return ""
	}
	r := []rune(s)
	return strings.ToUpper(string(r[:1])) + strings.TrimSuffix(string(r[1:]), ".") + "."
}

// checkPublished refuses to lay the paper's numbers over made-up data.
func checkPublished(id string, src Source, published, want int) error {
	switch {
	case published == 0:
		return nil
	case src.Synthetic != "":
		return fmt.Errorf("figure %s: published values beside %s data, want none", id, src.Synthetic)
	case published != want:
		return fmt.Errorf("figure %s: %d published values, want %d", id, published, want)
	}
	return nil
}

// outlined says what outlines are, where there are any.
func outlined(published ...[]float64) string {
	for _, values := range published {
		if values != nil {
			return "Outlines are the values that the paper prints."
		}
	}
	return ""
}

// leftOut tells what a figure's numbers leave out, summed by reason.
func leftOut(excluded ...[]analysis.Exclusion) string {
	var sums []analysis.Exclusion
	for _, list := range excluded {
	next:
		for _, x := range list {
			for i := range sums {
				if sums[i].Reason == x.Reason {
					sums[i].N += x.N
					continue next
				}
			}
			sums = append(sums, x)
		}
	}
	var parts []string
	for _, x := range sums {
		if x.N > 0 {
			parts = append(parts, Count(x.N)+" "+label.Clean(x.Reason))
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return "Left out: " + strings.Join(parts, "; ") + "."
}

// intervals says what the error bars are: the level of the first estimate
// that has any.
func intervals(estimates ...analysis.Estimate) string {
	for _, e := range estimates {
		if e.HasInterval() {
			return fmt.Sprintf("Error bars are %.4g %% intervals.", 100*e.Level)
		}
	}
	return ""
}

// sizes tells the range of n, with the unit.
func sizes(unit string, estimates ...analysis.Estimate) string {
	if len(estimates) == 0 {
		return "n = 0."
	}
	lo, hi := estimates[0].N, estimates[0].N
	for _, e := range estimates {
		lo, hi = min(lo, e.N), max(hi, e.N)
	}
	if lo == hi {
		return fmt.Sprintf("n = %s %s.", Count(lo), unit)
	}
	return fmt.Sprintf("n = %s to %s %s.", Count(lo), Count(hi), unit)
}
