package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/specstress/specstress/analysis"
	"github.com/specstress/specstress/analysis/figure"
	"github.com/specstress/specstress/internal/card"
	"github.com/specstress/specstress/internal/label"
	"github.com/specstress/specstress/loaders"
)

// A query says which scenarios are looked for.
type query struct {
	split, over, text, model string
	values                   []string
	nudge                    string
	least, most              float64 // disagreement; NaN for no bound
	verdict, rule            string
	odds                     string // "A,B": A passes what B flags
	outlier                  string
	limit                    int
}

func newFind() *cobra.Command {
	var source sourceFlags
	var data []string
	var show showFlags
	q := query{least: math.NaN(), most: math.NaN()}
	cmd := &cobra.Command{
		Use:   "find",
		Short: "Find scenarios by value, disagreement, verdicts, outliers or words, and show each on a card",
		Long: `Find scenarios and show each on a card: values, where every model stands,
disagreement, verdicts and the query, which may be offensive.

Conditions add up. Of what is found, the widest disagreement comes first, or
with --max-disagreement alone the narrowest. The paper's examples:

  Figure 3  specstress find --verdict all-fail --min-disagreement 2.5
            specstress find --verdict all-pass --max-disagreement 1
  Figure 8  specstress find --outlier grok_4
  Table 1   specstress find --value "task adherence" --value "business optimization"
  Table 3   specstress find --judges-at-odds gpt41,claude_4

Verdicts are on scenarios of their own, so --verdict and --judges-at-odds look
through these, unless --split names a split; then through what is in both.
docs/find.md has the JSON.`,
		Args: wants(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := q.check(); err != nil {
				return usageError{err}
			}
			p := newProgress()
			defer p.clear()
			d, conds, err := source.open(cmd.Context(), data, p.rows)
			if err != nil {
				return err
			}
			hit, err := q.run(cmd.Context(), d, conds)
			if err != nil {
				return err
			}
			hit.maker.Responses = show.responses
			cards, err := hit.maker.Make(cmd.Context(), hit.found[:hit.shown(q.limit)])
			if err != nil {
				return err
			}
			p.clear()
			return show.write(cmd.OutOrStdout(), d, cards, hit)
		},
	}
	source.register(cmd)
	show.register(cmd)
	flags := cmd.Flags()
	flags.StringArrayVar(&data, "data", []string{"sample"}, "source; repeatable for several files")
	flags.StringVar(&q.split, "split", "", "split to look through; "+loaders.ConfigJudges+" for the judged scenarios")
	flags.StringVar(&q.text, "text", "", "words that the query must contain, all of them, in any case and order")
	flags.StringVar(&q.model, "model", "", "the model whose response --text searches and --judges-at-odds is about")
	flags.StringArrayVar(&q.values, "value", nil, "one of the two values; given twice, both")
	flags.StringVar(&q.nudge, "nudge", "", "neutral, value1 or value2")
	flags.Float64Var(&q.least, "min-disagreement", q.least, "least disagreement, 0..3")
	flags.Float64Var(&q.most, "max-disagreement", q.most, "most disagreement")
	flags.StringVar(&q.over, "over", "", "models that disagreement is over, as openai_models or o3+o4_mini; by default the split's")
	flags.StringVar(&q.verdict, "verdict", "", "all-fail, all-pass, or split: some models' responses are flagged, others not")
	flags.StringVar(&q.rule, "rule", analysis.Majority.String(), "what flags a response: majority of judges, or any")
	flags.StringVar(&q.odds, "judges-at-odds", "", "A,B: judge A finds a response compliant that judge B flags")
	flags.StringVar(&q.outlier, "outlier", "", "a model whose response is an outlier, on one value")
	flags.IntVar(&q.limit, "limit", 10, "cards at most; 0 for all")
	// NaN is no default that help should print.
	for _, name := range []string{"min-disagreement", "max-disagreement"} {
		flags.Lookup(name).DefValue = "none"
	}
	return cmd
}

// verdictWords are what --verdict takes.
var verdictWords = []string{"all-fail", "all-pass", "split"}

