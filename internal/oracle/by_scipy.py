"""Providers and rankings, by numpy, scipy and statsmodels.

Each function returns {id: {field: value}}, the fields being those of a record
of results.json; value_name is the value that a record's group names.
"""

import re
from itertools import combinations

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.sparse.csgraph import connected_components
from scipy.sparse.linalg import LinearOperator, cg
from scipy.stats import norm, spearmanr
from statsmodels.stats.multitest import multipletests

from by_pandas import frame, scores
from published import ALL, FAVOUR, PROVIDERS

RIDGE = 1.0
ELO = 400 / np.log(10)


def order_of_figures(names):
    """OpenAI, Anthropic, Google, xAI: how the pairs are turned."""
    return [p for p in ("openai", "anthropic", "google", "xai") if p in names]


def providers(paths, tree):
    nodes = pd.read_csv(tree, dtype=str).set_index("cluster_id")
    slug = {}
    for node in nodes[nodes.level == "0"].itertuples():
        top = nodes.loc[nodes.loc[node.parent_cluster_id].parent_cluster_id]
        slug[node.name.strip().lower()] = re.sub("[^a-z0-9]+", "-", top["name"].lower())
    x = scores(paths, ALL)  # [value, model, row]
    rows = frame(paths, ["value1", "value2", "chunk_index", "entry_idx"])
    cluster = pd.factorize(rows.chunk_index.astype(str) + "-" + rows.entry_idx.astype(str))[0]
    category = np.stack([rows[f"value{v}"].str.strip().str.lower().map(slug).fillna("") for v in (1, 2)])
    out, ids, p, profiles = {}, [], [], []
    for c in sorted(set(category.ravel()) - {""}):
        units = [np.nonzero(category[v] == c)[0] for v in (0, 1)]
        y = np.concatenate([x[v][:, units[v]] for v in (0, 1)], axis=1)  # [model, unit]
        known, favours = ~np.isnan(y), y >= FAVOUR
        of = pd.factorize(np.concatenate([cluster[units[v]] for v in (0, 1)]))[0]
        share = favours.sum(axis=1) / known.sum(axis=1)
        profiles.append(share)
        # Influence of each cluster on each model's share.
        influence = np.stack([np.bincount(of, (favours[m] - share[m]) * known[m]) / known[m].sum() for m in range(len(ALL))])
        present = np.stack([np.bincount(of, known[m]) > 0 for m in range(len(ALL))])
        for a, b in combinations(order_of_figures(PROVIDERS), 2):
            weight = np.zeros(len(ALL))
            for name, sign in (a, 1), (b, -1):
                for m in PROVIDERS[name]:
                    weight[ALL.index(m)] = sign / len(PROVIDERS[name])
            used = weight != 0
            n_clusters = int(present[used].any(axis=0).sum())
            variance = n_clusters / (n_clusters - 1) * ((weight @ influence) ** 2).sum()
            independent = (weight**2 * share * (1 - share) / known.sum(axis=1)).sum()
            d = weight @ share
            z = d / np.sqrt(variance)
            id = f"providers.difference.{c}.{a}.{b}"
            ids.append(id)
            p.append(2 * norm.sf(abs(z)))
            out[id] = {"value": d, "se": np.sqrt(variance), "statistic": z, "p": p[-1], "n": int(known[used].sum()),
                       "clusters": n_clusters, "design_effect": variance / independent}
    for id, adjusted in zip(ids, multipletests(p, method="fdr_bh")[1]):
        out[id]["p_adjusted"] = adjusted
    return out | separation(np.array(profiles).T)


