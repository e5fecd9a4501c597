package reproduce

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"html/template"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"

	"gonum.org/v1/plot/vg"

	"github.com/specstress/specstress/analysis/figure"
	"github.com/specstress/specstress/analysis/paper"
	"github.com/specstress/specstress/internal/label"
)

//go:embed report.html.tmpl
var reportTemplate string

//go:embed report.css
var reportStyle string

// galleryJSON is the lines of Go of docs/gallery.md by figure. make gallery
// writes both.
//
//go:embed gallery.json
var galleryJSON []byte

var galleryCode = sync.OnceValue(func() (code map[string]string) {
	if err := json.Unmarshal(galleryJSON, &code); err != nil {
		panic(fmt.Sprintf("reproduce: gallery.json: %v", err)) // the package's test finds it first
	}
	return code
})

var reportPage = template.Must(template.New("report").Parse(reportTemplate))

// syntheticName is what the sample is called in every table and figure.
const syntheticName = "synthetic sample"

// syntheticBanner stands wherever a number of the sample could be seen.
const syntheticBanner = "made by a simulator to show what this program does. Nothing here is evidence about any model, judge or paper."

// A page is what the template sees.
type page struct {
	*Run
	Style           template.CSS
	Banner          string
	NotPaper        string
	Lead            string
	Scope           string
	StatusSentence  string
	Headline        []headline
	Statuses        []statusMeaning
	Assertions      []assertionView
	Sections        []sectionView
	SourceWarnings  []string
	RowCounts       []rowCount
	Files           []fileView
	NotPublicLead   string
	NotPublic       []struct{ What, Why string }
	Inconsistencies []paper.Inconsistency
	CitePaper       string
	CiteData        string
	CiteTaxonomy    string
}

type headline struct {
	Title string
	Rows  []rowView
}

type rowView struct {
	ID, Title, Reason string
	Reanalysis        string // beside the title; "" for none
	Display
	Page     int
	Status   paper.Status
	Class    string
	Warnings []string
}

type statusMeaning struct {
	Status         paper.Status
	Class, Meaning string
}

type sectionView struct {
	ID, Title, Short string
	Pictures         []pictureView
	NoFigure         string
	Warnings         []string
	Rows             []rowView
	Absent           int // results passed over
	Open             bool
	Notes, Method    []string
	Excluded         []string
}

type pictureView struct {
	Name, Caption string
	SVG           template.HTML
	Inches        float64 // its width in print, by which it is scaled here
	Code          string  // the lines of Go that draw it in a notebook; "" where nobody wrote them
}

type rowCount struct{ Name, Rows string }

type fileView struct{ Name, Size, Hash, Verified string }

// HTML is report.html: one file that needs no other and no network. Inline
// holds the pictures by name, as inlineSVG made them; everything else goes
// through html/template's escaping.
func (r *Run) HTML(inline map[string]string) ([]byte, error) {
	p := page{
		Run: r, Style: template.CSS(reportStyle), Banner: syntheticBanner,
		Lead:            reportLead,
		Scope:           scope(),
		StatusSentence:  r.statusSentence(),
		SourceWarnings:  r.Warnings,
		NotPublicLead:   notPublicLead,
		NotPublic:       notPublic,
		Inconsistencies: paper.Inconsistencies(),
		CitePaper:       citePaper, CiteData: citeData, CiteTaxonomy: citeTaxonomy,
	}
	switch r.Origin {
	case paper.SyntheticOrigin:
		p.Lead = syntheticLead
	case paper.OtherOrigin:
		p.Lead = ownLead
		p.NotPaper = r.Manifest.Source + ": " + r.Why + "."
		if r.Filter != "" {
			p.NotPaper = "Only a part of the rows or models: " + r.Filter + "."
		}
	}
	used := map[paper.Status]bool{}
	for _, s := range r.Sections {
		p.Sections = append(p.Sections, r.view(s, inline))
		h := headline{Title: s.Title}
		for _, res := range s.Results {
			used[res.Status] = true
			if isHeadline(res.ID) && !r.leavesOut(res) {
				row := r.row(res)
				row.Warnings = nil // they stand in the section
				h.Rows = append(h.Rows, row)
			}
		}
		if h.Rows != nil {
			p.Headline = append(p.Headline, h)
		}
	}
	if r.Origin != paper.OtherOrigin { // other data test nothing that the paper says
		p.Assertions = r.assertions()
	}
	for _, s := range paper.Statuses() {
		if used[s] {
			p.Statuses = append(p.Statuses, statusMeaning{s, statusClass(s), s.Meaning()})
		}
	}
	p.fillData(r.Manifest)
	var b bytes.Buffer
	if err := reportPage.Execute(&b, p); err != nil {
		return nil, fmt.Errorf("report.html: %w", err)
	}
	return b.Bytes(), nil
}