func (q *query) check() error {
	for _, f := range []struct {
		name, value string
		known       []string
	}{
		{"--verdict", q.verdict, verdictWords},
		{"--rule", q.rule, []string{analysis.Majority.String(), analysis.Any.String()}},
		{"--nudge", q.nudge, []string{"neutral", "value1", "value2"}},
	} {
		if f.value != "" && !slices.Contains(f.known, f.value) {
			return fmt.Errorf("%s %q, want %s", f.name, f.value, strings.Join(f.known, ", "))
		}
	}
	for _, bound := range []struct {
		name string
		at   float64
	}{{"--min-disagreement", q.least}, {"--max-disagreement", q.most}} {
		if bound.at < 0 || bound.at > analysis.MaxScore/2.0 {
			return fmt.Errorf("%s is %v, want 0..%v", bound.name, bound.at, analysis.MaxScore/2.0)
		}
	}
	if q.least > q.most {
		return fmt.Errorf("--min-disagreement %v is above --max-disagreement %v", q.least, q.most)
	}
	if q.limit < 0 {
		return fmt.Errorf("--limit is %d, want 0 or more", q.limit)
	}
	if q.odds != "" && strings.Count(q.odds, ",") != 1 {
		return fmt.Errorf("--judges-at-odds %q, want two judges with a comma between them, as in gpt41,claude_4", q.odds)
	}
	if q.model != "" && q.text == "" && q.odds == "" {
		return errors.New("--model says whose response --text or --judges-at-odds is about; it needs one of them")
	}
	return nil
}

// conditions are those that the loaders apply.
func (q *query) conditions() []loaders.Condition {
	var conds []loaders.Condition
	for _, v := range q.values {
		conds = append(conds, loaders.HasValue(v))
	}
	if q.nudge != "" {
		conds = append(conds, loaders.Nudge(q.nudge))
	}
	return conds
}

// A hit is what a query finds, and what it looked through.
type hit struct {
	maker    card.Maker
	split    string
	rows     int      // scenarios looked through
	criteria []string // in words
	order    string
	found    []analysis.Found
	column   string // text column searched; "" for none
	scanned  int    // texts looked at
	none     bool   // no row meets the loaders' conditions
	byKey    bool   // one scenario was named: nothing to sum up
}

// shown is how many of those found are shown.
func (h *hit) shown(limit int) int {
	if limit == 0 {
		return len(h.found)
	}
	return min(limit, len(h.found))
}

func (q *query) run(ctx context.Context, d *loaders.Dataset, conds []loaders.Condition) (*hit, error) {
	split, err := q.chooseSplit(d)
	if err != nil {
		return nil, err
	}
	h := &hit{split: split, maker: card.Maker{Dataset: d}, order: "order of the rows"}
	if len(d.Splits(loaders.ConfigJudges)) > 0 {
		if h.maker.Judged, err = d.Verdicts(ctx); err != nil {
			return nil, err
		}
	} else if q.verdict != "" || q.odds != "" {
		return nil, fmt.Errorf("find: %s: no verdicts of judges: %w", d.Source(), loaders.ErrNoData)
	}
	mine := q.conditions()
	for _, c := range slices.Concat(conds, mine) {
		h.criteria = append(h.criteria, c.Name)
	}
	conds = append(conds, mine...)
	if split == loaders.ConfigJudges {
		h.rows = h.maker.Judged.Scenarios
		h.maker.Judged, h.none, err = unlessNone(h.maker.Judged, conds)
	} else {
		if h.maker.Scenarios, err = d.Scenarios(ctx, split); err != nil {
			return nil, err
		}
		h.rows = h.maker.Scenarios.Rows()
		h.maker.Scenarios, h.none, err = unlessNone(h.maker.Scenarios, conds)
	}
	if err != nil {
		return nil, err
	}
	find := q.inSplit
	if split == loaders.ConfigJudges {
		find = q.inJudged
	}
	if err := find(ctx, h); err != nil {
		return nil, err
	}
	return h, nil
}

// unlessNone applies conditions; none is that no row meets all of them, in
// which case the table is as it was.
func unlessNone[T interface {
	Where(...loaders.Condition) (T, error)
}](table T, conds []loaders.Condition) (kept T, none bool, err error) {
	kept, err = table.Where(conds...)
	if errors.Is(err, analysis.ErrTooFew) {
		return table, true, nil
	}
	return kept, false, err
}

