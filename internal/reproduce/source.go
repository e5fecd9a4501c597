package reproduce

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/specstress/specstress/analysis"
	"github.com/specstress/specstress/analysis/paper"
	"github.com/specstress/specstress/loaders"
)

// A source reads the dataset for the sections. What several sections need
// is read once.
type source struct {
	data   *loaders.Dataset
	where  []loaders.Condition
	base   func() (*loaders.Scenarios, error) // of outliers and preferences
	judged func() (*loaders.Judged, error)

	mu       sync.Mutex
	rows     map[string]int
	warnings map[string][]string // by split
	read     map[string]func() (*loaders.Scenarios, error)
	tried    int     // reads with conditions
	unknown  []error // those whose condition named something unknown
}

func newSource(ctx context.Context, d *loaders.Dataset, where []loaders.Condition) *source {
	s := &source{data: d, where: where, rows: map[string]int{}, warnings: map[string][]string{}, read: map[string]func() (*loaders.Scenarios, error){}}
	s.base = sync.OnceValues(func() (*loaders.Scenarios, error) { return s.scenarios(ctx, s.baseSplit()) })
	s.judged = sync.OnceValues(func() (*loaders.Judged, error) { return s.verdicts(ctx) })
	return s
}

// splits lists the paper's six splits, complete, and the source's others.
func (s *source) splits() []string {
	var all []string
	for _, set := range analysis.PaperModelSets() {
		all = append(all, set.Name)
	}
	all = append(all, loaders.ConfigComplete)
	for _, split := range s.data.Splits(loaders.ConfigDefault) {
		if !slices.Contains(all, split) {
			all = append(all, split)
		}
	}
	return all
}

// baseSplit is all_models where the source has it; of somebody's own data
// it is the first split with a name of its own.
func (s *source) baseSplit() string {
	have := s.data.Splits(loaders.ConfigDefault)
	if !slices.Contains(have, analysis.AllModels.Name) {
		for _, split := range have {
			if !slices.ContainsFunc(analysis.PaperModelSets(), func(m analysis.ModelSet) bool { return m.Name == split }) {
				return split
			}
		}
	}
	return analysis.AllModels.Name
}

// scenarios reads one split, once for all sections, and applies the
// conditions.
func (s *source) scenarios(ctx context.Context, split string) (*loaders.Scenarios, error) {
	s.mu.Lock()
	read := s.read[split]
	if read == nil {
		read = sync.OnceValues(func() (*loaders.Scenarios, error) { return s.readScenarios(ctx, split) })
		s.read[split] = read
	}
	s.mu.Unlock()
	return read()
}

func (s *source) readScenarios(ctx context.Context, split string) (*loaders.Scenarios, error) {
	have := append(s.data.Splits(loaders.ConfigDefault), s.data.Splits(loaders.ConfigComplete)...)
	if !slices.Contains(have, split) {
		return nil, fmt.Errorf("%w: split %s", paper.ErrAbsent, split)
	}
	all, err := s.data.Scenarios(ctx, split)
	if err != nil {
		return nil, err
	}
	s.note(split, all.Rows(), all.Doubts())
	kept, err := all.Where(s.where...)
	return kept, s.whereError(err)
}

// verdicts reads the verdicts and applies the conditions.
func (s *source) verdicts(ctx context.Context) (*loaders.Judged, error) {
	if len(s.data.Splits(loaders.ConfigJudges)) == 0 {
		return nil, fmt.Errorf("%w: config %s", paper.ErrAbsent, loaders.ConfigJudges)
	}
	all, err := s.data.Verdicts(ctx)
	if err != nil {
		return nil, err
	}
	s.note(loaders.ConfigJudges, all.Rows(), all.Doubts())
	kept, err := all.Where(s.where...)
	return kept, s.whereError(err)
}

func (s *source) note(split string, rows int, doubts []error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rows[split] = rows
	s.warnings[split] = nil
	for _, d := range doubts {
		s.warnings[split] = append(s.warnings[split], clean(d.Error()))
	}
}

// whereError remembers conditions that name something no row has. One
// split may lack what another has; when all do, the user misspelt it.
func (s *source) whereError(err error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tried++
	if errors.Is(err, analysis.ErrUnknownName) {
		s.unknown = append(s.unknown, err)
	}
	return err
}

// misspelt is the error of a condition that fits nowhere.
func (s *source) misspelt() error {
	if s.tried > 0 && len(s.unknown) == s.tried {
		return s.unknown[0]
	}
	return nil
}

// unlessReason tells an error that is a reason for results without a value,
// which it keeps, from one that ends the run: damage, a full disk, a
// cancelled context.
func unlessReason(err error, reason *error) error {
	for _, r := range []error{
		paper.ErrAbsent, loaders.ErrNoData, loaders.ErrSchema, loaders.ErrNoTaxonomy,
		analysis.ErrTooFew, analysis.ErrUndefined, analysis.ErrUnknownName,
	} {
		if errors.Is(err, r) {
			*reason = err
			return nil
		}
	}
	return err
}
