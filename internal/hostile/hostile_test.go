package hostile_test

import (
	"testing"

	"github.com/specstress/specstress/internal/hostile"
)

func TestTexts(t *testing.T) {
	seen := map[string]bool{}
	for _, h := range hostile.Texts() {
		if h.Name == "" || h.Text == "" || seen[h.Name] || seen[h.Text] {
			t.Errorf("%q is without a name, empty or there twice", h.Name)
		}
		seen[h.Name], seen[h.Text] = true, true
	}
	if n := len(hostile.Texts()); n < 60 {
		t.Errorf("%d texts, want 60 or more", n)
	}
}

// TestChecksNotice is the negative control: what the texts would do where
// nothing protects is noticed, and plain output is not.
func TestChecksNotice(t *testing.T) {
	for _, c := range []struct {
		name  string
		check func([]byte) []string
		good  string
		bad   []string
	}{
		{"HTML", func(b []byte) []string { return hostile.HTML(b) },
			`<p>5 &lt; 6 <a href="#x">x</a><img alt="" src="data:image/png;base64,AA=="></p>`,
			[]string{`<script>1</script>`, `<p onclick=1>x`, `<img src=http://x>`, `<a href="javascript:1">x</a>`, `<iframe></iframe>`, `<p style="background:url(http://x)">x`, "<p>\x1bx", "<p title='\u202e'>x", `<meta http-equiv=refresh content=0>`, `<form></form>`, `<svg><foreignObject/></svg>`}},
		{"XML", hostile.XML, `<svg><text>5 &lt; 6</text><use href="#x"/></svg>`,
			[]string{`<svg>`, "<svg>\x00</svg>", `<svg onload="1"/>`, `<svg><script/></svg>`, `<svg><use href="http://x"/></svg>`, `<!DOCTYPE x [<!ENTITY e "x">]><x/>`}},
		{"CSV", hostile.CSV, "a,b\n'=1,-1.5e3\n,+2\n", []string{"=1\n", "@x\n", "-2+3\n", " =1\n", "\uff1d1\n", "a,b\n\"x\n", "a\n\"\x1b\"\n"}},
		{"TeX", hostile.TeX, `\begin{pgfpicture}\textbackslash input\end{pgfpicture}`, []string{`\input{x}`, `\immediate\write18{x}`, `^^5c`, "\x1b"}},
		{"Markdown", hostile.Markdown, `a \<img\> \[x\](y) \!\[x\](y)`, []string{`[x](y)`, `![x](y)`, `<img>`, "\x07"}},
		{"PDF", hostile.PDF, "%PDF-1.4 <</Type /Page>>", []string{"", "%PDF-1.4 <</S /URI /URI (http://x)>>", "%PDF-1.4 /OpenAction"}},
		{"Terminal", hostile.Terminal, "a\tb\nc", []string{"\x1b[1m", "a\rb", "\u009b1m", "\u202e", "\xff"}},
	} {
		if problems := c.check([]byte(c.good)); problems != nil {
			t.Errorf("%s: %q: %v", c.name, c.good, problems)
		}
		for _, bad := range c.bad {
			if c.check([]byte(bad)) == nil {
				t.Errorf("%s: %q is not noticed", c.name, bad)
			}
		}
	}
}