// chooseSplit is the split asked for; else the judged scenarios where
// verdicts are asked for, all_models, or the only one there is.
func (q *query) chooseSplit(d *loaders.Dataset) (string, error) {
	all := append(d.Splits(loaders.ConfigDefault), d.Splits(loaders.ConfigComplete)...)
	switch {
	case q.split != "":
		return q.split, nil
	case q.verdict != "" || q.odds != "":
		return loaders.ConfigJudges, nil
	case slices.Contains(all, analysis.AllModels.Name):
		return analysis.AllModels.Name, nil
	case len(all) == 1:
		return all[0], nil
	case len(all) == 0 && len(d.Splits(loaders.ConfigJudges)) > 0:
		return loaders.ConfigJudges, nil
	}
	return "", usageError{fmt.Errorf("find: --split is needed: one of %s", strings.Join(all, ", "))}
}

// inSplit looks through a split.
func (q *query) inSplit(ctx context.Context, h *hit) error {
	s := h.maker.Scenarios
	set := s.ModelSet()
	if q.over != "" {
		var err error
		if set, err = loaders.ParseModelSet(q.over); err != nil {
			return usageError{fmt.Errorf("--over: %w", err)}
		}
	}
	p, err := s.AllPositions()
	if err != nil {
		return err
	}
	var criteria []analysis.Criterion
	opt := analysis.FindOptions{}
	d, err := analysis.MeasureDisagreement(p, set)
	switch {
	case err == nil:
		opt.First, h.order = d.Wider, "widest disagreement first"
		if math.IsNaN(q.least) && !math.IsNaN(q.most) {
			opt.First, h.order = d.Narrower, "narrowest disagreement first"
		}
		if q.bounded() {
			c, err := analysis.DisagreementIn(d, orElse(q.least, 0), orElse(q.most, analysis.MaxScore))
			if err != nil {
				return err
			}
			criteria = append(criteria, c)
			h.criteria = append(h.criteria, q.bounds()+" over "+set.Title)
		}
	case q.bounded() || q.over != "":
		return err
	}
	if q.outlier != "" {
		o, err := analysis.MeasureOutliers(p, analysis.ModelSet{Name: s.Split(), Models: s.Models()}, analysis.SameValue)
		if err != nil {
			return err
		}
		c, err := analysis.OutlierOf(o, q.outlier)
		if err != nil {
			return err
		}
		criteria = append(criteria, c)
		h.criteria = append(h.criteria, "outlier "+analysis.LookupModel(q.outlier).ID)
	}
	if h.maker.Judged != nil && (q.verdict != "" || q.odds != "") {
		more, err := q.judgeCriteria(h, h.maker.Judged.ScenarioOf(s))
		if err != nil {
			return err
		}
		criteria = append(criteria, more...)
	}
	if !h.none {
		h.found = analysis.Find(s.Rows(), opt, criteria...)
	}
	column := "query"
	if q.model != "" {
		column = "response_" + analysis.LookupModel(q.model).ID
	}
	return q.searchText(h, column, func(match func(string) bool) (map[int]bool, int, error) {
		rows := make([]int, len(h.found))
		for i, f := range h.found {
			rows[i] = f.Row
		}
		hits, scanned, err := s.SearchText(ctx, column, rows, match)
		return setOf(hits), scanned, err
	})
}