// scope says first how little of the paper anyone can check.
func scope() string {
	printed, checkable := 0, 0
	for _, n := range paper.Numbers() {
		derived := strings.HasSuffix(n.ID, ".last_over_first") || strings.HasPrefix(n.ID, "outliers.either_value.") // counted once
		if n.Page == 0 || derived {
			continue
		}
		printed++
		for _, prefix := range []string{"disagreement.", "compliance.fig2.", "judges.", "outliers."} {
			if strings.HasPrefix(n.ID, prefix) {
				checkable++
			}
		}
	}
	return fmt.Sprintf("Of the %d numbers that the paper prints, public data can check %d. The others need labels or embeddings that were never published;", printed, checkable)
}

// isHeadline picks what a reader looks for first. The preference proxy has
// hundreds of numbers and none of them is in the paper; of Figure 6 one
// reading is enough at the top.
func isHeadline(id string) bool {
	switch {
	case strings.HasPrefix(id, "disagreement."):
		return strings.HasSuffix(id, ".count")
	case strings.HasPrefix(id, "compliance.fig2."):
		return !slices.ContainsFunc(besidesFig2, func(s string) bool { return strings.HasSuffix(id, s) })
	case strings.HasPrefix(id, "judges."):
		return strings.HasPrefix(id, "judges.flag_rate.") || strings.HasPrefix(id, "judges.agreement.") || strings.HasPrefix(id, "judges.fleiss.")
	case strings.HasPrefix(id, "preference."), strings.HasPrefix(id, "providers."), strings.HasPrefix(id, "ranking."), strings.HasPrefix(id, "outliers.either_value."):
		return id == "providers.separation.pseudo_f"
	case strings.HasPrefix(id, "refusals."), strings.HasPrefix(id, "values."):
		return false // hundreds, and of one labeller
	case strings.HasPrefix(id, "readings."):
		return false
	case strings.HasPrefix(id, "compliance.table2_check."):
		return strings.Contains(id, ".all_fail.") || strings.Contains(id, ".fold.")
	}
	return true
}

// besidesFig2 are results of Figure 2 that stand in its section alone.
var besidesFig2 = []string{".last_minus_first", ".odds_ratio", ".detectable", ".intercept", ".slope"}

// statusSentence counts the statuses of everything.
func (r *Run) statusSentence() string {
	if r.Manifest.Synthetic && len(r.Results) > 0 {
		return "Every number below comes from the synthetic sample and has the status synthetic, whatever the paper prints beside it."
	}
	var parts []string
	for _, s := range paper.Statuses() {
		n := 0
		for _, res := range r.Results {
			if res.Status == s {
				n++
			}
		}
		if n > 0 {
			parts = append(parts, fmt.Sprintf("%s %d", s, n))
		}
	}
	if parts == nil {
		return "Nothing was computed."
	}
	sentence := fmt.Sprintf("Of %s results: %s.", figure.Count(len(r.Results)), strings.Join(parts, ", "))
	if r.Origin == paper.PaperOrigin && slices.ContainsFunc(r.Manifest.Files, func(f File) bool { return !f.Verified }) {
		sentence += " The files were recognised as the paper's by their names, row counts and models; their bytes were not verified."
	}
	return sentence
}

// leavesOut reports whether the report passes over a result: what somebody's
// own data lack of the paper's splits is no news, nor is that data which are
// not the paper's are not compared with it; results.json has both.
func (r *Run) leavesOut(res Result) bool {
	return r.Origin == paper.OtherOrigin && strings.HasPrefix(res.Reason, paper.ErrAbsent.Error()) ||
		strings.HasPrefix(res.Reason, paper.ErrNotCompared.Error())
}

