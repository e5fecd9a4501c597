package figure_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/specstress/specstress/analysis/figure"
)

func TestTables(t *testing.T) {
	var table figure.Table
	table.Header = []string{"model", "share", "n"}
	table.Add("a_b & <c>", 0.0123456, 12)
	table.Add("=1|2", -0.5, 1234)
	for name, c := range map[string]struct {
		write func(*bytes.Buffer) error
		want  string
	}{
		"latex": {func(b *bytes.Buffer) error { return table.WriteLaTeX(b, "Cap\ntion", figure.Source{}) },
			"% Cap tion\n% Needs \\usepackage{booktabs}.\n\\begin{tabular}{lrr}\n\\toprule\nmodel & share & n \\\\\n\\midrule\n" +
				"a\\_b \\& \\ensuremath{<}c\\ensuremath{>} & 0.012 & 12 \\\\\n=1\\ensuremath{|}2 & \\ensuremath{-}0.500 & 1234 \\\\\n\\bottomrule\n\\end{tabular}\n"},
		"markdown": {func(b *bytes.Buffer) error { return table.WriteMarkdown(b, "Cap", figure.Source{}) },
			"Cap\n\n| model | share | n |\n| --- | ---: | ---: |\n| a\\_b &amp; &lt;c&gt; | 0.012 | 12 |\n| =1\\|2 | −0.500 | 1234 |\n"},
		"html": {func(b *bytes.Buffer) error { return table.WriteHTML(b, "", synthetic) }, "<caption>Synthetic sample.</caption>"},
	} {
		var b bytes.Buffer
		if err := c.write(&b); err != nil || b.String() != c.want && (name != "html" || !strings.Contains(b.String(), c.want)) {
			t.Errorf("%s: %v\n%s\nwant\n%s", name, err, b.String(), c.want)
		}
	}
	table.Rows = append(table.Rows, []string{"short"})
	if err := table.WriteLaTeX(new(bytes.Buffer), "", figure.Source{}); err == nil {
		t.Error("a row too short is written")
	}
}
