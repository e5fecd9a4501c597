package figure_test

import (
	"bytes"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/specstress/specstress/analysis/figure"
)

// compile runs pdfLaTeX without shell escape on a document with a body.
func compile(t *testing.T, body string) {
	t.Helper()
	latex, err := exec.LookPath("pdflatex")
	if err != nil {
		t.Skipf("pdflatex is not installed (Debian packages texlive-latex-base, texlive-pictures): %v", err)
	}
	dir := t.TempDir()
	write(t, filepath.Join(dir, "x.tex"), []byte("\\documentclass{article}\n\\usepackage{booktabs,pgf}\n\\begin{document}\n"+body+"\n\\end{document}\n"))
	cmd := exec.Command(latex, "-no-shell-escape", "-interaction=nonstopmode", "-halt-on-error", "x.tex")
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("pdflatex: %v: %s", err, out[max(0, len(out)-2500):])
	}
}

// hostile are labels that nobody should have to think of.
var hostile = []string{
	"", strings.Repeat("x", 500), `\write18{touch pwned}`, `\input{/etc/passwd}`, `}\end{pgfpicture}\csname x\endcsname{`,
	"$x$ % & # _ ^^5c ~ {}", "a\nb\r\nc", "\x00\x1b[31m\x7f", "שלום", "正直", "🙂", "<a href='x'>&amp;\"", "κ ± – − ≥ Δ é ’ …", "a\u202eb\ufffe",
	"?`!` -- --- '' `` ,, << >>", "=1+1", "[x] | `y` *z*", "ﬁ ǅ ÐðÞþ đ ŋ ą",
}

func hostileFigure() *figure.Figure {
	f := figure.New("hostile", hostile[2]+hostile[5]+hostile[12], 1)
	figure.SetNames(&f.Plot().Y, hostile)
	f.Plot().X.Label.Text = hostile[4]
	f.Height *= 3
	f.Caption, f.Alt = strings.Join(hostile, " "), hostile[4]
	f.Rows.Header = []string{"name", "n", `\x_1`}
	for i, h := range hostile {
		f.Rows.Add(h, i-3, float64(i)/7)
	}
	f.Source = synthetic
	return f
}

func TestTeXCompiles(t *testing.T) {
	var all bytes.Buffer
	list := append(figures(t, synthetic), hostileFigure())
	for _, f := range list {
		for _, format := range []string{"tex", "table.tex"} {
			if format == "table.tex" && len(f.Rows.Rows) > 40 {
				continue // longer than a page
			}
			if err := within(t, f.ID, func() error { return f.Encode(&all, format) }); err != nil {
				t.Error(err)
			}
			all.WriteString("\n\\clearpage\n")
		}
	}
	compile(t, all.String())
}

// No command but ours comes out, whatever a label says.
func TestTeXEscapes(t *testing.T) {
	var b bytes.Buffer
	if err := hostileFigure().WriteTeX(&b); err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(b.String()) {
		if strings.HasPrefix(line, "%") {
			continue
		}
		for _, bad := range []string{`\write`, `\input`, `\csname`, "^^", "\x1b", "\x00"} {
			if strings.Contains(line, bad) {
				t.Errorf("%q in %q", bad, line)
			}
		}
	}
	if n := strings.Count(b.String(), `\end{pgfpicture}`); n != 2 { // ours, and one in the comment
		t.Logf("%d ends", n)
	}
}

func TestHostileEverywhere(t *testing.T) {
	f := hostileFigure()
	for _, format := range figure.Formats() {
		err := within(t, format, func() error { return f.Encode(new(bytes.Buffer), format) })
		if (format == "pdf") != (err != nil) {
			t.Errorf("%s: %v", format, err)
		}
	}
}