// row is a result as the page shows it. Beside other data the paper's
// numbers would only mislead.
func (r *Run) row(res Result) rowView {
	if r.Origin == paper.OtherOrigin {
		res.Paper = nil
	}
	v := rowView{ID: res.ID, Title: res.Title, Reason: res.Reason, Display: res.Display(), Status: res.Status, Class: statusClass(res.Status), Warnings: res.Warnings}
	if res.Paper != nil {
		v.Page = res.Paper.Page
	}
	if re := res.Reanalysis; re != nil && r.Origin != paper.OtherOrigin {
		v.Reanalysis = fmt.Sprintf("%.4f (%.4f): %s", re.Value, re.Spread, re.Source)
	}
	return v
}

func statusClass(s paper.Status) string { return strings.ReplaceAll(string(s), " ", "-") }

func (r *Run) view(s Section, inline map[string]string) sectionView {
	text := sectionTexts[s.ID]
	v := sectionView{
		ID: s.ID, Title: s.Title, Short: text.short, NoFigure: strings.TrimSuffix(clean(s.NoFigure), "."),
		Warnings: s.Warnings, Notes: s.Notes, Method: slices.Concat(text.method, s.methods()),
	}
	for _, f := range s.Figures {
		// Our own drawing, checked by inlineSVG.
		v.Pictures = append(v.Pictures, pictureView{f.ID, clean(f.Caption), template.HTML(inline[f.ID]), float64(f.Width / vg.Inch), galleryCode()[f.ID]})
	}
	if s.allSameReason() {
		// One reason for hundreds of rows is told once, above.
		return v
	}
	for _, res := range s.Results {
		if r.leavesOut(res) {
			v.Absent++
			continue
		}
		v.Rows = append(v.Rows, r.row(res))
	}
	for _, x := range s.excluded {
		v.Excluded = append(v.Excluded, fmt.Sprintf("%s: %s, %s", clean(x.Of), figure.Count(x.N), clean(x.Reason)))
	}
	return v
}

// allSameReason reports whether nothing of a section could be computed, for
// one and the same reason.
func (s Section) allSameReason() bool {
	return len(s.Results) > 0 && !slices.ContainsFunc(s.Results, func(r Result) bool {
		return r.Value != nil || r.Reason != s.Results[0].Reason
	})
}

// methods lists how the section's estimates were made: each method once,
// though its figures, such as the design effect, differ by number.
func (s Section) methods() []string {
	var kinds, lines []string
	add := func(line string) {
		kind := withoutNumbers(line)
		at := slices.Index(kinds, kind)
		switch {
		case at < 0:
			kinds, lines = append(kinds, kind), append(lines, line)
		case lines[at] != line:
			lines[at] = kind
		}
	}
	for _, res := range s.Results {
		if res.Method != "" && res.Unit != paper.Count {
			add(unitTitles[res.Unit] + ": " + res.Method)
		}
		if res.Test != "" && res.Unit != paper.Statistic { // whose method it is
			add(unitTitles[paper.Statistic] + ": " + res.Test)
		}
	}
	for i := range lines {
		lines[i] += "."
	}
	return lines
}

// withoutNumbers replaces each decimal fraction by three dots.
func withoutNumbers(s string) string { return decimalFraction.ReplaceAllString(s, "…") }

var decimalFraction = regexp.MustCompile(`[0-9]+\.[0-9]+`)

func (p *page) fillData(m Manifest) {
	for _, name := range slices.Sorted(maps.Keys(m.Rows)) {
		p.RowCounts = append(p.RowCounts, rowCount{clean(name), figure.Count(m.Rows[name])})
	}
	for _, f := range m.Files {
		v := fileView{Name: f.Name, Size: label.Thousands(fmt.Sprint(f.Size)), Hash: "not taken", Verified: "not verified"}
		if f.SHA256 != nil {
			v.Hash = *f.SHA256
		}
		if f.Verified {
			v.Verified = "verified"
		}
		p.Files = append(p.Files, v)
	}
}
