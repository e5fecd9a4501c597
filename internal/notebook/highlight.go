package notebook

import (
	"go/scanner"
	"go/token"
	"html"
	"html/template"
	"strings"
)

// highlight marks keywords, texts, numbers and comments of Go code. Lines
// for GoNB and code that is no Go simply stay as they are.
func highlight(code string) template.HTML {
	code = plain(code)
	var s scanner.Scanner
	set := token.NewFileSet()
	file := set.AddFile("", set.Base(), len(code))
	s.Init(file, []byte(code), func(token.Position, string) {}, scanner.ScanComments)
	var b strings.Builder
	at := 0
	for {
		pos, tok, lit := s.Scan()
		if tok == token.EOF {
			break
		}
		class := ""
		switch {
		case tok.IsKeyword():
			class = "k"
		case tok == token.STRING || tok == token.CHAR:
			class = "s"
		case tok == token.INT || tok == token.FLOAT || tok == token.IMAG:
			class = "n"
		case tok == token.COMMENT:
			class = "c"
		}
		from := file.Offset(pos)
		// The scanner drops carriage returns from its texts: then no mark.
		if class == "" || from < at || !strings.HasPrefix(code[from:], lit) {
			continue
		}
		b.WriteString(html.EscapeString(code[at:from]) + `<span class="` + class + `">` + html.EscapeString(lit) + "</span>")
		at = from + len(lit)
	}
	b.WriteString(html.EscapeString(code[at:]))
	return template.HTML(b.String())
}
