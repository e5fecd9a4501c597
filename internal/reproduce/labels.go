package reproduce

import (
	"errors"
	"fmt"

	"github.com/specstress/specstress/analysis"
	"github.com/specstress/specstress/analysis/paper"
	"github.com/specstress/specstress/loaders"
)

// A labelled is the labels of one set beside the rows of the base split.
type labelled struct {
	*loaders.LabelMatch
	set, split string
	models     []string
}

// match lays the labels of a set beside the scenarios of the base split.
func (s *source) match(set string) (*labelled, error) {
	m := &labelled{set: set, split: s.baseSplit(), models: analysis.AllModels.Models}
	scenarios, err := s.base()
	if err != nil {
		return m, err
	}
	m.models = scenarios.ModelSet().Models
	table, err := s.labels()
	if err != nil {
		return m, absentLabels(set, err)
	}
	chosen, err := table.Choose(set, "")
	if err != nil {
		return m, absentLabels(set, err)
	}
	m.LabelMatch, err = chosen.Match(scenarios)
	if err == nil && !chosen.PerScenario {
		m.models = m.Labels.Models
	}
	return m, err
}

// absentLabels tells what the want of labels is, and how to name one of
// several labellers.
func absentLabels(set string, err error) error {
	switch {
	case errors.Is(err, loaders.ErrNoLabels):
		return fmt.Errorf("%w: labels of set %s, which were never published; docs/labels.md says how to make them, --labels FILE names them", paper.ErrAbsent, set)
	case errors.Is(err, loaders.ErrSeveralLabellers):
		return fmt.Errorf("%w with --labeller NAME", err)
	}
	return err
}

// notes say over what the labels are, and who gave them.
func (m *labelled) notes() []string {
	if m.LabelMatch == nil {
		return nil
	}
	by := "Labels of set " + m.set + " by " + m.Labelling.Labeller
	if m.Labelling.From != "" {
		by += ", of " + m.Labelling.From
		if m.Labelling.To != m.Labelling.From {
			by += " to " + m.Labelling.To
		}
	}
	return []string{
		fmt.Sprintf("Counted over split %s, models: %s.", clean(m.split), modelNames(m.models)),
		clean(by) + ". Another labeller, or another prompt, would give other numbers.",
	}
}

// doubts are those about the labels.
func (m *labelled) doubts() []string {
	if m.LabelMatch == nil {
		return nil
	}
	var out []string
	for _, d := range m.Doubts() {
		out = append(out, clean(d.Error()))
	}
	return out
}
