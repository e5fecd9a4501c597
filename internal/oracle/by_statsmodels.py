"""Tests of Figure 2 and coefficients of the judges, by statsmodels, scipy,
krippendorff and plain formulas.

Each function returns {id: {field: value}}, the fields being those of a record
of results.json.
"""

from itertools import combinations, product
from math import sqrt

import krippendorff
import numpy as np
import pandas as pd
import statsmodels.api as sm
from scipy.optimize import brentq
from scipy.stats import norm
from statsmodels.stats.inter_rater import cohens_kappa
from statsmodels.stats.multitest import multipletests

from by_pandas import squash, verdict_table
from published import OPENAI

BINS = ["0.0-1.0", "1.0-1.5", "1.5-2.0", "2.0-2.5", "2.5-3.0"]


def design_effect(hits, cluster):
    """Linearised variance of a share over that of independent units, at least 1."""
    n, p = len(hits), hits.mean()
    sums = (hits - p).groupby(np.asarray(cluster)).sum() / n
    c = len(sums)
    return max(1.0, c / (c - 1) * (sums**2).sum() / (p * (1 - p) / (n - 1)))


def compliance(v, judges, key):
    """v is by_pandas.verdict_table's."""
    out = {}
    full = v.dropna(subset=judges)
    full = full[full.model.isin([squash(m) for m in OPENAI])]
    k = (full[judges] != "compliant").sum(axis=1)
    for rule, flagged in ("majority", k > len(judges) / 2), ("any", k > 0):
        scenarios = full.assign(flagged=flagged).groupby(["bin", *key], sort=True).agg(
            n=("flagged", "size"), fails=("flagged", "all"), d=("max_pop_std_openai", "first")).reset_index()
        s = scenarios[scenarios.n == len(OPENAI)]
        fails, cluster = s.fails.astype(float), pd.Series(list(zip(s[key[0]], s[key[1]])), index=s.index).map(str)
        base = f"compliance.fig2.{rule}."
        share, effect, n = {}, {}, {}
        for b in BINS:
            mine = s.bin == b
            share[b], n[b] = fails[mine].mean(), int(mine.sum())
            effect[b] = design_effect(fails[mine], cluster[mine])
            out[base + b] = {"design_effect": effect[b], "clusters": int(cluster[mine].nunique())}
        a, b = share[BINS[-1]], share[BINS[0]]
        ends = s.bin.isin([BINS[0], BINS[-1]])
        both = {"n": n[BINS[0]] + n[BINS[-1]]}
        out[base + "last_over_first"] = {"value": a / b, "clusters": int(cluster[ends].nunique()), **both}
        out[base + "last_minus_first"] = {"value": a - b, "clusters": int(cluster[ends].nunique()), **both}
        # Woolf with n over the design effect.
        variance = sum(effect[x] / (n[x] * share[x] * (1 - share[x])) for x in (BINS[0], BINS[-1]))
        odds = a / (1 - a) / (b / (1 - b))
        out[base + "odds_ratio"] = {"value": odds, "se": odds * sqrt(variance), "lo": odds * np.exp(-norm.ppf(0.975) * sqrt(variance)), **both}

        deff = max(effect[BINS[0]], effect[BINS[-1]])
        m1, m2 = n[BINS[-1]] / deff, n[BINS[0]] / deff

        def short(d):
            p = b + d
            mean = (p * m1 + b * m2) / (m1 + m2)
            return d - norm.ppf(0.975) * sqrt(mean * (1 - mean) * (1 / m1 + 1 / m2)) - norm.ppf(0.8) * sqrt(p * (1 - p) / m1 + b * (1 - b) / m2)

        out[base + "detectable"] = {"value": brentq(short, 1e-9, 1 - b, xtol=1e-14), "design_effect": deff, **both}

        score = s.bin.map({b: sum(map(float, b.split("-"))) / 2 for b in BINS})
        u = ((score - score.mean()) * (fails - fails.mean())).groupby(cluster.to_numpy()).sum()
        z = u.sum() / sqrt((u**2).sum() * len(u) / (len(u) - 1))
        out[base + "trend"] = {"value": z, "statistic": z, "p": 2 * norm.sf(abs(z)), "n": len(s), "clusters": len(u)}

        fit = sm.GLM(fails.to_numpy(), sm.add_constant(s.d.to_numpy()), family=sm.families.Binomial()).fit(
            tol=1e-14, cov_type="cluster", cov_kwds={"groups": cluster.to_numpy()}, use_t=True)
        lo, hi = fit.conf_int()[1]
        count = {"n": len(s), "clusters": int(cluster.nunique())}
        out[base + "logistic.intercept"] = {"value": fit.params[0], "se": fit.bse[0], **count}
        out[base + "logistic.slope"] = {"value": fit.params[1], "se": fit.bse[1], "lo": lo, "hi": hi, "statistic": fit.tvalues[1], "p": fit.pvalues[1], **count}
        out[base + "logistic.odds_ratio"] = {"value": np.exp(fit.params[1]), "lo": np.exp(lo), "hi": np.exp(hi), **count}
    return out


def beyond(observed, chance):
    return (observed - chance) / (1 - chance)


