package reproduce

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/specstress/specstress/analysis"
	"github.com/specstress/specstress/analysis/paper"
	"github.com/specstress/specstress/internal/label"
	"github.com/specstress/specstress/loaders"
)

// A Verification is the paper's numbers beside ours.
type Verification struct {
	Manifest Manifest
	Origin   paper.Origin
	Why      string // how the origin was told
	Rows     []Verified
	whole    bool // all numbers, not some
}

// A Verified is one number of the paper beside ours: a record of
// results.json and what comparing adds to it.
type Verified struct {
	Result
	Difference *float64 `json:"difference"` // ours less the paper's; null where not compared
	Contains   *bool    `json:"contains"`   // whether the paper's number lies in our interval; null without one
	Missing    string   `json:"missing"`    // what computing it takes, "" when it was computed
	Notes      []string `json:"notes"`      // the paper's own inconsistencies that concern it

	number paper.Number
}

// sectionsOf says which section computes the numbers of a family, so that
// checking a few does not take as long as checking all.
var sectionsOf = []struct{ family, section string }{
	{"disagreement", "disagreement"}, {"compliance.fig2", "fig2"}, {"compliance.table2_check", "table2"},
	{"judges", "judges"}, {"outliers", "fig6"}, {"readings", "readings"}, {"preference", "preference"},
	{"providers", "preference"}, {"ranking", "ranking"},
}

// SectionsOf lists the sections that compute some numbers, given by ids or
// beginnings of ids; nil for all of them when it cannot tell.
func SectionsOf(ids []string) []string {
	var sections []string
	for _, id := range ids {
		i := slices.IndexFunc(sectionsOf, func(s struct{ family, section string }) bool { return begins(s.family, id) })
		if i < 0 {
			return nil
		}
		if section := sectionsOf[i].section; !slices.Contains(sections, section) {
			sections = append(sections, section)
		}
	}
	return sections
}

// Wants reports whether a number is one of those asked for by id or by the
// beginning of an id that ends where a dot stands, as in "judges" or
// "compliance.fig2.any". Nothing asks for all.
func Wants(only []string, id string) bool {
	return len(only) == 0 || slices.ContainsFunc(only, func(o string) bool { return begins(strings.TrimSuffix(o, "."), id) })
}

func begins(beginning, id string) bool {
	return id == beginning || strings.HasPrefix(id, beginning+".")
}

// Verify computes what the data allow and lays every number of the paper
// beside it, in the order of paper.Numbers. Only is as Wants has it; one that
// fits no number is an error (analysis.ErrUnknownName) with the nearest ids. Opt.Only is not looked at.
func Verify(ctx context.Context, d *loaders.Dataset, only []string, opt Options) (*Verification, error) {
	wanted, err := wantedNumbers(only)
	if err != nil {
		return nil, err
	}
	opt.Only = sectionsFor(wanted)
	files := false
	for id, yes := range wanted {
		files = files || yes && ofFiles(id)
	}
	r, rows, err := computeAndVerify(ctx, d, opt, files)
	if err != nil {
		return nil, err
	}
	v := &Verification{Manifest: r.Manifest, Origin: r.Origin, Why: r.Why, whole: len(only) == 0}
	for _, row := range rows {
		if wanted[row.number.ID] {
			v.Rows = append(v.Rows, row)
		}
	}
	return v, nil
}

// ComputeAndVerify is Compute, with every number of the paper beside ours;
// counts of the files themselves are there when opt.Only names no sections.
func ComputeAndVerify(ctx context.Context, d *loaders.Dataset, opt Options) (*Run, []Verified, error) {
	return computeAndVerify(ctx, d, opt, len(opt.Only) == 0)
}

func computeAndVerify(ctx context.Context, d *loaders.Dataset, opt Options, files bool) (*Run, []Verified, error) {
	r, err := Compute(ctx, d, opt)
	if err != nil {
		return nil, nil, err
	}
	claims := slices.Clone(r.claims)
	if files {
		claims = append(claims, anchorClaims(ctx, d, opt)...)
	}
	var rows []Verified
	numbers := paper.Numbers()
	for i, c := range paper.Verify(r.Origin, claims) {
		row := Verified{Result: newResult(c.Claim, r.Origin), Difference: c.Difference, Contains: c.Contains,
			Missing: clean(c.Missing), Notes: []string{}, number: numbers[i]}
		for _, x := range paper.Notes(c.ID) {
			row.Notes = append(row.Notes, told(x))
		}
		rows = append(rows, row)
	}
	return r, rows, nil
}

