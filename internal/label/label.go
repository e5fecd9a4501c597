// Package label makes text that comes from data fit to be shown: on one
// line, without characters that act on a terminal, a renderer or a
// spreadsheet. Escaping for HTML, Markdown or XML is the business of
// whoever writes those.
package label

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Where a text is cut, in characters: no honest name is longer than the one,
// and no query that fits a table than the other.
const (
	maxRunes = 160
	maxProse = 2000
)

// Plain returns s in valid UTF-8 without control and format characters:
// escapes, NUL, and the marks that turn the direction of the text around
// them. Newlines and tabs stay. It is for what goes to a terminal.
func Plain(s string) string {
	return strings.Map(func(r rune) rune {
		if r != '\n' && r != '\t' && unicode.In(r, unicode.Cc, unicode.Cf) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\ufffd"))
}

// Clean returns Plain text on one line of at most 160 characters. It is for
// names.
func Clean(s string) string { return cut(s, maxRunes) }

// Prose returns Plain text on one line of at most 2,000 characters. It is
// for running text in a cell.
func Prose(s string) string { return cut(s, maxProse) }

func cut(s string, longest int) string {
	s = strings.Map(func(r rune) rune {
		if r == '\n' || r == '\t' || unicode.In(r, unicode.Zl, unicode.Zp) {
			return ' '
		}
		return r
	}, Plain(s))
	n := 0
	for i := range s {
		if n++; n > longest {
			return s[:i] + "…"
		}
	}
	return s
}

// Sheet returns a name as a cell of a CSV file: Clean and Formula. Numbers
// must not go through it.
func Sheet(s string) string { return Formula(Clean(s)) }

// Formula puts an apostrophe before a text that a spreadsheet would run:
// one that begins, behind blanks, with = + - @ in ASCII or in full width, or
// with a tab, a return or a newline (OWASP, CSV injection). Quoting the cell
// would not help.
func Formula(s string) string {
	first, _ := utf8.DecodeRuneInString(strings.TrimLeft(s, " "))
	if strings.ContainsRune("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20", first) {
		return "'" + s
	}
	return s
}
