package reproduce

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/specstress/specstress/analysis"
	"github.com/specstress/specstress/analysis/figure"
	"github.com/specstress/specstress/loaders"
)

// A Picture is a figure that can be asked for by name.
type Picture struct {
	ID      string `json:"id"`
	Title   string `json:"title"`
	Paper   string `json:"paper"`   // the figure or table of the paper; "" where it has none
	Missing string `json:"missing"` // why this version does not make it; "" when it does

	section string
}

// variants are figures that a section draws beside the one it is named
// after.
var variants = map[string][]Picture{
	"fig6": {{ID: eitherValueFigure, Title: "Figure 6: outlier responses by model, in the other reading of the rule"}},
}

// Pictures lists the figures in the order of Figures.
func Pictures() []Picture {
	var list []Picture
	for _, f := range figures {
		list = append(list, Picture{ID: f.ID, Title: f.Title, Paper: inPaper(f.Title), Missing: f.Missing, section: f.ID})
		for _, v := range variants[f.ID] {
			v.section, v.Paper, v.Missing = f.ID, inPaper(v.Title), f.Missing
			list = append(list, v)
		}
	}
	return list
}

// inPaper is where the paper has a figure, by its title here.
func inPaper(title string) string {
	where, _, ok := strings.Cut(title, ":")
	if ok && (strings.HasPrefix(where, "Figure ") || strings.HasPrefix(where, "Table ")) {
		return where
	}
	return ""
}

// ErrNotDrawn marks a figure that the data, or this version, do not give.
var ErrNotDrawn = errors.New("not drawn")

// Draw computes what one figure needs and draws it; a section that has no
// figure of its own name gives all of its. Opt.Only is not looked at,
// opt.Figure restyles. Errors: a name that is no figure
// (analysis.ErrUnknownName), an option that the figure does not have
// (figure.ErrOption), one that cannot be drawn (ErrNotDrawn, with the
// reason), and those of Compute.
func Draw(ctx context.Context, d *loaders.Dataset, id string, opt Options) ([]*figure.Figure, *Run, error) {
	var names []string
	for _, p := range Pictures() {
		names = append(names, p.ID)
	}
	i := slices.Index(names, id)
	if i < 0 {
		return nil, nil, fmt.Errorf("reproduce: %w", analysis.UnknownName("figure", id, names))
	}
	p := Pictures()[i]
	if p.Missing != "" {
		return nil, nil, fmt.Errorf("reproduce: figure %s: %w: %s", id, ErrNotDrawn, p.Missing)
	}
	opt.Only = []string{p.section}
	r, err := Compute(ctx, d, opt)
	if err != nil {
		return nil, nil, err
	}
	s := r.Sections[0]
	all := s.Figures
	if slices.ContainsFunc(all, func(f *figure.Figure) bool { return f.ID == id }) {
		all = slices.DeleteFunc(slices.Clone(all), func(f *figure.Figure) bool { return f.ID != id })
	} else if p.section != id {
		all = nil
	}
	if len(all) == 0 {
		return nil, nil, fmt.Errorf("reproduce: figure %s: %w: %s", id, ErrNotDrawn, clean(s.NoFigure))
	}
	return all, r, nil
}
