package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/specstress/specstress/loaders"
)

// labelInfo is what info says of the labels of one set by one labeller.
type labelInfo struct {
	Set, Labeller string
	Labels        []string
	Models        []string // none where scenarios are labelled
	Labelled      int      // responses, or scenarios
	From, To      string
	Warnings      []string
}

// describeLabels lists the labels of a source, and what of its label files
// was left out; nothing where there are none.
func describeLabels(ctx context.Context, d *loaders.Dataset) (infos []labelInfo, left []string, err error) {
	table, err := d.Labels(ctx)
	if errors.Is(err, loaders.ErrNoLabels) {
		return nil, nil, nil
	}
	if err != nil {
		return nil, nil, err
	}
	for _, l := range table.Labellings {
		i := labelInfo{Set: l.Name, Labeller: l.Labeller, Labels: l.LabelScheme.Labels, Models: l.Models, Labelled: l.Labelled(), From: l.From, To: l.To}
		for _, doubt := range l.Doubts() {
			i.Warnings = append(i.Warnings, doubt.Error())
		}
		infos = append(infos, i)
	}
	for _, b := range table.Bad {
		left = append(left, b.Error())
	}
	return infos, left, nil
}

func writeLabels(w *strings.Builder, infos []labelInfo, left []string) {
	for _, i := range infos {
		what := fmt.Sprintf("%d scenarios", i.Labelled)
		if len(i.Models) > 0 {
			what = fmt.Sprintf("%d responses of %d models", i.Labelled, len(i.Models))
		}
		fmt.Fprintf(w, "\n%s / %s by %s: %s, %d labels\n", loaders.ConfigLabels, i.Set, i.Labeller, what, len(i.Labels))
		for _, warning := range i.Warnings {
			fmt.Fprintf(w, "  warning: %s\n", warning)
		}
	}
	for _, l := range left {
		fmt.Fprintf(w, "warning: %s\n", l)
	}
}
