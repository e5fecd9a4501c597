package nb

import (
	"bytes"
	"encoding/gob"
	"errors"
	"fmt"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/go-gota/gota/dataframe"
	"github.com/go-gota/gota/series"
	"github.com/janpfeifer/gonb/gonbui/protocol"

	"github.com/specstress/specstress/analysis"
	"github.com/specstress/specstress/analysis/figure"
	"github.com/specstress/specstress/loaders"
)

// hostile is what a dataset might hold: HTML, a Markdown link, terminal
// escapes, a change of direction, NUL.
const hostile = "<script>alert(1)</script><img src=x onerror=alert(2)>[x](javascript:alert(3))\x1b[31m\u202e\x00&\"'"

// recorded runs f and returns what it showed; ended tells whether it ended
// the cell.
func recorded(t *testing.T, f func()) (shown []bundle, ended bool) {
	t.Helper()
	oldShow, oldExit := show, exit
	defer func() { show, exit = oldShow, oldExit }()
	opened.synthetic, opened.states, opened.notes = "", nil, nil
	type end struct{}
	show = func(b bundle) { shown = append(shown, b) }
	exit = func(int) { panic(end{}) }
	func() {
		defer func() {
			if r := recover(); r != nil {
				if _, ok := r.(end); !ok {
					panic(r)
				}
				ended = true
			}
		}()
		f()
	}()
	return shown, ended
}

func TestNothingHostileGetsThrough(t *testing.T) {
	df := dataframe.New(series.New([]string{hostile, "plain"}, series.String, hostile))
	e := analysis.Count(3, 7, analysis.Exclusion{Reason: hostile, N: 1})
	e.Method = hostile
	e.Warnings = []error{errors.New(hostile)}
	fig := figure.New("x", hostile, 1)
	fig.Caption, fig.Alt = hostile, hostile
	fig.Panels[0].Title = hostile
	for name, v := range map[string]any{
		"text":     hostile,
		"table":    figure.Table{Header: []string{hostile}, Rows: [][]string{{hostile}}},
		"frame":    df,
		"estimate": e,
		"test":     analysis.Test{P: 0.5, Method: hostile, Warnings: []error{errors.New(hostile)}},
		"doubts":   []error{errors.New(hostile)},
		"figure":   fig,
		"other":    struct{ Name string }{hostile},
	} {
		shown, ended := recorded(t, func() { Show(v) })
		if ended || len(shown) == 0 {
			t.Errorf("%s: nothing shown", name)
			continue
		}
		for _, b := range shown {
			for mime, content := range b.data {
				text, ok := content.(string)
				if !ok {
					continue
				}
				if strings.ContainsAny(text, "\x1b\x00\u202e") {
					t.Errorf("%s: %s has control characters: %q", name, mime, text)
				}
				if mime != protocol.MIMETextPlain && (strings.Contains(text, "<script") || strings.Contains(text, "<img")) {
					t.Errorf("%s: %s has the markup of the data: %.300q", name, mime, text)
				}
			}
			if b.plain() == "" {
				t.Errorf("%s: a bundle without text/plain", name)
			}
			if _, ok := b.data[protocol.MIMETextMarkdown]; ok {
				t.Errorf("%s: sent as Markdown", name)
			}
		}
	}
}

func TestFigureBundle(t *testing.T) {
	fig := figure.New("x", "Title", 1)
	fig.Caption = "A caption."
	bundles, err := bundlesOf(fig, "")
	if err != nil {
		t.Fatal(err)
	}
	b := bundles[0]
	picture, err := png.DecodeConfig(bytes.NewReader(b.data[protocol.MIMEImagePNG].([]byte)))
	if err != nil {
		t.Fatal(err)
	}
	// 3.25 inches wide: 624 dots at 192 to the inch, shown as 312.
	size := b.metadata["image/png"].(map[string]any)
	if picture.Width != 624 || size["width"] != 312 {
		t.Errorf("%d dots shown as %v, want 624 as 312", picture.Width, size["width"])
	}
	if !strings.HasPrefix(b.data[protocol.MIMEImageSVG].(string), "<") {
		t.Error("no SVG")
	}
	// The wire format of the kernel takes it whole.
	if err := gob.NewEncoder(&bytes.Buffer{}).Encode(&protocol.DisplayData{Data: b.data, Metadata: b.metadata}); err != nil {
		t.Error(err)
	}
}

