"""Expected values for cooccurrence_test.go: python cooccurrence.py

Python 3.11.7, numpy 2.4.6, scipy 1.17.1. Writes cooccurrence.json beside
itself; the same file on every run.

Random labels of two models, some rows unlabelled, in clusters of one to three.
P(Y|X) has Wilson's limits on n over the design effect; the limits of the lift
come from the covariance matrix of the clusters' four totals and the gradient of
its logarithm (the delta method, where the Go code sums influence values).
Limits are null where there are none.
"""

import json
import os

import numpy as np
from scipy.stats import norm

rng = np.random.default_rng(20251008)
ROWS, LABELS = 160, 5
Z = norm.ppf(0.975)

cluster = np.sort(rng.integers(0, 70, ROWS))
shared = rng.normal(0, 1, (70, LABELS))[cluster]
has = [shared + rng.normal(0, 1, (ROWS, LABELS)) > np.array([-0.5, 0, 0.8, 1.5, 9]) for _ in range(2)]
missing = [rng.random(ROWS) < 0.05 for _ in range(2)]
use = ~missing[0] & ~missing[1]
a, b, group = has[0][use], has[1][use], cluster[use]
groups = np.unique(group)


def wilson(p, n):
    centre, half = p + Z * Z / (2 * n), Z * np.sqrt(p * (1 - p) / n + Z * Z / (4 * n * n))
    return (centre - half) / (1 + Z * Z / n), (centre + half) / (1 + Z * Z / n)


def share(x, y):
    n = x.sum()
    if n == 0:
        return None
    p = y[x].mean()
    size = np.array([x[group == g].sum() for g in groups])
    residual = np.array([(y[(group == g) & x] - p).sum() for g in groups])[size > 0]
    size = size[size > 0]
    c = len(size)
    if c == n:
        effect = 1.0
    elif 0 < p < 1:
        effect = max(1.0, c / (c - 1) * (residual**2).sum() / n**2 / (p * (1 - p) / (n - 1)))
    else:
        effect = (size**2).sum() / n
    lo, hi = wilson(p, n / effect)
    return [p, 0.0 if p == 0 else lo, 1.0 if p == 1 else hi]


def lift(x, y):
    totals = np.array([[(x & y)[group == g].sum(), x[group == g].sum(), y[group == g].sum(), (group == g).sum()] for g in groups], float)
    nxy, nx, ny, n = totals.sum(0)
    if nx == 0 or ny == 0:
        return None
    value = nxy * n / (nx * ny)
    if nxy == 0:
        return [0.0, None, None]
    gradient = np.array([1 / nxy, -1 / nx, -1 / ny, 1 / n])
    se = np.sqrt(len(groups) * gradient @ np.cov(totals.T) @ gradient)
    return [value, value * np.exp(-Z * se), value * np.exp(Z * se)]


out = {
    "cluster": cluster.tolist(),
    "labels": [[None if m else np.flatnonzero(h).tolist() for h, m in zip(has[k], missing[k])] for k in range(2)],
    "p": [[share(a[:, x], b[:, y]) for x in range(LABELS)] for y in range(LABELS)],
    "lift": [[lift(a[:, x], b[:, y]) for x in range(LABELS)] for y in range(LABELS)],
}
with open(os.path.splitext(os.path.abspath(__file__))[0] + ".json", "w") as f:
    json.dump(out, f, default=float)
    f.write("\n")