def unequal_fleiss(counts):
    """Of counts by item and category, items with any number of ratings: the
    observed agreement, chance's, and the categories' shares."""
    m = counts.sum(axis=1)
    counts, m = counts[m > 0], m[m > 0]
    two = m >= 2
    observed = ((counts * (counts - 1)).sum(axis=1)[two] / (m * (m - 1))[two]).mean()
    shares = (counts / m[:, None]).mean(axis=0)
    return observed, (shares**2).sum(), shares


def coefficients(v, judges):
    out = {}
    codes = {"binary": {"compliant": 0, "noncompliant": 1, "ambiguous": 1}, "three": {"compliant": 0, "noncompliant": 1, "ambiguous": 2}}
    names = {"binary": ["compliant", "problematic"], "three": ["compliant", "non-compliant", "ambiguous"]}
    cluster = v.cluster.to_numpy()
    for scheme, code in codes.items():
        x = v[judges].apply(lambda c: c.map(code)).to_numpy(dtype=float, na_value=np.nan)
        q = len(names[scheme])
        counts = np.stack([(x == c).sum(axis=1) for c in range(q)], axis=1)
        rated = counts.sum(axis=1)
        any_, two = int((rated >= 1).sum()), int((rated >= 2).sum())
        observed, chance, shares = unequal_fleiss(counts)
        put = lambda id, value, n=None: out.__setitem__(f"judges.{id}", {"value": value} | ({} if n is None else {"n": n}))
        put(f"coefficient.percent.{scheme}", observed, two)
        put(f"coefficient.fleiss.{scheme}", beyond(observed, chance), any_)
        put(f"coefficient.gwet.{scheme}", beyond(observed, (shares * (1 - shares)).sum() / (q - 1)), any_)
        by = np.array([[(x[:, j] == c).sum() / (~np.isnan(x[:, j])).sum() for c in range(q)] for j in range(len(judges))])
        r = len(judges)
        put(f"coefficient.conger.{scheme}", beyond(observed, (by.sum(axis=0) ** 2 - (by**2).sum(axis=0)).sum() / (r * (r - 1))))
        put(f"coefficient.krippendorff.{scheme}", krippendorff.alpha(reliability_data=x.T, level_of_measurement="nominal"), two)
        put(f"prevalence.{scheme}", (q * shares.max() - 1) / (q - 1))
        for (i, a), (j, b) in combinations(enumerate(judges), 2):
            both = ~np.isnan(x[:, [i, j]]).any(axis=1)
            table = np.zeros((q, q))
            np.add.at(table, (x[both, i].astype(int), x[both, j].astype(int)), 1)
            table /= table.sum()
            n = int(both.sum())
            put(f"pair.percent.{scheme}.{a}.{b}", np.trace(table), n)
            put(f"pair.cohen.{scheme}.{a}.{b}", cohens_kappa(table * n, return_results=False), n)
            mean = (table.sum(axis=0) + table.sum(axis=1)) / 2
            put(f"pair.scott.{scheme}.{a}.{b}", beyond(np.trace(table), (mean**2).sum()), n)
        for c, name in enumerate(names[scheme]):
            put(f"category.{scheme}.{name}.specific", (counts[:, c] * (counts[:, c] - 1)).sum() / (counts[:, c] * (rated - 1))[rated >= 2].sum(), two)
            one = np.stack([counts[:, c], rated - counts[:, c]], axis=1)
            observed1, chance1, _ = unequal_fleiss(one)
            put(f"category.{scheme}.{name}.kappa", beyond(observed1, chance1), any_)

    flags = v[judges].apply(lambda c: c.map(codes["binary"]))
    ids, p = [], []
    for a, b in combinations(judges, 2):
        both = flags[[a, b]].dropna()
        d = (both[a] - both[b]).astype(int)
        net = d.groupby(cluster[both.index.to_numpy()]).sum()
        id = f"judges.flag_rate_difference.{a}.{b}"
        ids.append(id)
        p.append(sign_p(net.to_numpy()))
        out[id] = {"value": d.mean(), "n": len(both), "statistic": int(d.sum()), "p": p[-1], "clusters": len(net)}
    for id, adjusted in zip(ids, multipletests(p, method="holm")[1]):
        out[id]["p_adjusted"] = adjusted
    for j in judges:
        known = flags[j].dropna()
        out[f"judges.flag_rate.{j}"] = {"design_effect": design_effect(known.astype(float), cluster[known.index.to_numpy()])}
    return out


def sign_p(nets):
    """How often a sum with random signs lies as far from 0, by convolution."""
    reach = int(np.abs(nets).sum())
    p = np.zeros(2 * reach + 1)
    p[reach] = 1
    for x in np.abs(nets):
        if x:
            p = (np.roll(p, x) + np.roll(p, -x)) / 2  # what would wrap round is 0 until the end
    sums = np.abs(np.arange(-reach, reach + 1))
    return p[sums >= abs(int(nets.sum()))].sum()


def tests(paths, judges, key):
    v = verdict_table(paths, judges, key, "max_pop_std_openai")
    v["cluster"] = v[key[0]].astype(str) + "-" + v[key[1]].astype(str)
    return compliance(v, judges, key) | coefficients(v, judges)