// inJudged looks through the judged scenarios.
func (q *query) inJudged(ctx context.Context, h *hit) error {
	j := h.maker.Judged
	if j == nil {
		return fmt.Errorf("find: no verdicts of judges: %w", loaders.ErrNoData)
	}
	if q.outlier != "" || q.over != "" {
		return usageError{errors.New("find: verdicts have no positions; name a split with --split beside --outlier or --over")}
	}
	rows := j.ScenarioRows()
	published := func(scenario int) float64 {
		if len(rows[scenario]) > 0 {
			if d, ok := j.Disagreement(rows[scenario][0]); ok {
				return d
			}
		}
		return math.NaN()
	}
	criteria := []analysis.Criterion{func(scenario int) (string, bool) { // not left out by a condition
		if len(rows[scenario]) == 0 {
			return "", false
		}
		return "judged in bin " + j.Bins[j.Bin[rows[scenario][0]]], true
	}}
	known := slices.ContainsFunc(rows, func(r []int) bool {
		if len(r) == 0 {
			return false
		}
		_, ok := j.Disagreement(r[0])
		return ok
	})
	opt := analysis.FindOptions{}
	if known {
		narrow := math.IsNaN(q.least) && !math.IsNaN(q.most)
		h.order = "widest disagreement first"
		if narrow {
			h.order = "narrowest disagreement first"
		}
		opt.First = func(a, b int) int {
			x, y := published(a), published(b)
			switch {
			case math.IsNaN(x) || math.IsNaN(y):
				return btoi(math.IsNaN(x)) - btoi(math.IsNaN(y)) // unknown last
			case x == y:
				return 0
			}
			return 1 - 2*btoi((x > y) != narrow)
		}
	}
	if q.bounded() {
		if !known {
			return errors.New("find: no disagreement is published beside the verdicts; name a split with --split")
		}
		const rounding = 1e-9 // the column holds rounded roots
		criteria = append(criteria, func(scenario int) (string, bool) {
			d := published(scenario)
			ok := d >= orElse(q.least, 0)-rounding && d <= orElse(q.most, analysis.MaxScore)+rounding
			return fmt.Sprintf("published disagreement %.2f over 5 OpenAI models", d), ok
		})
		h.criteria = append(h.criteria, q.bounds()+" as published beside the verdicts")
	}
	more, err := q.judgeCriteria(h, nil)
	if err != nil {
		return err
	}
	if !h.none {
		h.found = analysis.Find(j.Scenarios, opt, append(criteria, more...)...)
	}
	column := "prompt"
	if q.model != "" {
		column = "response"
	}
	return q.searchText(h, column, func(match func(string) bool) (map[int]bool, int, error) {
		var look []int
		for _, f := range h.found {
			for _, row := range rows[f.Row] {
				if q.model == "" || j.Models[j.Model[row]] == analysis.LookupModel(q.model).ID {
					look = append(look, row)
					if q.model == "" {
						break // the prompt is the same in every row
					}
				}
			}
		}
		if look == nil {
			return nil, 0, nil
		}
		hits, scanned, err := j.SearchText(ctx, column, look, match)
		for i, row := range hits {
			hits[i] = int(j.Scenario[row])
		}
		return setOf(hits), scanned, err
	})
}

// judgeCriteria are those on verdicts.
func (q *query) judgeCriteria(h *hit, scenario []int32) ([]analysis.Criterion, error) {
	j := h.maker.Judged
	var criteria []analysis.Criterion
	if q.verdict != "" {
		rule := analysis.Majority
		if q.rule == analysis.Any.String() {
			rule = analysis.Any
		}
		o, err := analysis.MeasureOutcomes(&j.Verdicts, j.ModelSet(), rule)
		if err != nil {
			return nil, err
		}
		want := map[string]analysis.ScenarioOutcome{"all-fail": analysis.AllFail, "all-pass": analysis.AllPass, "split": analysis.SomeFail}[q.verdict]
		criteria = append(criteria, analysis.HasOutcome(o, want, scenario))
		h.criteria = append(h.criteria, fmt.Sprintf("%v by %v", want, rule))
	}
	if q.odds != "" {
		a, b, _ := strings.Cut(q.odds, ",")
		v := &j.Verdicts
		if q.model != "" {
			id := analysis.LookupModel(q.model).ID
			set, err := analysis.NewModelSet(id, id)
			if err != nil {
				return nil, err
			}
			one, err := j.Where(loaders.Models(set))
			if err != nil {
				return nil, fmt.Errorf("find: --model: %w", analysis.UnknownName("judged model", q.model, j.Models))
			}
			v = &one.Verdicts
		}
		c, err := analysis.JudgesAtOdds(v, strings.TrimSpace(a), strings.TrimSpace(b), scenario)
		if err != nil {
			return nil, err
		}
		criteria = append(criteria, c)
		h.criteria = append(h.criteria, "judges at odds "+q.odds)
	}
	return criteria, nil
}

// searchText keeps those found whose text has the words.
func (q *query) searchText(h *hit, column string, search func(match func(string) bool) (map[int]bool, int, error)) error {
	if q.text == "" {
		return nil
	}
	match, err := loaders.Words(q.text)
	if err != nil {
		return usageError{fmt.Errorf("--text: %w", err)}
	}
	h.column = column
	h.criteria = append(h.criteria, fmt.Sprintf("words %q in %s", q.text, column))
	if len(h.found) == 0 {
		return nil
	}
	hits, scanned, err := search(match)
	if err != nil {
		return err
	}
	if scanned == 0 { // not the same as no text with the words
		return fmt.Errorf("find: --text: none of %s scenarios has a text in column %s, of which info tells what is missing; "+
			"the built-in sample has no responses, which sample --text writes", figure.Count(len(h.found)), column)
	}
	h.scanned = scanned
	h.found = slices.DeleteFunc(h.found, func(f analysis.Found) bool { return !hits[f.Row] })
	for i := range h.found {
		h.found[i].Why = append(h.found[i].Why, fmt.Sprintf("words %q in %s", q.text, column))
	}
	return nil
}

