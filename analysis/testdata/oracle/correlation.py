#!/usr/bin/env python3
"""Expected values of the correlation of two models' positions.

Python 3.11, numpy 2.4.6, scipy 1.17.1. Writes correlation.json beside
itself; running it again gives the same file.

r is scipy.stats.pearsonr over the observations on which both have a score.
The standard error over clusters is the infinitesimal jackknife taken
literally: the derivative of the weighted correlation to the weight of each
cluster, by a complex step, which knows nothing of the closed form of the
influence function. A null is a missing score.
"""
import json
import math
import os

import numpy as np
from scipy import stats

rng = np.random.default_rng(77)


def weighted_r(x, y, w):
    n = w.sum()
    mx, my = (w * x).sum() / n, (w * y).sum() / n
    cov = (w * (x - mx) * (y - my)).sum()
    return cov / (np.sqrt((w * (x - mx) ** 2).sum()) * np.sqrt((w * (y - my) ** 2).sum()))


def case(rows, missing, shared, clustered):
    x = rng.integers(0, 7, (2, rows)).astype(float)
    y = np.where(rng.random((2, rows)) < shared, x, rng.integers(0, 7, (2, rows)))
    x[rng.random(x.shape) < missing] = np.nan
    y[rng.random(y.shape) < missing] = np.nan
    cluster = rng.integers(0, max(2, rows // 3), rows) if clustered else np.arange(rows)
    both = ~np.isnan(x) & ~np.isnan(y)
    a, b = x[both], y[both]
    c = np.broadcast_to(cluster, x.shape)[both]
    groups = np.unique(c)
    h = 1e-30
    slopes = [weighted_r(a, b, np.where(c == g, 1 + 1j * h, 1 + 0j)).imag / h for g in groups]
    k = len(groups)
    r = float(stats.pearsonr(a, b).statistic)
    se = math.sqrt(k / (k - 1) * sum(s * s for s in slopes))
    half = stats.norm.ppf(0.975) * se / (1 - r * r)
    number = lambda m: [[None if math.isnan(v) else int(v) for v in row] for row in m.tolist()]
    return {"x": number(x), "y": number(y), "cluster": cluster.tolist(), "clustered": clustered,
            "r": r, "n": int(both.sum()), "clusters": k, "se": float(se),
            "lo": math.tanh(math.atanh(r) - half), "hi": math.tanh(math.atanh(r) + half)}


cases = [case(*c) for c in [(8, 0, 0.5, False), (70, 0, 0.2, True), (130, 0.1, 0.7, True), (65, 0.3, -1, True), (200, 0.05, 0.9, False)]]
path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "correlation.json")
with open(path, "w") as f:
    json.dump({"cases": cases}, f, indent=1)
    f.write("\n")
