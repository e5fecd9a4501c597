package analysis

import (
	"fmt"
	"math"
)

// PowerOptions are those of a comparison of two independent samples. The
// zero value is a two-sided test at 5 % with a power of 80 % on independent
// units.
type PowerOptions struct {
	Level        float64 // one minus the test's error of the first kind; 0 for Level
	Power        float64 // probability of finding the difference; 0 for 0.8
	DesignEffect float64 // by which clusters divide the sample sizes; 0 for 1
}

// MinimumDetectableShares returns the smallest difference of two shares, as
// a difference 0..1 and upwards from base, that a two-sided test on n units
// with the higher share and m with the base finds with the given power. For
// one downwards, take 1-base: shares of what is not a hit differ by as
// much.
//
// It is the d for which
//
//	d = z(Level)·√(p̄(1-p̄)(1/n + 1/m)) + z(Power)·√(p(1-p)/n + base(1-base)/m)
//
// with p = base + d and p̄ the mean share over the units: the variance is
// pooled under the hypothesis of no difference and unpooled under that of
// d. n and m are divided by the design effect. No continuity correction.
//
// Errors: ErrUndefined when even a difference up to 1 is too small to be
// found; ErrTooFew for n or m below 1; and an error for a base outside 0..1
// or an option out of range.
//
// Source: Fleiss, Levin and Paik 2003, Statistical Methods for Rates and
// Proportions, 3rd edition, sections 4.2 and 4.4.
func MinimumDetectableShares(base float64, n, m int, opt PowerOptions) (float64, error) {
	size, err := opt.sizes(n, m)
	if err != nil {
		return 0, err
	}
	if !(base >= 0 && base <= 1) {
		return 0, fmt.Errorf("analysis: minimum detectable difference: base is %v, want a share 0..1", base)
	}
	missed := func(d float64) bool {
		p := base + d
		pooled := (p*size.n + base*size.m) / (size.n + size.m)
		null := math.Sqrt(pooled * (1 - pooled) * (1/size.n + 1/size.m))
		other := math.Sqrt(max(0, p*(1-p))/size.n + base*(1-base)/size.m)
		return d < size.alpha*null+size.beta*other
	}
	if base == 1 || missed(1-base) {
		return 0, fmt.Errorf("analysis: minimum detectable difference: %d and %d units cannot find a share of 1 beside %v: %w", n, m, base, ErrUndefined)
	}
	return bisectLast(0, 1-base, missed), nil
}

// MinimumDetectableMeans returns the smallest difference of two means, in
// the unit of stdDev, that a two-sided test on n and m units finds with the
// given power:
//
//	(z(Level) + z(Power))·stdDev·√(1/n + 1/m)
//
// with n and m divided by the design effect. stdDev is the standard
// deviation within each sample. The normal distribution stands for
// Student's, which for 30 units a side gives 2 % more.
//
// Errors: ErrTooFew for n or m below 1; and an error for a stdDev that is
// not positive and finite or an option out of range.
//
// Source: Fleiss, Levin and Paik 2003, section 4.2, with the variance of a
// mean; Cohen 1988, Statistical Power Analysis, section 2.4.
func MinimumDetectableMeans(stdDev float64, n, m int, opt PowerOptions) (float64, error) {
	size, err := opt.sizes(n, m)
	if err != nil {
		return 0, err
	}
	if !(stdDev > 0) || math.IsInf(stdDev, 1) {
		return 0, fmt.Errorf("analysis: minimum detectable difference: standard deviation is %v, want a positive number", stdDev)
	}
	return (size.alpha + size.beta) * stdDev * math.Sqrt(1/size.n+1/size.m), nil
}

// powerSizes are effective sample sizes and normal quantiles.
type powerSizes struct{ n, m, alpha, beta float64 }

func (opt PowerOptions) sizes(n, m int) (powerSizes, error) {
	if opt.Level == 0 {
		opt.Level = Level
	}
	if opt.Power == 0 {
		opt.Power = 0.8
	}
	if opt.DesignEffect == 0 {
		opt.DesignEffect = 1
	}
	switch {
	case n < 1 || m < 1:
		return powerSizes{}, fmt.Errorf("analysis: minimum detectable difference: %d and %d units: %w", n, m, ErrTooFew)
	case !(opt.Level > 0 && opt.Level < 1):
		return powerSizes{}, fmt.Errorf("analysis: minimum detectable difference: level %v, want above 0 and below 1", opt.Level)
	case !(opt.Power >= 0.5 && opt.Power < 1):
		return powerSizes{}, fmt.Errorf("analysis: minimum detectable difference: power %v, want at least 0.5 and below 1", opt.Power)
	case !(opt.DesignEffect >= 1) || math.IsInf(opt.DesignEffect, 1):
		return powerSizes{}, fmt.Errorf("analysis: minimum detectable difference: design effect %v, want at least 1", opt.DesignEffect)
	}
	return powerSizes{
		n: float64(n) / opt.DesignEffect, m: float64(m) / opt.DesignEffect,
		alpha: normalQuantile(opt.Level), beta: normalQuantile(2*opt.Power - 1),
	}, nil
}
