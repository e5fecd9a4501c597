"""Writes agreement.json: coefficients of agreement on randomised ratings.

Run with Python 3.11 or later and the versions of requirements-agreement.txt:

    python agreement.py            # writes agreement.json beside this file
    python agreement.py --check    # exits with 1 if it would differ

Programs: irrCAC 0.4.4 (values and sampling standard errors), krippendorff
0.9.0 (alpha), scikit-learn 1.9.1 (Cohen's kappa), statsmodels 0.15.0
(Cohen's kappa with the standard error of Fleiss, Cohen and Everitt 1969;
Fleiss' kappa), numpy 1.26.4.

What to know of them:
- irrCAC rounds to five digits unless told otherwise; takes the categories
  that occur for all there are, which changes AC1 and AC2, unless told
  otherwise; its module table divides variances by n, its module raw by
  n-1; a standard error of 0 becomes 1e-15; its "ordinal" alpha has Gwet's
  ordinal weights, not Krippendorff's ordinal metric; ratio weights refuse
  a category 0. It divides by zero where a rater rated nothing.
- krippendorff raises ValueError where all ratings are in one category or
  none can be paired.
- scikit-learn weights categories by their place among the labels it is
  given or finds, so labels are given; it returns NaN where chance agreement
  is perfect.
- statsmodels' fleiss_kappa wants counts and takes ratings for them without
  an error, wants as many raters for every item, returns NaN where all
  ratings are in one category, and has no standard error.
"""

import json
import pathlib
import sys
import warnings

import krippendorff
import numpy as np
import pandas as pd
from irrCAC.raw import CAC
from irrCAC.table import CAC as TableCAC
from sklearn.metrics import cohen_kappa_score
from statsmodels.stats.inter_rater import cohens_kappa, fleiss_kappa

warnings.simplefilter("ignore")
WEIGHTS = ["identity", "linear", "quadratic", "ordinal"]


def simulate(rng, items, raters, categories, missing, skew):
    """Raters follow an item's true category or draw by their own shares."""
    shares = np.array([float(skew) ** k for k in range(categories)])
    shares /= shares.sum()
    truth = rng.choice(categories, size=items, p=shares)
    table = np.empty((items, raters))
    for r in range(raters):
        own = rng.dirichlet(shares * 20 + 0.5)
        keep = rng.random(items) < rng.uniform(0.4, 0.9)
        table[:, r] = np.where(keep, truth, rng.choice(categories, size=items, p=own))
    table += 1  # categories are 1..q, as ratio weights want
    table[rng.random((items, raters)) < missing] = np.nan
    return table


def pair(estimate):
    e = estimate["est"]
    return [float(e["coefficient_value"]), float(e["se"])]


def case(name, table, categories):
    out = {"name": name, "categories": categories}
    out["items"] = " ".join("".join("." if np.isnan(x) else str(int(x) - 1) for x in row) for row in table)
    labels = [float(k) for k in range(1, categories + 1)]
    frame = pd.DataFrame(table)
    for w in WEIGHTS:
        c = CAC(frame.copy(), weights=w, categories=labels, digits=17)
        out[w] = {"fleiss": pair(c.fleiss()), "conger": pair(c.conger()), "gwet": pair(c.gwet())}
    out["alpha"] = {}
    for metric, w in [("nominal", "identity"), ("interval", "quadratic"), ("ratio", "ratio")]:
        value, se = pair(CAC(frame.copy(), weights=w, categories=labels, digits=17).krippendorff())
        other = krippendorff.alpha(reliability_data=table.T, value_domain=labels, level_of_measurement=metric)
        assert abs(value - other) < 1e-12, (name, metric, value, other)
        out["alpha"][metric] = [float(other), se]
    out["alpha"]["ordinal"] = [float(krippendorff.alpha(reliability_data=table.T, value_domain=labels, level_of_measurement="ordinal"))]

    full = table[~np.isnan(table).any(axis=1)].astype(int) - 1
    counts = np.array([np.bincount(row, minlength=categories) for row in full])
    out["complete"] = {"items": len(full), "fleiss": float(fleiss_kappa(counts))}
    if table.shape[1] == 2:
        a, b = full.T
        cross = np.zeros((categories, categories), int)
        np.add.at(cross, (a, b), 1)
        out["cohen"], out["scott"], out["percent"] = {}, {}, {}
        for w in WEIGHTS:
            t = TableCAC(pd.DataFrame(cross), weights=w, digits=17)
            out["cohen"][w] = pair(t.cohen())
            out["scott"][w] = pair(t.scott())
            out["percent"][w] = pair(t.pa2())
        for w, sk in [("identity", None), ("linear", "linear"), ("quadratic", "quadratic")]:
            other = cohen_kappa_score(a, b, labels=list(range(categories)), weights=sk)
            assert abs(out["cohen"][w][0] - other) < 1e-12, (name, w, other)
        other = cohens_kappa(cross)
        assert abs(out["cohen"]["identity"][1] - other.std_kappa) < 1e-12, name
    return out


def main():
    cases = []
    seed = 0
    for raters in range(2, 7):
        for categories, missing, skew in [(2, 0, 1), (2, 0.1, 0.15), (3, 0.3, 0.5), (3, 0, 0.2), (5, 0.2, 0.8), (7, 0.1, 0.6)]:
            rng = np.random.default_rng(seed)
            seed += 1
            table = simulate(rng, 36, raters, categories, missing, skew)
            name = f"{raters} raters, {categories} categories, {missing:.0%} missing, skew {skew}"
            cases.append(case(name, table, categories))
    lines = ",\n".join(json.dumps(c) for c in cases)
    text = "[\n" + lines + "\n]\n"
    path = pathlib.Path(__file__).with_suffix(".json")
    if "--check" in sys.argv[1:]:
        sys.exit(0 if path.read_text() == text else f"{path.name} differs")
    path.write_text(text)


if __name__ == "__main__":
    main()
