"""Recompute results.json with two other programs and compare.

    python oracle.py DATASET RESULTS

DATASET is a folder laid out like the published repository (data/, complete/,
judge_evaluations/, and labels/), RESULTS the results.json made from it. Every number is
computed twice more: by DuckDB in SQL, and by pandas and numpy, which read the
files with another parquet decoder and take another road to the same quantity
wherever there is one. Nothing is shared with the Go code.

Counts must be equal, other numbers within 1e-9. One line per number goes to
standard output, of preferences and labels only where they differ; the exit status is 1
when any number differs or is missing.

What DuckDB and pandas have no tests for, statsmodels, scipy and krippendorff
recompute once more: value, n and clusters, and as far as it has a closed form
standard error, limits, design effect, statistic, p and adjusted p. Those must
agree within 1e-6 of their size, for both sides iterate.

Not compared are the limits of resampled intervals, for other programs draw
other random numbers: simulated coverage and the scripts of
analysis/testdata/oracle hold those to account. Results that nobody recomputes
are listed at the end, with the reason.

Definitions: docs/paper.md. Missing data: a position is missing when it is
NULL or not a whole number from 0 to 6; a scenario's disagreement is not
computable when either value has fewer than two positions; a scenario enters
Figure 2 when all five OpenAI models have a recognised verdict of every judge;
a response is labelled when it has one refusal level, or categories and no row
that says there is none (docs/labels.md).
"""

import glob
import json
import math
import os
import sys
from importlib.metadata import version

import duckdb
import numpy as np
import pandas as pd
import scipy
import statsmodels

import by_duckdb
import by_pandas
import by_scipy
import by_statsmodels
from published import ALL, OPENAI, SPLITS, TABLE2

KEY = (("chunk_idx", "chunk_index"), ("entry_idx",), ("query_key", "nudge_direction"))  # of a scenario, under either name


def files(root, pattern):
    return sorted(glob.glob(os.path.join(glob.escape(root), *pattern.split("/"))))


def columns(paths):
    return duckdb.execute("DESCRIBE SELECT * FROM read_parquet(?, union_by_name=true)", [paths]).fetchdf()["column_name"]


def last_over_first(results):
    for rule in "majority", "any":
        first, last = (f"compliance.fig2.{rule}.{bin}" for bin in ("0.0-1.0", "2.5-3.0"))
        if first in results and last in results:
            a, b = results[first][0], results[last][0]
            results[f"compliance.fig2.{rule}.last_over_first"] = (b / a if a else None, None)


def compute(root):
    """Returns {id: (value, n)} by DuckDB and by pandas; n is None where unstated."""
    con, duck, pandas = duckdb.connect(), {}, {}
    for split, (pattern, models) in SPLITS.items():
        paths = files(root, pattern)
        if not paths:
            continue
        x = by_pandas.scores(paths, models)
        for results, (count, n, mean) in (duck, by_duckdb.disagreement(con, paths, models)), (pandas, by_pandas.disagreement(x)):
            results[f"disagreement.{split}.count"] = (count, None)
            results[f"disagreement.{split}.share_ge_1_5"] = (count / n, n)
            results[f"disagreement.{split}.mean"] = (mean, n)
        readings(con, duck, pandas, split, paths)
        if split == "all_models":
            for results, outliers in (duck, by_duckdb.outliers(con, paths, models)), (pandas, by_pandas.outliers(x, models)):
                for m, (same, either) in outliers.items():
                    results[f"outliers.same_value.{m}"] = (same, None)
                    results[f"outliers.either_value.{m}"] = (either, None)
            label_paths = files(root, "labels/*.parquet")
            if label_paths:
                duck |= by_duckdb.labels(con, paths, label_paths)
                pandas |= by_pandas.labels(paths, label_paths)
            tree = os.path.join(root, "values_tree.csv")
            if os.path.exists(tree):
                duck |= by_duckdb.preferences(con, paths, tree)
                pandas |= by_pandas.preferences(paths, tree)
    paths = files(root, "judge_evaluations/std_*.parquet")
    if paths:
        have = list(columns(paths))
        judges = [c.removesuffix("_decision") for c in have if c.endswith("_decision")]
        key = [next(c for c in names if c in have) for names in KEY]
        numbers, bins = by_duckdb.judgements(con, paths, judges, key)
        duck |= numbers
        numbers, others = by_pandas.judgements(paths, judges, key)
        pandas |= numbers
        for column, split in TABLE2.items():
            scenarios = files(root, SPLITS[split][0])
            if scenarios:
                table2(duck, column, by_duckdb.bin_counts(con, scenarios, OPENAI), bins)
                table2(pandas, column, by_pandas.bin_counts(by_pandas.scores(scenarios, OPENAI)), others)
        for results in duck, pandas:
            second_judge(results)
            for column in "all_models", "openai_models":
                over, under = (results.get(f"compliance.table2_check.all_fail.{c}") for c in (column, "random"))
                if over and under:
                    fold = over[0] / under[0] if over[0] and under[0] else None
                    results[f"compliance.table2_check.fold.{column}"] = (fold, None)
        last_over_first(duck)
        last_over_first(pandas)
    return duck, pandas


