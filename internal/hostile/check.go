package hostile

import (
	"bytes"
	"encoding/csv"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
)

// inert are the elements that neither run nor load anything by themselves;
// img and a do by an attribute, which is looked at apart.
var inert = strings.Fields(`html head body meta title style header nav main section article aside footer div p pre code samp
	span h1 h2 h3 h4 h5 h6 strong em b i u s del sub sup small a img figure figcaption table caption colgroup col thead tbody tfoot tr th td
	ul ol li dl dt dd br hr wbr blockquote details summary abbr
	svg g path rect circle ellipse line polyline polygon text tspan defs clippath lineargradient stop pattern symbol desc metadata marker mask use`)

// HTML lists what in a page or a piece of one could run, load or lead
// anywhere but to a place in the page, by the tree that a browser makes of
// it. Links whose target begins with one of links are allowed.
func HTML(page []byte, links ...string) (problems []string) {
	say := func(format string, args ...any) { problems = append(problems, fmt.Sprintf(format, args...)) }
	root, err := html.Parse(bytes.NewReader(page))
	if err != nil {
		return []string{err.Error()}
	}
	for n := range root.Descendants() {
		if n.Type == html.TextNode {
			problems = append(problems, Characters(n.Data)...)
		}
		if n.Type != html.ElementNode {
			continue
		}
		if !slices.Contains(inert, strings.ToLower(n.Data)) {
			say("element %s", n.Data)
		}
		if n.Data == "style" && n.FirstChild != nil && strings.Contains(n.FirstChild.Data, Tripwire) {
			say("a style that loads")
		}
		for _, a := range n.Attr {
			key, value := strings.ToLower(a.Key), strings.ToLower(strings.TrimSpace(a.Val))
			problems = append(problems, Characters(a.Val)...)
			allowed := strings.HasPrefix(value, "#") || slices.ContainsFunc(links, func(l string) bool { return strings.HasPrefix(value, l) })
			switch {
			case strings.HasPrefix(key, "on"), key == "srcdoc", key == "action", key == "formaction", key == "http-equiv" && value == "refresh":
				say("attribute %s of %s", key, n.Data)
			case key == "src" || key == "srcset" || key == "data" || key == "poster" || key == "background":
				if !strings.HasPrefix(value, "data:image/png;base64,") && !strings.HasPrefix(value, "data:image/svg+xml;base64,") && !allowed {
					say("%s of %s is %.60q", key, n.Data, a.Val)
				}
			case key == "href" && !allowed:
				say("%s links to %.60q", n.Data, a.Val)
			case key == "style" && (strings.Contains(value, "url(") || strings.Contains(value, "position")):
				say("style of %s is %.60q", n.Data, a.Val)
			}
		}
	}
	return problems
}

// XML lists why a file such as an SVG is not well-formed, or what in it
// could run or load.
func XML(file []byte) (problems []string) {
	d := xml.NewDecoder(bytes.NewReader(file))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return problems
		}
		if err != nil {
			return append(problems, err.Error())
		}
		switch t := token.(type) {
		case xml.StartElement:
			switch strings.ToLower(t.Name.Local) {
			case "script", "foreignobject", "iframe", "image", "a", "animate", "set", "handler":
				problems = append(problems, "element "+t.Name.Local)
			}
			for _, a := range t.Attr {
				key, value := strings.ToLower(a.Name.Local), strings.ToLower(a.Value)
				if strings.HasPrefix(key, "on") || key == "href" && !strings.HasPrefix(value, "#") || strings.Contains(value, "url(") && !strings.Contains(value, "url(#") {
					problems = append(problems, fmt.Sprintf("attribute %s=%.60q", key, a.Value))
				}
				problems = append(problems, Characters(a.Value)...)
			}
		case xml.CharData:
			problems = append(problems, Characters(string(t))...)
		case xml.Directive:
			if bytes.Contains(t, []byte("ENTITY")) {
				problems = append(problems, "an entity is declared")
			}
		}
	}
}

// CSV lists the cells that a spreadsheet would run: those that begin, behind
// blanks, with one of = + - @ and are no number. That a file is no table at
// all is one, too.
func CSV(file []byte) (problems []string) {
	rows, err := csv.NewReader(bytes.NewReader(file)).ReadAll()
	if err != nil {
		return []string{err.Error()}
	}
	for i, row := range rows {
		for _, cell := range row {
			problems = append(problems, Characters(cell)...)
			trimmed := strings.TrimLeft(cell, " ")
			first, _ := utf8.DecodeRuneInString(trimmed)
			if !strings.ContainsRune("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20", first) {
				continue
			}
			if _, err := strconv.ParseFloat(trimmed, 64); err != nil {
				problems = append(problems, fmt.Sprintf("row %d: a spreadsheet runs %.60q", i, cell))
			}
		}
	}
	return problems
}

// command is a TeX command that reads, writes or ends something.
var command = regexp.MustCompile(`\\(input|include|write|immediate|openin|openout|read|newread|catcode|csname|def|let)\b|\^\^|\\end\{document\}`)

// TeX lists commands of the texts that stand in a source.
func TeX(source []byte) (problems []string) {
	for line := range strings.Lines(string(source)) {
		if strings.HasPrefix(line, "%") {
			continue
		}
		if c := command.FindString(line); c != "" {
			problems = append(problems, fmt.Sprintf("%s in %.80q", c, line))
		}
	}
	return append(problems, Characters(string(source))...)
}

// action is a PDF dictionary key that runs or opens something.
var action = regexp.MustCompile(`/(JS|JavaScript|Launch|URI|OpenAction|AA|SubmitForm|EmbeddedFile|GoToR)\b`)

// stream is what lies between dictionaries: compressed, with any bytes.
var stream = regexp.MustCompile(`(?s)\bstream\r?\n.*?\nendstream`)

// PDF lists actions in the dictionaries of a file, which are plain text.
func PDF(file []byte) (problems []string) {
	if !bytes.HasPrefix(file, []byte("%PDF-")) {
		return []string{"not a PDF"}
	}
	for _, a := range action.FindAll(stream.ReplaceAll(file, nil), -1) {
		problems = append(problems, string(a))
	}
	return problems
}

// Markdown lists what a renderer would make a tag, an image or a link of.
func Markdown(file []byte) (problems []string) {
	text := strings.NewReplacer(`\\`, "", `\<`, "", `\[`, "", `\]`, "", `\!`, "", "\\`", "").Replace(string(file))
	for _, bad := range []string{"<script", "<img", "<svg", "<iframe", "<a ", "<http", "](", "!["} {
		if strings.Contains(strings.ToLower(text), bad) {
			problems = append(problems, "it has "+bad)
		}
	}
	return append(problems, Characters(string(file))...)
}

// Terminal lists what a terminal would act on. Newlines and tabs are what
// every text has.
func Terminal(out []byte) []string { return Characters(string(out)) }

// Characters lists the control and format characters of a text, and says
// when it is not UTF-8.
func Characters(s string) (problems []string) {
	if !utf8.ValidString(s) {
		problems = append(problems, fmt.Sprintf("not UTF-8: %.60q", s))
	}
	for i, r := range s {
		if r != '\n' && r != '\t' && unicode.In(r, unicode.Cc, unicode.Cf) {
			return append(problems, fmt.Sprintf("%U at byte %d of %.60q", r, i, s))
		}
	}
	return problems
}
