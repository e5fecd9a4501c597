#!/usr/bin/env python3
"""Expected BCa and percentile intervals on the very draws of Bootstrap.

Python 3.11, numpy 2.4.6, scipy 1.17.1. Writes bca.json beside itself;
running it again gives the same file.

The draws are made here by a program of its own: PCG-DXSM (128-bit state,
as in Go's math/rand/v2) seeded with (seed, replicate), low half of each
word first, Lemire's rule. scipy.stats.bootstrap then makes the intervals
from the replicates (bootstrap_result, n_resamples=0), with its own bias and
jackknife. Its standard_error is the sample standard deviation.
"""
import json
import os
from types import SimpleNamespace

import numpy as np
from scipy import stats

M128, M64, M32 = 2**128 - 1, 2**64 - 1, 2**32 - 1
MUL = 2549297995355413924 << 64 | 4865540595714422341
INC = 6364136223846793005 << 64 | 1442695040888963407


def words(seed, replicate):
    state = seed << 64 | replicate
    while True:
        state = (state * MUL + INC) & M128
        hi, lo = state >> 64, state & M64
        hi ^= hi >> 32
        hi = hi * 0xDA942042E4DD58B5 & M64
        hi ^= hi >> 48
        yield hi * (lo | 1) & M64


def draws(n, seed, replicate):
    out = []
    for word in words(seed, replicate):
        if len(out) == n:
            return out
        halves = (word & M32, word >> 32) if n - len(out) >= 2 else (word & M32,)
        for half in halves:
            product = half * n
            if product & M32 >= 2**32 % n:
                out.append(product >> 32)


rng = np.random.default_rng(43)
cases = []
for name, n, replicates in [("mean", 12, 400), ("ratio", 25, 500), ("variance", 15, 400), ("ratio", 60, 300)]:
    y = rng.exponential(1, n).round(4)
    x = rng.exponential(1, n).round(4) + 0.1

    def stat(i):
        i = np.asarray(i, int)
        if name == "mean":
            return y[i].mean()
        if name == "ratio":
            return y[i].sum() / x[i].sum()
        return y[i].var()

    values = np.array([stat(draws(n, 7, r)) for r in range(replicates)])
    given = SimpleNamespace(bootstrap_distribution=values)
    out = {"stat": name, "y": y.tolist(), "x": x.tolist(), "replicates": replicates, "seed": 7}
    for level in (0.95, 0.8):
        for method in ("BCa", "percentile"):
            r = stats.bootstrap((np.arange(n),), stat, n_resamples=0, bootstrap_result=given, vectorized=False,
                                confidence_level=level, method=method)
            ci = r.confidence_interval
            out[f"{method}_{level}"] = [float(ci.low), float(ci.high)]
            out["se"] = float(r.standard_error)
    cases.append(out)

here = os.path.dirname(os.path.abspath(__file__))
with open(os.path.join(here, "bca.json"), "w") as f:
    json.dump(cases, f)
    f.write("\n")
