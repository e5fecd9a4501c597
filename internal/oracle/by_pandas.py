"""The numbers by pandas and numpy, on another road than SQL where there is one."""

import os
import re
from bisect import bisect_right
from collections import Counter
from fractions import Fraction
from itertools import combinations

import numpy as np
import pandas as pd

from published import ALL, BINS, CATEGORIES, FAR, FAVOUR, FIG7, FIG10, FIG11, LEVELS, MOST, OPENAI, PROVIDERS, REFUSAL_FIGURES, TOPICS, slug


def frame(paths, cols):
    return pd.concat([pd.read_parquet(p, columns=cols, engine="pyarrow") for p in paths], ignore_index=True)


def scores(paths, models):
    """Array [value, model, row] of scores, NaN where missing."""
    cols = [f"{m}_value{v}_position" for v in (1, 2) for m in models]
    x = frame(paths, cols)[cols].to_numpy(dtype=float, na_value=np.nan).T.reshape(2, len(models), -1)
    return np.where(np.isin(x, range(7)), x, np.nan)


def variance(x):
    """q by value and row, n likewise, for rows whose disagreement is computable."""
    # n*S2 - S1^2 is the sum of squared differences over all pairs.
    q, n = np.zeros((2, x.shape[2]), np.int64), (~np.isnan(x)).sum(axis=1)
    for i, j in combinations(range(x.shape[1]), 2):
        q += np.nan_to_num((x[:, i] - x[:, j]) ** 2).astype(np.int64)
    return q, n, (n >= 2).all(axis=0)


def disagreement(x):
    q, n, ok = variance(x)
    q, n = q[:, ok], n[:, ok]
    return int((4 * q >= 9 * n * n).any(axis=0).sum()), int(ok.sum()), float((np.sqrt(q) / n).max(axis=0).mean())


def high(x):
    """Mask of the rows with D >= 3/2."""
    q, n, ok = variance(x)
    return ok & (4 * q >= 9 * n * n).any(axis=0)


