package paper

import (
	_ "embed"
	"encoding/csv"
	"fmt"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// A Number is one number of the paper, in this project's units: shares run
// from 0 to 1, so that the printed 0.7 % is 0.007 with three decimals.
type Number struct {
	ID       string // of the result that reproduces it
	Relation Relation
	Text     string  // the value in decimal, with its printed digits
	Value    float64 // the value as a float
	Digits   int     // decimals that are significant; negative: -5 for "about 300,000"
	Unit     string  // count, share, ratio or kappa
	Page     int     // of the PDF; 0 for an anchor of the public files, which Note explains
	Note     string  // what it counts, or where its reading is open
}

// A Relation says what the paper claims about a number.
type Relation string

// The relations.
const (
	Equals  Relation = "="  // printed as it stands
	AtLeast Relation = ">=" // printed as "over", "more than" or "at least"
	About   Relation = "~"  // printed as "approximately"
)

// String is the number for people: its digits, and what the relation adds.
func (n Number) String() string {
	switch n.Relation {
	case AtLeast:
		return "at least " + n.Text
	case About:
		return "about " + n.Text
	}
	return n.Text
}

// Numbers returns every number of the paper, grouped by what it measures.
func Numbers() []Number { return slices.Clone(published().list) }

// Lookup finds the number that a result id stands for. The public judge
// column gpt41_decision and a column o3_decision both stand for the
// paper's judge o3, and a pair of judges may be named in either order.
func Lookup(id string) (Number, bool) {
	n, ok := find(id)
	if ok {
		n.ID = id
	}
	return n, ok
}

// find is Lookup, but leaves the number the id under which it is listed.
func find(id string) (Number, bool) {
	for _, spelling := range spellings(id) {
		if i, ok := published().byID[spelling]; ok {
			return published().list[i], true
		}
	}
	return Number{}, false
}

// spellings returns the ids under which a number may be listed.
func spellings(id string) []string {
	parts := strings.Split(id, ".")
	if len(parts) < 3 || parts[0] != "judges" {
		return []string{id}
	}
	for i, judge := range parts[2:] {
		if judge == "o3" {
			parts[2+i] = "gpt41"
		}
	}
	all := []string{strings.Join(parts, ".")}
	if len(parts) == 4 {
		parts[2], parts[3] = parts[3], parts[2]
		all = append(all, strings.Join(parts, "."))
	}
	return all
}

//go:embed numbers.csv
var numbersCSV string

type table struct {
	list []Number
	byID map[string]int
}

// published parses the embedded table. A mistake in it is a mistake in
// this repository, which the package's test finds first.
var published = sync.OnceValue(func() table {
	r := csv.NewReader(strings.NewReader(numbersCSV))
	r.Comment = '#'
	rows, err := r.ReadAll()
	if err != nil {
		panic(fmt.Sprintf("paper: numbers.csv: %v", err))
	}
	t := table{byID: map[string]int{}}
	for _, row := range rows[1:] { // the first is the heading
		n, err := parseNumber(row)
		if err != nil {
			panic(fmt.Sprintf("paper: numbers.csv: %s: %v", row[0], err))
		}
		t.byID[n.ID] = len(t.list)
		t.list = append(t.list, n)
	}
	return t
})

func parseNumber(row []string) (n Number, err error) {
	n = Number{ID: row[0], Relation: Relation(row[1]), Text: row[2], Unit: row[4], Note: row[6]}
	if n.Value, err = strconv.ParseFloat(row[2], 64); err != nil {
		return n, err
	}
	if n.Digits, err = strconv.Atoi(row[3]); err != nil {
		return n, err
	}
	n.Page, err = strconv.Atoi(row[5])
	return n, err
}

// Range returns the values that print as this number: half a unit of the
// last printed digit to either side, both ends included. A tie rounds up in
// some programs and to even in others, and the paper does not say which
// made it, so a tie counts as printing either way. For AtLeast, hi is nil:
// there is no upper end.
func (n Number) Range() (lo, hi *big.Rat) {
	value, _ := new(big.Rat).SetString(n.Text) // parsed before, as a float
	if n.Relation == AtLeast {
		return value, nil
	}
	half := new(big.Rat).SetFrac(pow10(max(-n.Digits, 0)), pow10(max(n.Digits, 0)))
	half.Mul(half, big.NewRat(1, 2))
	return new(big.Rat).Sub(value, half), new(big.Rat).Add(value, half)
}

// Prints reports whether x is equal to the number at its printed digits.
// Both are compared as decimals, x by the shortest one that names it:
// 13/2000 is a tie at three decimals, although its float64 lies below.
func (n Number) Prints(x float64) bool {
	v, ok := decimal(x)
	if !ok {
		return false
	}
	lo, hi := n.Range()
	return v.Cmp(lo) >= 0 && (hi == nil || v.Cmp(hi) <= 0)
}

// decimal is x by its shortest decimal; ok is false for NaN and infinities.
func decimal(x float64) (v *big.Rat, ok bool) {
	return new(big.Rat).SetString(strconv.FormatFloat(x, 'g', -1, 64))
}

func pow10(n int) *big.Int {
	return new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(n)), nil)
}
