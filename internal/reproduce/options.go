package reproduce

import (
	"fmt"
	"runtime"
	"slices"
	"strings"

	"github.com/specstress/specstress/analysis"
	"github.com/specstress/specstress/loaders"
)

// Options says what to compute. The zero value computes everything from
// all rows.
type Options struct {
	Only    []string            // figure ids, see Figures; nil for all
	Where   []loaders.Condition // rows and models to keep; results then are of a part only
	Workers int                 // goroutines; 0 means one per core
	Splits  int                 // random splits behind the accuracy of a ranking; 0 means DefaultSplits
	Figure  []string            // options of the figures drawn, as in bins=12; see figure.SetOption
	// Progress, if set, is told how many of the run's stages are done.
	// Calls do not overlap.
	Progress func(stage string, done, total int)
}

// DefaultSplits keeps a run to seconds; the re-analysis beside which the
// accuracies stand has 50.
const DefaultSplits = 10

// A FigureInfo is a figure or table of the paper as --only names it.
type FigureInfo struct {
	ID      string
	Title   string
	Missing string // why this version does not make it; "" when it does
}

// Figures lists what --only may name: first what this version makes, in
// the report's order, then what it does not.
func Figures() []FigureInfo { return slices.Clone(figures) }

const (
	needsEmbeddings = "needs embeddings of all queries, which are not public"
)

var figures = []FigureInfo{
	{"fig1", "Figure 1: from values to verdicts", ""},
	{"disagreement", "Disagreement between models", ""},
	{"fig2", "Figure 2: frequent non-compliance by disagreement", ""},
	{"judges", "Agreement between judges", ""},
	{"fig6", "Figure 6: outlier responses by model", ""},
	{"preference", "Value preference by provider (a proxy)", ""},
	{"ranking", "How models rank values (Bradley-Terry; not in the paper)", ""},
	{"table2", "Table 2, cross-checked by weighting Figure 2's bins", ""},
	{"readings", "Open readings: Figure 6, and the second judge", ""},
	{"fig4a", "Figure 4a: refusal levels by model", ""},
	{"fig4b", "Figure 4b: refusals, child grooming", ""},
	{"fig4c", "Figure 4c: complete rejections, chemical weapons", ""},
	{"fig4d", "Figure 4d: complete rejections, biological weapons", ""},
	{"fig7", "Figure 7: prioritization of five values", ""},
	{"fig9", "Figure 9: distinct scenarios by distance", needsEmbeddings},
	{"fig10", "Figure 10: values expressed by model", ""},
	{"fig10a", "Figure 10a: ethical responsibility", ""},
	{"fig10b", "Figure 10b: emotional depth and authentic connection", ""},
	{"fig10c", "Figure 10c: efficiency and resource optimization", ""},
	{"fig10d", "Figure 10d: intellectual integrity and objectivity", ""},
	{"fig10e", "Figure 10e: critical thinking", ""},
	{"fig10f", "Figure 10f: professional and technical excellence", ""},
	{"fig10g", "Figure 10g: business effectiveness", ""},
	{"fig10h", "Figure 10h: personal growth and wellbeing", ""},
	{"fig10i", "Figure 10i: social equity and justice", ""},
	{"fig11a", "Figure 11a: co-occurrence of values, Claude 4 Opus", ""},
	{"fig11b", "Figure 11b: Claude 3.5 Sonnet given Grok 4", ""},
	{"fig11c", "Figure 11c: Claude 4 Opus given Claude 4 Sonnet", ""},
	{"fig11d", "Figure 11d: GPT-4.1 given GPT-4.1 mini", ""},
	{"table1", "Table 1: example queries", "texts are not part of a report; " + `specstress find --split complete --value "task adherence" --value "business optimization" looks them up`},
	{"table3", "Table 3: judges at odds", "texts are not part of a report; specstress find --judges-at-odds gpt41,claude_4 lists such responses"},
}

// figures splits the wish into what this version makes, in the report's
// order, and what it does not. A name that is neither is an error with its
// nearest.
func (o Options) figures() (now, later []FigureInfo, err error) {
	var known []string
	for _, f := range figures {
		known = append(known, f.ID)
	}
	for _, id := range o.Only {
		if !slices.Contains(known, id) {
			return nil, nil, fmt.Errorf("reproduce: %w", analysis.UnknownName("figure", id, known))
		}
	}
	for _, f := range figures {
		switch {
		case len(o.Only) > 0 && !slices.Contains(o.Only, f.ID):
		case partOf(f.ID) != "" && (len(o.Only) == 0 || slices.Contains(o.Only, partOf(f.ID))): // in the whole
		case f.Missing == "":
			now = append(now, f)
		case len(o.Only) > 0: // asked for by name
			later = append(later, f)
		}
	}
	return now, later, nil
}

// partOf is the figure of which one is a panel that is made alone only when
// it is named; "" for none.
func partOf(id string) string {
	if len(id) == len("fig10a") && strings.HasPrefix(id, "fig10") {
		return "fig10"
	}
	return ""
}

func (o Options) workers() int {
	if o.Workers > 0 {
		return o.Workers
	}
	return runtime.GOMAXPROCS(0)
}

// filter describes the conditions for captions; "" means all rows.
func (o Options) filter() string { return strings.Join(o.whereNames(), ", ") }

func (o Options) whereNames() []string {
	names := []string{}
	for _, c := range o.Where {
		names = append(names, clean(c.Name))
	}
	return names
}
