package reproduce

import (
	"math"
	"strconv"
	"strings"

	"github.com/specstress/specstress/analysis"
	"github.com/specstress/specstress/analysis/figure"
	"github.com/specstress/specstress/analysis/paper"
	"github.com/specstress/specstress/internal/label"
)

// A Display is a result as people read it: shares in percent, counts with
// separators, and no more decimals than the number can bear.
type Display struct {
	Value    string // "—" when there is none
	Interval string // "" when there is none
	N        string
	Paper    string // "" when the paper prints none
	P        string // of a test, adjusted where it was; "" when nothing is tested
}

// Display formats a result. Decimals follow the standard error, of which
// two digits are shown, and are never fewer than the paper prints.
func (r Result) Display() Display {
	d := Display{Value: "—", N: figure.Count(r.N)}
	decimals := r.decimals()
	if r.Value != nil {
		d.Value = r.in(*r.Value, decimals) + r.sign()
	}
	if r.Lo != nil && r.Hi != nil {
		d.Interval = r.in(*r.Lo, decimals) + " to " + r.in(*r.Hi, decimals) + r.sign()
	}
	if r.P != nil {
		d.P = "p " + formatP(*r.P)
		if r.PAdjusted != nil {
			d.P += ", adjusted " + formatP(*r.PAdjusted)
		}
	}
	if r.Paper != nil {
		d.Paper = r.in(r.Paper.Value, max(0, r.Paper.Digits-r.shift())) + r.sign()
	}
	return d
}

// formatP is analysis.FormatP behind its sign.
func formatP(p float64) string {
	if p < 1e-4 {
		return analysis.FormatP(p)
	}
	return "= " + analysis.FormatP(p)
}

// shift is the decimal point's move from the unit to what is displayed.
func (r Result) shift() int {
	if r.Unit == paper.Share || r.Unit == paper.Difference {
		return 2
	}
	return 0
}

func (r Result) sign() string {
	switch r.Unit {
	case paper.Share:
		return " %"
	case paper.Difference:
		return " points" // of percent
	}
	return ""
}

func (r Result) in(x float64, decimals int) string {
	s := strconv.FormatFloat(x*math.Pow10(r.shift()), 'f', decimals, 64)
	return label.Thousands(strings.Replace(s, "-", "−", 1))
}

func (r Result) decimals() int {
	if r.Unit == paper.Count {
		return 0
	}
	decimals := 3
	if r.shift() > 0 {
		decimals = 1
	}
	if r.Unit == paper.Statistic {
		decimals = 2
	}
	if r.SE != nil && *r.SE > 0 {
		se := *r.SE * math.Pow10(r.shift())
		decimals = min(max(1-int(math.Floor(math.Log10(se))), 0), 4)
	}
	if r.Paper != nil {
		decimals = max(decimals, r.Paper.Digits-r.shift())
	}
	return decimals
}
