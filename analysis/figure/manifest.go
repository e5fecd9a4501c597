package figure

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"gonum.org/v1/plot/vg"

	"github.com/specstress/specstress/internal/label"
	"github.com/specstress/specstress/internal/release"
)

// A Manifest says what a saved figure is and what it rests on. It names no
// time and no place, so that the same figure gives the same bytes.
type Manifest struct {
	ID        string  `json:"id"`
	Title     string  `json:"title"`
	Caption   string  `json:"caption"`
	Alt       string  `json:"alt"`
	Synthetic string  `json:"synthetic,omitempty"` // what made-up data are called; not evidence
	Filter    string  `json:"filter,omitempty"`    // which rows were taken
	Width     float64 `json:"width_in"`
	Height    float64 `json:"height_in"`
	Rows      int     `json:"rows"` // of the CSV
	Code      string  `json:"code_version"`
	// Data is where the data are from; nil where nobody said.
	Data *Provenance `json:"data,omitempty"`
	// Files are those saved with the figure. A manifest inside one of
	// them has none, for no file can hold its own hash.
	Files []SavedFile `json:"files,omitempty"`
}

// A Provenance says where the data of a figure are from. What is unknown is
// left empty.
type Provenance struct {
	Source   string     `json:"source,omitempty"`   // as the user named it
	Origin   string     `json:"origin,omitempty"`   // what data these are, and how that was told
	Revision string     `json:"revision,omitempty"` // of the published repository
	Files    []DataFile `json:"files,omitempty"`
}

// A DataFile is one file of the data.
type DataFile struct {
	Name     string `json:"name"` // relative to the source
	Size     int64  `json:"size"`
	SHA256   string `json:"sha256,omitempty"` // empty when it was not taken
	Verified bool   `json:"verified"`         // the bytes are the published ones
}

// A SavedFile is one file written by Save.
type SavedFile struct {
	Name   string `json:"name"`
	Format string `json:"format"`
	SHA256 string `json:"sha256"`
}

// Manifest is the manifest of the figure as it is, without files.
func (f *Figure) Manifest() Manifest {
	inches := func(l vg.Length) float64 { return float64(int(float64(l/vg.Inch)*1000+0.5)) / 1000 }
	return Manifest{
		ID: label.Clean(f.ID), Title: label.Clean(f.Title), Caption: oneLine(f.Caption), Alt: oneLine(f.Alt),
		Synthetic: label.Clean(f.Source.Synthetic), Filter: label.Clean(f.Source.Filter),
		Width: inches(f.Width), Height: inches(f.Height), Rows: len(f.Rows.Rows),
		Code: release.Version, Data: f.Source.Provenance,
	}
}

// oneLine is a text of any length without line breaks and characters that
// act on a terminal.
func oneLine(s string) string {
	return strings.Join(strings.Fields(label.Plain(s)), " ")
}

// about is what the formats say about a figure inside the file.
type about struct {
	Manifest
	Software string
	JSON     string // the manifest
}

func (f *Figure) about() (about, error) {
	a := about{Manifest: f.Manifest(), Software: "specstress " + release.Version}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(a.Manifest); err != nil {
		return a, fmt.Errorf("figure %s: manifest: %w", f.ID, err)
	}
	a.JSON = strings.TrimSpace(b.String())
	return a, nil
}

func (a about) description() string {
	return strings.TrimSpace(a.Caption + " " + a.Alt)
}

// keywords start with what made-up data are called.
func (a about) keywords() string {
	var words []string
	for _, w := range []string{a.Synthetic, a.ID, a.Filter, a.Software} {
		if w != "" {
			words = append(words, w)
		}
	}
	return strings.Join(words, ", ")
}

// xmp is the metadata of a PDF file in the form that libraries and
// publishers read.
func (a about) xmp() []byte {
	lang := func(s string) string {
		return `<rdf:Alt><rdf:li xml:lang="x-default">` + escape(s) + `</rdf:li></rdf:Alt>`
	}
	var b bytes.Buffer
	b.WriteString("<?xpacket begin=\"\ufeff\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n" +
		`<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">` +
		`<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/"` +
		` xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:specstress="https://github.com/specstress/specstress#">` + "\n")
	fmt.Fprintf(&b, "<dc:title>%s</dc:title>\n<dc:description>%s</dc:description>\n", lang(a.Title), lang(a.description()))
	fmt.Fprintf(&b, "<pdf:Keywords>%s</pdf:Keywords>\n<xmp:CreatorTool>%s</xmp:CreatorTool>\n", escape(a.keywords()), escape(a.Software))
	fmt.Fprintf(&b, "<specstress:manifest>%s</specstress:manifest>\n", escape(a.JSON))
	b.WriteString("</rdf:Description></rdf:RDF></x:xmpmeta>\n<?xpacket end=\"r\"?>")
	return b.Bytes()
}
