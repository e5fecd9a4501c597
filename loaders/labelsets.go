package loaders

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/specstress/specstress/analysis"
)

// paths lists the files of a layout.
func (l layout) paths() []string {
	var paths []string
	for _, loc := range l.locations {
		paths = append(paths, loc.path)
	}
	for _, p := range []string{l.taxonomy, l.labelSets} {
		if p != "" {
			paths = append(paths, p)
		}
	}
	return paths
}

// locateLabels finds what one of Options.Labels names: files of labels,
// whatever their names say, or a declaration of label sets.
func locateLabels(name string) (abs string, found layout, err error) {
	if isRemote(name) {
		return "", layout{}, fmt.Errorf("loaders: labels %s: labels of another repository are not read from afar; fetch the files and name them", name)
	}
	if abs, err = filepath.Abs(name); err != nil {
		return "", layout{}, fmt.Errorf("loaders: %w", err)
	}
	if filepath.Ext(name) == ".json" {
		return abs, layout{labelSets: abs}, nil
	}
	if _, err := os.Stat(abs); err != nil && !strings.ContainsAny(name, "*?[") {
		return "", layout{}, fmt.Errorf("loaders: labels: %w", err)
	}
	if found, err = locate(abs); err != nil {
		return "", layout{}, err
	}
	found.taxonomy = ""
	for i := range found.locations {
		l := &found.locations[i]
		l.config, l.split = ConfigLabels, strings.TrimSuffix(filepath.Base(l.path), filepath.Ext(l.path))
		l.name = ConfigLabels + ":" + l.name // it may stand in the source, too
	}
	return abs, found, nil
}

// addLabels adds the files of Options.Labels to those of the source.
func (d *Dataset) addLabels(ctx context.Context) error {
	for _, name := range d.opt.Labels {
		_, found, err := locateLabels(name)
		if err != nil {
			return err
		}
		if found.labelSets != "" {
			sets, err := readLabelSets(found.labelSets)
			if err != nil {
				return err
			}
			d.labelSets = append(d.labelSets, sets...)
		}
		files, err := d.probeAll(ctx, found.locations)
		if err != nil {
			return err
		}
		d.files = append(d.files, files...)
	}
	var names []string
	for _, s := range d.labelSets {
		if slices.Contains(names, strings.ToLower(s.Name)) {
			return fmt.Errorf("loaders: label set %q is declared twice", s.Name)
		}
		names = append(names, strings.ToLower(s.Name))
	}
	return nil
}

// maxLabelSets bounds the size of a declaration, in bytes.
const maxLabelSets = 1 << 20

// readLabelSets reads a declaration of label sets: a list of objects with
// name, labels, and where they apply title, ordered, exclusive and
// per_scenario. Anything else is an error that names the file.
func readLabelSets(path string) ([]analysis.LabelScheme, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("loaders: label sets: %w", err)
	}
	defer f.Close()
	return parseLabelSets(f, path)
}

func parseLabelSets(f io.Reader, path string) ([]analysis.LabelScheme, error) {
	text, err := io.ReadAll(io.LimitReader(f, maxLabelSets+1))
	fail := func(err error) ([]analysis.LabelScheme, error) {
		return nil, fmt.Errorf("loaders: label sets: %s: %w", filepath.Base(path), err)
	}
	if err != nil {
		return fail(err)
	}
	if len(text) > maxLabelSets {
		return fail(fmt.Errorf("more than %d bytes", maxLabelSets))
	}
	var declared []struct {
		Name        string   `json:"name"`
		Title       string   `json:"title"`
		Labels      []string `json:"labels"`
		Ordered     bool     `json:"ordered"`
		Exclusive   bool     `json:"exclusive"`
		PerScenario bool     `json:"per_scenario"`
	}
	in := json.NewDecoder(bytes.NewReader(text))
	in.DisallowUnknownFields()
	if err := in.Decode(&declared); err != nil {
		return fail(err)
	}
	var sets []analysis.LabelScheme
	for _, d := range declared {
		s := analysis.LabelScheme{Name: strings.TrimSpace(d.Name), Title: d.Title, Ordered: d.Ordered, Exclusive: d.Exclusive, PerScenario: d.PerScenario}
		switch {
		case s.Name == "":
			return fail(fmt.Errorf("a set has no name"))
		case slices.ContainsFunc(analysis.PaperSchemes(), func(p analysis.LabelScheme) bool { return strings.EqualFold(p.Name, s.Name) }):
			return fail(fmt.Errorf("set %q is the paper's and declared already", s.Name))
		case len(d.Labels) == 0 || len(d.Labels) > analysis.MaxLabels:
			return fail(fmt.Errorf("set %q has %d labels, want 1..%d", s.Name, len(d.Labels), analysis.MaxLabels))
		}
		for _, l := range d.Labels {
			if _, ok := s.Find(l); ok || strings.TrimSpace(l) == "" {
				return fail(fmt.Errorf("set %q: label %q is empty or there already", s.Name, l))
			}
			s.Labels = append(s.Labels, l)
		}
		sets = append(sets, s)
	}
	return sets, nil
}