// told is an inconsistency as one line.
func told(x paper.Inconsistency) string { return x.Where + ": " + x.Says + ". " + x.Finding }

func wantedNumbers(only []string) (map[string]bool, error) {
	wanted := map[string]bool{}
	known := map[string]bool{} // ids and the beginnings of ids
	var names []string
	know := func(name string) {
		if !known[name] {
			known[name] = true
			names = append(names, name)
		}
	}
	for _, n := range paper.Numbers() {
		for i, r := range n.ID {
			if r == '.' {
				know(n.ID[:i])
			}
		}
		know(n.ID)
		wanted[n.ID] = Wants(only, n.ID)
	}
	for _, o := range only {
		if !known[strings.TrimSuffix(o, ".")] {
			return nil, fmt.Errorf("verify: %w", analysis.UnknownName("published number", o, names))
		}
	}
	return wanted, nil
}

// sectionsFor lists the sections that wanted numbers come from; nil for all
// of them when it cannot tell.
func sectionsFor(wanted map[string]bool) []string {
	var ids []string
	for _, n := range paper.Numbers() {
		if wanted[n.ID] && !ofFiles(n.ID) {
			ids = append(ids, n.ID)
		}
	}
	if ids == nil {
		// Anchors alone need no section, yet Compute wants one: the cheapest.
		return []string{"fig6"}
	}
	return SectionsOf(ids)
}

// ofFiles reports whether a number is a size of the data, which no section
// computes.
func ofFiles(id string) bool {
	return strings.HasPrefix(id, "anchors.") || strings.HasPrefix(id, "sizes.")
}

// anchorClaims are counts of the files themselves, which no section has.
func anchorClaims(ctx context.Context, d *loaders.Dataset, opt Options) []paper.Claim {
	src := newSource(ctx, d, opt.Where)
	var names []string
	var codes [2][]int32
	s, err := src.scenarios(ctx, analysis.AllModels.Name)
	if err == nil {
		first, second := s.Values(analysis.Value1), s.Values(analysis.Value2)
		names, codes = first.Names, [2][]int32{first.Codes, second.Codes}
		if first.Codes == nil || second.Codes == nil {
			err = fmt.Errorf("%w: columns value1 and value2", paper.ErrAbsent)
		}
	}
	claims := paper.AnchorClaims(analysis.AllModels.Name, names, codes[0], codes[1], err)

	values, valuesErr := 0, error(errNoTaxonomy{})
	if t := d.Taxonomy(); t != nil {
		values, valuesErr = t.Levels()[0], nil
	}
	scenarios := 0
	s, err = src.scenarios(ctx, loaders.ConfigComplete)
	if err == nil {
		scenarios = s.Rows()
	}
	return append(claims, paper.SizeClaims(values, valuesErr, scenarios, err)...)
}

// JSON is what verify --json prints: results as in results.json, and the
// inconsistencies of the paper when all numbers were asked for.
func (v *Verification) JSON() ([]byte, error) {
	type inconsistency struct {
		Where   string   `json:"where"`
		Says    string   `json:"says"`
		Finding string   `json:"finding"`
		IDs     []string `json:"ids"`
	}
	out := struct {
		Manifest        Manifest        `json:"manifest"`
		Results         []Verified      `json:"results"`
		Inconsistencies []inconsistency `json:"inconsistencies"`
	}{v.Manifest, v.Rows, []inconsistency{}}
	if out.Results == nil {
		out.Results = []Verified{}
	}
	if v.whole {
		for _, x := range paper.Inconsistencies() {
			out.Inconsistencies = append(out.Inconsistencies, inconsistency{x.Where, x.Says, x.Finding, append([]string{}, x.IDs...)})
		}
	}
	b, err := json.MarshalIndent(out, "", " ")
	if err != nil {
		return nil, fmt.Errorf("verify: %w", err)
	}
	return append(b, '\n'), nil
}