// TestSyntheticIsMarked: whatever a cell computes from synthetic data says
// so, though nobody told the figure.
func TestSyntheticIsMarked(t *testing.T) {
	fig := figure.New("x", "Title", 1)
	plain, err := bundlesOf(fig, "")
	if err != nil {
		t.Fatal(err)
	}
	for name, v := range map[string]any{
		"figure":   fig,
		"estimate": analysis.Count(1, 2),
		"test":     analysis.Test{P: 0.5},
		"table":    figure.Table{Header: []string{"a"}, Rows: [][]string{{"1"}}},
		"frame":    dataframe.New(series.New([]int{1}, series.Int, "a")),
		"number":   0.25,
	} {
		shown, _ := recorded(t, func() {
			remember(state{reading{Sources: []string{"sample"}}, "r", "synthetic sample"})
			Show(v)
		})
		all := ""
		for _, b := range shown {
			all += b.plain()
		}
		if !strings.Contains(strings.ToLower(all), "synthetic sample") {
			t.Errorf("%s: %q does not say that it is synthetic", name, all)
		}
	}
	if fig.Source.Synthetic != "" {
		t.Error("the caller's figure was changed")
	}
	marked, err := bundlesOf(fig, "synthetic sample")
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Equal(plain[0].data[protocol.MIMEImagePNG].([]byte), marked[0].data[protocol.MIMEImagePNG].([]byte)) {
		t.Error("the picture has no mark")
	}
	fig.Rows = figure.Table{Header: []string{"x", "published"}, Rows: [][]string{{"1", "0.5"}}}
	if _, err := bundlesOf(fig, "synthetic sample"); err == nil {
		t.Error("published values were shown beside synthetic data")
	}
}

// TestEstimateRow by hand: half the interval's width is 0.012, so two
// digits of it are three decimals.
func TestEstimateRow(t *testing.T) {
	e := analysis.Estimate{Value: 0.2504, Lo: 0.2384, Hi: 0.2624, Level: 0.95, N: 43960, Clusters: 14000,
		Excluded: []analysis.Exclusion{{Reason: "with fewer than two positions", N: 12}}}
	got := strings.Join(estimateCells(e), "|")
	want := "0.250|[0.238, 0.262], 95 %|43,960|14,000|12 with fewer than two positions||"
	if got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
}

// TestTestRow by hand: two digits of p, four of the statistic.
func TestTestRow(t *testing.T) {
	test := analysis.Test{Statistic: 3.14159, P: 0.001684, N: 5000, Clusters: 4961, Method: "z, no trend",
		Warnings: []error{errors.New("rests on 9 hits")}}
	shown, _ := recorded(t, func() { Show(test, error(nil)) })
	html := shown[0].data[protocol.MIMETextHTML].(string)
	want := "<td>0.0017</td><td>3.142</td><td>5,000</td><td>4,961</td><td>nothing</td><td>z, no trend</td><td>rests on 9 hits</td>"
	if !strings.Contains(html, want) {
		t.Errorf("%s\nwant %s", html, want)
	}
	if text := shown[0].plain(); !strings.HasPrefix(text, "p = 0.0017 (statistic 3.142, n = 5,000") {
		t.Errorf("plain text %q", text)
	}
	test.P = 1e-31
	shown, _ = recorded(t, func() { Show(test) })
	if html := shown[0].data[protocol.MIMETextHTML].(string); !strings.Contains(html, "<td>&lt; 0.0001</td>") {
		t.Errorf("a small p: %s", html)
	}
}

// TestSignedNumbers: the apostrophe that keeps a text from running as a
// formula in a file is taken off numbers, and of them alone.
func TestSignedNumbers(t *testing.T) {
	for text, want := range map[string]string{
		"-0.12 [-0.2, -0.04]": "-0.12 [-0.2, -0.04]", "+203": "+203", "0.1 [-0.2, 0.4]": "0.1 [-0.2, 0.4]",
		"-1+cmd": "'-1+cmd", "=1": "'=1", "-0.1 [x]": "'-0.1 [x]",
	} {
		var table figure.Table
		table.Header = []string{"a"}
		table.Add(text)
		shown, _ := recorded(t, func() { Show(table) })
		if got := shown[0].plain(); got != "a\n"+want+"\n" {
			t.Errorf("%s: shown as %q, want %q", text, got, want)
		}
	}
}

// TestDoubtsAreOneNote: however many files have bad values, one note says so,
// and none goes uncounted.
func TestDoubtsAreOneNote(t *testing.T) {
	bad := func(file, column string, n int) loaders.BadColumn {
		return loaders.BadColumn{File: file, Column: column, BadValues: loaders.BadValues{N: n, FirstRow: 7, First: hostile}}
	}
	for _, c := range []struct {
		bad  []loaders.BadColumn
		want string
	}{
		{nil, ""},
		{[]loaders.BadColumn{bad("a.csv", "x", 2)}, "Warning: a.csv: column x: left out as missing: 2, the first in row 7: "},
		{
			[]loaders.BadColumn{bad("a.csv", "x", 2), bad("b.csv", "y", 1500), bad("b.csv", "x", 3)},
			"Warning: 1,505 values left out as missing: 5 in x, 1,500 in y; for instance a.csv: column x: left out as missing: 2, the first in row 7: ",
		},
	} {
		shown, _ := recorded(t, func() { showDoubts(c.bad) })
		text := ""
		for _, b := range shown {
			text += b.plain()
			if strings.Contains(b.data[protocol.MIMETextHTML].(string), "<script") {
				t.Errorf("markup of the data: %q", b.data)
			}
		}
		if len(shown) > 1 || !strings.HasPrefix(text, c.want) || (text == "") != (c.want == "") {
			t.Errorf("%d notes, %q; want one with %q", len(shown), text, c.want)
		}
	}
}

