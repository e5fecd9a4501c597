"""Expected values for Cochran-Armitage trend tests and logistic regression.

Writes regression.json beside this file, the same bytes every time:

    python3 regression.py

Made with Python 3.11, numpy 2.4.6, pandas 3.1.1, scipy 1.17.1,
statsmodels 0.15.0.

What the oracles do otherwise:
- Table.test_ordinal_association divides the variance by n-1 (Mantel 1963)
  where Cochran and Armitage have n: its z is theirs times sqrt((n-1)/n).
- GEE.compare_score_test has no C/(C-1) in its variance: its chi-squared is
  ours times C/(C-1).
- GLM takes the normal distribution for cov_type="cluster" unless told
  use_t=True, and its cov_type="HC1" leaves out the n/(n-k) of that name:
  here each unit is a cluster of its own instead.
"""

import json
import pathlib

import numpy as np
import statsmodels.api as sm
from statsmodels.genmod.cov_struct import Independence

rng = np.random.default_rng(31001)


def trend():
    out = []
    cases = [
        ([7, 12, 14, 49, 97], [1000] * 5, None),  # Figure 2, majority
        ([49, 53, 123, 280, 494], [1000] * 5, None),  # Figure 2, any
        ([7, 12, 14, 49, 97], [1000] * 5, [0.5, 1.25, 1.75, 2.25, 2.75]),
    ]
    for _ in range(10):
        k = int(rng.integers(2, 7))
        units = rng.integers(3, 200, k)
        hits = [int(rng.integers(0, u + 1)) for u in units]
        cases.append((hits, [int(u) for u in units], [float(s) for s in np.round(np.sort(rng.normal(size=k)), 3)]))
    for hits, units, scores in cases:
        table = np.array([[h, u - h] for h, u in zip(hits, units)])
        r = sm.stats.Table(table).test_ordinal_association(
            row_scores=np.arange(len(hits)) if scores is None else np.array(scores), col_scores=np.array([1, 0])
        )
        out.append({"hits": hits, "units": units, "scores": scores, "mantel_z": float(r.zscore), "mantel_p": float(r.pvalue)})
    return out


def clustered(n, clusters, k, effect):
    """Units in clusters that share a random effect."""
    group = np.sort(rng.integers(0, clusters, n))
    x = np.round(rng.normal(size=(n, k)) * [10.0**j for j in range(k)] + 3, 3)
    x[:, 0] = rng.integers(0, 5, n)  # bins
    noise = rng.normal(size=clusters)[group]
    p = 1 / (1 + np.exp(-(-1.5 + effect * x[:, 0] + noise)))
    y = rng.random(n) < p
    return x, y, group


def logistic():
    out = []
    for n, clusters, k, effect in [(300, 120, 1, 0.4), (150, 60, 3, 0.0), (400, 45, 2, -0.5), (80, 30, 1, 1.0)]:
        x, y, group = clustered(n, clusters, k, effect)
        exog = sm.add_constant(x)
        model = sm.GLM(y.astype(float), exog, family=sm.families.Binomial())
        fit = model.fit(tol=1e-14, maxiter=100, cov_type="cluster", cov_kwds={"groups": group}, use_t=True)
        hc1 = model.fit(tol=1e-14, maxiter=100, cov_type="cluster", cov_kwds={"groups": np.arange(n)})
        plain = model.fit(tol=1e-14, maxiter=100)
        present = np.unique(group)
        gee = sm.GEE(y.astype(float), exog[:, [0, 1]], groups=group, family=sm.families.Binomial(), cov_struct=Independence())
        null = sm.GEE(y.astype(float), exog[:, [0]], groups=group, family=sm.families.Binomial(), cov_struct=Independence()).fit()
        score = gee.compare_score_test(null)
        out.append(
            {
                "x": x.tolist(),
                "y": [int(v) for v in y],
                "cluster": [int(g) for g in group],
                "clusters": int(len(present)),
                "coefficients": fit.params.tolist(),
                "se": fit.bse.tolist(),
                "t": fit.tvalues.tolist(),
                "p": fit.pvalues.tolist(),
                "interval": fit.conf_int().tolist(),
                "se_hc1": hc1.bse.tolist(),
                "se_model": plain.bse.tolist(),
                "log_likelihood": float(fit.llf),
                "null_log_likelihood": float(fit.llnull),
                # The score test of the first predictor alone.
                "gee_score": float(np.asarray(score["statistic"]).squeeze()),
            }
        )
    return out


json.dump({"trend": trend(), "logistic": logistic()}, open(pathlib.Path(__file__).with_suffix(".json"), "w"), separators=(",", ":"))
