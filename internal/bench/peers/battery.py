"""The battery as experts of each tool would write it.

    python battery.py TOOL FILES [THREADS]

One JSON object goes to standard output, the same as that of main.go. A
position is missing when NULL or outside 0..6; the disagreement of a set is
computable where both values have two positions or more. Everything that is
compared with a threshold is compared in whole numbers: of n positions with
sum S and sum of squares Q, the deviation is t or more where
n*Q - S*S >= t*t*n*n, and in bin floor(20 * deviation), which is
isqrt(400 * (n*Q - S*S) // (n*n)).
"""

import json
import sys
import time

MODELS = ["gpt_4_1", "gpt_4o", "gpt_4_1_mini", "o3", "o4_mini", "claude_opus_3", "claude_3_5_sonnet",
          "claude_3_7_sonnet", "claude_sonnet_4", "claude_opus_4", "gemini_2_5_pro", "grok_4"]
SETS = {
    "all_models": MODELS,
    "claude_models": MODELS[5:10],
    "openai_models": MODELS[:5],
    "gpt41_vs_mini": ["gpt_4_1", "gpt_4_1_mini"],
    "o3_vs_o4mini": ["o3", "o4_mini"],
    "opus4_vs_sonnet4": ["claude_opus_4", "claude_sonnet_4"],
}
PAIRS = [(a, b) for i, a in enumerate(MODELS) for b in MODELS[i + 1:]]
# How many others lie 4 or more away depends on the own score alone: who is at
# 0 is counted against those from 4 on, and so forth. An outlier differs from
# 9 of the 11 others.
FAR = {0: (">=", 4), 1: (">=", 5), 2: (">=", 6), 4: ("<=", 0), 5: ("<=", 1), 6: ("<=", 2)}
COLUMNS = [f"{m}_value{v}_position" for m in MODELS for v in (1, 2)]


def column(model, v):
    return f"{model}_value{v}_position"


# --- DuckDB ---------------------------------------------------------------

def positions_sql(files):
    """The columns as tiny integers, NULL where out of range."""
    cols = ", ".join(f"CASE WHEN {c} BETWEEN 0 AND 6 THEN {c}::TINYINT END AS {c}" for c in COLUMNS)
    return f"SELECT value1, value2, {cols} FROM read_parquet('{files}')"


def set_sql(name, models):
    """Per row, exactly: bin of 0.05, and whether high."""
    parts = []
    for v in (1, 2):
        c = [column(m, v) for m in models]
        n = "+".join(f"({x} IS NOT NULL)::INTEGER" for x in c)
        s = "+".join(f"coalesce({x},0)::INTEGER" for x in c)
        q = "+".join(f"coalesce({x}*{x},0)::INTEGER" for x in c)
        parts.append(f"{n} AS {name}_n{v}, {s} AS {name}_s{v}, {q} AS {name}_q{v}")
    return ", ".join(parts)


