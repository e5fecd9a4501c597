package label_test

import (
	"strings"
	"testing"

	"github.com/specstress/specstress/internal/label"
)

func TestClean(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"plain text stays", "critical thinking", "critical thinking"},
		{"accents and CJK stay", "naïveté 正直", "naïveté 正直"},
		{"newlines become spaces", "a\r\nb\tc\u2028d", "a b c d"},
		{"terminal escapes lose their ESC", "\x1b[31mred\x1b]8;;x\x07", "[31mred]8;;x"},
		{"bidi marks go", "a\u202eb\u2066c\u200f", "abc"},
		{"NUL goes", "a\x00b", "ab"},
		{"invalid UTF-8 is shown as such", "a\xffb", "a\ufffdb"},
		{"endless text is cut", strings.Repeat("x", 1<<20), strings.Repeat("x", 160) + "…"},
	} {
		if got := label.Clean(c.in); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestSheet(t *testing.T) {
	for in, want := range map[string]string{
		"=HYPERLINK(1)":   "'=HYPERLINK(1)",
		"+1":              "'+1",
		"-2+3":            "'-2+3",
		"@SUM(A1)":        "'@SUM(A1)",
		"\x00=1":          "'=1",
		"honesty":         "honesty",
		"":                "",
		"a = b":           "a = b",
		"32-579-value1":   "32-579-value1",
		"\u202e=cmd|' /C": "'=cmd|' /C",
		" =1":             "' =1",
		"\uff1d1+1":       "'\uff1d1+1",
		"\n@x":            "' @x",
	} {
		if got := label.Sheet(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func TestPlainKeepsLines(t *testing.T) {
	if got, want := label.Plain("a\n\tb\x1b]52;c;eA==\x07\rc"), "a\n\tb]52;c;eA==c"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestProse(t *testing.T) {
	long := strings.Repeat("é", 3000)
	if got := label.Prose("a\nb\x1b" + long); got != "a b"+long[:2*1997]+"…" {
		t.Errorf("prose of %d bytes, want 2,000 characters on one line", len(got))
	}
}

func TestThousands(t *testing.T) {
	for in, want := range map[string]string{
		"0": "0", "999": "999", "1000": "1,000", "12345678": "12,345,678",
		"-999": "-999", "-1000.25": "-1,000.25", "+123456": "+123,456", "\u2212123456.7": "\u2212123,456.7",
		"0.12345": "0.12345", "NaN": "NaN", "-Inf": "-Inf", "": "",
	} {
		if got := label.Thousands(in); got != want {
			t.Errorf("%s: %s, want %s", in, got, want)
		}
	}
}
