package notebook

import (
	"bytes"
	_ "embed"
	"fmt"
	"html/template"
	"slices"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/util"

	"github.com/specstress/specstress/internal/nbformat"
)

//go:embed page.html.tmpl
var pageTemplate string

// Style is the style sheet of pages, without anything that comes from data.
//
//go:embed page.css
var Style string

var page = template.Must(template.New("page").Parse(pageTemplate))

// markdown renders the text cells. Raw HTML is left out; what it makes goes
// through sanitize too, which decides on links and pictures.
var markdown = goldmark.New(
	goldmark.WithExtensions(extension.Table, extension.Strikethrough),
	goldmark.WithParserOptions(parser.WithInlineParsers(util.Prioritized(mathParser{}, 150))),
)

// A Facts says what a page shows around the cells.
type Facts struct {
	Title      string // of the page; "" for the first heading or File
	File       string // name of the notebook
	Code       string // version of this program
	Source     string // data source
	Revision   string // of the data
	Synthetic  bool
	Parameters []Parameter
	Failed     string // why execution stopped; "" when it did not
	LeftOut    string // why the rest was left out; "" when it was not
	// Link says where a relative link leads, "" for nowhere. Without it,
	// links to notebooks beside this one lead to their pages.
	Link func(to string) string
}

type cellView struct {
	Markdown template.HTML
	Code     template.HTML
	Count    string
	Given    bool // parameters given on the command line
	Outputs  []outputView
	IsCode   bool
}

type outputView struct {
	Text  string        // plain
	Error bool          // Text is an error
	Quiet bool          // Text went to standard error
	Image template.URL  // data URI
	Alt   string        // what the image shows
	HTML  template.HTML // rebuilt
}

// Page makes one HTML file of an executed notebook: no script, nothing
// loaded, the same bytes for the same notebook.
func Page(nb *nbformat.Notebook, facts Facts) ([]byte, error) {
	var cells []cellView
	for i, c := range nb.Cells {
		v := cellView{IsCode: c.Type == nbformat.Code}
		switch c.Type {
		case nbformat.Code:
			v.Code, v.Count = highlight(strings.TrimRight(c.Source, "\n")), " "
			if c.ExecutionCount != nil {
				v.Count = fmt.Sprint(*c.ExecutionCount)
			}
			for _, t := range c.Tags() {
				v.Given = v.Given || t == injectedTag
			}
			for _, o := range c.Outputs {
				if out, ok := view(o); ok {
					v.Outputs = append(v.Outputs, out)
				}
			}
		case nbformat.Markdown:
			text, err := render(c, facts.Link)
			if err != nil {
				return nil, fmt.Errorf("page: cell %d: %w", i+1, err)
			}
			v.Markdown = text
		default:
			continue
		}
		cells = append(cells, v)
	}
	if facts.Title == "" {
		facts.Title = Title(nb)
	}
	if facts.Title == "" {
		facts.Title = facts.File
	}
	for _, s := range []*string{&facts.Title, &facts.File, &facts.Source, &facts.Revision, &facts.Failed, &facts.LeftOut} {
		*s = plain(*s)
	}
	facts.Parameters = slices.Clone(facts.Parameters)
	for i := range facts.Parameters {
		facts.Parameters[i].Value = plain(facts.Parameters[i].Value)
	}
	var b bytes.Buffer
	if err := page.Execute(&b, struct {
		Facts
		Style template.CSS
		Cells []cellView
	}{facts, template.CSS(Style), cells}); err != nil {
		return nil, fmt.Errorf("page: %w", err)
	}
	return b.Bytes(), nil
}

// Title is the first first-level heading of a notebook's text cells, "" when
// there is none.
func Title(nb *nbformat.Notebook) string {
	for _, c := range nb.Cells {
		if c.Type != nbformat.Markdown {
			continue
		}
		for line := range strings.Lines(c.Source) {
			if text, ok := strings.CutPrefix(line, "# "); ok {
				return plain(strings.TrimSpace(strings.TrimRight(strings.TrimSpace(text), "#")))
			}
		}
	}
	return ""
}

func render(c *nbformat.Cell, link func(string) string) (template.HTML, error) {
	var b bytes.Buffer
	if err := markdown.Convert([]byte(plain(c.Source)), &b); err != nil {
		return "", err
	}
	return template.HTML(sanitize(b.String(), source{links: true, link: link, picture: func(src string) string {
		name, attached := strings.CutPrefix(src, "attachment:")
		if !attached {
			return "" // a file or an address: the page would need it
		}
		for _, mime := range bitmaps {
			if uri := bitmap(mime, c.Attachments[name][mime]); uri != "" {
				return uri
			}
		}
		return ""
	}})), nil
}

// view chooses what of an output a page shows: a picture before a table
// before text.
func view(o *nbformat.Output) (outputView, bool) {
	switch o.Type {
	case nbformat.Stream:
		text := plain(o.Text)
		return outputView{Text: text, Quiet: o.Name == "stderr"}, strings.TrimSpace(text) != ""
	case nbformat.Error:
		text := strings.TrimSpace(strings.Join(o.Traceback, "\n"))
		if text == "" {
			text = o.EName + ": " + o.EValue
		}
		return outputView{Text: plain(text), Error: true}, true
	}
	text, _ := o.Data["text/plain"].(string)
	text = plain(text)
	if svg, ok := o.Data["image/svg+xml"].(string); ok && strings.TrimSpace(svg) != "" {
		return outputView{Image: template.URL(dataURI("image/svg+xml", []byte(svg))), Alt: text}, true
	}
	for _, mime := range bitmaps {
		if uri := bitmap(mime, o.Data[mime]); uri != "" {
			return outputView{Image: template.URL(uri), Alt: text}, true
		}
	}
	if h, ok := o.Data["text/html"].(string); ok {
		if safe := sanitize(h, source{}); strings.TrimSpace(safe) != "" {
			return outputView{HTML: template.HTML(safe)}, true
		}
	}
	if text == "" { // Markdown of an output is shown as written
		m, _ := o.Data["text/markdown"].(string)
		text = plain(m)
	}
	return outputView{Text: text}, strings.TrimSpace(text) != ""
}
