package loaders

import (
	"errors"
	"fmt"

	"github.com/specstress/specstress/analysis"
)

// packLabels is what the manifest says of labels.
type packLabels struct {
	Labellings []packLabelling `json:",omitempty"`
	Bad        []BadColumn     `json:",omitempty"`
	Error      string          `json:",omitempty"` // why they could not be read
	ErrorKind  string          `json:",omitempty"`
}

// A packLabelling is one labelling; its table has a row per scenario.
type packLabelling struct {
	Scheme                            analysis.LabelScheme
	Labeller                          string
	From, To                          string   `json:",omitempty"`
	Models                            []string `json:",omitempty"`
	Repeated, Conflicting, Unlabelled int      `json:",omitempty"`

	Table packTable
}

func (p *pack) labels() (*LabelTable, error) {
	m := p.manifest.Labels
	if m == nil {
		return nil, errNoTable
	}
	if m.Error != "" {
		return nil, storedError(&packTable{Error: m.Error, ErrorKind: m.ErrorKind})
	}
	if len(m.Labellings) == 0 {
		return nil, fmt.Errorf("%w: there are no labels in it", ErrNotPacked)
	}
	t := &LabelTable{Bad: m.Bad}
	for i := range m.Labellings {
		l, err := readTable(p, &m.Labellings[i].Table, func(r *packReader) (*Labelling, error) {
			return r.labelling(&m.Labellings[i])
		})
		if err != nil {
			return nil, err
		}
		t.Labellings = append(t.Labellings, l)
	}
	return t, nil
}

func (r *packReader) labelling(m *packLabelling) (*Labelling, error) {
	if n := len(m.Scheme.Labels); n > analysis.MaxLabels {
		return nil, r.damaged("labels", fmt.Errorf("%d of them, want at most %d", n, analysis.MaxLabels))
	}
	l := &Labelling{LabelScheme: m.Scheme, Labeller: m.Labeller, From: m.From, To: m.To, Models: m.Models,
		Repeated: m.Repeated, Conflicting: m.Conflicting, Unlabelled: m.Unlabelled}
	if err := r.keys(&l.keys); err != nil {
		return nil, err
	}
	columns := len(l.Models)
	if l.PerScenario {
		columns = 1
	}
	for i := range columns {
		column, err := r.labelColumn(labelSection(i), m.Scheme)
		if err != nil {
			return nil, err
		}
		l.columns = append(l.columns, column)
	}
	return l, nil
}

// keys reads the scenarios of a labelling, which ascend.
func (r *packReader) keys(k *labelKeys) (err error) {
	if k.nudges, err = r.names("nudge_direction.names"); err != nil {
		return err
	}
	if k.nudge, err = r.codes("nudge_direction", 0, len(k.nudges)); err != nil {
		return err
	}
	for name, to := range map[string]*[]int64{"chunk_index": &k.chunk, "entry_idx": &k.entry} {
		if *to, err = wideOf[int64](r, name); err != nil {
			return err
		}
	}
	if k.chunk == nil || k.entry == nil || k.nudge == nil {
		return r.damaged("chunk_index", errors.New("it or entry_idx or nudge_direction is missing"))
	}
	for i := 1; i < k.len(); i++ {
		if compareKeys(k.at(i-1), k.at(i)) >= 0 {
			return r.damaged("chunk_index", fmt.Errorf("scenario %d does not follow the one before", i))
		}
	}
	return nil
}

// labelColumn reads the labels of a model.
func (r *packReader) labelColumn(section string, scheme analysis.LabelScheme) ([]analysis.LabelSet, error) {
	bits, err := wideOf[int64](r, section)
	if err != nil {
		return nil, err
	}
	if bits == nil {
		return nil, r.damaged(section, errors.New("it is missing"))
	}
	column := make([]analysis.LabelSet, len(bits))
	for row, b := range bits {
		own := uint64(b) &^ seenLabel
		if own>>len(scheme.Labels) != 0 || b >= 0 && own != 0 {
			return nil, r.damaged(section, fmt.Errorf("row %d has labels that the set lacks", row))
		}
		if b == 0 {
			continue
		}
		if column[row], err = analysis.LabelSetOf(own); err != nil {
			return nil, r.damaged(section, err)
		}
		if _, one := column[row].Only(); scheme.Exclusive && !one {
			return nil, r.damaged(section, fmt.Errorf("row %d has not one label", row))
		}
	}
	return column, nil
}
