#!/usr/bin/env python3
"""Expected values of McNemar, sign flips, Holm and Benjamini-Hochberg.

Python 3.11, numpy 2.4.6, scipy 1.17.1, statsmodels 0.15.0. Writes
paired.json beside itself; running it again gives the same file.

McNemar on independent units: statsmodels' mcnemar(exact=True), and mid-p as
in Fagerland et al. 2013 from scipy's binomial distribution; on clusters: all
2^k exchanges, one by one. Sign flips: scipy's permutation_test over all
patterns. Adjusted p: statsmodels' multipletests, and scipy's
false_discovery_control, which must agree.
"""
import itertools
import json
import os

import numpy as np
from scipy import stats
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.multitest import multipletests

rng = np.random.default_rng(42)

tables = []
for both, only_a, only_b, neither in [(10, 0, 0, 5), (3, 1, 0, 2), (30, 5, 1, 20), (5, 8, 8, 2), (0, 3, 12, 1), (100, 40, 71, 60), (1000, 400, 521, 90)]:
    p = mcnemar([[both, only_a], [only_b, neither]], exact=True).pvalue
    n = only_a + only_b
    mid = min(1.0, 2 * stats.binom.cdf(min(only_a, only_b), n, 0.5) - stats.binom.pmf(min(only_a, only_b), n, 0.5)) if only_a != only_b else 1 - 0.5 * stats.binom.pmf(only_a, n, 0.5)
    tables.append({"counts": [both, only_a, only_b, neither], "p": min(1.0, float(p)), "mid": float(mid)})

clustered = []
for k in (1, 4, 9, 14):
    a, b, cluster = [], [], []
    for c in range(k):
        lean = rng.random()
        for _ in range(int(rng.integers(1, 5))):
            a.append(bool(rng.random() < lean)), b.append(bool(rng.random() < 0.7 * lean)), cluster.append(c)
    net = [sum(int(x) - int(y) for x, y, d in zip(a, b, cluster) if d == c) for c in range(k)]
    far = same = 0
    for signs in itertools.product((1, -1), repeat=k):
        t = abs(sum(s * d for s, d in zip(signs, net)))
        far += t >= abs(sum(net))
        same += t == abs(sum(net))
    clustered.append({"a": a, "b": b, "clusters": cluster, "n": k, "statistic": sum(net),
                      "p": far / 2**k, "mid": (far - same / 2) / 2**k})

flips = []
for k, whole in [(1, False), (2, False), (6, True), (9, False), (12, True)]:
    d = rng.integers(-3, 4, 3 * k).astype(float) if whole else rng.normal(0.5, 1, 3 * k).round(6)
    cluster = np.repeat(np.arange(k), 3)
    sums = np.array([d[cluster == c].sum() for c in range(k)])
    # A permutation test of one number is refused by scipy.
    p = 1.0 if k == 1 else stats.permutation_test((sums,), np.sum, permutation_type="samples", n_resamples=np.inf).pvalue
    flips.append({"d": d.tolist(), "clusters": cluster.tolist(), "n": k, "mean": float(d.mean()), "p": float(p)})

families = []
for m in (1, 2, 5, 12, 40):
    p = np.where(rng.random(m) < 0.5, rng.random(m), rng.random(m) ** 6)
    if m == 12:
        p[3] = p[7] = p[1]
        p[0], p[5] = 0.0, 1.0
    holm = multipletests(p, method="holm")[1]
    bh = multipletests(p, method="fdr_bh")[1]
    assert np.allclose(bh, stats.false_discovery_control(p), rtol=1e-12)
    families.append({"p": p.tolist(), "holm": holm.tolist(), "bh": bh.tolist()})

here = os.path.dirname(os.path.abspath(__file__))
with open(os.path.join(here, "paired.json"), "w") as f:
    json.dump({"tables": tables, "clustered": clustered, "flips": flips, "families": families}, f)
    f.write("\n")