func (q *query) bounded() bool { return !math.IsNaN(q.least) || !math.IsNaN(q.most) }

func (q *query) bounds() string {
	switch {
	case math.IsNaN(q.most):
		return fmt.Sprintf("disagreement of %v or more", q.least)
	case math.IsNaN(q.least):
		return fmt.Sprintf("disagreement of %v or less", q.most)
	}
	return fmt.Sprintf("disagreement from %v to %v", q.least, q.most)
}

func orElse(x, otherwise float64) float64 {
	if math.IsNaN(x) {
		return otherwise
	}
	return x
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

func setOf(rows []int) map[int]bool {
	set := map[int]bool{}
	for _, row := range rows {
		set[row] = true
	}
	return set
}

// summary says what was looked through, and how much of it was found.
func (h *hit) summary(shown int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s of %s scenarios of %s found", figure.Count(len(h.found)), figure.Count(h.rows), h.split)
	if len(h.found) == 0 {
		b.Reset()
		fmt.Fprintf(&b, "None of %s scenarios of %s found", figure.Count(h.rows), h.split)
	}
	if len(h.criteria) > 0 {
		b.WriteString(" with " + strings.Join(h.criteria, "; "))
	}
	b.WriteString(".")
	if h.column != "" {
		fmt.Fprintf(&b, " Texts read: %s of column %s.", figure.Count(h.scanned), h.column)
	}
	if shown > 0 {
		fmt.Fprintf(&b, " Shown: %s, %s.", figure.Count(shown), h.order)
	}
	return b.String()
}

// showFlags say how cards are written.
type showFlags struct{ responses, asJSON, asHTML bool }

func (f *showFlags) register(cmd *cobra.Command) {
	cmd.Flags().BoolVar(&f.responses, "text-responses", false, "with the models' responses, which may be offensive or unsafe")
	cmd.Flags().BoolVar(&f.asJSON, "json", false, "machine-readable output, texts whole")
	cmd.Flags().BoolVar(&f.asHTML, "html", false, "a page of its own, texts folded behind a content warning")
	cmd.PreRunE = func(*cobra.Command, []string) error {
		if f.asJSON && f.asHTML {
			return usageError{errors.New("--json and --html at once, want one of them")}
		}
		return nil
	}
}

// foundJSON is the output of find and show.
type foundJSON struct {
	Source     string      `json:"source"`
	Provenance string      `json:"provenance"`
	Synthetic  bool        `json:"synthetic"`
	Split      string      `json:"split"`
	Scenarios  int         `json:"scenarios"` // looked through
	Criteria   []string    `json:"criteria"`
	Order      string      `json:"order"`
	Column     string      `json:"text_column"`   // searched; "" for none
	Scanned    int         `json:"texts_scanned"` // of that column
	Found      int         `json:"found"`
	Cards      []card.Card `json:"cards"`
}

func (f *showFlags) write(w io.Writer, d *loaders.Dataset, cards []card.Card, h *hit) error {
	provenance, _ := d.Provenance()
	mark := ""
	if provenance == loaders.Synthetic {
		mark = provenance.String()
	}
	switch {
	case f.asJSON:
		return card.WriteJSON(w, foundJSON{Source: d.Source(), Provenance: provenance.String(), Synthetic: mark != "", Split: h.split,
			Scenarios: h.rows, Criteria: append([]string{}, h.criteria...), Order: h.order, Column: h.column, Scanned: h.scanned, Found: len(h.found), Cards: cards})
	case f.asHTML:
		lines := []string{"Data: " + d.Source() + "."}
		if !h.byKey {
			lines = append(lines, h.summary(len(cards)))
		}
		return card.WriteHTML(w, cards, mark, lines)
	}
	head := ""
	if !h.byKey {
		head = h.summary(len(cards)) + "\n"
	}
	if mark != "" {
		head = strings.ToUpper(mark) + ": simulated, not data of the paper\n" + head
	}
	if head != "" && len(cards) > 0 {
		head += "\n"
	}
	if _, err := io.WriteString(w, label.Plain(head)); err != nil {
		return err
	}
	return card.WriteText(w, cards)
}
