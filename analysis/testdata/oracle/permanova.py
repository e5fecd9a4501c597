#!/usr/bin/env python3
"""Expected values of PERMANOVA and of the gap of mean distances.

Python 3.11, numpy 2.4.6, scipy 1.17.1, scikit-bio 0.7.4. Writes
permanova.json beside itself; running it again gives the same file.

Pseudo-F: skbio.stats.distance.permanova. Exact p and the number of
arrangements: all distinct partitions of the items into groups of the given
sizes, with the sums of squares about group means computed from coordinates,
not distances. scikit-bio's own p is of random permutations and not used.
"""
import itertools
import json
import os

import numpy as np
from scipy.spatial.distance import pdist, squareform
from skbio import DistanceMatrix
from skbio.stats.distance import permanova

rng = np.random.default_rng(44)


def partitions(items, sizes):
    """All ways to part items into unnamed groups of these sizes."""
    if not sizes:
        yield ()
        return
    first, rest = items[0], items[1:]
    for size in sorted(set(sizes)):
        others = list(sizes)
        others.remove(size)
        for mates in itertools.combinations(rest, size - 1):
            left = [i for i in rest if i not in mates]
            for more in partitions(left, others):
                yield ((first,) + mates,) + more


def within(x, groups):
    return sum(((x[list(g)] - x[list(g)].mean(axis=0)) ** 2).sum() for g in groups)


def inside(d, groups):
    return sum(d[i, j] for g in groups for i, j in itertools.combinations(g, 2))


cases = []
for labels, shift in [("aabb", 1), ("aaabbc", 2), ("aaabbb", 0.5), ("aabbccc", 1), ("aaaaabbbbbcd", 0.8), ("abcdaabbaabb", 0)]:
    centre = {g: rng.normal(0, shift, 3) for g in sorted(set(labels))}
    x = np.array([centre[g] + rng.normal(size=3) for g in labels]).round(4)
    d = squareform(pdist(x))
    names = sorted(set(labels))
    groups = [tuple(i for i, g in enumerate(labels) if g == name) for name in names]
    n, g = len(labels), len(names)
    total, w = ((x - x.mean(axis=0)) ** 2).sum(), within(x, groups)
    result = permanova(DistanceMatrix(d, [str(i) for i in range(n)]), list(labels), permutations=0)
    f = ((total - w) / (g - 1)) / (w / (n - g))
    assert abs(result["test statistic"] / f - 1) < 1e-9
    ways = hits_f = hits_gap = 0
    near = inside(d, groups)
    for p in partitions(list(range(n)), [len(q) for q in groups]):
        ways += 1
        hits_f += within(x, p) <= w * (1 + 1e-10)
        hits_gap += inside(d, p) <= near * (1 + 1e-10)
    same = [d[i, j] for i, j in itertools.combinations(range(n), 2) if labels[i] == labels[j]]
    other = [d[i, j] for i, j in itertools.combinations(range(n), 2) if labels[i] != labels[j]]
    cases.append({"groups": list(labels), "profiles": x.tolist(), "f": float(result["test statistic"]),
                  "r2": float(1 - w / total), "between": float(np.mean(other)), "within": float(np.mean(same)),
                  "arrangements": ways, "p": hits_f / ways, "gap_p": hits_gap / ways})

here = os.path.dirname(os.path.abspath(__file__))
with open(os.path.join(here, "permanova.json"), "w") as f:
    json.dump(cases, f)
    f.write("\n")
