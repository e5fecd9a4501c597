package nb

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/janpfeifer/gonb/gonbui/protocol"

	"github.com/specstress/specstress/analysis"
	"github.com/specstress/specstress/internal/nbformat"
	"github.com/specstress/specstress/loaders"
)

// A lack is an error that says: the cell is right, but these data do not
// have what it reads.
type lack struct{ error }

func (l lack) Unwrap() error { return l.error }

// lacking tells an error for which nobody has to mend the cell: something
// that the paper's dataset has and this source does not, or too few data
// for a statistic. A name that nobody knows is not among them.
func lacking(err error) bool {
	var l lack
	return errors.As(err, &l) || errors.Is(err, loaders.ErrNoTaxonomy) ||
		errors.Is(err, analysis.ErrTooFew) || errors.Is(err, analysis.ErrUndefined)
}

// lackBundle says that the notebook ends here, for people and for specstress
// run, which then does not count it as failed.
func lackBundle(err error) bundle {
	reason := clean(err.Error())
	text := "Nothing to show from here on: the data do not have what this cell needs (" + strings.TrimSuffix(reason, ".") + ")."
	b := noteBundle(doubtNote, text)
	b.data[protocol.MIMEType(nbformat.Lacking)] = reason
	return b
}

// Needs ends the notebook, unless ok, and says what the source lacks: what
// comes next would have nothing to show. Reading what is not there does the
// same by itself.
func Needs(ok bool, what string) {
	if !ok {
		fail(lack{errors.New("no " + what)})
	}
}

// splitOrLack makes a lack of an error about a split, if the paper's dataset
// has one of that name.
func (d *Dataset) splitOrLack(err error, name string) error {
	if !errors.Is(err, analysis.ErrUnknownName) && !errors.Is(err, loaders.ErrNoData) {
		return err
	}
	if name != loaders.ConfigComplete && !slices.ContainsFunc(analysis.PaperModelSets(), func(s analysis.ModelSet) bool { return s.Name == name }) {
		return err
	}
	return lack{fmt.Errorf("no split %s; splits here: %s", name, strings.Join(d.allSplits(), ", "))}
}

// modelsOrLack makes a lack of an error about models, if all that are
// missing are the paper's.
func modelsOrLack(err error, want, have []string) error {
	if !errors.Is(err, analysis.ErrUnknownName) {
		return err
	}
	missing := slices.DeleteFunc(slices.Clone(want), func(m string) bool { return slices.Contains(have, m) })
	for _, m := range missing {
		if !slices.Contains(analysis.AllModels.Models, m) {
			return err
		}
	}
	return lack{fmt.Errorf("no model %s; models here: %s", strings.Join(missing, ", "), strings.Join(have, ", "))}
}

// whereOrLack makes a lack of an error about a condition, if it is for want
// of a column, or of scenarios with a nudge.
func whereOrLack(err error, conds []loaders.Condition) error {
	nudges := []string{loaders.Nudge("neutral").Name, loaders.Nudge("value1").Name, loaders.Nudge("value2").Name}
	unknown := slices.ContainsFunc(conds, func(c loaders.Condition) bool { return !slices.Contains(nudges, c.Name) })
	if errors.Is(err, loaders.ErrSchema) || errors.Is(err, analysis.ErrUnknownName) && !unknown {
		return lack{err}
	}
	return err
}

// textOrLack makes a lack of an error about a text column that the source
// does not have, if it is one of the paper's.
func (s *Scenarios) textOrLack(err error, column string) error {
	if err == nil || column != "query" && !strings.HasPrefix(column, "response_") {
		return err
	}
	if s.HasText(column) {
		return err
	}
	return lack{fmt.Errorf("no texts %s in split %s", column, s.Split())}
}