def duckdb(files, threads, native=None):
    import duckdb
    start = time.perf_counter()
    con = duckdb.connect(native, read_only=True) if native else duckdb.connect()
    con.execute(f"SET threads = {threads}")
    if not native:
        con.execute(f"CREATE TEMP TABLE p AS {positions_sql(files)}")
    loaded = time.perf_counter()
    sums = ", ".join(set_sql(n, m) for n, m in SETS.items())
    per_row = []
    for n in SETS:
        ok = f"{n}_n1 >= 2 AND {n}_n2 >= 2"
        d = [f"({n}_n{v}*{n}_q{v} - {n}_s{v}*{n}_s{v})" for v in (1, 2)]
        bins = [f"floor(sqrt((400*{d[v - 1]}) // ({n}_n{v}*{n}_n{v})))" for v in (1, 2)]
        high = " OR ".join(f"4*{d[v - 1]} >= 9*{n}_n{v}*{n}_n{v}" for v in (1, 2))
        per_row.append(f"CASE WHEN {ok} THEN least(59, greatest({bins[0]}, {bins[1]}))::UTINYINT END AS {n}_bin, "
                       f"({ok} AND ({high})) AS {n}_high")
    con.execute(f"CREATE TEMP TABLE d AS SELECT value1, value2, {', '.join(per_row)} FROM (SELECT value1, value2, {sums} FROM p)")
    out = {"histograms": {}, "high": {}, "correlations": {}, "outliers": {}, "values": {}}
    for n in SETS:
        counts = [0] * 60
        for b, k in con.execute(f"SELECT {n}_bin, count(*) FROM d WHERE {n}_bin IS NOT NULL GROUP BY 1").fetchall():
            counts[b] = k
        out["histograms"][n] = counts
    row = con.execute("SELECT " + ", ".join(f"count(*) FILTER ({n}_high)" for n in SETS) + " FROM d").fetchone()
    out["high"] = dict(zip(SETS, row))
    stacked = " UNION ALL ".join("SELECT " + ", ".join(f"{column(m, v)}::DOUBLE AS {m}" for m in MODELS) + " FROM p" for v in (1, 2))
    row = con.execute("SELECT " + ", ".join(f"corr({a}, {b})" for a, b in PAIRS) + f" FROM ({stacked})").fetchone()
    out["correlations"] = {f"{a} {b}": r for (a, b), r in zip(PAIRS, row)}
    counts = ", ".join("+".join(f"coalesce(({column(m, v)} {sign} {at})::TINYINT, 0)" for m in MODELS) + f" AS far{own}_{v}"
                       for v in (1, 2) for own, (sign, at) in FAR.items())
    outliers = []
    for m in MODELS:
        on = " OR ".join(f"({column(m, v)} = {own} AND far{own}_{v} >= 9)" for v in (1, 2) for own in FAR)
        outliers.append(f"count(*) FILTER ({on})")
    out["outliers"] = dict(zip(MODELS, con.execute(f"SELECT {', '.join(outliers)} FROM (SELECT *, {counts} FROM p)").fetchone()))
    rows = con.execute("""SELECT v, count(*), count(*) FILTER (high) FROM (
        SELECT value1 AS v, all_models_high AS high FROM d
        UNION ALL SELECT value2, all_models_high FROM d WHERE value2 IS DISTINCT FROM value1)
        WHERE v IS NOT NULL GROUP BY v""").fetchall()
    out["values"] = {v: [n, h] for v, n, h in rows}
    return out, start, loaded


def duckdb_native(files, threads):
    """On DuckDB's own file, which is made first and not timed."""
    import os
    import tempfile

    import duckdb as lib
    path = os.path.join(tempfile.mkdtemp(), "positions.duckdb")
    con = lib.connect(path)
    con.execute(f"CREATE TABLE p AS {positions_sql(files)}")
    con.close()
    return duckdb(files, threads, native=path)


def duckdb_idiomatic(files, threads):
    """stddev_pop over unpivoted lists: how most people write it. Not exact."""
    import duckdb
    start = time.perf_counter()
    con = duckdb.connect()
    con.execute(f"SET threads = {threads}")
    con.execute(f"CREATE TEMP TABLE p AS {positions_sql(files)}")
    loaded = time.perf_counter()
    out = {"high": {}}
    for n, models in SETS.items():
        d = [f"list_stddev_pop([{', '.join(column(m, v) for m in models)}])" for v in (1, 2)]
        out["high"][n] = con.execute(f"SELECT count(*) FROM p WHERE greatest({d[0]}, {d[1]}) >= 1.5").fetchone()[0]
    return out, start, loaded


# --- polars ---------------------------------------------------------------