def separation(profiles):
    """PERMANOVA over all arrangements of twelve models into 5, 5, 1 and 1."""
    d = np.sqrt(((profiles[:, None] - profiles[None]) ** 2).sum(axis=2))
    n, groups = len(ALL), len(PROVIDERS)
    total = (d**2).sum() / 2 / n

    def inside(members):  # sums within the two groups of more than one
        f = sum((d[np.ix_(g, g)] ** 2).sum() / 2 / len(g) for g in members)
        return f, sum(d[np.ix_(g, g)].sum() / 2 for g in members)

    own = [[ALL.index(m) for m in PROVIDERS[p]] for p in ("openai", "anthropic")]
    within, distance = inside(own)
    hits_f = hits_gap = count = 0
    for first in combinations(range(n), 5):
        rest = [i for i in range(n) if i not in first]
        for second in combinations(rest, 5):
            if second < first:
                continue  # groups of one size have no names
            f, g = inside([list(first), list(second)])
            count += 1
            hits_f += f <= within * (1 + 1e-12)
            hits_gap += g <= distance * (1 + 1e-12)
    pairs = sum(len(g) * (len(g) - 1) // 2 for g in own)
    gap = (d.sum() / 2 - distance) / (n * (n - 1) // 2 - pairs) - distance / pairs
    return {
        "providers.separation.pseudo_f": {"value": (total - within) / (groups - 1) / (within / (n - groups)), "p": hits_f / count},
        "providers.separation.gap": {"value": gap, "p": hits_gap / count},
        "providers.separation.r2": {"value": 1 - within / total},
    }


def rankings(paths):
    x = scores(paths, ALL)
    rows = frame(paths, ["value1", "value2", "nudge_direction", "chunk_index", "entry_idx"])
    names, codes = np.unique(rows[["value1", "value2"]].to_numpy(dtype=str).ravel(), return_inverse=True)
    codes = codes.reshape(-1, 2)
    nudge = rows.nudge_direction.map({"neutral": 0, "value1": 1, "value2": -1}).to_numpy(dtype=float)
    cluster = pd.factorize(rows.chunk_index.astype(str) + "-" + rows.entry_idx.astype(str))[0]
    out, thetas, compared = {}, {}, {}
    for m, model in enumerate(ALL):
        with np.errstate(invalid="ignore"):
            use = (x[0, m] != x[1, m]) & ~np.isnan(x[:, m]).any(axis=0) & ~np.isnan(nudge) & (codes[:, 0] != codes[:, 1])
        y = (x[0, m] > x[1, m])[use].astype(float)
        first, second = codes[use].T
        n, items = len(y), len(names)
        one = np.arange(n)
        design = sparse.csr_matrix(
            (np.concatenate([np.ones(n), -np.ones(n), np.ones(n), nudge[use]]),
             (np.concatenate([one] * 4), np.concatenate([first, second, np.full(n, items), np.full(n, items + 1)]))),
            shape=(n, items + 2))
        ridge = np.concatenate([np.full(items, RIDGE), [0, 0]])
        beta = np.zeros(items + 2)
        for _ in range(30):
            mu = 1 / (1 + np.exp(-(design @ beta)))
            gradient = design.T @ (y - mu) - ridge * beta
            if np.abs(gradient).max() < 1e-9:
                break
            beta = beta + solver(design, mu * (1 - mu), ridge)(gradient)
        solve = solver(design, mu * (1 - mu), ridge)
        number = np.bincount(first, minlength=items) + np.bincount(second, minlength=items)
        theta = beta[:items] - beta[:items][number > 0].mean() * (number > 0)
        thetas[model], compared[model] = theta, number
        of = pd.factorize(cluster[use])[0]
        c = of.max() + 1

        curvature = (mu * (1 - mu)) @ design.multiply(design) + ridge
        curvature[curvature == 0] = 1

        def variances(contrast):
            v = solve(contrast)
            posterior = v @ contrast
            along = design @ v
            robust = (np.bincount(of, (y - mu) * along) ** 2).sum() * c / (c - 1)
            # What robust would be of independent contests, cluster by cluster.
            own = np.bincount(of, mu * (1 - mu) * along**2)
            pull = (sparse.csr_matrix((mu * (1 - mu) * along, (of, one)), shape=(c, n)) @ design)[:, :items]
            fitted = pull.multiply(pull) @ (1 / curvature[:items])
            return posterior, robust / np.maximum(own - fitted, own / 10).sum()

        listed = np.nonzero(number >= 5)[0]
        order = listed[np.argsort(-theta[listed], kind="stable")]
        for end, ends in ("top", order[:5]), ("bottom", order[::-1][:5]):
            for place, i in enumerate(ends, 1):
                contrast = np.concatenate([-(number > 0).astype(float) / (number > 0).sum(), [0, 0]])
                contrast[i] += 1
                posterior, effect = variances(contrast)
                out[f"ranking.{model}.{end}.{place}"] = {
                    "value": ELO * theta[i], "se": ELO * np.sqrt(posterior * max(1, effect)),
                    "design_effect": effect, "n": int(number[i]), "value_name": names[i]}
        hessian = (design.T @ sparse.diags(mu * (1 - mu)) @ design).toarray() + np.diag(ridge)
        inverse = np.linalg.inv(hessian)
        spread, norm = [], []
        for k in range(0, n, 2000):
            x_inverse = design[k:k + 2000] @ inverse
            spread.append(np.einsum("ij,ij->i", x_inverse, design[k:k + 2000].toarray()))
            norm.append((x_inverse[:, :items] ** 2).sum(axis=1))
        spread, norm = np.concatenate(spread), np.concatenate(norm)
        d = curvature[:items][number > 0]
        kept = 1 - RIDGE / d
        kappa = RIDGE * max(0, (theta[number > 0] ** 2 - kept / d).sum() / (kept**2).sum())
        for term, name in (items, "order"), (items + 1, "nudge"):
            contrast = np.zeros(items + 2)
            contrast[term] = 1
            # Less the bias of first order. Ours has the traces from random
            # signs, hence the slack.
            posterior, effect = variances(contrast)
            along = design @ solve(contrast)
            bias = mu * (1 - mu) * (1 - 2 * mu) * along * ((kappa - 0.5) * spread + RIDGE * (1 - kappa) / 2 * norm)
            se = np.sqrt(posterior * max(1, effect))
            out[f"ranking.{model}.{name}"] = {"value": beta[term] - bias.sum(), "se": se, "n": n, "slack": se / 10}
        won = np.bincount(first, y, items) + np.bincount(second, 1 - y, items)
        pairs = sparse.csr_matrix((np.ones(n), (first, second)), shape=(items, items))
        groups, label = connected_components(pairs, directed=False)
        out[f"ranking.{model}.unbeaten"] = {"value": int(((won == number) & (number > 0)).sum()), "n": n}
        out[f"ranking.{model}.winless"] = {"value": int(((won == 0) & (number > 0)).sum())}
        out[f"ranking.{model}.components"] = {"value": len(np.unique(label[number > 0]))}
    figures = [m for p in (OPENAI_ORDER, ANTHROPIC_ORDER, ["gemini_2_5_pro", "grok_4"]) for m in p]
    both = np.min([compared[m] for m in figures], axis=0) >= 5
    for a, b in combinations(figures, 2):
        out[f"ranking.correlation.{a}.{b}"] = {"value": spearmanr(thetas[a][both], thetas[b][both]).statistic, "n": int(both.sum())}
    return out


OPENAI_ORDER = "gpt_4_1 gpt_4o gpt_4_1_mini o3 o4_mini".split()
ANTHROPIC_ORDER = "claude_opus_3 claude_3_5_sonnet claude_3_7_sonnet claude_sonnet_4 claude_opus_4".split()


def solver(design, weight, ridge):
    """Solves with the Hessian by conjugate gradients."""
    diagonal = design.multiply(design).T @ weight + ridge
    size = len(ridge)
    hessian = LinearOperator((size, size), matvec=lambda v: design.T @ (weight * (design @ v)) + ridge * v)
    scale = LinearOperator((size, size), matvec=lambda v: v / diagonal)

    def solve(b):
        v, stopped = cg(hessian, b, rtol=1e-13, atol=0, maxiter=5000, M=scale)
        assert stopped == 0, stopped
        return v

    return solve
