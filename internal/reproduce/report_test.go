package reproduce_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/specstress/specstress/analysis"
	"github.com/specstress/specstress/analysis/paper"
	"github.com/specstress/specstress/internal/reproduce"
	"github.com/specstress/specstress/loaders"
)

// written computes and writes a source and returns the files.
func written(t *testing.T, source string, opt reproduce.Options) map[string]string {
	t.Helper()
	r := compute(t, open(t, source, loaders.Options{}), opt)
	out := filepath.Join(t.TempDir(), "out")
	if err := r.Write(context.Background(), out); err != nil {
		t.Fatal(err)
	}
	return readTree(t, out)
}

// syntheticFixture is the fixture with one value as the sample names them.
func syntheticFixture(t *testing.T) string {
	t.Helper()
	dir := fixture(t)
	rows := scenarioRows(analysis.AllModels.Models)
	rows[1][4] = "synthetic value 1"
	writeCSV(t, filepath.Join(dir, "all_models.csv"), rows)
	return dir
}

func TestSyntheticCannotBeMissed(t *testing.T) {
	files := written(t, syntheticFixture(t), reproduce.Options{})
	page := parse(t, files["report.html"])
	if !strings.HasPrefix(text(page.find("title")), "SYNTHETIC SAMPLE") {
		t.Errorf("title %q", text(page.find("title")))
	}
	if banner := text(page.find("body")); !strings.HasPrefix(strings.TrimSpace(banner), "SYNTHETIC SAMPLE") {
		t.Errorf("the page begins %.60q", strings.TrimSpace(banner))
	}
	for _, section := range page.all("section") {
		id := attr(section, "id")
		if slices.Contains([]string{"not-public", "inconsistencies", "cite"}, id) {
			continue // they hold no number of ours
		}
		if !strings.Contains(text(section), "synthetic sample") {
			t.Errorf("section %s does not say synthetic", id)
		}
	}
	for _, caption := range slices.Concat(page.all("figcaption"), page.all("caption")) {
		if !strings.Contains(strings.ToLower(text(caption)), "synthetic sample") {
			t.Errorf("caption %q does not say synthetic", text(caption))
		}
	}
	for name, data := range files {
		switch {
		case strings.HasPrefix(name, "tables/") && strings.HasSuffix(name, ".csv"):
			rows, err := csv.NewReader(strings.NewReader(data)).ReadAll()
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			at := slices.Index(rows[0], "status")
			for _, row := range rows[1:] {
				if row[0] != "synthetic sample" || row[at] != "synthetic" {
					t.Fatalf("%s: row %v", name, row)
				}
			}
		case strings.HasSuffix(name, ".md"):
			if !strings.Contains(data, "SYNTHETIC SAMPLE") {
				t.Errorf("%s does not say synthetic", name)
			}
		case name == "results.json":
			if !strings.Contains(data, `"synthetic": true`) {
				t.Errorf("%s does not say synthetic", name)
			}
		}
	}
}

// Texts that would do harm where they are not escaped: as a model, a judge,
// a value and a split of somebody's own data.
var hostile = []string{
	`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `</style><svg onload=alert(1)>`,
	`=HYPERLINK("http://x","y")`, `+1`, `-2+3`, `@SUM(A1)`, "a\tb", "\x1b[31mred", "x\u202eevil", "nul\u0000l",
	`[link](javascript:alert(1))`, `![i](http://x/y)`, `a|b`, `{{.}}`, `${x}`, `]]>`, `--><script>`,
}

func TestHostileNames(t *testing.T) {
	dir := t.TempDir()
	rows := scenarioRows(hostile)
	rows[1][4], rows[2][5] = hostile[0], hostile[3]
	writeCSV(t, filepath.Join(dir, "own <b>data<b>.csv"), rows)
	judges := [][]string{{"prompt", "model", hostile[0] + "_decision", hostile[3] + "_decision", hostile[8] + "_decision"}}
	for _, m := range hostile {
		judges = append(judges, []string{"p", m, "compliant", "non-compliant", `<b>maybe</b>`})
	}
	writeCSV(t, filepath.Join(dir, "judge_evaluations.csv"), judges)
	files := written(t, dir, reproduce.Options{})

	page := parse(t, files["report.html"])
	checkInert(t, page)
	for name, data := range files {
		if strings.HasSuffix(name, ".png") {
			continue
		}
		if i := strings.IndexFunc(data, func(r rune) bool { return r == '\x1b' || r == '\u202e' || r == 0 }); i >= 0 {
			t.Errorf("%s: control character at byte %d", name, i)
		}
		if strings.HasPrefix(name, "tables/") && strings.HasSuffix(name, ".csv") {
			table, err := csv.NewReader(strings.NewReader(data)).ReadAll()
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			for _, row := range table {
				for _, cell := range row {
					if cell != "" && strings.ContainsRune("=+@\t\r", rune(cell[0])) || strings.HasPrefix(cell, "-2+") {
						t.Errorf("%s: a spreadsheet runs the cell %q", name, cell)
					}
				}
			}
		}
		if strings.HasSuffix(name, ".md") {
			for _, bad := range []string{"<script", "<img", "](java", "](http"} {
				if strings.Contains(strings.NewReplacer(`\<`, "", `\]`, "").Replace(data), bad) {
					t.Errorf("%s has %s", name, bad)
				}
			}
		}
	}
}

// checkInert fails for anything in a page that could run, load or send.
func checkInert(t *testing.T, page node) {
	t.Helper()
	for n := range page.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		switch n.Data {
		case "script", "img", "iframe", "object", "embed", "link", "base", "form", "input", "button", "audio", "video", "foreignobject", "foreignObject":
			t.Errorf("element %s", n.Data)
		}
		for _, a := range n.Attr {
			switch {
			case strings.HasPrefix(a.Key, "on"):
				t.Errorf("%s has attribute %s", n.Data, a.Key)
			case (a.Key == "href" || a.Key == "src") && !strings.HasPrefix(a.Val, "#"):
				t.Errorf("%s links to %q", n.Data, a.Val)
			}
		}
	}
}