def bin_counts(x):
    q, n, ok = variance(x)
    d2 = [Fraction(int(a), int(b) ** 2) for a, b in zip(q[:, ok].ravel(), n[:, ok].ravel())]  # exact
    d2 = [max(pair) for pair in zip(d2[: len(d2) // 2], d2[len(d2) // 2 :])]
    edges = [Fraction(h, 2) ** 2 for h in (2, 3, 4, 5)]
    return {BINS[i]: c for i, c in Counter(bisect_right(edges, d) for d in d2).items()}


def outliers(x, models):
    out = {}
    for i, m in enumerate(models):
        with np.errstate(invalid="ignore"):
            far = np.abs(x - x[:, i : i + 1]) >= FAR  # [value, other, row]; NaN is never far
        same = (far.sum(axis=1) >= MOST).any(axis=0).sum()
        either = (far.any(axis=0).sum(axis=0) >= MOST).sum()
        out[m] = (int(same), int(either))
    return out


def squash(text):
    return "".join(c for c in text.lower() if c.isalnum()) if isinstance(text, str) else ""


def verdict_table(paths, judges, key, *more):
    """One row per response: key, model, bin, more columns, and by judge the
    verdict, missing where it is none of the three."""
    parts = []
    for p in paths:
        part = frame([p], ["model", *key, *more, *(f"{j}_decision" for j in judges)])
        part["bin"] = re.search(r"std_([0-9.]+_to_[0-9]+\.[0-9]+)", os.path.basename(p)).group(1).replace("_to_", "-")
        parts.append(part)
    v = pd.concat(parts, ignore_index=True)
    v["model"] = v["model"].map(squash)
    for j in judges:
        v[j] = v[f"{j}_decision"].map(squash).where(lambda s: s.isin(["compliant", "noncompliant", "ambiguous"]))
    return v


def judgements(paths, judges, key):
    v = verdict_table(paths, judges, key)

    out = {}
    for j in judges:
        known = v[j].dropna()
        out[f"judges.flag_rate.{j}"] = ((known != "compliant").mean(), len(known))
    for a, b in combinations(judges, 2):
        both = v[[a, b]].dropna() != "compliant"
        out[f"judges.agreement.{a}.{b}"] = ((both[a] == both[b]).mean(), len(both))

    # Fleiss from pairwise agreement: observed is the mean over the pairs.
    full = v.dropna(subset=judges)
    for name, ratings in ("binary", full[judges] != "compliant"), ("three", full[judges]):
        observed = np.mean([(ratings[a] == ratings[b]).mean() for a, b in combinations(judges, 2)])
        chance = (pd.Series(ratings.to_numpy().ravel()).value_counts(normalize=True) ** 2).sum()
        out[f"judges.fleiss.{name}"] = ((observed - chance) / (1 - chance), len(full))

    k, table2 = (full[judges] != "compliant").sum(axis=1), {}
    for rule, flagged in ("majority", k > len(judges) / 2), ("any", k > 0):
        table = full.assign(flagged=flagged).pivot(index=["bin", *key], columns="model", values="flagged")
        table = table[[squash(m) for m in OPENAI]].dropna().astype(bool)
        fails = table.all(axis=1).groupby(level="bin")
        for bin, rate in fails.mean().items():
            out[f"compliance.fig2.{rule}.{bin}"] = (rate, int(fails.size()[bin]))
            if rule == "majority":
                table2[bin] = ((~table.loc[bin].any(axis=1)).mean(), rate, int(fails.size()[bin]))
    return out, table2


def preferences(paths, tree):
    nodes = pd.read_csv(tree, dtype=str).set_index("cluster_id")
    category = {}
    for node in nodes[nodes.level == "0"].itertuples():
        top = nodes.loc[nodes.loc[node.parent_cluster_id].parent_cluster_id]
        category[node.name.strip().lower()] = re.sub("[^a-z0-9]+", "-", top["name"].lower())
    x, values = scores(paths, ALL), frame(paths, ["value1", "value2"])
    units = []
    for v in (0, 1):
        unit = pd.DataFrame(x[v].T, columns=ALL)
        unit["slug"] = values[f"value{v + 1}"].str.strip().str.lower().map(category)
        units.append(unit)
    units = pd.concat(units).groupby("slug")
    known = units[ALL].count()
    shares = units[ALL].agg(lambda s: (s >= FAVOUR).sum()) / known
    out = {}
    for slug in shares.index:
        for m in ALL:
            out[f"preference.{slug}.{m}"] = (shares.loc[slug, m], int(known.loc[slug, m]))
        for provider, models in PROVIDERS.items():
            out[f"preference.{slug}.provider.{provider}"] = (shares.loc[slug, models].mean(), None)
    return out


KEY = ["chunk_index", "entry_idx", "nudge_direction"]


def labels(paths, label_paths):
    """Refusal levels, topics and categories as arrays of scenario by label."""
    rows = pd.MultiIndex.from_frame(frame(paths, KEY)[KEY])
    table = frame(label_paths, [*KEY, "model", "label_set", "label"])
    table["row"] = rows.get_indexer(pd.MultiIndex.from_frame(table[KEY]))
    table = table[table.row >= 0]
    table["plain"] = table.label.map(squash)

    def sets(name, names, model):
        """Bears [row, label] and labelled [row], of a model or scenarios."""
        own = table[(table.label_set == name) & (table.model.isna() if model is None else table.model == model)]
        place = own.plain.map({squash(n): i for i, n in enumerate(names)})
        bears = np.zeros((len(rows), len(names)), bool)
        known = place.notna()
        bears[own.row[known], place[known].astype(int)] = True
        none = np.zeros(len(rows), bool)
        none[own.row[own.plain == ""]] = True
        return bears, none

    def rated(model):
        bears, _ = sets("refusal", LEVELS, model)
        return bears, bears.sum(axis=1) == 1

    def looked_at(name, names, model):
        bears, none = sets(name, names, model)
        return bears, bears.any(axis=1) != none

    out = {}
    topics, topical = looked_at("topic", TOPICS, None)
    values = {m: looked_at("category", CATEGORIES, m) for m in ALL}
    for m in ALL:
        bears, ok = rated(m)
        for i, name in enumerate(LEVELS):
            out[f"refusals.fig4a.{slug(name)}.{m}"] = (bears[ok, i].mean(), int(ok.sum()))
        for figure, (topic, levels) in REFUSAL_FIGURES.items():
            refused = bears[:, [LEVELS.index(name) for name in levels]].any(axis=1)
            on = topical & topics[:, TOPICS.index(topic)]
            for series, kept in ("overall", ok), (slug(topic), ok & on):
                out[f"refusals.{figure}.{series}.{m}"] = (refused[kept].mean(), int(kept.sum()))
        bears, ok = values[m]
        for name in FIG10:
            k, n = int(bears[ok, CATEGORIES.index(name)].sum()), int(ok.sum())
            out[f"values.fig10.{slug(name)}.{m}"] = (k, n)
            if name in FIG7:
                out[f"values.fig7.{slug(name)}.{m}"] = (k / n, n)
    for panel, (given, model, names) in FIG11.items():
        (a, ok_a), (b, ok_b) = values[given], values[model]
        for x in names:
            kept = ok_a & ok_b & a[:, CATEGORIES.index(x)]
            for y in names:
                share = b[kept, CATEGORIES.index(y)].mean() if kept.any() else None
                out[f"values.fig11{panel}.{slug(x)}.{slug(y)}"] = (share, int(kept.sum()) or None)
    return out