// WriteText writes the comparison for a terminal. Numbers that cannot be
// computed, each family for one reason, take a line together unless all is
// set. Of synthetic data no number of ours is shown: it is not there to meet
// the paper's.
func (v *Verification) WriteText(w io.Writer, all bool) error {
	var b strings.Builder
	switch v.Origin {
	case paper.SyntheticOrigin:
		b.WriteString("SYNTHETIC SAMPLE: " + syntheticBanner + "\nIts numbers are computed, but neither shown nor compared; --json has them, marked as synthetic.\n\n")
	case paper.OtherOrigin:
		fmt.Fprintf(&b, "NOT THE PAPER'S DATASET: %s. Nothing is compared.\n\n", v.Why)
	default:
		fmt.Fprintf(&b, "%s: %s\n\n", v.Manifest.Source, v.Why)
	}
	var notes []string
	noted := func(row Verified) string {
		var marks []string
		for _, n := range row.Notes {
			at := slices.Index(notes, n)
			if at < 0 {
				at, notes = len(notes), append(notes, n)
			}
			marks = append(marks, fmt.Sprint(at+1))
		}
		if marks == nil {
			return ""
		}
		return "[" + strings.Join(marks, ",") + "]"
	}
	tw := tabwriter.NewWriter(&b, 0, 8, 2, ' ', 0)
	if all || slices.ContainsFunc(v.Rows, func(row Verified) bool { return row.Value != nil }) {
		fmt.Fprintln(tw, "id\tpaper\tpage\tours\tdifference\tinterval\tholds paper\tn\tstatus\tnote")
	}
	for _, row := range v.Rows {
		if row.Value == nil && !all {
			continue
		}
		d, page := row.Display(), "-"
		if row.number.Page > 0 {
			page = fmt.Sprint(row.number.Page)
		}
		ours, interval, n := d.Value, d.Interval, d.N
		switch {
		case row.Value == nil:
			ours, interval, n = "-", "", ""
		case v.Origin == paper.SyntheticOrigin:
			ours, interval, n = "(synthetic)", "", ""
		}
		difference, contains := "", ""
		if row.Difference != nil {
			difference = row.signed(*row.Difference)
		}
		if row.Contains != nil {
			contains = map[bool]string{true: "yes", false: "no"}[*row.Contains]
		}
		fmt.Fprintf(tw, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", row.ID, row.printed(), page, ours, difference, interval, contains, n, row.Status, noted(row))
	}
	if err := tw.Flush(); err != nil {
		return err
	}
	v.writeMissing(&b, noted)
	v.writeStatuses(&b)
	if len(notes) > 0 {
		b.WriteString("\nWhere the paper is at odds with itself:\n")
		for i, n := range notes {
			fmt.Fprintf(&b, "  [%d] %s\n", i+1, n)
		}
	}
	if v.whole {
		for _, x := range paper.Inconsistencies() {
			if x.IDs == nil {
				fmt.Fprintf(&b, "  %s\n", told(x))
			}
		}
	}
	_, err := io.WriteString(w, label.Plain(b.String()))
	return err
}

// printed is the paper's number with its relation.
func (v Verified) printed() string {
	return map[paper.Relation]string{paper.AtLeast: "≥ ", paper.About: "≈ "}[v.number.Relation] + v.Display().Paper
}

// signed writes a difference in the unit of display.
func (v Verified) signed(x float64) string {
	s := v.in(x, v.decimals()) + v.sign()
	if x > 0 {
		return "+" + s
	}
	return s
}

// writeMissing lists what was not computed, by what it takes.
func (v *Verification) writeMissing(b *strings.Builder, noted func(Verified) string) {
	type group struct {
		name, reason string
		n            int
	}
	var groups []group
	for _, row := range v.Rows {
		if row.Value != nil {
			continue
		}
		noted(row)
		family := strings.Join(strings.SplitN(row.ID, ".", 3)[:2], ".")
		i := slices.IndexFunc(groups, func(g group) bool { return g.name == family && g.reason == row.Missing })
		if i < 0 {
			i, groups = len(groups), append(groups, group{family, row.Missing, 0})
		}
		groups[i].n++
	}
	if groups == nil {
		return
	}
	b.WriteString("\nNot computed, and what it takes:\n")
	tw := tabwriter.NewWriter(b, 0, 8, 2, ' ', 0)
	for _, g := range groups {
		fmt.Fprintf(tw, "  %s\t%d\t%s\n", g.name, g.n, g.reason)
	}
	_ = tw.Flush() // a strings.Builder never fails
}

func (v *Verification) writeStatuses(b *strings.Builder) {
	count := map[paper.Status]int{}
	for _, row := range v.Rows {
		count[row.Status]++
	}
	fmt.Fprintf(b, "\n%d published numbers, those of Figure 6 once for each reading:\n", len(v.Rows))
	for _, s := range paper.Statuses() {
		if count[s] > 0 {
			fmt.Fprintf(b, "  %d %s: %s\n", count[s], s, s.Meaning())
		}
	}
}