func TestReportStandsAlone(t *testing.T) {
	files := written(t, fixture(t), reproduce.Options{})
	page := parse(t, files["report.html"])
	checkInert(t, page)
	ids := map[string]bool{}
	for n := range page.Descendants() {
		if id := attr(n, "id"); id != "" {
			if ids[id] {
				t.Errorf("id %s twice", id)
			}
			ids[id] = true
		}
	}
	for _, a := range page.all("a") {
		if to := strings.TrimPrefix(attr(a, "href"), "#"); !ids[to] {
			t.Errorf("link to %q, which is not there", to)
		}
	}
	viewport := slices.ContainsFunc(page.all("meta"), func(n *html.Node) bool { return attr(n, "name") == "viewport" })
	if !viewport {
		t.Error("no viewport: unreadable on a phone")
	}
	if !strings.Contains(text(page.find("body")), "NOT THE PAPER'S DATASET") {
		t.Error("somebody's own data without a note")
	}
	if strings.Contains(files["report.html"], "<no value>") || strings.Contains(files["report.html"], "ZgotmplZ") {
		t.Error("the template met something it could not write")
	}
}

// paperLike is a split with the paper's name, models and row count, and
// nothing else of it: the first low rows have no disagreement, the next
// missing ones no position.
func paperLike(t *testing.T, low, missing int) string {
	t.Helper()
	head := []string{"chunk_index", "entry_idx", "nudge_direction", "value1", "value2"}
	for _, m := range analysis.AllModels.Models {
		head = append(head, m+"_value1_position", m+"_value2_position")
	}
	rows := [][]string{head}
	for i := range 9245 {
		row := []string{"1", fmt.Sprint(i), "neutral", "honesty", "tact"}
		for k := range analysis.AllModels.Models {
			v := []string{"0", "6"}[k%2]
			if i < low {
				v = "3"
			} else if i < low+missing {
				v = ""
			}
			row = append(row, v, "3")
		}
		rows = append(rows, row)
	}
	dir := t.TempDir()
	writeCSV(t, filepath.Join(dir, "opus4_vs_sonnet4.csv"), rows)
	return dir
}

func TestStatuses(t *testing.T) {
	only := reproduce.Options{Only: []string{"disagreement"}}
	for _, c := range []struct {
		name         string
		low, missing int
		opt          reproduce.Options
		want         paper.Status
	}{
		{"all rows as the paper has them", 0, 0, only, paper.Match},
		{"two rows without positions", 0, 2, only, paper.Possible},
		{"two rows below the threshold", 2, 0, only, paper.Differs},
		{"more missing than needed does not help", 1, 2, only, paper.Differs},
		{"a part of the rows", 0, 0, reproduce.Options{Only: only.Only, Where: []loaders.Condition{loaders.Nudge("neutral")}}, paper.OtherData},
	} {
		r := compute(t, open(t, paperLike(t, c.low, c.missing), loaders.Options{}), c.opt)
		if res := result(t, r, "disagreement.opus4_vs_sonnet4.count"); res.Status != c.want {
			t.Errorf("%s: %v is %q, want %q", c.name, *res.Value, res.Status, c.want)
		}
		if c.want == paper.OtherData {
			continue
		}
		if res := result(t, r, "disagreement.opus4_vs_sonnet4.mean"); res.Status != paper.NoPaperValue {
			t.Errorf("%s: the mean is %q, want %q", c.name, res.Status, paper.NoPaperValue)
		}
		if res := result(t, r, "disagreement.claude_models.count"); res.Status != paper.NotComputable || res.Reason == "" {
			t.Errorf("%s: an absent split is %q because %q", c.name, res.Status, res.Reason)
		}
	}
}

