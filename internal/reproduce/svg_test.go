package reproduce

import (
	"strings"
	"testing"
)

func TestInlineSVG(t *testing.T) {
	const plain = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><text>a &lt; b</text></svg>`
	for _, c := range []struct{ name, in, want, err string }{
		{"as it is", plain, plain, ""},
		{"declarations go", `<?xml version="1.0"?><!-- by hand --><!DOCTYPE svg>` + "\n" + plain, plain, ""},
		{"a script", `<svg><script>x</script></svg>`, "", "element script"},
		{"a handler", `<svg onload="x"/>`, "", "attribute onload"},
		{"a link that runs", `<svg><g href=" JavaScript:x"/></svg>`, "", "attribute href"},
		{"HTML inside", `<svg><foreignObject/></svg>`, "", "element foreignObject"},
		{"cut off", `<svg><g>`, "", "svg:"},
		{"nothing", ``, "", "no element"},
	} {
		got, err := inlineSVG([]byte(c.in))
		if c.err != "" {
			if err == nil || !strings.Contains(err.Error(), c.err) {
				t.Errorf("%s: error %v, want one with %q", c.name, err, c.err)
			}
			continue
		}
		if err != nil || got != c.want {
			t.Errorf("%s: %q, %v, want %q", c.name, got, err, c.want)
		}
	}
}

func TestTable(t *testing.T) {
	table := Table{Columns: []string{"who", "x"}, Rows: [][]Cell{
		{textCell("=1+1"), numberCell(-0.5)},
		{textCell("a|b\n<i>"), {}},
		{textCell(`say "x, y"`), numberCell(1.0 / 3)},
	}}
	// The text is guarded, the negative number is not.
	wantCSV := "who,x\n'=1+1,-0.5\na|b <i>,\n\"say \"\"x, y\"\"\",0.3333333333333333\n"
	if got := string(table.CSV()); got != wantCSV {
		t.Errorf("CSV:\n%s\nwant:\n%s", got, wantCSV)
	}
	wantMarkdown := "| who | x |\n| --- | --- |\n| =1+1 | -0.5 |\n| a\\|b \\<i\\> |  |\n| say \"x, y\" | 0.3333333333333333 |\n"
	if got := string(table.Markdown()); got != wantMarkdown {
		t.Errorf("Markdown:\n%s\nwant:\n%s", got, wantMarkdown)
	}
}

func TestSegment(t *testing.T) {
	for in, want := range map[string]string{
		"claude_opus_4": "claude_opus_4", "my model.v2": "my-model-v2", "naïve": "na-ve", "": "-", "a-b": "a-b",
	} {
		if got := segment(in); got != want {
			t.Errorf("segment(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestClean(t *testing.T) {
	if got := clean("a\x1b[31m\u202eb \n c\x00"); got != "a[31mb c" {
		t.Errorf("%q", got)
	}
	if got := clean(strings.Repeat("w ", 10000)); len(got) > 1000 {
		t.Errorf("%d bytes of a text without end", len(got))
	}
}