func TestShowTakesResults(t *testing.T) {
	shown, ended := recorded(t, func() { Show("text", error(nil)) })
	if ended || len(shown) != 1 {
		t.Errorf("a nil error: %d outputs, ended %v", len(shown), ended)
	}
	shown, ended = recorded(t, func() { Show((*figure.Figure)(nil), errors.New("no")) })
	if !ended || len(shown) != 0 {
		t.Errorf("an error: %d outputs, ended %v", len(shown), ended)
	}
	if _, ended = recorded(t, func() { Must(1, errors.New("no")) }); !ended {
		t.Error("Must went on after an error")
	}
}

// TestMemo: a result is kept, and nothing stale is returned.
func TestMemo(t *testing.T) {
	cell, root := t.TempDir(), t.TempDir()
	t.Setenv("SPECSTRESS_CACHE", t.TempDir())
	t.Setenv("GONB_TMP_DIR", cell)
	t.Setenv("SPECSTRESS_ROOT", root)
	write := func(dir, name, text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write(cell, "main.go", "package main // one")
	write(root, "a.go", "package a // one")
	calls := 0
	memo := func(name string, args any) {
		t.Helper()
		_, ended := recorded(t, func() {
			if got := Memo(name, args, func() ([]float64, error) { calls++; return []float64{1, 2}, nil }); len(got) != 2 || got[1] != 2 {
				t.Errorf("Memo gave %v", got)
			}
		})
		if ended {
			t.Error("the cell ended")
		}
	}
	for _, step := range []struct {
		what   string
		change func()
		name   string
		args   any
		calls  int
	}{
		{"first time", func() {}, "a", 1, 1},
		{"again", func() {}, "a", 1, 1},
		{"another name", func() {}, "b", 1, 2},
		{"other arguments", func() {}, "a", 2, 3},
		{"the first once more", func() {}, "a", 1, 3},
		{"the cell edited", func() { write(cell, "main.go", "package main // two") }, "a", 1, 4},
		{"a source edited", func() { write(root, "a.go", "package a // two") }, "a", 1, 5},
		{"a test edited", func() { write(root, "a_test.go", "package a") }, "a", 1, 5},
		{"damaged", func() { damageAll(t) }, "a", 1, 6},
	} {
		step.change()
		memo(step.name, step.args)
		if calls != step.calls {
			t.Fatalf("%s: computed %d times, want %d", step.what, calls, step.calls)
		}
	}
	type secret struct{ hidden int }
	shown, _ := recorded(t, func() {
		if got := Memo("s", nil, func() (secret, error) { return secret{5}, nil }); got.hidden != 5 {
			t.Errorf("an unexported field came back as %d", got.hidden)
		}
	})
	if len(shown) != 1 || !strings.Contains(shown[0].plain(), "not kept") {
		t.Error("a result that cannot be stored was not said to be so")
	}
}

func damageAll(t *testing.T) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(os.Getenv("SPECSTRESS_CACHE"), "memo", "*.gob"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no memo files (%v)", err)
	}
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		b[len(b)-1] ^= 1
		if err := os.WriteFile(f, b, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func TestParseProgress(t *testing.T) {
	stage, done, total, ok := parseProgress("progress 3 12 all models")
	if !ok || stage != "all models" || done != 3 || total != 12 {
		t.Errorf("got %q %d %d %v", stage, done, total, ok)
	}
	for _, line := range []string{"", "progress", "progress x 1 s", "specstress: progress 1 2 s"} {
		if _, _, _, ok := parseProgress(line); ok {
			t.Errorf("%q was taken for progress", line)
		}
	}
}

func TestBar(t *testing.T) {
	b := Progress(hostile, 4)
	b.Step()
	b.Set(3)
	if h := b.html(); !strings.Contains(h, `value="3"`) || strings.Contains(h, "<script") {
		t.Errorf("html %q", h)
	}
	b.Done()
	b.Step()
	if got := b.line(); !strings.Contains(got, "stopped at 3 of 4") {
		t.Errorf("after Done: %q", got)
	}
}

func ExampleMust() {
	set := Must(analysis.NewModelSet("two", "o3", "o4_mini"))
	fmt.Println(set.Models)
	// Output: [o3 o4_mini]
}

func ExampleShow() {
	Show(analysis.Count(12, 40, analysis.Exclusion{Reason: "without a position", N: 2}))
	// Output: 12 (n = 40, count; left out: 2 without a position)
}
