package nb

import (
	"context"
	"errors"
	"maps"
	"slices"

	"github.com/specstress/specstress/loaders"
)

// A reading is a source and how it is read: all that decides a dataset but
// the state of its files.
type reading struct {
	Sources                 []string
	Config, Split, Taxonomy string
	Columns                 map[string]string
	Labels, Labellers       []string
}

func newReading(sources []string, opt loaders.Options) reading {
	return reading{sources, opt.Config, opt.Split, opt.Taxonomy, opt.Columns, opt.Labels, opt.Labellers}
}

func (r reading) options() loaders.Options {
	return loaders.Options{Config: r.Config, Split: r.Split, Taxonomy: r.Taxonomy, Columns: r.Columns, Labels: r.Labels, Labellers: r.Labellers}
}

func (r reading) equal(o reading) bool {
	return slices.Equal(r.Sources, o.Sources) && r.Config == o.Config && r.Split == o.Split &&
		r.Taxonomy == o.Taxonomy && maps.Equal(r.Columns, o.Columns) && slices.Equal(r.Labels, o.Labels) && slices.Equal(r.Labellers, o.Labellers)
}

// arguments are those of the command for the same reading.
func (r reading) arguments() []string {
	var args []string
	for _, f := range [][2]string{{"--config", r.Config}, {"--as-split", r.Split}, {"--taxonomy", r.Taxonomy}} {
		if f[1] != "" {
			args = append(args, f[0]+"="+f[1])
		}
	}
	for _, ours := range slices.Sorted(maps.Keys(r.Columns)) {
		args = append(args, "--column="+ours+"="+r.Columns[ours])
	}
	for _, file := range r.Labels {
		args = append(args, "--labels="+file)
	}
	for _, name := range r.Labellers {
		args = append(args, "--labeller="+name)
	}
	return append(append(args, "--"), r.Sources...)
}

// openSource opens the packed form, and has it made where there is none to
// be trusted.
func openSource(ctx context.Context, from reading) (*Dataset, error) {
	d, err := loaders.OpenPackedFiles(ctx, from.Sources, from.options())
	if errors.Is(err, loaders.ErrNotPacked) {
		if err := packSource(ctx, from); err != nil {
			return nil, err
		}
		d, err = loaders.OpenPackedFiles(ctx, from.Sources, from.options())
	}
	if err != nil {
		return nil, err
	}
	return &Dataset{d, from}, nil
}
