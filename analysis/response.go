package analysis

import (
	"cmp"
	"fmt"
	"slices"
)

// The reasons for which verdict statistics leave something out, in the
// order in which they are looked for.
const (
	conflictingRows = "conflicting rows for one response"
	missingResponse = "a model's response missing"
	missingVerdict  = "a verdict missing or unrecognised"
)

// A response is what one model answered in one scenario: the unit that
// judges judge.
type response struct {
	scenario, model int32
	row             int32 // its first row
	conflicting     bool  // it has rows with other verdicts, too
}

// responses lists the responses of a table, by scenario and then by model,
// each once. Rows that repeat a response with the same verdicts count as
// one row; if any verdict differs, none of them can be believed and the
// response is conflicting. Repeated counts the rows beyond the first of
// their response. A scenario whose rows lie in two bins or two clusters is
// an error.
func responses(v *Verdicts) (list []response, repeated int, err error) {
	if err := v.Check(); err != nil {
		return nil, 0, err
	}
	if len(v.Judges) == 0 {
		return nil, 0, fmt.Errorf("analysis: verdicts of no judge: %w", ErrTooFew)
	}
	if _, err := v.Clusters.among(len(v.Model)); err != nil {
		return nil, 0, err
	}
	rows := make([]response, len(v.Model))
	for row := range rows {
		rows[row] = response{scenario: v.Scenario[row], model: v.Model[row], row: int32(row)}
	}
	slices.SortFunc(rows, func(a, b response) int {
		return cmp.Or(cmp.Compare(a.scenario, b.scenario), cmp.Compare(a.model, b.model), cmp.Compare(a.row, b.row))
	})
	list = rows[:0]
	for i, r := range rows {
		if i == 0 {
			list = append(list, r)
			continue
		}
		last := &list[len(list)-1]
		if last.scenario == r.scenario {
			if err := sameGroup(v, last.row, r.row); err != nil {
				return nil, 0, err
			}
		}
		if last.scenario != r.scenario || last.model != r.model {
			list = append(list, r)
		} else if !sameVerdicts(v, last.row, r.row) {
			last.conflicting = true
		}
	}
	return list, len(rows) - len(list), nil
}

// sameGroup is nil if two rows of a scenario share bin and cluster.
func sameGroup(v *Verdicts, a, b int32) error {
	if v.Bin[a] != v.Bin[b] {
		return fmt.Errorf("analysis: rows %d and %d are of one scenario, but in bins %s and %s", a, b, v.Bins[v.Bin[a]], v.Bins[v.Bin[b]])
	}
	if v.Clusters.Known() && v.Clusters.ID[a] != v.Clusters.ID[b] {
		return fmt.Errorf("analysis: rows %d and %d are of one scenario, but in clusters %d and %d", a, b, v.Clusters.ID[a], v.Clusters.ID[b])
	}
	return nil
}

// sameVerdicts reports whether every judge says the same of two rows.
func sameVerdicts(v *Verdicts, a, b int32) bool {
	for _, column := range v.ByJudge {
		if column[a] != column[b] {
			return false
		}
	}
	return true
}

// repeatWarnings is the warning that n rows repeat others, if they do.
func repeatWarnings(n int) []error {
	if n == 0 {
		return nil
	}
	return []error{fmt.Errorf("%d rows repeat the scenario and model of another: equal ones counted once, conflicting ones left out", n)}
}

// flags counts, over the judges of one row, how many find the response
// problematic and how many have no recognised verdict.
func flags(v *Verdicts, row int32) (problematic, missing int) {
	for _, column := range v.ByJudge {
		switch {
		case !recognised(column[row]):
			missing++
		case column[row].Problematic():
			problematic++
		}
	}
	return problematic, missing
}

// recognised reports whether a judge decided at all.
func recognised(x Verdict) bool { return x == Compliant || x.Problematic() }

// exclusions lists the reasons that occurred, with their counts.
func exclusions(all ...Exclusion) (occurred []Exclusion) {
	for _, x := range all {
		if x.N > 0 {
			occurred = append(occurred, x)
		}
	}
	return occurred
}
