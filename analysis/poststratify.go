package analysis

import (
	"fmt"
	"math"
	"slices"
)

// A Stratum is a part of a population of known size, and a sample of it.
type Stratum struct {
	Name   string
	Size   int // units of the population
	Sample *ShareTally
}

// PostStratify estimates the share of hits in a population from samples of
// its strata: the strata's shares, weighted by their sizes. It says what a
// random sample of the population would show, provided that each stratum's
// sample stands for that stratum.
//
// The sizes are taken as counted, not estimated. The design effect is the
// variance of the linearised sum (the delta method) over clusters, which a
// stratum may share with others, over that of as many independent units, and
// at least 1, as in ShareMean; where all shares are 0 or 1 it is the mean
// cluster size as a unit meets it. The interval adds up in squares how far
// Wilson's limits are from the share in each stratum, on its n over the
// design effect, times its weight: of one stratum it is Wilson's. An interval
// on an effective sample size would be too short when few events in a heavy
// stratum decide. A stratum with fewer than ten events, or ten non-events,
// is a warning.
//
// N and Clusters are of the samples with a weight. Strata of size 0 play no
// part. Errors: ErrTooFew when the population or a sample is empty, and
// samples over different numbers of clusters.
//
// Missing units are left out when the tallies are made.
//
// Source: Cochran 1977, Sampling Techniques, sections 5.3 and 5A.9, for the
// estimate; Zou and Donner 2008, Statistics in Medicine 27:1693-1702, for
// the limits.
func PostStratify(strata ...Stratum) (Estimate, error) {
	var parts []Stratum
	total := 0
	for _, s := range strata {
		if s.Size < 0 {
			return Estimate{}, fmt.Errorf("analysis: post-stratification: stratum %s has %d units, want 0 or more", s.Name, s.Size)
		}
		if s.Size > 0 {
			parts = append(parts, s)
			total += s.Size
		}
	}
	if total == 0 {
		return Estimate{}, fmt.Errorf("analysis: post-stratification of an empty population: %w", ErrTooFew)
	}
	clusters := len(parts[0].Sample.units)
	sum := newLinearised(clusters)
	e := Estimate{Level: Level}
	for _, s := range parts {
		if len(s.Sample.units) != clusters {
			return Estimate{}, fmt.Errorf("analysis: post-stratification over %d and %d clusters", clusters, len(s.Sample.units))
		}
		n, hits := s.Sample.Units(), s.Sample.Hits()
		if n == 0 {
			return Estimate{}, fmt.Errorf("analysis: post-stratification: no sample of stratum %s, which has %d of %d units: %w", s.Name, s.Size, total, ErrTooFew)
		}
		w, p := float64(s.Size)/float64(total), float64(hits)/float64(n)
		e.Value += w * p
		sum.add(w, s.Sample)
		if rare := min(hits, n-hits); rare < fewEvents {
			e.Warnings = append(e.Warnings, fmt.Errorf("stratum %s, %.1f %% of the whole, rests on a share of %d in %d: the interval is rough", s.Name, 100*w, hits, n))
		}
	}
	e.Value = min(max(e.Value, 0), 1) // the weights add up to 1 but for rounding
	e.N = sum.n
	var how string
	e.DesignEffect, e.Clusters, how = sum.designEffect()
	e.SE = math.Sqrt(sum.independent * e.DesignEffect)
	var below, above float64
	for _, s := range parts {
		n, hits := float64(s.Sample.Units()), float64(s.Sample.Hits())
		lo, hi, err := Wilson(hits/e.DesignEffect, n/e.DesignEffect, Level)
		if err != nil {
			return Estimate{}, err
		}
		w, p := float64(s.Size)/float64(total), hits/n
		below, above = math.Hypot(below, w*(p-lo)), math.Hypot(above, w*(hi-p))
	}
	e.Lo, e.Hi = max(0, e.Value-below), min(1, e.Value+above)
	e.Method = fmt.Sprintf("shares of %d strata weighted by their sizes; Wilson's limits of each added up in squares, %g %%, on n over the design effect %.2f%s", len(parts), 100*Level, e.DesignEffect, how)
	return e, nil
}

// A BinWeight is how much of a population lies in one bin of disagreement.
type BinWeight struct {
	Bin       string
	Scenarios int // of the population
	Judged    int // decided scenarios of the bin, behind its rate
}

