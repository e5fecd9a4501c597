"""Expected values for bradleyterry_test.go: python bradleyterry.py

Python 3.11.7, choix 0.4.1, numpy 2.4.6, scipy 1.17.1, statsmodels 0.15.0.
Writes bradleyterry.json beside itself; the same file on every run.

- plain: abilities by choix.opt_pairwise, by maximum likelihood and with a
  penalty. choix adds alpha*sum(theta^2), so that its alpha is half of our
  ridge. Its optimiser stops at abilities that are right to some 1e-7.
- glm: abilities, order and nudge by statsmodels' binomial GLM on a design
  matrix without the first item; standard errors of the model and by cluster.
  statsmodels corrects the latter by (n-1)/(n-k) as well, which is taken out
  here (use_correction=False, then C/(C-1)).
- ridge: the penalised model with order, nudge and half-won ties by scipy's
  trust-exact, dense, polished by Newton's steps; standard errors by dense
  matrix inversion.
"""

import json
import os

import choix
import numpy as np
import statsmodels.api as sm
from scipy.optimize import minimize
from scipy.special import expit

rng = np.random.default_rng(20251007)
FIRST, SECOND, TIED, NONE = 1, 2, 3, 0


def contests(items, clusters, ties):
    theta = rng.normal(0, 0.8, items)
    rows = []
    for c in range(clusters):
        i, j = rng.choice(items, 2, replace=False)
        shared = rng.normal(0, 0.7)  # makes contests of a cluster alike
        for nudge in (0, 1, -1)[: rng.integers(1, 4)]:
            p = expit(theta[i] - theta[j] + 0.2 + 0.9 * nudge + shared)
            outcome = FIRST if rng.random() < p else SECOND
            if rng.random() < ties:
                outcome = rng.choice([TIED, NONE])
            rows.append((int(i), int(j), int(nudge), int(outcome), c))
    return np.array(rows)


def columns(rows):
    return dict(zip(["first", "second", "nudge", "outcome", "cluster"], rows.T.tolist()))


def design(rows, items):
    n = len(rows)
    x = np.zeros((n, items + 2))
    x[np.arange(n), rows[:, 0]] += 1
    x[np.arange(n), rows[:, 1]] -= 1
    x[:, items] = 1
    x[:, items + 1] = rows[:, 2]
    return x


def sandwich(x, residual, cluster, bread):
    score = np.array([(x[cluster == c] * residual[cluster == c, None]).sum(0) for c in np.unique(cluster)])
    c = len(score)
    return c / (c - 1) * bread @ score.T @ score @ bread


def centred(items, item):
    v = np.zeros(items + 2)
    v[:items] = -1 / items
    v[item] += 1
    return v


def plain():
    items = 7
    rows = contests(items, 120, 0)
    wins = [(i, j) if o == FIRST else (j, i) for i, j, _, o, _ in rows]
    ml = choix.opt_pairwise(items, wins, alpha=0, method="Newton-CG")
    ridge = choix.opt_pairwise(items, wins, alpha=0.5, method="Newton-CG")
    return columns(rows) | {"items": items, "ml": (ml - ml.mean()).tolist(), "ridge1": ridge.tolist()}


def glm():
    items = 6
    rows = contests(items, 150, 0)
    x = design(rows, items)
    y = (rows[:, 3] == FIRST).astype(float)
    model = sm.GLM(y, x[:, 1:], family=sm.families.Binomial())
    fit = model.fit(tol=1e-14, maxiter=100)
    clusters = len(set(rows[:, 4]))
    robust = model.fit(tol=1e-14, maxiter=100, cov_type="cluster", cov_kwds={"groups": rows[:, 4], "use_correction": False})
    # Back to all items: theta = A·parameters, centred.
    lift = np.zeros((items + 2, items + 1))
    lift[1:] = np.eye(items + 1)
    centre = np.eye(items + 2)
    centre[:items, :items] -= 1 / items
    a = centre @ lift
    se = lambda cov: np.sqrt(np.diag(a @ cov @ a.T)).tolist()
    return columns(rows) | {
        "items": items, "x": (a @ fit.params).tolist(), "information": se(fit.cov_params()),
        "sandwich": se(robust.cov_params() * clusters / (clusters - 1)), "loglikelihood": float(fit.llf),
    }


def ridge():
    items, penalty = 12, 0.7
    rows = contests(items, 90, 0.25)
    used = rows[rows[:, 3] != NONE]
    x, y = design(used, items), np.select([used[:, 3] == FIRST, used[:, 3] == TIED], [1, 0.5], 0.0)
    d = np.r_[np.full(items, penalty), 0, 0]
    loss = lambda b: np.logaddexp(0, x @ b).sum() - y @ x @ b + d @ (b * b) / 2
    slope = lambda b: x.T @ (expit(x @ b) - y) + d * b
    curve = lambda b: (x.T * (expit(x @ b) * expit(-x @ b))) @ x + np.diag(d)
    b = minimize(loss, np.zeros(items + 2), jac=slope, hess=curve, method="trust-exact").x
    for _ in range(5):
        b = b - np.linalg.solve(curve(b), slope(b))
    inverse = np.linalg.inv(curve(b))
    robust = sandwich(x, y - expit(x @ b), used[:, 4], inverse)
    trusting = inverse @ (curve(b) - np.diag(d)) @ inverse
    v = np.array([centred(items, i) for i in range(items)] + list(np.eye(items + 2)[items:]))
    return columns(rows) | {
        "items": items, "ridge": penalty, "x": b.tolist(),
        "information": np.sqrt(np.diag(v @ trusting @ v.T)).tolist(), "sandwich": np.sqrt(np.diag(v @ robust @ v.T)).tolist(),
    }


with open(os.path.splitext(os.path.abspath(__file__))[0] + ".json", "w") as f:
    json.dump({"plain": plain(), "glm": glm(), "ridge": ridge()}, f)
    f.write("\n")
