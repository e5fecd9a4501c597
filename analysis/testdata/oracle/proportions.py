"""Expected values for intervals of one and two proportions and for power.

Writes proportions.json beside this file, the same bytes every time:

    python3 proportions.py

Made with Python 3.11, numpy 2.4.6, scipy 1.17.1, statsmodels 0.15.0.

What the oracles get wrong or do otherwise:
- statsmodels takes the two smallest roots of Koopman's quartic for the
  limits, which is wrong where a share is 1: 20 of 20 over 30 of 30 begins
  at 1.00000008 instead of 20/(20 + z^2) = 0.84, and 6 of 9 over 50 of 50
  is 0.949 twice. With no event above it gives 9e-16 for 0. Such cases come
  from inverting the test here, with the constrained maximum found by
  scipy's bounded minimiser, good for 1e-6.
- statsmodels' power of a two-sided test adds the far tail, which the
  textbook formula leaves out: 1e-6 of the power at 0.8.
- R's fisher.test searches loosely: its limits are off by up to 1 %, those
  of scipy's conditional odds ratio, used here, are not.
"""

import json
import math
import pathlib

import numpy as np
from scipy import optimize, stats
from scipy.stats.contingency import odds_ratio
from statsmodels.stats.contingency_tables import Table2x2
from statsmodels.stats.proportion import (
    confint_proportions_2indep,
    power_proportions_2indep,
    proportion_confint,
)

rng = np.random.default_rng(20251023)


def clopper_pearson():
    out = []
    cases = [(0, 1), (1, 1), (0, 20), (20, 20), (81, 263), (15, 148), (11, 1000), (7, 1000), (1, 1_000_000)]
    for _ in range(25):
        n = int(rng.integers(1, 400))
        cases.append((int(rng.integers(0, n + 1)), n))
    for x, n in cases:
        for level in (0.9, 0.95, 0.999):
            lo, hi = proportion_confint(x, n, alpha=1 - level, method="beta")
            out.append([x, n, level, float(lo), float(hi)])
    return out


def score_by_search(x, n, y, m, level):
    """Koopman's limits by maximising the likelihood under each ratio."""
    crit = stats.chi2.ppf(level, 1)

    def chi2(log_ratio):
        r = math.exp(log_ratio)

        def neg(q):
            p = r * q
            return -(
                (x * math.log(p) if x else 0)
                + ((n - x) * math.log1p(-p) if n > x else 0)
                + (y * math.log(q) if y else 0)
                + ((m - y) * math.log1p(-q) if m > y else 0)
            )

        top = min(1.0, 1 / r)
        q = optimize.minimize_scalar(neg, bounds=(top * 1e-9, top * (1 - 1e-12)), method="bounded", options={"xatol": 1e-14}).x
        p = r * q
        v = p * (1 - p) / n + r * r * q * (1 - q) / m
        return (x / n - r * y / m) ** 2 / v

    guess = math.log((x or 0.5) / n / ((y or 0.5) / m))
    lo = 0.0 if x == 0 else math.exp(optimize.brentq(lambda t: chi2(t) - crit, guess - 9, guess if y else guess + 9, xtol=1e-12)) if y else None
    hi = None if y == 0 else math.exp(optimize.brentq(lambda t: chi2(t) - crit, guess - (0 if x else 9), guess + 9, xtol=1e-12))
    return lo, hi


def two_shares():
    out = []
    cases = [(51, 1000, 11, 1000), (97, 1000, 7, 1000), (36, 1000, 11, 1000), (494, 1000, 49, 1000), (56, 70, 48, 80)]
    for _ in range(20):
        n, m = (int(v) for v in rng.integers(5, 300, 2))
        cases.append((int(rng.integers(1, n)), n, int(rng.integers(1, m)), m))
    for x, n, y, m in cases:
        t = Table2x2([[x, n - x], [y, m - y]])
        woolf = t.oddsratio_confint()
        both = odds_ratio([[x, n - x], [y, m - y]])
        exact = both.confidence_interval(0.95)
        koopman = confint_proportions_2indep(x, n, y, m, method="score", compare="ratio", correction=False)
        newcombe = confint_proportions_2indep(x, n, y, m, method="newcomb", compare="diff")
        log = confint_proportions_2indep(x, n, y, m, method="log", compare="ratio")
        haldane = confint_proportions_2indep(x, n, y, m, method="logit-adjusted", compare="odds-ratio")
        out.append(
            {
                "counts": [x, n, y, m],
                "newcombe": [float(v) for v in newcombe],
                "koopman": [float(v) for v in koopman],
                "log": [float(v) for v in log],
                "woolf": [float(t.oddsratio), float(t.oddsratio_se if hasattr(t, "oddsratio_se") else t.oddsratio * t.log_oddsratio_se), *map(float, woolf)],
                "haldane": [float(v) for v in haldane],
                "exact": [float(both.statistic), float(exact.low), float(exact.high)],
            }
        )
    return out


def edges():
    out = []
    for x, n, y, m in [(0, 30, 5, 40), (3, 25, 0, 60), (20, 20, 7, 31), (20, 20, 30, 30), (0, 1000, 11, 1000), (6, 9, 50, 50)]:
        e = {"counts": [x, n, y, m], "newcombe": [float(v) for v in confint_proportions_2indep(x, n, y, m, method="newcomb", compare="diff")]}
        if y > 0 and (x, y) != (n, m):
            e["koopman"] = list(score_by_search(x, n, y, m, 0.95))
        if x < n and y > 0:
            both = odds_ratio([[x, n - x], [y, m - y]])
            exact = both.confidence_interval(0.95)
            e["exact"] = [float(both.statistic), float(exact.low), float(exact.high)]
        out.append(e)
    return out


def power():
    out = []
    for base, n, m, level, p, deff in [
        (0.011, 1000, 1000, 0.95, 0.8, 1),
        (0.007, 1000, 1000, 0.95, 0.8, 1),
        (0.25, 200, 350, 0.95, 0.8, 1.4),
        (0.6, 400, 100, 0.99, 0.95, 1),
        (0.5, 50, 50, 0.9, 0.9, 2),
        (0.02, 5000, 300, 0.999, 0.5, 1.1),
    ]:
        a, b = n / deff, m / deff
        found = lambda d: power_proportions_2indep(d, base, a, ratio=b / a, alpha=1 - level, return_results=False) - p
        d = optimize.brentq(found, 1e-9, 1 - base - 1e-9, xtol=1e-14)
        out.append([base, n, m, level, p, deff, float(d)])
    return out


json.dump(
    {"clopper_pearson": clopper_pearson(), "two_shares": two_shares(), "edges": edges(), "power": power()},
    open(pathlib.Path(__file__).with_suffix(".json"), "w"),
    indent=0,
)