def compute_tests(root):
    """Returns {id: {field: value}} by statsmodels, scipy and krippendorff."""
    out = {}
    paths = files(root, SPLITS["all_models"][0])
    if paths:
        out |= by_scipy.rankings(paths)
        tree = os.path.join(root, "values_tree.csv")
        if os.path.exists(tree):
            out |= by_scipy.providers(paths, tree)
    paths = files(root, "judge_evaluations/std_*.parquet")
    if paths:
        have = list(columns(paths))
        judges = [c.removesuffix("_decision") for c in have if c.endswith("_decision")]
        key = [next(c for c in names if c in have) for names in KEY]
        out |= by_statsmodels.tests(paths, judges, key)
    return out


def compare_tests(theirs, ours):
    """Prints a line for each id, its worst field; returns how many differ."""
    wrong = 0
    print(f"\n{'id':<62} {'fields':>6} {'worst field':>14} {'ours':>20} {'theirs':>20} {'difference':>10}")
    for i, fields in theirs.items():
        mine = dict(ours.get(i, {}))
        mine["value_name"] = mine.get("group", {}).get("value")
        worst, at, differs = -1.0, None, i not in ours
        slack = fields.pop("slack", 0)  # of a value that ours approximates
        for field, value in fields.items():
            got = mine.get(field)
            if got is None or isinstance(value, str):
                gap = 0.0 if got == value else math.inf
            elif isinstance(value, int):
                gap = abs(got - value)
            else:
                gap = abs(got - value) / max(1.0, abs(value))
                if field == "value" and abs(got - value) <= slack:
                    gap = 0.0
            differs |= gap > (0 if isinstance(value, (int, str)) else 1e-6)
            if gap > worst:
                worst, at = gap, field
        wrong += differs
        if differs or not i.startswith(("providers.difference.", "ranking.")):  # those are many
            remark = "" if not differs else "  DIFFERS" if i in ours else "  MISSING"
            print(f"{i:<62} {len(fields):>6} {at:>14} {show(mine.get(at))} {show(fields[at])} {worst:>10.1e}{remark}")
    print(f"oracle: {len(theirs) - wrong} of {len(theirs)} tests, coefficients and rankings agree")
    return wrong


# What nobody recomputes, and why.
ALONE = {
    ".accuracy": "mean over random splits: other programs draw others; its reference is analysis/testdata/oracle/bradleyterry.py",
}
def readings(con, duck, pandas, split, paths):
    """Figure 6's totals by both rules over one set of scenarios."""
    x = by_pandas.scores(paths, ALL)
    bases = {split: False}
    if split == "complete":
        bases["complete_high"] = True
    for base, high in bases.items():
        rows = x[:, :, by_pandas.high(x)] if high else x
        for results, outliers in (duck, by_duckdb.outliers(con, paths, ALL, high)), (pandas, by_pandas.outliers(rows, ALL)):
            for i, rule in enumerate(("same_value", "either_value")):
                results[f"readings.outliers.{rule}.{base}.total"] = (sum(counts[i] for counts in outliers.values()), None)


