package notebook

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	xhtml "golang.org/x/net/html"

	"github.com/specstress/specstress/analysis"
	texts "github.com/specstress/specstress/internal/hostile"
	"github.com/specstress/specstress/internal/jupyter"
	"github.com/specstress/specstress/internal/jupyter/fakekernel"
	"github.com/specstress/specstress/internal/nbformat"
	"github.com/specstress/specstress/internal/reliability"
)

func TestMain(m *testing.M) {
	fakekernel.Main()
	os.Exit(m.Run())
}

func notebookOf(sources ...string) *nbformat.Notebook {
	nb := &nbformat.Notebook{Metadata: map[string]any{}}
	for i, s := range sources {
		nb.Cells = append(nb.Cells, &nbformat.Cell{Type: nbformat.Code, ID: fmt.Sprint("c", i), Source: s, Metadata: map[string]any{}})
	}
	return nb
}

func start(t *testing.T) *jupyter.Kernel {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	k, err := jupyter.Start(ctx, jupyter.Command{Args: []string{os.Args[0], "{connection_file}"}, Env: []string{fakekernel.Variable + "=1"}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(k.Close)
	return k
}

// outputs writes a cell's outputs on one line.
func outputs(c *nbformat.Cell) string {
	var parts []string
	for _, o := range c.Outputs {
		switch o.Type {
		case nbformat.Stream:
			parts = append(parts, fmt.Sprintf("%s %q", o.Name, o.Text))
		case nbformat.Error:
			parts = append(parts, "error "+o.EName)
		default:
			parts = append(parts, fmt.Sprintf("%s %v", o.Type, o.Data))
		}
	}
	return strings.Join(parts, "; ")
}

func TestExecute(t *testing.T) {
	k := start(t)
	for _, c := range []struct {
		name, code, want string
	}{
		{"streams joined", "print a\nprint b\nstderr c\nprint d", `stdout "ab"; stderr "c"; stdout "d"`},
		{"the last state of an update", "show p text/plain 10%\nprint x\nupdate p text/plain 100%", `display_data map[text/plain:100%]; stdout "x"`},
		{"an update of nothing is shown", "update q text/plain 1", `display_data map[text/plain:1]`},
		{"cleared with the next output", "print old\nclear\nprint new", `stdout "new"`},
		{"cleared without a next output", "print old\nclear", `stdout "old"`},
		{"a result", "result text/plain 7", `execute_result map[text/plain:7]`},
	} {
		t.Run(c.name, func(t *testing.T) {
			nb := notebookOf(c.code)
			if err := Execute(t.Context(), nb, k, Options{}); err != nil {
				t.Fatal(err)
			}
			if got := outputs(nb.Cells[0]); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
			if _, err := nb.Bytes(); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestExecuteStops(t *testing.T) {
	for _, c := range []struct {
		name, code string
		limit      time.Duration
		says       []string
		is         error
	}{
		{"error", `fail Panic index \e[31mout\e[0m of range`, 0, []string{"cell 2: Panic: index out of range"}, nil},
		{"an error explained on standard error", `stderr \e[1mpanic:\e[0m no row\ngoroutine 1` + "\nfail ERROR exit status 2", 0, []string{"cell 2: ERROR: exit status 2\npanic: no row\ngoroutine 1"}, nil},
		{"timeout", "wait", 150 * time.Millisecond, []string{"cell 2: not done after 150ms", "--timeout"}, context.DeadlineExceeded},
		{"death", "print x\ndie", 0, []string{"cell 2: ", "kernel died", "exit status 7"}, jupyter.ErrDied},
		{"question", "input", 0, []string{"cell 2: the cell asks for input"}, jupyter.ErrInput},
	} {
		t.Run(c.name, func(t *testing.T) {
			nb := notebookOf("print fine", c.code, "print never")
			nb.Cells[2].Outputs = []*nbformat.Output{{Type: nbformat.Stream, Name: "stdout", Text: "stale"}}
			var steps []int
			err := Execute(t.Context(), nb, start(t), Options{Timeout: c.limit, Progress: func(done, _ int) { steps = append(steps, done) }})
			var failed *CellError
			if !errors.As(err, &failed) || failed.Cell != 2 || c.is != nil && !errors.Is(err, c.is) {
				t.Fatalf("error %v", err)
			}
			for _, want := range c.says {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("error %q should say %q", err, want)
				}
			}
			if strings.ContainsRune(err.Error(), '\x1b') {
				t.Errorf("escapes in %q", err)
			}
			if got := outputs(nb.Cells[0]); got != `stdout "fine"` {
				t.Errorf("the cell before has %s", got)
			}
			if got := outputs(nb.Cells[1]); !strings.Contains(got, "error ") {
				t.Errorf("the failed cell has %s, want its error", got)
			}
			if nb.Cells[2].Outputs != nil {
				t.Errorf("the cell after has %s", outputs(nb.Cells[2]))
			}
			if fmt.Sprint(steps) != "[0 1]" {
				t.Errorf("progress %v", steps)
			}
		})
	}
}

// TestExecuteLacks: a cell that says what its data lack has not failed, and
// the traces of its end go.
func TestExecuteLacks(t *testing.T) {
	nb := notebookOf("print fine", "print before\nshow p text/x-specstress-lacking no \\e[31mverdicts\nstderr error: no verdicts\nfail ERROR exit status 1", "print never")
	err := Execute(t.Context(), nb, start(t), Options{})
	var lack *LackError
	if !errors.As(err, &lack) || lack.Cell != 2 || lack.Reason != "no verdicts" {
		t.Fatalf("error %v", err)
	}
	if got := outputs(nb.Cells[1]); !strings.HasPrefix(got, `stdout "before"; display_data`) || strings.Contains(got, "error") {
		t.Errorf("the cell has %s", got)
	}
	if nb.Cells[2].Outputs != nil {
		t.Errorf("the cell after has %s", outputs(nb.Cells[2]))
	}
}

// TestErrorValue: the notebook's error says why, where GoNB tells the exit
// status only.
func TestErrorValue(t *testing.T) {
	for _, c := range []struct{ name, code, want string }{
		{"as GoNB has it", "stderr panic: no\nfail ERROR main.go:3:1: undefined", "main.go:3:1: undefined"},
		{"nothing said", "fail ERROR exit status 1", "exit status 1"},
		{"an error", `stderr reading\nerror: no row\n\tat main.go:3` + "\nfail ERROR exit status 1", "error: no row (exit status 1)"},
		{"a panic after an error", `stderr error: old\npanic: \e[31mno\e[0m row\n  main.main` + "\nprint x\nfail ERROR exit status 2", "panic: no row (exit status 2)"},
		{"something else", `stderr one\n\ntwo\n` + "\nfail ERROR signal: killed", "two (signal: killed)"},
	} {
		t.Run(c.name, func(t *testing.T) {
			nb := notebookOf(c.code)
			if err := Execute(t.Context(), nb, start(t), Options{}); err == nil {
				t.Fatal("no error")
			}
			outs := nb.Cells[0].Outputs
			if got := outs[len(outs)-1].EValue; got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestExecuteInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(150*time.Millisecond, cancel)
	var failed *CellError
	if err := Execute(ctx, notebookOf("wait"), start(t), Options{}); !errors.Is(err, context.Canceled) || errors.As(err, &failed) {
		t.Errorf("error %v, want the context's", err)
	}
}

// TestHugeOutput prints 16 MiB: half is kept, and said so once.
func TestHugeOutput(t *testing.T) {
	nb := notebookOf("flood 256\nstderr tail")
	if err := Execute(t.Context(), nb, start(t), Options{}); err != nil {
		t.Fatal(err)
	}
	text := nb.Cells[0].Outputs[0].Text
	if len(nb.Cells[0].Outputs) != 1 || len(text) > maxText+100 || strings.Count(text, "beyond 8 MiB is left out") != 1 {
		t.Errorf("%d outputs, %d bytes, ends %q", len(nb.Cells[0].Outputs), len(text), text[len(text)-80:])
	}
}

func TestInject(t *testing.T) {
	const declared = `%env X=1
// what to set
const threshold = 1.5
const (
	models string = "all_models"
	bins          = 12
)
var source, quiet = "sample", false
var names = []string{"a"}
var limit time.Duration = time.Minute
var seed = uint64(7)
var free = compute(1)
%%
var inside = 3
`
	for _, c := range []struct{ given, want string }{
		{"threshold=2", "const threshold = 2.0\n"},
		{"threshold=-1e-3", "const threshold = -0.001\n"},
		{"models=o3 \"x\"", "const models string = \"o3 \\\"x\\\"\"\n"},
		{"source=a=b", "var source = \"a=b\"\n"},
		{"source=", "var source = \"\"\n"},
		{"quiet=TRUE|bins=5", "const bins = 5\nvar quiet = true\n"}, // in order of declaration
		{"names=x, y", "var names = []string{\"x\", \"y\"}\n"},
		{"names=", "var names = []string{}\n"},
		{"limit=1s", "var limit time.Duration = time.Duration(1000000000)\n"},
		{"seed=18446744073709551615", "var seed uint64 = 18446744073709551615\n"},
		{"free=compute(2)", "var free = compute(2)\n"},
		{"bins=1|bins=2", "const bins = 2\n"},
		{"threshold=high", "error: parameter threshold: value \"high\", want a finite number"},
		{"threshold=NaN", "error: parameter threshold: value \"NaN\", want a finite number"},
		{"bins=1.5", "error: parameter bins: value \"1.5\", want a whole number"},
		{"quiet=perhaps", "error: parameter quiet: value \"perhaps\", want true or false"},
		{"free=1; os.Exit(1)", "error: parameter free: value \"1; os.Exit(1)\", want a Go expression"},
		{"treshold=1", "error: no parameter \"treshold\""},
		{"inside=1", "error: no parameter \"inside\""},
	} {
		t.Run(c.given, func(t *testing.T) {
			var given []Parameter
			for s := range strings.SplitSeq(c.given, "|") {
				p, err := ParseParameter(s)
				if err != nil {
					t.Fatal(err)
				}
				given = append(given, p)
			}
			nb := notebookOf("first", declared, "last")
			nb.Cells[1].Metadata["tags"] = []any{parametersTag}
			err := Inject(nb, given)
			if want, bad := strings.CutPrefix(c.want, "error: "); bad {
				if err == nil || !strings.Contains(err.Error(), want) {
					t.Fatalf("error %v, want %s", err, want)
				}
				if strings.Contains(want, "treshold") && !(errors.Is(err, analysis.ErrUnknownName) && strings.Contains(err.Error(), "nearest: threshold")) {
					t.Errorf("error %v names no nearest", err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if err := Inject(nb, given); err != nil || len(nb.Cells) != 4 {
				t.Fatalf("injected twice: %d cells, %v", len(nb.Cells), err)
			}
			if got := nb.Cells[2]; got.Source != c.want || got.Tags()[0] != injectedTag {
				t.Errorf("cell 3 is %q, want %q", got.Source, c.want)
			}
		})
	}
	if err := Inject(notebookOf("x"), []Parameter{{"a", "1"}}); err == nil || !strings.Contains(err.Error(), "no cell is tagged") {
		t.Errorf("without a parameters cell: %v", err)
	}
	for _, bad := range []string{"", "a", "=1", "a b=1", "a.b=1"} {
		if _, err := ParseParameter(bad); err == nil {
			t.Errorf("%q is taken for a parameter", bad)
		}
	}
}

func TestPlain(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"\x1b[1;31mred\x1b[0m", "red"},
		{"\u009b31mred", "red"},
		{"\x1b]8;;http://x\x1b\\link\x1b]8;;\x07", "link"},
		{"\x1b]52;c;cm0gLXJm\x07x", "x"},
		{"\x1b(Bx\x1b7", "x"},
		{"cut \x1b[3", "cut 3"},
		{"10%\r50%\r100%\nnext", "100%\nnext"},
		{"dos\r\nline\r\n", "dos\nline\n"},
		{"a\u202eb\u2066c\x00\x07d\xff", "abcd\ufffd"},
	} {
		if got := plain(c.in); got != c.want {
			t.Errorf("%q: got %q, want %q", c.in, got, c.want)
		}
	}
}

// hostile are texts that try to act in a page.
var hostile = []string{
	`<script>alert(1)</script>`, `</pre><script>alert(1)</script>`, `<img src=x onerror=alert(1)>`, `<svg onload=alert(1)><script>alert(1)</script></svg>`,
	`<a href="javascript:alert(1)">x</a>`, `<a href=" java&#10;script:alert(1)">x</a>`, `[x](javascript:alert(1))`, `[x](JaVaScRiPt:alert(1))`, `![x](http://evil.example/x.png)`,
	`<iframe src="http://evil.example"></iframe>`, `<table onclick=alert(1) style="background:url(http://evil.example)"><tr><td onmouseover=alert(1)>cell</td></tr></table>`,
	`<style>@import "http://evil.example";</style>`, `<link rel=stylesheet href=http://evil.example>`, `<meta http-equiv=refresh content="0;url=http://evil.example">`,
	`<base href=http://evil.example>`, `<form action=http://evil.example><button>x</button></form>`, `<object data=http://evil.example>`, `<embed src=http://evil.example>`,
	`<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>`, `<noscript><p title="</noscript><img src=x onerror=alert(1)>">`,
	`<textarea></textarea><script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `<td colspan="1 onclick=alert(1)">x</td>`, `<video src=http://evil.example>`,
	`data:text/html,<script>alert(1)</script>`, "`</code><script>alert(1)</script>`", "<!--<script>-->alert(1)</script>", "\x1b[31m\x1b]8;;javascript:alert(1)\x07x\u202e",
	`{{.}}</style><script>alert(1)</script>`, `<plaintext>`, `<template><script>alert(1)</script></template>`,
	`<script`, `<x:script xmlns:x="http://www.w3.org/1999/xhtml">alert(1)</x:script>`, `<div class="banner">fake</div>`,
}

// TestPageIsInert puts hostile text wherever a page shows something and
// looks at what a browser would make of it.
func TestPageIsInert(t *testing.T) {
	var nb nbformat.Notebook
	nb.Metadata = map[string]any{}
	text := strings.Join(hostile, "\n\n")
	add := func(h string) {
		data := func(mime string) *nbformat.Output {
			return &nbformat.Output{Type: nbformat.DisplayData, Data: map[string]any{mime: h, "text/plain": h}, Metadata: map[string]any{"x": h}}
		}
		nb.Cells = append(nb.Cells,
			&nbformat.Cell{Type: nbformat.Markdown, Source: h},
			&nbformat.Cell{Type: nbformat.Markdown, Source: "# " + h, Attachments: map[string]map[string]any{"a": {"image/png": h}}},
			&nbformat.Cell{Type: nbformat.Raw, Source: h},
			&nbformat.Cell{Type: nbformat.Code, Source: h, Outputs: []*nbformat.Output{
				{Type: nbformat.Stream, Name: h, Text: h}, {Type: nbformat.Error, EName: h, EValue: h, Traceback: []string{h}}, {Type: nbformat.Error, EName: h, EValue: h},
				data("text/html"), data("image/svg+xml"), data("image/png"), data("image/jpeg"), data("text/markdown"), data("text/latex"),
				data("application/javascript"), data("application/json"), data("text/plain"), data(h),
			}})
	}
	for _, h := range append(texts.Strings(), hostile...) {
		if len(h) > 10_000 {
			h = h[:10_000] // once for each of some twenty places
		}
		add(h)
	}
	add(text)
	page, err := Page(&nb, Facts{File: text, Source: text, Revision: text, Failed: text, Parameters: []Parameter{{"name", text}}})
	if err != nil {
		t.Fatal(err)
	}
	for _, problem := range active(t, page) {
		t.Error(problem)
	}
	reliability.Record(t, "%d texts as cells, outputs and metadata of a notebook's page, 0 active", len(texts.Texts())+len(hostile))
	again, err := Page(&nb, Facts{File: text, Source: text, Revision: text, Failed: text, Parameters: []Parameter{{"name", text}}})
	if err != nil || !bytes.Equal(page, again) {
		t.Errorf("the page differs the second time: %v", err)
	}
}

// active lists what in a page could act or load something.
func active(t *testing.T, page []byte) (problems []string) {
	t.Helper()
	root, err := xhtml.Parse(bytes.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	say := func(format string, args ...any) { problems = append(problems, fmt.Sprintf(format, args...)) }
	allowed := strings.Fields("html head body meta title style main p section div pre code span h1 h2 h3 h4 h5 h6 strong em b i a img figure table thead tbody tr th td ul ol li br hr blockquote footer del details summary")
	styles, metas, banners := 0, 0, 0
	for n := range root.Descendants() {
		if n.Type == xhtml.TextNode && strings.ContainsAny(n.Data, "\x00\x07\x1b\u202e\u2066") {
			say("text with acting characters: %.60q", n.Data)
		}
		if n.Type != xhtml.ElementNode {
			continue
		}
		known := false
		for _, a := range allowed {
			known = known || n.Data == a
		}
		if !known {
			say("element %s", n.Data)
		}
		switch n.Data {
		case "style":
			styles++
		case "meta":
			metas++
		}
		for _, a := range n.Attr {
			value := strings.ToLower(strings.TrimSpace(a.Val))
			switch {
			case strings.HasPrefix(a.Key, "on"), a.Key == "style", a.Key == "srcset", a.Key == "action":
				say("attribute %s of %s", a.Key, n.Data)
			case a.Key == "src" && !strings.HasPrefix(value, "data:image/"):
				say("src %.60q of %s", a.Val, n.Data)
			case a.Key == "href" && (n.Data != "a" || !strings.HasPrefix(value, "http://") && !strings.HasPrefix(value, "https://") && !strings.HasPrefix(value, "mailto:") && !strings.HasSuffix(value, ".html")):
				say("href %.60q of %s", a.Val, n.Data)
			case a.Key == "class" && value == "banner":
				banners++
			case strings.Contains(value, "javascript:") && a.Key != "alt":
				say("javascript in %s of %s", a.Key, n.Data)
			}
		}
	}
	if styles != 1 || metas != 4 || banners != 0 {
		say("%d style, %d meta elements, %d banners; want 1, 4, 0", styles, metas, banners)
	}
	return problems
}

// TestActive shows that the check above can fail.
func TestActive(t *testing.T) {
	for _, bad := range []string{`<script>1</script>`, `<p onclick=1>`, `<img src="http://x">`, `<a href="javascript:1">`, `<a href=x>`, `<style>x</style>`, `<p style="x">`, "\x1b"} {
		page, err := Page(notebookOf("x"), Facts{File: "x"})
		if err != nil {
			t.Fatal(err)
		}
		if problems := active(t, page); problems != nil {
			t.Fatalf("a plain page: %v", problems)
		}
		if problems := active(t, bytes.Replace(page, []byte("</main>"), []byte(bad+"</main>"), 1)); problems == nil {
			t.Errorf("%s is not noticed", bad)
		}
	}
}

func TestPage(t *testing.T) {
	png := base64.StdEncoding.EncodeToString([]byte("png"))
	n := 3
	nb := &nbformat.Notebook{Metadata: map[string]any{}, Cells: []*nbformat.Cell{
		{Type: nbformat.Markdown, Source: "# A *title*\n\nsee [next](01-x.ipynb), [web](https://example.org/a?b=1&c=2), [file](../README.md)\n\n|a|b|\n|-|-|\n|1|2|\n\n![pic](attachment:p.png)",
			Attachments: map[string]map[string]any{"p.png": {"image/png": png}}},
		{Type: nbformat.Code, ExecutionCount: &n, Source: "const x = 1.5 // half\nfmt.Println(\"a<b\")\n!ls", Outputs: []*nbformat.Output{
			{Type: nbformat.DisplayData, Data: map[string]any{"image/svg+xml": "<svg/>", "image/png": png, "text/plain": "a figure"}},
			{Type: nbformat.DisplayData, Data: map[string]any{"image/png": png, "text/html": "<b>x</b>"}},
			{Type: nbformat.DisplayData, Data: map[string]any{"text/html": `<table class="dataframe"><tr><th scope="col">k</th><td class="num" colspan="2">1&lt;2</td></tr></table>`, "text/plain": "k 1"}},
			{Type: nbformat.DisplayData, Data: map[string]any{"text/html": `<script>1</script>`, "text/plain": "instead"}},
			{Type: nbformat.Stream, Name: "stdout", Text: "50%\r100%\n"},
		}},
	}}
	text, err := Page(nb, Facts{File: "x.ipynb", Source: "sample", Revision: "r1", Synthetic: true, Parameters: []Parameter{{"a", "1"}}, Failed: "cell 2: no"})
	if err != nil {
		t.Fatal(err)
	}
	got := string(text)
	for _, want := range []string{
		"<title>SYNTHETIC SAMPLE · A *title*</title>", "<h1>A <em>title</em></h1>", `<a href="01-x.html"`, `<a href="https://example.org/a?b=1&amp;c=2"`, ", file</p>", "<td>1</td>\n<td>2</td>",
		`<img src="data:image/png;base64,` + png + `" alt="pic">`,
		`<span class="k">const</span> x = <span class="n">1.5</span> <span class="c">// half</span>`, `<span class="s">&#34;a&lt;b&#34;</span>`, "\n!ls",
		`<img src="data:image/svg&#43;xml;base64,PHN2Zy8&#43;" alt="a figure">`,
		`<table class="dataframe"><tbody><tr><th scope="col">k</th><td colspan="2" class="num">1&lt;2</td></tr></tbody></table>`,
		">instead</pre>", ">100%\n</pre>", "[3]", "SYNTHETIC SAMPLE</strong>", "revision <code>r1</code>", "<code>a=1</code>", "Stopped before the end",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	if strings.Contains(got, "<b>x</b>") {
		t.Error("a picture and its table are both shown")
	}
	if t.Failed() {
		t.Log(got)
	}
}

func TestMarkdown(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{`so $a_1 \; b_2$ is`, `<p>so <code>a_1 \; b_2</code> is</p>`},
		{`$$\max_{v} \; \{x\}$$`, `<p><code>\max_{v} \; \{x\}</code></p>`},
		{"$$\na_1 <\n_b\n$$ end", "<p><code> a_1 &lt; _b </code> end</p>"},
		{"$5 and $6 or $ 7 $", "<p>$5 and $6 or $ 7 $</p>"},
		{"$$ never closed *x*", "<p>$$ never closed <em>x</em></p>"},
		{"$", "<p>$</p>"}, {"$$", "<p>$$</p>"}, {"a $", "<p>a $</p>"},
		{"$<script>$ `$x$`", "<p><code>&lt;script&gt;</code> <code>$x$</code></p>"},
		{"[a](./01-x.ipynb) [b](../x.ipynb) [c](//evil.example/x) [d](x.ipynb?y)", "<p>a b c d</p>"},
	} {
		got, err := render(&nbformat.Cell{Source: c.in}, nil)
		if err != nil || strings.TrimSpace(string(got)) != c.want {
			t.Errorf("%q: %v, got %s, want %s", c.in, err, got, c.want)
		}
	}
}

// What a cell folds stays folded on the page, whatever it says.
func TestFoldedStaysFolded(t *testing.T) {
	got := sanitize(`<details open ontoggle="x()"><summary onclick="y()">warning</summary><pre>text</pre></details>`, source{})
	if want := `<details><summary>warning</summary><pre>text</pre></details>`; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}
