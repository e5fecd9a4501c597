package reproduce

import (
	"math"
	"strconv"
	"strings"

	"github.com/specstress/specstress/analysis/paper"
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
	d := Display{Value: "—", N: thousands(strconv.Itoa(r.N))}
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

// formatP shows two significant digits, and no more zeros than anybody
// reads.
func formatP(p float64) string {
	if p < 1e-4 {
		return "< 0.0001"
	}
	return "= " + strconv.FormatFloat(p, 'g', 2, 64)
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
	return thousands(strings.Replace(s, "-", "−", 1))
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

// thousands puts a comma between groups of three digits before the point.
func thousands(s string) string {
	whole, rest, point := strings.Cut(s, ".")
	start := strings.IndexFunc(whole, func(r rune) bool { return r >= '0' && r <= '9' })
	if start < 0 {
		return s
	}
	digits := whole[start:]
	var b strings.Builder
	b.WriteString(whole[:start])
	for i, r := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(r)
	}
	if point {
		b.WriteString("." + rest)
	}
	return b.String()
}