// A run of figures that this version does not make still gives a page, and
// an unverified source is called that.
func TestReportOfLittle(t *testing.T) {
	files := written(t, fixture(t), reproduce.Options{Only: []string{"fig9"}})
	page := text(parse(t, files["report.html"]).find("main"))
	for _, want := range []string{"Nothing was computed.", "fig9", "embeddings"} {
		if !strings.Contains(page, want) {
			t.Errorf("only fig9: the page lacks %q", want)
		}
	}
	files = written(t, paperLike(t, 0, 0), reproduce.Options{Only: []string{"disagreement"}})
	page = text(parse(t, files["report.html"]).find("main"))
	for _, want := range []string{"bytes were not verified", "match 1"} {
		if !strings.Contains(page, want) {
			t.Errorf("a split with the paper's counts: the page lacks %q", want)
		}
	}
}

func TestDisplay(t *testing.T) {
	f := func(x float64) *float64 { return &x }
	for _, c := range []struct {
		r    reproduce.Result
		want reproduce.Display
	}{
		{reproduce.Result{Unit: "count", Value: f(43960), N: 43960, Paper: &reproduce.Published{Value: 43960}},
			reproduce.Display{Value: "43,960", N: "43,960", Paper: "43,960"}},
		{reproduce.Result{Unit: "share", Value: f(0.007), Lo: f(0.0034), Hi: f(0.0144), SE: f(0.0026), N: 1000, Paper: &reproduce.Published{Value: 0.007, Digits: 3}},
			reproduce.Display{Value: "0.70 %", Interval: "0.34 to 1.44 %", N: "1,000", Paper: "0.7 %"}},
		{reproduce.Result{Unit: "share", Value: f(0.28), N: 999, Paper: &reproduce.Published{Value: 0.28, Digits: 2}},
			reproduce.Display{Value: "28.0 %", N: "999", Paper: "28 %"}},
		{reproduce.Result{Unit: "kappa", Value: f(-0.021), Lo: f(-0.05), Hi: f(0.01), SE: f(0.015), N: 12},
			reproduce.Display{Value: "−0.021", Interval: "−0.050 to 0.010", N: "12"}},
		{reproduce.Result{Unit: "difference", Value: f(0.126), Lo: f(0.118), Hi: f(0.134), SE: f(0.004), N: 24596, P: f(0.00453), PAdjusted: f(0.0136)},
			reproduce.Display{Value: "12.60 points", Interval: "11.80 to 13.40 points", N: "24,596", P: "p = 0.0045, adjusted = 0.014"}},
		{reproduce.Result{Unit: "statistic", Value: f(10.9239), N: 4604, P: f(1e-27)},
			reproduce.Display{Value: "10.92", N: "4,604", P: "p < 0.0001"}},
		{reproduce.Result{Unit: "elo", Value: f(-251.3), Lo: f(-400.2), Hi: f(-102.4), SE: f(76), N: 27},
			reproduce.Display{Value: "−251", Interval: "−400 to −102", N: "27"}},
		{reproduce.Result{Unit: "share"}, reproduce.Display{Value: "—", N: "0"}},
	} {
		if got := c.r.Display(); got != c.want {
			t.Errorf("%+v, want %+v", got, c.want)
		}
	}
}

type node struct{ *html.Node }

func parse(t *testing.T, page string) node {
	t.Helper()
	n, err := html.Parse(bytes.NewReader([]byte(page)))
	if err != nil {
		t.Fatal(err)
	}
	return node{n}
}

func (n node) all(element string) []*html.Node {
	var found []*html.Node
	for d := range n.Descendants() {
		if d.Type == html.ElementNode && d.Data == element {
			found = append(found, d)
		}
	}
	return found
}

func (n node) find(element string) *html.Node {
	if all := n.all(element); len(all) > 0 {
		return all[0]
	}
	return &html.Node{}
}

func text(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return b.String()
}

func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}
