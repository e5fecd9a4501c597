package nb

import (
	"context"
	"errors"

	"github.com/specstress/specstress/loaders"
)

// Labels are the labels of one set by one labeller, laid beside the rows of
// a split. Everything of loaders.LabelMatch is there too.
type Labels struct{ *loaders.LabelMatch }

// Labels reads the labels of a set, such as "refusal", "topic" or
// "category", from the source's label files, and those of
// loaders.Options.Labels. The labeller need be named only where there are
// several. Nothing is read of the reasons that labellers gave.
//
// What of the label files could not be used is shown with its number.
func (d *Dataset) Labels(set string, labeller ...string) *loaders.Labelling {
	table := retry(d, func(in *loaders.Dataset) (*loaders.LabelTable, error) {
		t, err := in.Labels(context.Background())
		return t, labelsOrLack(err)
	})
	note(d)
	for _, bad := range table.Bad {
		showOnce(warning(bad))
	}
	who := ""
	if len(labeller) > 0 {
		who = labeller[0]
	}
	l, err := table.Choose(set, who)
	return Must(l, labelsOrLack(err))
}

// Labels are the labels of a set beside these scenarios, as in
//
//	levels := s.Labels("refusal")
//	r := nb.Must(analysis.MeasureRefusals(levels.Labels, nil))
func (s *Scenarios) Labels(set string, labeller ...string) *Labels {
	m, err := s.dataset.Labels(set, labeller...).Match(s.Scenarios)
	match := Must(m, err)
	for _, doubt := range match.Doubts() {
		showOnce(warning(doubt))
	}
	return &Labels{match}
}

// Bearing tells the rows whose scenario bears a label, such as a topic; see
// loaders.LabelMatch.
func (l *Labels) Bearing(label string) []bool { return Must(l.LabelMatch.Bearing(label)) }

// labelsOrLack makes a lack of the want of labels, which nobody published.
func labelsOrLack(err error) error {
	if errors.Is(err, loaders.ErrNoLabels) {
		return lack{err}
	}
	return err
}

// HasLabels reports whether the source has labels of a set, by anybody.
func (s *Scenarios) HasLabels(set string) bool {
	found := retry(s.dataset, func(in *loaders.Dataset) (bool, error) {
		t, err := in.Labels(context.Background())
		if errors.Is(err, loaders.ErrNoLabels) {
			return false, nil
		}
		return err == nil && len(t.Labellers(set)) > 0, err
	})
	note(s.dataset)
	return found
}