def table2(results, column, weights, bins):
    """Table 2 by way of Figure 2: the bins' rates weighted with their scenarios."""
    if not set(weights) <= set(bins):
        return  # a bin that nobody judged
    total = sum(weights.values())
    judged = sum(bins[b][2] for b in weights)
    passes, fails = (sum(n * bins[b][i] for b, n in weights.items()) / total for i in (0, 1))
    for outcome, share in ("all_pass", passes), ("at_least_one_fails", 1 - passes), ("all_fail", fails):
        results[f"compliance.table2_check.{outcome}.{column}"] = (share, judged)


def second_judge(results):
    """With three judges, their column is the only reading of the second."""
    for i in [i for i in results if i.startswith("compliance.fig2.") and "last_over_first" not in i] + ["judges.fleiss.binary"]:
        results[f"readings.judge.gpt41.{i.removeprefix('compliance.').removeprefix('judges.')}"] = results[i]


def equal(a, b):
    if a is None or b is None:
        return a is b
    if isinstance(a, int) and isinstance(b, int):
        return a == b
    return math.isclose(a, b, rel_tol=0, abs_tol=1e-9)


def main(root, path):
    duck, pandas = compute(root)
    if not duck:
        sys.exit(f"oracle: {root}: no files laid out like the published repository")
    with open(path, encoding="utf-8") as f:
        ours = {r["id"]: r for r in json.load(f)["results"]}

    print(f"duckdb {duckdb.__version__}, pandas {pd.__version__}, numpy {np.__version__}")
    print(f"{'id':<52} {'ours':>20} {'DuckDB':>20} {'pandas':>20} {'difference':>10}")
    wrong = 0
    for i in duck:
        (theirs, n), (others, n2) = duck[i], pandas[i]
        mine = ours.get(i, {}).get("value")
        if isinstance(theirs, int) and mine is not None and mine == int(mine):
            mine = int(mine)  # JSON has one kind of number
        ok = i in ours and equal(mine, theirs) and equal(mine, others)
        remark = "" if ok else "  DIFFERS" if i in ours else "  MISSING"
        if ok and n is not None and not (n == n2 == ours[i]["n"]):
            ok, remark = False, f"  n DIFFERS: {ours[i]['n']}, {n}, {n2}"
        wrong += not ok
        gap = "" if mine is None or theirs is None else f"{max(abs(mine - theirs), abs(mine - others)):.1e}"
        if not ok or not i.startswith(("preference.", "refusals.", "values.")):  # those are many
            print(f"{i:<52} {show(mine)} {show(theirs)} {show(others)} {gap:>10}{remark}")
    print(f"oracle: {len(duck) - wrong} of {len(duck)} numbers agree")
    print(f"\nstatsmodels {statsmodels.__version__}, scipy {scipy.__version__}, krippendorff {version('krippendorff')}")
    tests = compute_tests(root)
    wrong += compare_tests(tests, ours)

    families = ("disagreement.", "compliance.", "judges.", "outliers.", "readings.", "refusals.", "values.", "preference.", "providers.", "ranking.")
    unknown = [i for i in ours if i.startswith(families) and i not in duck and i not in tests and ours[i]["value"] is not None]
    for end, why in ALONE.items():
        alone = [i for i in unknown if i.endswith(end)]
        if alone:
            print(f"not recomputed here: {len(alone)} of *{end}: {why}")
        unknown = [i for i in unknown if i not in alone]
    if unknown:
        print("NOT RECOMPUTED, for no known reason:", ", ".join(unknown))
        wrong += len(unknown)
    return 1 if wrong else 0


def show(x):
    return f"{'-' if x is None else x if isinstance(x, (int, str)) else format(x, '.15g'):>20}"


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1], sys.argv[2]))
