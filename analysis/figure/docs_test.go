package figure_test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/specstress/specstress/analysis/figure"
)

var goBlock = regexp.MustCompile("(?s)```go\n(.*?)```")

// TestRecipesAreTheDocs: each block of Go in docs/figures.md stands in a
// recipe that is compiled and run, and each recipe is in the docs.
func TestRecipesAreTheDocs(t *testing.T) {
	doc, err := os.ReadFile("../../docs/figures.md")
	if err != nil {
		t.Fatal(err)
	}
	code, err := os.ReadFile("recipes_test.go")
	if err != nil {
		t.Fatal(err)
	}
	recipes := strings.Split(string(code), "\nfunc Example")[1:]
	told := make([]bool, len(recipes))
	blocks := goBlock.FindAllStringSubmatch(string(doc), -1)
	if len(blocks) < 12 {
		t.Errorf("%d recipes, want a dozen", len(blocks))
	}
	for _, b := range blocks {
		indented := "\t" + strings.ReplaceAll(strings.TrimSpace(b[1]), "\n", "\n\t") + "\n"
		found := false
		for i, r := range recipes {
			if strings.Contains(r, indented) {
				found, told[i] = true, true
			}
		}
		if !found {
			t.Errorf("docs/figures.md has code that no recipe runs:\n%s", b[1])
		}
	}
	for i, r := range recipes {
		if !told[i] {
			t.Errorf("docs/figures.md lacks the recipe Example%s", r[:strings.IndexByte(r, '(')])
		}
	}
}

// TestOptionsAreInTheDocs: each option that --option can set has a row in
// the table, and each row is of an option.
func TestOptionsAreInTheDocs(t *testing.T) {
	doc, err := os.ReadFile("../../docs/figures.md")
	if err != nil {
		t.Fatal(err)
	}
	documented := map[string]bool{}
	of := ""
	for line := range strings.Lines(string(doc)) {
		cells := strings.Split(line, "|")
		if len(cells) != 6 {
			continue
		}
		name := func(i int) string { return strings.Trim(strings.TrimSpace(cells[i]), "`") }
		if strings.HasSuffix(name(2), "Options") {
			of = name(2)
		}
		if of != "" {
			documented[of+" "+name(3)] = true
		}
	}
	for structName, options := range map[string]any{
		"DisagreementOptions": figure.DisagreementOptions{}, "Fig1Options": figure.Fig1Options{}, "Fig2Options": figure.Fig2Options{},
		"JudgesOptions": figure.JudgesOptions{}, "Fig6Options": figure.Fig6Options{}, "PreferenceOptions": figure.PreferenceOptions{},
		"Fig9Options": figure.Fig9Options{}, "RankingOptions": figure.RankingOptions{}, "Fig4aOptions": figure.Fig4aOptions{}, "RefusalRateOptions": figure.RefusalRateOptions{},
		"Fig7Options": figure.Fig7Options{}, "Fig10Options": figure.Fig10Options{}, "Fig11Options": figure.Fig11Options{},
	} {
		for _, name := range figure.OptionNames(options) {
			if key := structName + " " + name; !documented[key] {
				t.Errorf("docs/figures.md has no row for %s", key)
			} else {
				delete(documented, key)
			}
		}
	}
	for key := range documented {
		t.Errorf("docs/figures.md describes %s, which is no option", key)
	}
}
