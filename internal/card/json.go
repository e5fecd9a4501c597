package card

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"unicode"
	"unicode/utf16"
)

// WriteJSON writes a value as indented JSON in which every control and
// format character is an escape, so that it is harmless on a terminal too.
// The strings that it stands for are as they are in the data, but for bytes
// that are not UTF-8: those are U+FFFD.
func WriteJSON(w io.Writer, v any) error {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetIndent("", "  ")
	if err := enc.Encode(v); err != nil {
		return err
	}
	_, err := w.Write(Escape(b.Bytes()))
	return err
}

// Escape replaces the control and format characters that encoding/json
// leaves in its output: those beyond ASCII, which stand only in strings.
func Escape(text []byte) []byte {
	if bytes.IndexFunc(text, acts) < 0 {
		return text
	}
	var b bytes.Buffer
	for _, r := range string(text) {
		if acts(r) {
			b.WriteString(escapeRune(r))
		} else {
			b.WriteRune(r)
		}
	}
	return b.Bytes()
}

func escapeRune(r rune) string {
	if r <= 0xffff {
		return fmt.Sprintf(`\u%04x`, r)
	}
	hi, lo := utf16.EncodeRune(r)
	return fmt.Sprintf(`\u%04x\u%04x`, hi, lo)
}

func acts(r rune) bool { return r >= unicode.MaxASCII && unicode.In(r, unicode.Cc, unicode.Cf) }
