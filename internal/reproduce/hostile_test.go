package reproduce_test

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	texts "github.com/specstress/specstress/internal/hostile"
	"github.com/specstress/specstress/internal/reliability"
	"github.com/specstress/specstress/internal/reproduce"
)

// hostileSource is a source of one's own whose models, judges, values,
// nudges, generators, bins and verdicts are hostile texts: every n-th, for
// one file cannot have two names that differ in blanks only.
func hostileSource(t *testing.T, first, n int) string {
	t.Helper()
	dir := t.TempDir()
	var names []string
	for i, h := range texts.Strings() {
		if i%n == first {
			names = append(names, h)
		}
	}
	rows := scenarioRows(names)
	for i, row := range rows[1:] {
		row[2], row[3], row[4], row[5] = names[i%len(names)], names[(i+1)%len(names)], names[(i+2)%len(names)], names[(i+3)%len(names)]
	}
	writeCSV(t, filepath.Join(dir, "own <b>data & \"more\".csv"), rows)
	judges := [][]string{{"prompt", "bin_name", "model", names[0] + "_decision", names[1] + "_decision", names[2] + "_decision"}}
	for i, m := range names {
		judges = append(judges, []string{names[0], names[i/3], m, "compliant", "non-compliant", names[i]})
	}
	writeCSV(t, filepath.Join(dir, "judge_evaluations.csv"), judges)
	return dir
}

// TestHostileTexts puts every hostile text where reproduce takes a name and
// reads each file that it writes with a parser of that format.
func TestHostileTexts(t *testing.T) {
	const batches = 8
	files, figures := 0, 0
	for batch := range batches {
		for name, data := range written(t, hostileSource(t, batch, batches), reproduce.Options{}) {
			files++
			var problems []string
			switch filepath.Ext(name) {
			case ".html":
				problems = texts.HTML([]byte(data))
			case ".svg":
				figures++
				problems = texts.XML([]byte(data))
			case ".csv":
				problems = texts.CSV([]byte(data))
			case ".md":
				problems = texts.Markdown([]byte(data))
			case ".json":
				problems = jsonProblems(data)
			case ".png":
			default:
				t.Errorf("%s has no check here", name)
			}
			for _, p := range problems {
				t.Errorf("%s of batch %d: %.300s", name, batch, p)
			}
		}
	}
	if figures == 0 {
		t.Error("no figure was drawn")
	}
	reliability.Record(t, "%d texts as every name of a source: %d files, %d of them figures, 0 problems", len(texts.Texts()), files, figures)
}

// jsonProblems looks at every text of a JSON file, and for a script end,
// which would act were the file put into a page.
func jsonProblems(data string) (problems []string) {
	var v any
	if err := json.Unmarshal([]byte(data), &v); err != nil {
		return []string{err.Error()}
	}
	if strings.Contains(data, "</script") || strings.Contains(data, "<!--") {
		problems = append(problems, "a tag that is not escaped")
	}
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			for k, x := range v {
				problems = append(problems, texts.Characters(k)...)
				walk(x)
			}
		case []any:
			for _, x := range v {
				walk(x)
			}
		case string:
			problems = append(problems, texts.Characters(v)...)
		}
	}
	walk(v)
	if len(problems) > 5 {
		problems = append(problems[:5], fmt.Sprintf("and %d more", len(problems)-5))
	}
	return problems
}
