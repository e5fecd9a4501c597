package figure_test

import (
	"bytes"
	"encoding/csv"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/specstress/specstress/analysis/figure"
	texts "github.com/specstress/specstress/internal/hostile"
	"github.com/specstress/specstress/internal/reliability"
)

// figureOf puts texts wherever a figure takes one.
func figureOf(all []string) *figure.Figure {
	f := figure.New("hostile", all[0], 1)
	figure.SetNames(&f.Plot().Y, all)
	f.Panels[0].Title = all[0]
	f.Plot().X.Label.Text = all[len(all)-1]
	f.Height *= 5
	f.Caption, f.Alt = strings.Join(all, " "), all[0]
	f.Legend = []figure.Entry{{Name: all[0], Thumb: &figure.Dots{Style: figure.SeriesStyle(0)}}}
	f.Source = figure.Source{Filter: all[0], Synthetic: all[len(all)-1]}
	f.Rows.Header = []string{"name", "n", all[0]}
	for i, h := range all {
		f.Rows.Add(h, i-3, float64(i)/7)
	}
	return f
}

// TestHostileTexts draws every hostile text and reads each format with a
// parser of its own: no text is a tag, a command, a formula, an action or a
// control character any more, and no format hangs.
func TestHostileTexts(t *testing.T) {
	all := texts.Strings()
	checks := map[string]func([]byte) []string{"svg": texts.XML, "csv": texts.CSV, "tex": texts.TeX, "pdf": texts.PDF, "png": nil,
		"table.tex": texts.TeX, "md": texts.Markdown, "html": func(b []byte) []string { return texts.HTML(b) }}
	for _, format := range figure.Formats() {
		check, known := checks[format]
		if !known {
			t.Errorf("format %s has no check here", format)
		}
		size := 12
		if format == "pdf" { // it refuses scripts that its font lacks, so few at a time
			size = 4
		}
		refused := 0
		for batch := range slices.Chunk(all, size) {
			var b bytes.Buffer
			f := figureOf(batch)
			if err := within(t, format, func() error { return f.Encode(&b, format) }); err != nil {
				if refused++; format != "pdf" {
					t.Errorf("%s: %.40q: %v", format, batch, err)
				} else if problems := texts.Terminal([]byte(err.Error())); problems != nil {
					t.Errorf("%s: the refusal: %v", format, problems)
				}
				continue
			}
			if check == nil {
				continue
			}
			for _, problem := range check(b.Bytes()) {
				t.Errorf("%s of %.40q: %.200s", format, batch, problem)
			}
		}
		if refused > len(all)/size/2 {
			t.Errorf("%s: %d batches of %d texts refused", format, refused, size)
		}
	}
	reliability.Record(t, "%d texts in every place of a figure in %d formats, 0 problems", len(all), len(figure.Formats()))
}

// TestHostileTables writes them as tables, and reads the numbers back: they
// are what they were, digit by digit.
func TestHostileTables(t *testing.T) {
	f := figure.New("hostile", "", 1)
	table := &f.Rows
	table.Header = []string{"name", "n", "x"}
	numbers := []float64{-1, 0, 1e-9, 0.1, -2.5e300, 5e-324, 1 << 53, 1.0 / 3}
	for i, h := range texts.Strings() {
		table.Add(h, -i, numbers[i%len(numbers)])
	}
	var b bytes.Buffer
	if err := f.WriteCSV(&b); err != nil {
		t.Fatal(err)
	}
	for _, problem := range texts.CSV(b.Bytes()) {
		t.Error(problem)
	}
	rows, err := csv.NewReader(&b).ReadAll()
	if err != nil || len(rows) != 1+len(texts.Texts()) {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	for i, row := range rows[1:] {
		if row[1] != strconv.Itoa(-i) {
			t.Errorf("row %d: %s, want %d", i, row[1], -i)
		}
		if x, err := strconv.ParseFloat(row[2], 64); err != nil || x != numbers[i%len(numbers)] {
			t.Errorf("row %d: %s, want %v", i, row[2], numbers[i%len(numbers)])
		}
	}
}

// TestHostileTeXCompiles has pdfLaTeX read what the texts became, with no
// shell to escape to. A command that slipped through would fail it.
func TestHostileTeXCompiles(t *testing.T) {
	var all strings.Builder
	for batch := range slices.Chunk(texts.Strings(), 12) {
		f := figureOf(batch)
		for _, format := range []string{"tex", "table.tex"} {
			if err := f.Encode(&all, format); err != nil {
				t.Fatal(err)
			}
			all.WriteString("\n\\clearpage\n")
		}
	}
	compile(t, all.String())
	reliability.Record(t, "%d texts compiled by pdfLaTeX without shell escape", len(texts.Texts()))
}
