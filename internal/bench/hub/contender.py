"""Reads the positions of one split from a Hub and computes with them; one
way of doing so per run.

    python contender.py NAME ENDPOINT SPLIT CACHE

Prints as JSON the seconds from after the imports to the result, and the
result: rows, the sum of every position column, and how many scenarios have
a disagreement of 1.5 or more, decided in integers.
"""

import json
import os
import sys
import time

NAME, ENDPOINT, SPLIT, CACHE = sys.argv[1:5]
REPO = "jifanz/stress_testing_model_spec"
MODELS = ("claude_3_5_sonnet claude_3_7_sonnet claude_opus_3 claude_opus_4 claude_sonnet_4 gemini_2_5_pro "
          "gpt_4_1 gpt_4_1_mini gpt_4o grok_4 o3 o4_mini").split()
COLUMNS = [f"{m}_value{v}_position" for m in MODELS for v in (1, 2)]
PREFIX = "complete/train-" if SPLIT == "complete" else f"data/{SPLIT}-"

os.environ["HF_ENDPOINT"] = ENDPOINT  # before huggingface_hub is imported, which reads it then


def names():
    """Files of the split, from the Hub's API as every contender needs them."""
    import urllib.request
    with urllib.request.urlopen(f"{ENDPOINT}/api/datasets/{REPO}", timeout=60) as response:
        siblings = json.load(response)["siblings"]
    return sorted(s["rfilename"] for s in siblings if s["rfilename"].startswith(PREFIX))


def urls():
    return [f"{ENDPOINT}/datasets/{REPO}/resolve/main/{n}" for n in names()]


def from_columns(column):
    """The result from numpy: column(name) gives values and which are present."""
    import numpy
    rows, sums, worst = 0, {}, None
    for v in (1, 2):
        n = s1 = s2 = 0
        for m in MODELS:
            x, present = column(f"{m}_value{v}_position")
            x = numpy.where(present, x, 0).astype("int64")
            sums[f"{m}_value{v}_position"] = int(x.sum())
            n, s1, s2 = n + present.astype("int64"), s1 + x, s2 + x * x
        rows = len(n)
        enough = n >= 2
        at_least = 4 * (n * s2 - s1 * s1) >= 9 * n * n
        worst = (enough, at_least) if worst is None else (worst[0] & enough, worst[1] | at_least)
    return {"rows": rows, "sums": sums, "at_least_1_5": int((worst[0] & worst[1]).sum())}


def from_table(table):
    """The result from an Arrow table."""
    def column(name):
        c = table.column(name)
        return c.fill_null(0).to_numpy(), c.is_valid().to_numpy()
    return from_columns(column)


def duckdb_httpfs():
    import duckdb
    import duckdb_extension_httpfs
    binary = os.path.join(os.path.dirname(duckdb_extension_httpfs.__file__), "extensions", f"v{duckdb.__version__}", "httpfs.duckdb_extension")
    yield
    db = duckdb.connect()
    db.execute(f"LOAD '{binary}'")
    db.execute("SET enable_progress_bar=false")

    def value(v):
        c = [f"{m}_value{v}_position" for m in MODELS]
        n = " + ".join(f"({x} IS NOT NULL)::INT" for x in c)
        s1 = " + ".join(f"coalesce({x}, 0)" for x in c)
        s2 = " + ".join(f"coalesce({x} * {x}, 0)" for x in c)
        return f"{n} AS n{v}, {s1} AS s{v}, {s2} AS q{v}"

    sums = ", ".join(f"coalesce(sum({c}), 0)::BIGINT AS {c}" for c in COLUMNS)
    files = ", ".join(f"'{u}'" for u in urls())
    over = " OR ".join(f"4 * (n{v} * q{v} - s{v} * s{v}) >= 9 * n{v} * n{v}" for v in (1, 2))
    row = db.execute(f"""
        WITH t AS (SELECT {", ".join(COLUMNS)}, {value(1)}, {value(2)} FROM read_parquet([{files}]))
        SELECT count(*), count(*) FILTER (n1 >= 2 AND n2 >= 2 AND ({over})), {sums} FROM t""").fetchone()
    yield {"rows": row[0], "at_least_1_5": row[1], "sums": dict(zip(COLUMNS, map(int, row[2:])))}


def pyarrow_http():
    import aiohttp  # noqa: F401, fsspec's
    import fsspec
    import numpy  # noqa: F401
    import pyarrow.parquet
    fs = fsspec.filesystem("http")
    yield
    yield from_table(pyarrow.parquet.read_table(urls(), filesystem=fs, columns=COLUMNS))


def pyarrow_hf():
    import huggingface_hub
    import numpy  # noqa: F401
    import pyarrow.parquet
    fs = huggingface_hub.HfFileSystem()
    yield
    paths = [f"datasets/{REPO}/{n}" for n in names()]
    yield from_table(pyarrow.parquet.read_table(paths, filesystem=fs, columns=COLUMNS))


def hub_pandas():
    import huggingface_hub
    import pandas
    import pyarrow.parquet  # noqa: F401, pandas' reader
    yield
    folder = huggingface_hub.snapshot_download(REPO, repo_type="dataset", allow_patterns=PREFIX + "*", cache_dir=CACHE)
    frame = pandas.concat(pandas.read_parquet(os.path.join(folder, n), columns=COLUMNS) for n in names())

    def column(name):
        c = frame[name]
        present = c.notna().to_numpy()
        return c.fillna(0).to_numpy(), present
    yield from_columns(column)


contender = {"duckdb-httpfs": duckdb_httpfs, "pyarrow-http": pyarrow_http, "pyarrow-hf": pyarrow_hf, "hub-pandas": hub_pandas}[NAME]()
next(contender)  # imports
begin = time.perf_counter()
result = next(contender)
seconds = time.perf_counter() - begin
print(json.dumps({"seconds": seconds, "result": result}))
