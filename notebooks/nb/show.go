package nb

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"github.com/go-gota/gota/dataframe"
	"github.com/janpfeifer/gonb/gonbui/protocol"
	"gonum.org/v1/plot/vg"

	"github.com/specstress/specstress/analysis"
	"github.com/specstress/specstress/analysis/figure"
)

// notebookDPI is the resolution of pictures in notebooks: twice that of a
// plain screen, on which they are shown in half their size.
const notebookDPI = 192

// Show shows values in the cell's output, one after another:
//
//   - a *figure.Figure as SVG and PNG, with its caption below it;
//   - an analysis.Estimate, or several, with interval, n, clusters, and
//     what was left out; an analysis.Test likewise, with its p;
//   - a figure.Table and a gota frame as tables, cut after some rows;
//   - Cards as cards, with texts folded behind a content warning;
//   - a string as plain text; anything else as fmt prints it.
//
// It takes the results of a call as they are: an error among the values
// ends the cell, and a nil error is not shown. Once the cell has opened
// synthetic data, everything but plain strings is marked as synthetic.
func Show(values ...any) {
	for _, v := range values {
		if err, ok := v.(error); ok {
			fail(err)
			return
		}
	}
	for _, v := range values {
		if v == nil {
			continue
		}
		bundles, err := bundlesOf(v, synthetic())
		if err != nil {
			fail(err)
			return
		}
		for _, b := range bundles {
			show(b)
		}
	}
}

// bundlesOf turns a value into what is sent. Made-up data are marked.
func bundlesOf(v any, synthetic string) ([]bundle, error) {
	one := func(b bundle, err error) ([]bundle, error) { return []bundle{b}, err }
	switch v := v.(type) {
	case *figure.Figure:
		if v == nil {
			return nil, errors.New("nb: Show of a nil *figure.Figure")
		}
		return figureBundles(v, synthetic)
	case figure.Table:
		return one(tableBundle(v, synthetic), nil)
	case *figure.Table:
		if v == nil {
			return nil, errors.New("nb: Show of a nil *figure.Table")
		}
		return one(tableBundle(*v, synthetic), nil)
	case analysis.Estimate:
		return one(estimateBundle([]analysis.Estimate{v}, synthetic), nil)
	case []analysis.Estimate:
		return one(estimateBundle(v, synthetic), nil)
	case analysis.Test:
		return one(testBundle(v, synthetic), nil)
	case dataframe.DataFrame:
		return one(frameBundle(v, synthetic))
	case *dataframe.DataFrame:
		if v == nil {
			return nil, errors.New("nb: Show of a nil *dataframe.DataFrame")
		}
		return one(frameBundle(*v, synthetic))
	case Cards:
		return one(v.bundle(synthetic))
	case string:
		return one(quotedBundle(v), nil)
	case []error:
		var bundles []bundle
		for _, err := range v {
			bundles = append(bundles, warning(err))
		}
		return bundles, nil
	}
	text := fmt.Sprintf("%v", v)
	if synthetic != "" {
		text += "  (" + synthetic + ")"
	}
	return one(quotedBundle(text), nil)
}

// figureBundles is the picture in both forms, then its caption.
func figureBundles(f *figure.Figure, synthetic string) ([]bundle, error) {
	f, err := marked(f, synthetic)
	if err != nil {
		return nil, err
	}
	var svg, png bytes.Buffer
	if err := f.WriteSVG(&svg); err != nil {
		return nil, err
	}
	if err := f.WritePNG(&png, notebookDPI); err != nil {
		return nil, err
	}
	b := textBundle(strings.Join(nonEmpty(f.Title, f.Alt), ". "))
	b.data[protocol.MIMEImageSVG] = svg.String()
	b.data[protocol.MIMEImagePNG] = png.Bytes()
	half := func(l vg.Length) int { return int(l.Dots(notebookDPI)+0.5) / 2 }
	b.metadata = map[string]any{string(protocol.MIMEImagePNG): map[string]any{"width": half(f.Width), "height": half(f.Height)}}
	bundles := []bundle{b}
	if f.Caption != "" {
		caption := clean(f.Caption)
		bundles = append(bundles, htmlBundle(element("p", "max-width:45em;font-size:90%", caption), caption))
	}
	return bundles, nil
}

// marked is the figure with its origin. One that a cell made from synthetic
// data without saying so gets the mark here; the figure of the caller stays
// as it is. Published values beside synthetic data are refused, as package
// figure refuses them when it is told.
func marked(f *figure.Figure, synthetic string) (*figure.Figure, error) {
	if synthetic == "" || f.Source.Synthetic != "" {
		return f, nil
	}
	for i, name := range f.Rows.Header {
		if name != "published" {
			continue
		}
		for _, row := range f.Rows.Rows {
			if i < len(row) && row[i] != "" {
				return nil, fmt.Errorf("nb: figure %s: published values beside %s data, want none", f.ID, synthetic)
			}
		}
	}
	out := *f
	out.Source.Synthetic = synthetic
	mark := strings.ToUpper(synthetic[:1]) + synthetic[1:] + "."
	out.Caption = strings.Join(nonEmpty(mark, f.Caption), " ")
	out.Alt = strings.Join(nonEmpty(mark, f.Alt), " ")
	return &out, nil
}

func nonEmpty(texts ...string) []string {
	var kept []string
	for _, t := range texts {
		if t != "" {
			kept = append(kept, t)
		}
	}
	return kept
}
