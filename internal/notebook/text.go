package notebook

import (
	"regexp"
	"strings"

	"github.com/specstress/specstress/internal/label"
)

// escapes are what terminals act on: CSI and OSC sequences, also in their
// one-character forms, other strings, and two-character escapes.
var escapes = regexp.MustCompile("(?s)(?:\x1b\\[|\u009b)[0-?]*[ -/]*[@-~]" +
	"|(?:\x1b[\\]PX^_]|[\u009d\u0090\u0098\u009e\u009f]).*?(?:\x07|\x1b\\\\|\u009c)" +
	"|\x1b[ -/]*[0-~]")

// plain is a text without anything that acts: no escapes, no control or
// direction characters. Of what a carriage return overwrote on a line, the
// last remains, as on a terminal.
func plain(s string) string {
	s = escapes.ReplaceAllString(strings.ToValidUTF8(s, "\ufffd"), "")
	s = strings.ReplaceAll(s, "\r\n", "\n")
	if strings.Contains(s, "\r") {
		var b strings.Builder
		for line := range strings.Lines(s) {
			text, end := strings.CutSuffix(line, "\n")
			text = strings.TrimRight(text, "\r")
			b.WriteString(text[strings.LastIndexByte(text, '\r')+1:])
			if end {
				b.WriteByte('\n')
			}
		}
		s = b.String()
	}
	return label.Plain(s)
}
