package reproduce

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
)

// An artefact is one file of the output folder, under its slashed name.
type artefact struct {
	name string
	data []byte
}

// Write puts the run into a folder, which is made if need be:
//
//	report.html            everything, self-contained
//	results.json           every number, with the manifest
//	figures/<id>.svg .png  and .csv, the numbers behind the marks
//	tables/<id>.csv .md    the results of one figure
//
// The files are first written to a folder beside it and then moved into
// place one by one, results.json and report.html last, so that an error or a
// cancelled context before that leaves what was there as it was. Files of
// figures that this run does not have, left by an earlier one, are removed:
// numbers of two sources must not stand side by side. Other files stay.
func (r *Run) Write(ctx context.Context, dir string) (err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("reproduce: write %s: %w", dir, err)
		}
	}()
	artefacts, err := r.artefacts(ctx)
	if err != nil {
		return err
	}
	dir = filepath.Clean(dir)
	parent := filepath.Dir(dir)
	if err := os.MkdirAll(parent, 0o755); err != nil {
		return err
	}
	temp, err := os.MkdirTemp(parent, "."+filepath.Base(dir)+"-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(temp)
	for _, a := range artefacts {
		if err := ctx.Err(); err != nil {
			return err
		}
		to := filepath.Join(temp, filepath.FromSlash(a.name))
		if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(to, a.data, 0o644); err != nil {
			return err
		}
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return move(artefacts, temp, dir)
}

// move renames the files into place and removes those of earlier runs.
func move(artefacts []artefact, temp, dir string) error {
	for _, sub := range []string{"", "figures", "tables"} {
		if err := os.MkdirAll(filepath.Join(dir, sub), 0o755); err != nil {
			return err
		}
	}
	for _, name := range possibleNames() {
		if slices.ContainsFunc(artefacts, func(a artefact) bool { return a.name == name }) {
			continue
		}
		if err := os.Remove(filepath.Join(dir, filepath.FromSlash(name))); err != nil && !os.IsNotExist(err) {
			return err
		}
	}
	for _, a := range artefacts {
		name := filepath.FromSlash(a.name)
		if err := os.Rename(filepath.Join(temp, name), filepath.Join(dir, name)); err != nil {
			return err
		}
	}
	return nil
}

// possibleNames lists the figure and table files that any run may write.
func possibleNames() []string {
	var names []string
	ids := []string{eitherValueFigure}
	for _, f := range figures {
		ids = append(ids, f.ID)
	}
	for _, id := range ids {
		names = append(names, path.Join("figures", id+".svg"), path.Join("figures", id+".png"), path.Join("figures", id+".csv"),
			path.Join("tables", id+".csv"), path.Join("tables", id+".md"))
	}
	return names
}

// artefacts makes the bytes of all files, in the order of writing.
func (r *Run) artefacts(ctx context.Context) ([]artefact, error) {
	var all []artefact
	inline := map[string]string{}
	for _, s := range r.Sections {
		for _, f := range s.Figures {
			for _, format := range []string{"svg", "png", "csv"} {
				if err := ctx.Err(); err != nil {
					return nil, err
				}
				var b bytes.Buffer
				if err := f.Encode(&b, format); err != nil {
					return nil, err
				}
				all = append(all, artefact{"figures/" + f.ID + "." + format, b.Bytes()})
				if format == "svg" {
					var err error
					if inline[f.ID], err = inlineSVG(b.Bytes()); err != nil {
						return nil, fmt.Errorf("figure %s: %w", f.ID, err)
					}
				}
			}
		}
		if len(s.Results) == 0 {
			continue
		}
		all = append(all,
			artefact{"tables/" + s.ID + ".csv", r.table(s).CSV()},
			artefact{"tables/" + s.ID + ".md", r.markdown(s)})
	}
	results, err := r.JSON()
	if err != nil {
		return nil, err
	}
	report, err := r.HTML(inline)
	if err != nil {
		return nil, err
	}
	return append(all, artefact{"results.json", results}, artefact{"report.html", report}), nil
}

// JSON is results.json.
func (r *Run) JSON() ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetIndent("", " ")
	results := r.Results
	if results == nil {
		results = []Result{}
	}
	if err := e.Encode(struct {
		Manifest Manifest `json:"manifest"`
		Results  []Result `json:"results"`
	}{r.Manifest, results}); err != nil {
		return nil, fmt.Errorf("results.json: %w", err)
	}
	return b.Bytes(), nil
}

