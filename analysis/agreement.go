package analysis

import "math"

// JudgeAgreement compares the judges of one table of verdicts, all bins
// pooled.
type JudgeAgreement struct {
	Judges   []string
	FlagRate []Estimate  // by judge, over that judge's recognised verdicts
	Pairs    []JudgePair // every pair, in judge order
	Binary   Kappa       // two categories: compliant, problematic
	Three    Kappa       // three categories: as the prompt has them

	// The errors say why a number has no value; its Value is then NaN.
	FlagRateErr         []error // by judge
	BinaryErr, ThreeErr error
}

// A JudgePair is how often two judges agree on whether a response is
// problematic, over the responses that both judged.
type JudgePair struct {
	A, B      string
	Agreement Estimate
	Err       error // why Agreement has no value
}

// MeasureJudgeAgreement returns how often each judge flags a response as
// problematic, how often each pair agrees on that, and Fleiss' kappa over
// two and over three categories. The unit is a response, whatever its
// model and bin; shares are 0..1.
//
// A flag rate is over the responses on which that judge's verdict is
// recognised, an agreement over those where both are, and a kappa over
// those where all are; each number counts what it leaves out. Rows that
// repeat a response count once, with a warning, or are left out when they
// contradict each other.
//
// Responses to the nudge variants of one value pair are not independent:
// shares are those of Share and kappas those of FleissKappaClustered, with
// the clusters of the table.
//
// A number without a value, for want of responses or judges (ErrTooFew) or
// of variation (ErrUndefined), has its own error. The error of the whole
// is ErrTooFew for a table without judges, or that of Verdicts.Check.
//
// The paper's kappa is the one of two categories: it follows from the
// flag rates and agreements printed beside it, and with three categories
// it could not be so low unless hardly any verdict were ambiguous.
//
// Source: Zhang et al. 2025, section 3.1.2.
func MeasureJudgeAgreement(v *Verdicts) (*JudgeAgreement, error) {
	list, repeated, err := responses(v)
	if err != nil {
		return nil, err
	}
	m := agreement{v: v, warnings: repeatWarnings(repeated)}
	m.add(list)
	a := &JudgeAgreement{Judges: append([]string(nil), v.Judges...)}
	for i := range v.Judges {
		rate, err := m.share(func(row int32) bool { return v.ByJudge[i][row].Problematic() }, i)
		a.FlagRate, a.FlagRateErr = append(a.FlagRate, rate), append(a.FlagRateErr, err)
		for j := i + 1; j < len(v.Judges); j++ {
			p := JudgePair{A: v.Judges[i], B: v.Judges[j]}
			p.Agreement, p.Err = m.share(func(row int32) bool {
				return v.ByJudge[i][row].Problematic() == v.ByJudge[j][row].Problematic()
			}, i, j)
			a.Pairs = append(a.Pairs, p)
		}
	}
	a.Binary, a.BinaryErr = m.kappa([]string{Compliant.String(), "problematic"}, func(x Verdict) int {
		if x.Problematic() {
			return 1
		}
		return 0
	})
	a.Three, a.ThreeErr = m.kappa([]string{Compliant.String(), NonCompliant.String(), Ambiguous.String()}, func(x Verdict) int {
		return int(x - Compliant)
	})
	return a, nil
}

// agreement holds the responses that all numbers start from.
type agreement struct {
	v           *Verdicts
	rows        []int32 // one per response
	conflicting int     // responses left out of rows
	warnings    []error
}

// add takes the responses whose rows do not contradict each other.
func (m *agreement) add(list []response) {
	for _, r := range list {
		if r.conflicting {
			m.conflicting++
			continue
		}
		m.rows = append(m.rows, r.row)
	}
}

// judged picks the rows on which the verdicts of all the given judges are
// recognised, with their clusters, and says what it left out.
func (m *agreement) judged(judges ...int) (rows []int32, clusters Clusters, excluded []Exclusion) {
	clusters.N = m.v.Clusters.N
next:
	for _, row := range m.rows {
		for _, j := range judges {
			if !recognised(m.v.ByJudge[j][row]) {
				continue next
			}
		}
		rows = append(rows, row)
		if m.v.Clusters.Known() {
			clusters.ID = append(clusters.ID, m.v.Clusters.ID[row])
		}
	}
	return rows, clusters, exclusions(
		Exclusion{conflictingRows, m.conflicting},
		Exclusion{missingVerdict, len(m.rows) - len(rows)})
}

// share is the share of hits over the responses that the judges judged.
func (m *agreement) share(hit func(row int32) bool, judges ...int) (Estimate, error) {
	rows, clusters, excluded := m.judged(judges...)
	hits := make([]bool, len(rows))
	for i, row := range rows {
		hits[i] = hit(row)
	}
	return shareOrNone(hits, clusters, excluded, m.warnings)
}

// kappa is Fleiss' kappa over the responses that all judges judged.
func (m *agreement) kappa(categories []string, category func(Verdict) int) (Kappa, error) {
	judges := make([]int, len(m.v.Judges))
	for j := range judges {
		judges[j] = j
	}
	rows, clusters, excluded := m.judged(judges...)
	counts := make([][]int, len(rows))
	cells := make([]int, len(rows)*len(categories))
	for i, row := range rows {
		counts[i] = cells[i*len(categories):][:len(categories)]
		for _, column := range m.v.ByJudge {
			counts[i][category(column[row])]++
		}
	}
	k, err := FleissKappaClustered(counts, clusters)
	if err != nil {
		k.Value = math.NaN()
	}
	k.Categories = categories
	k.Excluded = append(k.Excluded, excluded...)
	k.Warnings = append(k.Warnings, m.warnings...)
	return k, err
}
