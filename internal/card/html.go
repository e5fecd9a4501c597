package card

import (
	"fmt"
	"html"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/specstress/specstress/analysis"
	"github.com/specstress/specstress/internal/label"
)

// longestHTML is where one text is cut in HTML: a page must open.
const longestHTML = 50_000 // characters

// warning is what has to be opened to see a text.
const warning = "content warning: unreviewed text of the dataset, possibly offensive or unsafe; open to read"

// HTML is one card as an element. Every text of the data is escaped, and
// query and responses are folded. (html/template is not used: notebook
// cells would start more slowly.)
func (c Card) HTML() string {
	var b strings.Builder
	b.WriteString(`<div class="card">`)
	b.WriteString("<p><strong>" + escapeLine(c.heading()) + "</strong></p><ul>")
	for _, why := range c.Why {
		b.WriteString("<li>found for: " + escapeLine(why) + "</li>")
	}
	b.WriteString("<li>value 1: <strong>" + escape(name(c.Value1)) + "</strong></li><li>value 2: <strong>" + escape(name(c.Value2)) + "</strong></li>")
	b.WriteString("<li>" + escapeLine(c.disagreements()) + "</li>")
	if g := c.Judgement; g != nil {
		b.WriteString("<li>" + escapeLine(g.summary()) + "</li>")
	}
	for _, n := range c.Notes {
		b.WriteString("<li>not here: " + escapeLine(n) + "</li>")
	}
	b.WriteString("</ul>")
	c.writeTable(&b)
	if c.Query != nil {
		b.WriteString("<details><summary>Query (" + warning + ")</summary>" + quoted(*c.Query) + "</details>")
	}
	if len(c.Responses) > 0 {
		fmt.Fprintf(&b, "<details><summary>%d responses (%s)</summary>", len(c.Responses), warning)
		c.writeResponses(&b)
		b.WriteString("</details>")
	}
	b.WriteString("</div>")
	return b.String()
}

// writeTable has a line for each model: where it stands, and what the
// judges say.
func (c Card) writeTable(b *strings.Builder) {
	type row struct {
		position *Position
		verdicts []string
	}
	var models []string
	lines := map[string]*row{}
	at := func(model string) *row {
		if lines[model] == nil {
			models = append(models, model)
			lines[model] = &row{}
		}
		return lines[model]
	}
	for i := range c.Positions {
		at(c.Positions[i].Model).position = &c.Positions[i]
	}
	var judges []string
	if g := c.Judgement; g != nil {
		judges = g.Judges
		for _, r := range g.Responses {
			at(r.Model).verdicts = r.Verdicts // of a repeated response the last
		}
	}
	analysis.SortModels(models)
	b.WriteString(`<table border="1" class="dataframe"><thead><tr><th scope="col">model</th>`)
	if len(c.Positions) > 0 {
		b.WriteString(`<th scope="col">value 1, 0 to 6</th><th scope="col">value 2, 0 to 6</th><th scope="col">outlier</th>`)
	}
	for _, judge := range judges {
		b.WriteString(`<th scope="col">` + escape(analysis.JudgeTitle(judge)) + "</th>")
	}
	b.WriteString("</tr></thead><tbody>")
	for _, model := range models {
		l := lines[model]
		b.WriteString(`<tr><th scope="row">` + escape(modelName(model)) + "</th>")
		if len(c.Positions) > 0 {
			first, second, out := "", "", ""
			if l.position != nil {
				first, second, out = chart(l.position.Value1), chart(l.position.Value2), outlier(*l.position)
			}
			b.WriteString("<td><code>" + first + "</code></td><td><code>" + second + "</code></td><td>" + out + "</td>")
		}
		for k := range judges {
			verdict := ""
			if k < len(l.verdicts) {
				verdict = l.verdicts[k]
			}
			b.WriteString("<td>" + escape(verdict) + "</td>")
		}
		b.WriteString("</tr>")
	}
	b.WriteString("</tbody></table>")
}

// writeResponses sets them side by side, three to a row.
func (c Card) writeResponses(b *strings.Builder) {
	const abreast = 3
	b.WriteString(`<table border="1" class="dataframe"><tbody>`)
	for i := 0; i < len(c.Responses); i += abreast {
		some := c.Responses[i:min(i+abreast, len(c.Responses))]
		b.WriteString("<tr>")
		for _, r := range some {
			b.WriteString(`<th scope="col">` + escape(modelName(r.Model)) + "</th>")
		}
		b.WriteString("</tr><tr>")
		for _, r := range some {
			b.WriteString(`<td style="vertical-align:top;text-align:left">` + quoted(r.Text) + "</td>")
		}
		b.WriteString("</tr>")
	}
	b.WriteString("</tbody></table>")
}

// quoted is a text of the dataset with its line breaks.
func quoted(text string) string {
	text = label.Plain(text)
	if strings.TrimSpace(text) == "" {
		return "<p>(empty)</p>"
	}
	shown, cut := shorten(text, longestHTML)
	out := `<pre style="white-space:pre-wrap;overflow-wrap:anywhere">` + html.EscapeString(shown) + "</pre>"
	if cut {
		out += fmt.Sprintf("<p>cut after %d of %d characters</p>", longestHTML, utf8.RuneCountInString(text))
	}
	return out
}

// escape makes a text HTML on one line.
func escape(s string) string { return html.EscapeString(label.Clean(s)) }

// escapeLine is escape for a line of ours, which may be longer.
func escapeLine(s string) string { return html.EscapeString(line(s)) }

// page is what stands around the cards of a page of their own. The policy
// lets nothing be loaded or run, should an escape ever be forgotten.
const page = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>%s</title>
<style>
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, Arial, sans-serif; max-width: 72rem; margin: 0 auto; padding: 1rem; }
.mark { border-left: .3rem solid #b3261e; padding: .3rem .6rem; font-weight: 600; }
.card { border: 1px solid #8886; border-radius: .4rem; padding: .4rem 1rem 1rem; margin: 1rem 0; overflow-x: auto; }
.card ul { padding-left: 1.2rem; }
table { border-collapse: collapse; font-size: .9rem; }
th, td { text-align: left; padding: .15rem .6rem; border: 1px solid #8886; }
details table { table-layout: fixed; width: 100%%; }
details { margin-top: .8rem; }
summary { cursor: pointer; }
code, pre { font: .85rem/1.4 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
code { white-space: pre; }
</style>
</head>
<body>
`

// WriteHTML writes cards as a page that needs nothing else. Mark is what to
// call made-up data, else ""; head are lines above the cards.
func WriteHTML(w io.Writer, cards []Card, mark string, head []string) error {
	var b strings.Builder
	fmt.Fprintf(&b, page, "Scenarios")
	if mark != "" {
		b.WriteString(`<p class="mark">` + escapeLine(strings.ToUpper(mark)) + "</p>\n")
	}
	for _, h := range head {
		b.WriteString("<p>" + escapeLine(h) + "</p>\n")
	}
	for _, c := range cards {
		b.WriteString(c.HTML() + "\n")
	}
	b.WriteString("</body>\n</html>\n")
	_, err := io.WriteString(w, b.String())
	return err
}
