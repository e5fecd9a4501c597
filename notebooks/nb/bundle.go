package nb

import (
	"encoding/gob"
	"fmt"
	"html"
	"os"
	"slices"
	"strings"

	"github.com/janpfeifer/gonb/gonbui"
	"github.com/janpfeifer/gonb/gonbui/protocol"

	"github.com/specstress/specstress/internal/label"
)

// A bundle is one output in several forms, of which each front end takes
// the one it shows best. Every bundle has text/plain.
type bundle struct {
	data     map[protocol.MIMEType]any
	metadata map[string]any
}

// The size of a picture is a map inside a map, which gob must know; it
// closes the pipe to the kernel otherwise (gonb v0.11.5).
func init() { gob.Register(map[string]any{}) }

// show sends a bundle to the notebook and waits until it has arrived: a
// cell that ends at once loses it otherwise. Elsewhere it prints the plain
// text.
var show = func(b bundle) {
	if !gonbui.IsNotebook {
		fmt.Fprintln(os.Stdout, strings.TrimSuffix(b.plain(), "\n"))
		return
	}
	gonbui.SendData(&protocol.DisplayData{Data: b.data, Metadata: b.metadata})
	gonbui.Sync()
}

func (b bundle) plain() string {
	text, _ := b.data[protocol.MIMETextPlain].(string)
	return text
}

// textBundle is plain text only.
func textBundle(text string) bundle {
	return bundle{data: map[protocol.MIMEType]any{protocol.MIMETextPlain: label.Plain(text)}}
}

// quotedBundle is text of whatever origin. JupyterLab makes links of web
// addresses in plain text, but not of those in HTML, so it gets both.
func quotedBundle(text string) bundle {
	return htmlBundle(element("pre", "white-space:pre-wrap", text), text)
}

// htmlBundle is HTML that this package has built, and the same in words.
func htmlBundle(markup, text string) bundle {
	b := textBundle(text)
	// Front ends set what stands between dollars as mathematics, links
	// included, unless these classes tell them not to.
	b.data[protocol.MIMETextHTML] = `<div class="mathjax_ignore tex2jax_ignore">` + markup + "</div>"
	return b
}

// element is one HTML element around a text, which is escaped. Every text
// that goes into HTML goes through here. (html/template would do it too,
// but makes the linker keep every method of every type: cells would start
// more slowly.)
func element(tag, style, text string) string {
	if style != "" {
		style = ` style="` + style + `"`
	}
	return "<" + tag + style + ">" + html.EscapeString(label.Plain(text)) + "</" + tag + ">"
}

// A noteKind is what a line above the results says. Its class is for pages
// of specstress run, which keep no styles.
type noteKind struct{ class, style string }

var (
	plainNote     = noteKind{"note", "border-left:.3em solid #888"}
	syntheticNote = noteKind{"note synthetic", "border-left:.3em solid #b00020;font-weight:bold"}
	doubtNote     = noteKind{"note doubt", "border-left:.3em solid #b8860b"}
)

// noteBundle is a line above the results.
func noteBundle(kind noteKind, text string) bundle {
	open := `<div class="` + kind.class + `" style="padding:.3em .6em;` + kind.style + `">`
	return htmlBundle(open+html.EscapeString(label.Plain(text))+"</div>", text)
}

// showOnce shows what a cell has not shown yet: a cell may open its data
// more than once.
func showOnce(b bundle) {
	opened.Lock()
	text := b.plain()
	again := slices.Contains(opened.notes, text)
	opened.notes = append(opened.notes, text)
	opened.Unlock()
	if !again {
		show(b)
	}
}

// clean makes a text from data fit for one line.
func clean(s string) string {
	s = label.Plain(s)
	return strings.Join(strings.Fields(s), " ")
}