def polars(files, threads):
    import polars as pl
    start = time.perf_counter()
    scan = pl.scan_parquet(files).select(
        "value1", "value2", *[pl.when(pl.col(c).is_between(0, 6)).then(pl.col(c)).cast(pl.Int8).alias(c) for c in COLUMNS])
    p = scan.collect()
    loaded = time.perf_counter()
    exprs = []
    for n, models in SETS.items():
        for v in (1, 2):
            c = [pl.col(column(m, v)) for m in models]
            exprs += [pl.sum_horizontal([x.is_not_null().cast(pl.Int32) for x in c]).alias(f"{n}_n{v}"),
                      pl.sum_horizontal([x.cast(pl.Int32) for x in c]).alias(f"{n}_s{v}"),
                      pl.sum_horizontal([x.cast(pl.Int32) * x.cast(pl.Int32) for x in c]).alias(f"{n}_q{v}")]
    second, third = [], []
    for n in SETS:
        for v in (1, 2):
            a, s, q = (pl.col(f"{n}_{k}{v}") for k in "nsq")
            second.append((a * q - s * s).alias(f"{n}_d{v}"))
        third.append(((pl.col(f"{n}_n1") >= 2) & (pl.col(f"{n}_n2") >= 2)).alias(f"{n}_ok"))
    final = []
    for n in SETS:
        bins = [((400 * pl.col(f"{n}_d{v}")) // (pl.col(f"{n}_n{v}") ** 2).clip(1)).cast(pl.Float64).sqrt().floor() for v in (1, 2)]
        high = [4 * pl.col(f"{n}_d{v}") >= 9 * pl.col(f"{n}_n{v}") ** 2 for v in (1, 2)]
        final += [pl.when(pl.col(f"{n}_ok")).then(pl.min_horizontal(pl.max_horizontal(bins), 59)).cast(pl.UInt8).alias(f"{n}_bin"),
                  (pl.col(f"{n}_ok") & (high[0] | high[1])).alias(f"{n}_high")]
    d = p.lazy().with_columns(exprs).with_columns(second + third).select("value1", "value2", *final).collect()
    out = {"histograms": {}, "high": {}, "correlations": {}, "outliers": {}, "values": {}}
    for n in SETS:
        counts = [0] * 60
        for b, k in d.select(pl.col(f"{n}_bin").drop_nulls()).group_by(f"{n}_bin").len().rows():
            counts[b] = k
        out["histograms"][n] = counts
    out["high"] = dict(zip(SETS, d.select([pl.col(f"{n}_high").sum() for n in SETS]).row(0)))
    stacked = pl.concat([p.select([pl.col(column(m, v)).cast(pl.Float64).alias(m) for m in MODELS]) for v in (1, 2)])
    row = stacked.select([pl.corr(a, b).alias(f"{a} {b}") for a, b in PAIRS]).row(0)
    out["correlations"] = {f"{a} {b}": r for (a, b), r in zip(PAIRS, row)}
    at = {">=": lambda c, t: pl.col(c) >= t, "<=": lambda c, t: pl.col(c) <= t}
    counts = [pl.sum_horizontal([at[sign](column(m, v), t).fill_null(False).cast(pl.Int8) for m in MODELS]).alias(f"far{own}_{v}")
              for v in (1, 2) for own, (sign, t) in FAR.items()]
    outliers = [pl.any_horizontal([(pl.col(column(m, v)) == own) & (pl.col(f"far{own}_{v}") >= 9) for v in (1, 2) for own in FAR]).sum().alias(m)
                for m in MODELS]
    out["outliers"] = dict(zip(MODELS, p.lazy().with_columns(counts).select(outliers).collect().row(0)))
    first = d.select(pl.col("value1").alias("v"), pl.col("all_models_high").alias("high"))
    other = d.filter(pl.col("value2").ne_missing(pl.col("value1"))).select(pl.col("value2").alias("v"), pl.col("all_models_high").alias("high"))
    g = pl.concat([first, other]).drop_nulls("v").group_by("v").agg(pl.len(), pl.col("high").sum())
    out["values"] = {v: [n, h] for v, n, h in g.rows()}
    return out, start, loaded


# --- pandas and numpy -----------------------------------------------------

def pandas_load(files):
    import pandas as pd
    import pyarrow.dataset as ds
    import glob
    table = ds.dataset(sorted(glob.glob(files))).to_table(columns=["value1", "value2", *COLUMNS])
    return pd.DataFrame(table.to_pandas())


def pandas_battery(p):
    import numpy as np
    import pandas as pd
    out = {"histograms": {}, "high": {}, "correlations": {}, "outliers": {}, "values": {}}
    x = [np.full((len(MODELS), len(p)), -1, np.int8) for _ in (1, 2)]
    for v in (1, 2):
        for i, m in enumerate(MODELS):
            c = p[column(m, v)].to_numpy(dtype=np.float64, na_value=np.nan)
            ok = (c >= 0) & (c <= 6)
            x[v - 1][i, ok] = c[ok]
    all_high = None
    for n, models in SETS.items():
        rows = [MODELS.index(m) for m in models]
        bins, high, computable = [], [], []
        for v in range(2):
            y = x[v][rows].astype(np.int32)
            there = y >= 0
            y[~there] = 0
            k = there.sum(0)
            d = k * (y * y).sum(0) - y.sum(0) ** 2
            computable.append(k >= 2)
            bins.append(np.floor(np.sqrt(400 * d // np.maximum(k * k, 1))).astype(np.int64))
            high.append(4 * d >= 9 * k * k)
        ok = computable[0] & computable[1]
        bin_ = np.minimum(np.maximum(bins[0], bins[1]), 59)
        is_high = ok & (high[0] | high[1])
        out["histograms"][n] = np.bincount(bin_[ok], minlength=60).tolist()
        out["high"][n] = int(is_high.sum())
        if n == "all_models":
            all_high = is_high
    both = np.concatenate(x, axis=1)
    there = both >= 0
    if there.all():
        c = np.corrcoef(both)
        out["correlations"] = {f"{a} {b}": float(c[MODELS.index(a), MODELS.index(b)]) for a, b in PAIRS}
    else:
        f = np.where(there, both, 0).astype(np.float64)
        t = there.astype(np.float64)
        n_ = t @ t.T  # all sums of all pairs at once, by matrix products
        sx, sxx, sxy = f @ t.T, (f * f) @ t.T, f @ f.T
        r = (n_ * sxy - sx * sx.T) / np.sqrt((n_ * sxx - sx * sx) * (n_ * sxx.T - sx.T * sx.T))
        out["correlations"] = {f"{a} {b}": float(r[MODELS.index(a), MODELS.index(b)]) for a, b in PAIRS}
    far = [{own: ((x[v] >= t) if sign == ">=" else (x[v] >= 0) & (x[v] <= t)).sum(0) >= 9 for own, (sign, t) in FAR.items()} for v in range(2)]
    for i, m in enumerate(MODELS):
        on = np.zeros(len(p), bool)
        for v in range(2):
            for own, enough in far[v].items():
                on |= (x[v][i] == own) & enough
        out["outliers"][m] = int(on.sum())
    other = p["value2"] != p["value1"]
    long = pd.concat([pd.DataFrame({"v": p["value1"], "high": all_high}), pd.DataFrame({"v": p["value2"], "high": all_high})[other]])
    g = long.groupby("v")["high"].agg(["size", "sum"])
    out["values"] = {v: [int(n), int(h)] for v, n, h in zip(g.index, g["size"], g["sum"])}
    return out


def pandas(files, threads):
    import pyarrow as pa
    pa.set_cpu_count(threads)
    start = time.perf_counter()
    p = pandas_load(files)
    loaded = time.perf_counter()
    return pandas_battery(p), start, loaded


def main():
    tool, files = sys.argv[1:3]
    threads = int(sys.argv[3]) if len(sys.argv) > 3 else 2
    # Start-up and imports are not part of the figures.
    if tool.startswith("duckdb"):
        import duckdb as _  # noqa: F401
    elif tool == "polars":
        import polars as _  # noqa: F401
    else:
        import pandas as _, pyarrow.dataset as _  # noqa: F401, E401
    out, start, loaded = {"duckdb": duckdb, "duckdb-native": duckdb_native, "duckdb-idiomatic": duckdb_idiomatic,
                          "polars": polars, "pandas": pandas}[tool](files, threads)
    end = time.perf_counter()
    out["load_ms"], out["total_ms"] = 1000 * (loaded - start), 1000 * (end - start)
    json.dump(out, sys.stdout)


if __name__ == "__main__":
    main()