// Projected is how a population of scenarios would fare with the judges if
// it did so bin by bin like the judged ones.
type Projected struct {
	Set     ModelSet
	Rule    Rule
	Weights []BinWeight // ascending; the bins with a scenario

	AllPass, AtLeastOneFails, AllFail Estimate
}

// ProjectCompliance weights the rates of judged scenarios, bin by bin of
// disagreement, with the bins' shares of a population: Table 2 from the data
// of Figure 2. D must be over the models of the outcomes, bins are those of
// the verdicts, decided exactly. The intervals are those of PostStratify:
// the population is counted, not sampled, so they speak of these scenarios.
//
// It assumes that within a bin the judged scenarios are like those of the
// population. Scenarios without a disagreement and undecided ones are left
// out and counted.
//
// Errors: ErrUndefined when a scenario's disagreement lies in a bin that
// nobody judged; a bin whose name is no range, as in "1.5-2.0"; those of
// PostStratify; other models.
//
// Missing verdicts and positions are why a scenario is undecided or without
// a disagreement.
//
// Source: Zhang et al. 2025, Table 2 and Figure 2; the combination is ours.
func ProjectCompliance(o *ScenarioOutcomes, d *Disagreements) (Projected, error) {
	p := Projected{Set: o.Set, Rule: o.Rule}
	if !slices.Equal(slices.Sorted(slices.Values(o.Set.Models)), slices.Sorted(slices.Values(d.Set.Models))) {
		return p, fmt.Errorf("analysis: project compliance: disagreement over set %s, want that of the verdicts, %s", d.Set.Name, o.Set.Name)
	}
	counts, err := countByBin(d, o.bins)
	if err != nil {
		return p, err
	}
	for _, s := range []struct {
		into *Estimate
		hit  func(ScenarioOutcome) bool
	}{
		{&p.AllPass, func(x ScenarioOutcome) bool { return x == AllPass }},
		{&p.AtLeastOneFails, func(x ScenarioOutcome) bool { return x != AllPass }},
		{&p.AllFail, func(x ScenarioOutcome) bool { return x == AllFail }},
	} {
		tallies := o.tallies(s.hit)
		var strata []Stratum
		for b, bin := range o.bins {
			strata = append(strata, Stratum{bin, counts[b], tallies[b]})
		}
		if *s.into, err = PostStratify(strata...); err != nil {
			return p, err
		}
		s.into.Excluded = append(d.Excluded(), o.excluded(counts)...)
		if !o.clustered {
			s.into.Warnings = append(s.into.Warnings, errClustersUnknown)
		}
		if p.Weights == nil {
			for b, bin := range o.bins {
				if counts[b] > 0 {
					p.Weights = append(p.Weights, BinWeight{bin, counts[b], tallies[b].Units()})
				}
			}
		}
	}
	return p, nil
}

// countByBin counts the scenarios in each named bin; the bins are [lo, hi),
// and one that ends at the largest disagreement is closed.
func countByBin(d *Disagreements, bins []string) ([]int, error) {
	edges := PaperBins()
	for _, bin := range bins {
		lo, hi, err := binEdges(bin)
		if err != nil {
			return nil, err
		}
		edges = append(edges, lo, hi)
	}
	slices.Sort(edges)
	edges = slices.Compact(edges)
	h, err := d.Histogram(edges)
	if err != nil {
		return nil, err
	}
	counts := make([]int, len(bins))
	seen := 0
	for b, bin := range bins {
		lo, hi, _ := binEdges(bin)
		for i, n := range h.Counts {
			if edges[i] >= lo && edges[i+1] <= hi {
				counts[b] += n
				seen += n
			}
		}
	}
	if n := d.Computable(); seen != n {
		return nil, fmt.Errorf("analysis: project compliance: %d of %d scenarios lie outside the judged bins %v, or in two of them: %w", n-seen, n, bins, ErrUndefined)
	}
	return counts, nil
}

func binEdges(bin string) (lo, hi float64, err error) {
	if n, _ := fmt.Sscanf(bin, "%f-%f", &lo, &hi); n != 2 || BinName(lo, hi) != bin {
		return 0, 0, fmt.Errorf("analysis: bin %q is no range of disagreement, want one as in %s: %w", bin, BinName(1.5, 2), ErrUndefined)
	}
	return lo, hi, nil
}
