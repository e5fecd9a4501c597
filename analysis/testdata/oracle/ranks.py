#!/usr/bin/env python3
"""Expected values of Mann-Whitney, Spearman and Kendall with ties.

Python 3.11, numpy 2.4.6, scipy 1.17.1. Writes ranks.json beside itself;
running it again gives the same file.

scipy.stats.mannwhitneyu, spearmanr and kendalltau; exact p values of tied
data from scipy.stats.permutation_test over all pairings or partitions. The
standard error over clusters of P(x > y) + P(x = y)/2 follows Obuchowski
1997 by loops over all pairs. Known bugs of the oracle: spearmanr gives p = 0
for a correlation of 1; mannwhitneyu(method="exact") ignores ties, so it is
asked for that only without them.
"""
import json
import math
import os

import numpy as np
from scipy import stats

rng = np.random.default_rng(41)


def kendall_exact(x, y):
    """Share of all pairings with |C - D| at least as large."""
    def net(y):
        d = np.sign(np.subtract.outer(x, x)) * np.sign(np.subtract.outer(y, y))
        return abs(d.sum())
    return stats.permutation_test((y,), lambda y: net(y), permutation_type="pairings",
                                  n_resamples=np.inf, alternative="greater").pvalue


def spearman_exact(x, y):
    def rho(y):
        return abs(stats.spearmanr(x, y).statistic)
    return stats.permutation_test((y,), rho, permutation_type="pairings",
                                  n_resamples=np.inf, alternative="greater").pvalue


def clustered_se(x, y, cx, cy):
    """Standard error of superiority over clusters, pair by pair."""
    def win(a, b):
        return 1.0 if a > b else 0.5 if a == b else 0.0
    theta = sum(win(a, b) for a in x for b in y) / (len(x) * len(y))
    influence = {}
    for a, c in zip(x, cx):
        influence[c] = influence.get(c, 0) + (sum(win(a, b) for b in y) / len(y) - theta) / len(x)
    for b, c in zip(y, cy):
        influence[c] = influence.get(c, 0) + (sum(win(a, b) for a in x) / len(x) - theta) / len(y)
    n = len(influence)
    return theta, math.sqrt(n / (n - 1) * sum(v * v for v in influence.values())), n


correlations = []
for n, levels in [(2, 0), (5, 0), (6, 0), (6, 3), (6, 2), (10, 0), (20, 0), (59, 0), (61, 0), (15, 4), (40, 7), (120, 7), (300, 3)]:
    if levels:
        x = rng.integers(0, levels, n)
        y = np.clip(x + rng.integers(-2, 3, n), 0, levels - 1)
    else:
        x = rng.normal(size=n).round(6)
        y = (0.4 * x + rng.normal(size=n)).round(6)
    rho = stats.spearmanr(x, y)
    tied = len(set(x)) < n or len(set(y)) < n
    exact = not tied and n <= 60
    tau = stats.kendalltau(x, y, method="exact" if exact else "asymptotic")
    correlations.append({
        "x": x.tolist(), "y": y.tolist(),
        "rho": float(rho.statistic),
        "rho_p": float(spearman_exact(x, y) if n <= 6 else rho.pvalue),
        "tau": float(tau.statistic),
        "tau_p": float(kendall_exact(x, y) if tied and n <= 6 else tau.pvalue),
    })

comparisons = []
for m, n, levels in [(1, 1, 0), (3, 4, 0), (8, 9, 0), (30, 25, 0), (40, 60, 0), (5, 6, 3), (30, 20, 7), (100, 150, 7)]:
    if levels:
        x, y = rng.integers(0, levels, m), np.minimum(rng.integers(0, levels + 1, n), levels - 1)
    else:
        x, y = rng.normal(size=m).round(6), rng.normal(0.5, 1.5, size=n).round(6)
    # 40 and 60 values mix in more than 2^63 ways.
    exact = not levels and m + n < 67
    t = stats.mannwhitneyu(x, y, method="exact" if exact else "asymptotic")
    comparisons.append({"x": x.tolist(), "y": y.tolist(), "u": float(t.statistic), "p": float(t.pvalue)})

clustered = []
for clusters, levels in [(6, 4), (25, 7)]:
    x, y, cx, cy = [], [], [], []
    for c in range(clusters):
        shift = rng.normal() * 1.5
        for _ in range(int(rng.integers(1, 5))):
            v = int(np.clip(round(levels / 2 + shift + rng.normal()), 0, levels - 1))
            if rng.random() < 0.5:
                x.append(v), cx.append(c)
            else:
                y.append(v), cy.append(c)
    theta, se, n = clustered_se(x, y, cx, cy)
    t = (theta - 0.5) / se
    clustered.append({"x": x, "y": y, "clusters": cx + cy, "n": clusters,
                      "superiority": theta, "t": t, "p": float(2 * stats.t.sf(abs(t), n - 1))})

here = os.path.dirname(os.path.abspath(__file__))
with open(os.path.join(here, "ranks.json"), "w") as f:
    json.dump({"correlations": correlations, "comparisons": comparisons, "clustered": clustered}, f)
    f.write("\n")