// sourceColumn is what every row of every table says of where it is from.
func (r *Run) sourceColumn() string {
	switch {
	case r.Manifest.Synthetic:
		return syntheticName
	case r.Filter != "":
		return r.Manifest.Source + ", " + r.Filter
	}
	return r.Manifest.Source
}

// table is one section's results for programs: shares from 0 to 1, every
// digit, a column for each thing that a result is of.
func (r *Run) table(s Section) Table {
	groups := groupColumns(s)
	t := Table{Columns: slices.Concat([]string{"source", "id", "title"}, groups,
		[]string{"value", "lo", "hi", "level", "se", "n", "sampling_unit", "population", "clusters", "design_effect", "unit", "statistic", "p", "p_adjusted", "test",
			"paper", "paper_page", "reanalysis", "status", "reason", "method", "warnings"})}
	for _, res := range s.Results {
		row := []Cell{textCell(r.sourceColumn()), textCell(res.ID), textCell(res.Title)}
		for _, g := range groups {
			row = append(row, textCell(res.Group[g]))
		}
		row = append(row, optionalCell(res.Value), optionalCell(res.Lo), optionalCell(res.Hi), optionalCell(res.Level), optionalCell(res.SE), numberCell(float64(res.N)))
		clusters, published, page := Cell{}, Cell{}, Cell{}
		if res.Clusters != nil {
			clusters = numberCell(float64(*res.Clusters))
		}
		if res.Paper != nil {
			published, page = numberCell(res.Paper.Value), numberCell(float64(res.Paper.Page))
		}
		reanalysis := Cell{}
		if res.Reanalysis != nil {
			reanalysis = numberCell(res.Reanalysis.Value)
		}
		row = append(row, textCell(res.SamplingUnit), textCell(res.Population), clusters, optionalCell(res.DesignEffect), textCell(res.Unit),
			optionalCell(res.Statistic), optionalCell(res.P), optionalCell(res.PAdjusted), textCell(res.Test), published, page, reanalysis, textCell(string(res.Status)), textCell(res.Reason), textCell(res.Method), textCell(joinWarnings(res.Warnings)))
		t.Rows = append(t.Rows, row)
	}
	return t
}

// groupColumns lists the things that a section's results are of, in order
// of first appearance; those of one result by name.
func groupColumns(s Section) []string {
	var columns []string
	for _, res := range s.Results {
		var own []string
		for g := range res.Group {
			if !slices.Contains(columns, g) {
				own = append(own, g)
			}
		}
		slices.Sort(own)
		columns = append(columns, own...)
	}
	return columns
}

func joinWarnings(warnings []string) string {
	var b bytes.Buffer
	for i, w := range warnings {
		if i > 0 {
			b.WriteString("; ")
		}
		b.WriteString(w)
	}
	return b.String()
}

// markdown is one section's results for people.
func (r *Run) markdown(s Section) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "# %s\n\n", escapeMarkdown(s.Title))
	fmt.Fprintf(&b, "Source: %s.\n\n", escapeMarkdown(r.sourceColumn()))
	if r.Manifest.Synthetic {
		b.WriteString("**SYNTHETIC SAMPLE: " + syntheticBanner + "**\n\n")
	}
	t := Table{Columns: []string{"what", "ours", "95 % interval", "test", "n", "paper", "status"}}
	for _, res := range s.Results {
		d := res.Display()
		ours := d.Value
		if res.Value == nil {
			ours = "not computable: " + res.Reason
		}
		t.Rows = append(t.Rows, []Cell{textCell(res.Title), textCell(ours), textCell(d.Interval), textCell(d.P), textCell(d.N), textCell(d.Paper), textCell(string(res.Status))})
	}
	b.Write(t.Markdown())
	return b.Bytes()
}
