package nb

import (
	"errors"
	"testing"

	"github.com/go-gota/gota/dataframe"
	"github.com/go-gota/gota/series"
	"github.com/janpfeifer/gonb/gonbui/protocol"

	"github.com/specstress/specstress/analysis"
	"github.com/specstress/specstress/analysis/figure"
	texts "github.com/specstress/specstress/internal/hostile"
	"github.com/specstress/specstress/internal/reliability"
)

// TestHostileTexts shows every hostile text in every way in which a cell
// shows something, and reads what the browser would get.
func TestHostileTexts(t *testing.T) {
	all := texts.Strings()
	bundles := 0
	check := func(what string, v any) {
		shown, ended := recorded(t, func() { Show(v) })
		if ended || len(shown) == 0 {
			t.Errorf("%s: nothing shown", what)
		}
		for _, b := range shown {
			for mime, content := range b.data {
				text, ok := content.(string)
				if !ok {
					continue
				}
				bundles++
				var problems []string
				switch mime {
				case protocol.MIMETextHTML:
					problems = texts.HTML([]byte(text))
				case protocol.MIMEImageSVG:
					problems = texts.XML([]byte(text))
				case protocol.MIMETextPlain:
					problems = texts.Terminal([]byte(text))
				default:
					t.Errorf("%s: %s has no check here", what, mime)
				}
				for _, p := range problems {
					t.Errorf("%s: %s: %.300s", what, mime, p)
				}
			}
		}
	}
	var table figure.Table
	table.Header = all[:20] // a table shows the first columns only
	for _, h := range all {
		e := analysis.Count(3, 7, analysis.Exclusion{Reason: h, N: 1})
		e.Method, e.Warnings = h, []error{errors.New(h)}
		check("text", h)
		check("estimate", e)
		check("doubts", []error{errors.New(h)})
		check("frame", dataframe.New(series.New([]string{h, "plain"}, series.String, h)))
		check("other", struct{ Name string }{h})
		row := make([]string, 20)
		row[0], row[19] = h, h
		table.Rows = append(table.Rows, row)
	}
	check("table", table)
	f := figure.New("x", all[0], 1)
	f.Caption, f.Alt, f.Panels[0].Title = all[14], all[1], all[2]
	check("figure", f)
	reliability.Record(t, "%d texts shown by cells in %d forms, 0 problems", len(all), bundles)
}
