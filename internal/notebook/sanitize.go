package notebook

import (
	"encoding/base64"
	"html"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"

	xhtml "golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// kept are the elements that HTML is rebuilt from, with the attributes that
// stay. Links and pictures are treated apart.
var kept = map[atom.Atom][]string{
	atom.P: nil, atom.Br: nil, atom.Hr: nil, atom.Div: {"class"}, atom.Span: nil, atom.Blockquote: nil, atom.Pre: nil, atom.Code: nil,
	atom.B: nil, atom.Strong: nil, atom.I: nil, atom.Em: nil, atom.Del: nil, atom.Sub: nil, atom.Sup: nil, atom.Small: nil,
	atom.H1: nil, atom.H2: nil, atom.H3: nil, atom.H4: nil, atom.H5: nil, atom.H6: nil,
	atom.Details: nil, atom.Summary: nil, // always folded: open does not stay
	atom.Ul: nil, atom.Ol: {"start"}, atom.Li: nil, atom.Dl: nil, atom.Dt: nil, atom.Dd: nil,
	atom.Table: {"class"}, atom.Thead: nil, atom.Tbody: nil, atom.Tfoot: nil, atom.Caption: nil,
	atom.Tr: nil, atom.Th: {"colspan", "rowspan", "scope", "class"}, atom.Td: {"colspan", "rowspan", "class"},
}

// allowedValue is what an attribute may hold.
var allowedValue = map[string]*regexp.Regexp{
	"class":   regexp.MustCompile(`^(?:dataframe|num|note|note synthetic|note doubt|mark)$`),
	"colspan": regexp.MustCompile(`^[1-9][0-9]{0,2}$`),
	"rowspan": regexp.MustCompile(`^[1-9][0-9]{0,2}$`),
	"scope":   regexp.MustCompile(`^(?:row|col|rowgroup|colgroup)$`),
	"start":   regexp.MustCompile(`^[0-9]{1,6}$`),
}

// dropped are elements whose content is not text for a reader.
var dropped = []atom.Atom{atom.Script, atom.Style, atom.Template, atom.Noscript, atom.Iframe, atom.Object, atom.Embed, atom.Svg, atom.Math,
	atom.Head, atom.Title, atom.Textarea, atom.Select, atom.Xmp, atom.Plaintext, atom.Noembed, atom.Noframes}

// maxDepth is how deeply elements nest before their content is left out.
const maxDepth = 100

// A source says what rebuilt HTML may hold besides text.
type source struct {
	links   bool                          // to the web and by mail
	link    func(to string) string        // see Facts.Link
	picture func(src string) (uri string) // a data URI for a picture, "" for none
}

// sanitize rebuilds HTML from the kept elements. All else is dropped, but
// for the text in unknown elements.
func sanitize(text string, from source) string {
	nodes, err := xhtml.ParseFragment(strings.NewReader(text), &xhtml.Node{Type: xhtml.ElementNode, Data: "body", DataAtom: atom.Body})
	if err != nil { // nested too deeply for the parser
		return "<pre>" + escape(text) + "</pre>"
	}
	var b strings.Builder
	for _, n := range nodes {
		rebuild(&b, n, from, 0)
	}
	return b.String()
}

func rebuild(b *strings.Builder, n *xhtml.Node, from source, depth int) {
	if depth > maxDepth {
		return
	}
	content := func() {
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			rebuild(b, c, from, depth+1)
		}
	}
	switch {
	case n.Type == xhtml.TextNode:
		b.WriteString(escape(n.Data))
		return
	case n.Type != xhtml.ElementNode || n.Namespace != "" || slices.Contains(dropped, n.DataAtom):
		return
	case n.DataAtom == atom.A && from.links:
		if to := from.leads(attribute(n, "href")); to != "" {
			b.WriteString(`<a href="` + html.EscapeString(to) + `" rel="noopener noreferrer">`)
			content()
			b.WriteString("</a>")
			return
		}
	case n.DataAtom == atom.Img:
		if from.picture != nil {
			if uri := from.picture(attribute(n, "src")); uri != "" {
				b.WriteString(`<img src="` + html.EscapeString(uri) + `" alt="` + escape(attribute(n, "alt")) + `">`)
				return
			}
		}
		b.WriteString(escape(attribute(n, "alt")))
		return
	}
	attributes, ok := kept[n.DataAtom]
	if !ok {
		content()
		return
	}
	b.WriteString("<" + n.Data)
	for _, name := range attributes {
		if v := attribute(n, name); v != "" && allowedValue[name].MatchString(v) {
			b.WriteString(" " + name + `="` + v + `"`)
		}
	}
	b.WriteString(">")
	if n.DataAtom == atom.Br || n.DataAtom == atom.Hr {
		return
	}
	content()
	b.WriteString("</" + n.Data + ">")
}

func attribute(n *xhtml.Node, name string) string {
	for _, a := range n.Attr {
		if a.Namespace == "" && a.Key == name {
			return a.Val
		}
	}
	return ""
}

// leads is where a link may lead: the web, mail, or what the page's maker
// puts beside it. Anything else is "".
func (from source) leads(to string) string {
	u, err := url.Parse(to)
	if err != nil {
		return ""
	}
	switch {
	case (u.Scheme == "https" || u.Scheme == "http") && u.Host != "":
		return u.String()
	case u.Scheme == "mailto":
		return u.String()
	case u.Scheme == "" && u.Host == "" && u.RawQuery == "" && u.Path != "" && !path.IsAbs(u.Path):
		if from.link == nil {
			return NotebookPage(u.Path)
		}
		return from.link(u.Path)
	}
	return ""
}

// NotebookPage is the address of the page of a notebook beside this one; ""
// for anything else.
func NotebookPage(to string) string {
	name, ok := strings.CutSuffix(to, ".ipynb")
	if !ok || path.Base(to) != to {
		return ""
	}
	return url.PathEscape(name) + ".html"
}

// escape makes plain text HTML.
func escape(s string) string { return html.EscapeString(plain(s)) }

// dataURI holds a picture in an address. SVG in an img cannot run scripts or
// load anything.
func dataURI(mime string, content []byte) string {
	return "data:" + mime + ";base64," + base64.StdEncoding.EncodeToString(content)
}

// bitmaps are the picture types that come in base64, best first.
var bitmaps = []string{"image/png", "image/jpeg", "image/gif", "image/webp"}

// bitmap turns a bundle's base64 into a data URI; "" when it is none.
func bitmap(mime string, v any) string {
	text, ok := v.(string)
	if !ok || !slices.Contains(bitmaps, mime) {
		return ""
	}
	content, err := base64.StdEncoding.DecodeString(strings.Map(func(r rune) rune {
		if r == '\n' || r == '\r' || r == ' ' {
			return -1
		}
		return r
	}, text))
	if err != nil || len(content) == 0 {
		return ""
	}
	return dataURI(mime, content)
}
