// Package label makes text that comes from data fit to be shown: on one
// line, without characters that act on a terminal, a renderer or a
// spreadsheet. Escaping for HTML, Markdown or XML is the business of
// whoever writes those.
package label

import (
	"strings"
	"unicode"
)

// maxRunes is where a text is cut: no honest name is longer.
const maxRunes = 160

// Clean returns s in valid UTF-8 on one line of at most 160 characters,
// without control and format characters: escapes, NUL, and the marks that
// turn the direction of the text around them.
func Clean(s string) string {
	var b strings.Builder
	n := 0
	for _, r := range strings.ToValidUTF8(s, "\ufffd") {
		switch {
		case r == '\n' || r == '\t' || r == '\r' || unicode.In(r, unicode.Zl, unicode.Zp):
			r = ' '
		case unicode.In(r, unicode.Cc, unicode.Cf):
			continue
		}
		if n++; n > maxRunes {
			b.WriteString("…")
			break
		}
		b.WriteRune(r)
	}
	return b.String()
}

// Sheet returns a text as a cell of a CSV file: cleaned, and with an
// apostrophe before it where a spreadsheet would run it as a formula.
// Numbers must not go through it.
func Sheet(s string) string {
	s = Clean(s)
	if s != "" && strings.ContainsRune("=+-@", rune(s[0])) {
		return "'" + s
	}
	return s
}
