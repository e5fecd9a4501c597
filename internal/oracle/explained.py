"""Run every query that `specstress explain` shows, and compare.

    python explained.py EXPLANATIONS RESULTS [EACH]

EXPLANATIONS is what `specstress explain --json` printed, RESULTS the
results.json of the same data, EACH how many queries of a family to run
(without it: all). Each query must give the number that it stands
beside: counts equal, others within 1e-9, and the same k and n. One line per
family goes to standard output, and one per difference; the exit status is 1
when there is any.
"""

import json
import math
import re
import sys
import time
from collections import Counter

import duckdb


def same(a, b):
    if a is None or b is None:
        return a is b
    return math.isclose(a, b, rel_tol=0, abs_tol=1e-9)


KEPT = re.compile(r"read_(?:parquet|csv)\('[^']*(?:/data/all_models|/judge_evaluations/|values_tree)[^']*', [^)]*\)")


def reader(con):
    """Returns a function that has a query read the files that hundreds read
    from a table, into which they are read once, as the query says."""
    tables = {}

    def table(match):
        if match[0] not in tables:
            tables[match[0]] = f"kept_{len(tables)}"
            con.execute(f"CREATE TEMP TABLE {tables[match[0]]} AS FROM {match[0]}")
        return tables[match[0]]

    return lambda query: KEPT.sub(table, query)


def main(explanations, results, each=math.inf):
    with open(explanations, encoding="utf-8") as f:
        explained = json.load(f)["explanations"]
    with open(results, encoding="utf-8") as f:
        ours = {r["id"]: r for r in json.load(f)["results"]}
    con, started, right, wrong, without = duckdb.connect(), Counter(), Counter(), 0, Counter()
    once, seconds = reader(con), Counter()
    start = time.monotonic()
    for e in explained:
        family = ".".join(e["id"].split(".")[:2]) if not e["id"].startswith("preference.") else "preference"
        if e["value"] is None:
            continue
        if not e["query"]:
            without[family] += 1
            continue
        started[family] += 1
        if started[family] > each:
            continue
        begun = time.monotonic()
        try:
            rows = con.execute(once(e["query"])).fetchall()
        except duckdb.Error as err:
            rows = str(err)
        seconds[family] += time.monotonic() - begun
        value, k, n = rows[0] if isinstance(rows, list) and len(rows) == 1 and len(rows[0]) == 3 else (None, None, None)
        if e["id"] in ours and not same(e["value"], ours[e["id"]]["value"]):
            wrong += 1
            print(f"{e['id']}: explained as {e['value']}, but {ours[e['id']]['value']} in results.json")
        elif same(value, e["value"]) and n == e["n"] and (e["k"] is None or k == e["k"]):
            right[family] += 1
        else:
            wrong += 1
            print(f"{e['id']}: {e['value']} (k {e['k']}, n {e['n']}), by its query {rows}")
    for family, n in right.items():
        print(f"{family:<32} {n:>4} queries give our number, {seconds[family]:5.1f} s")
    for family, n in without.items():
        print(f"{family:<32} {n:>4} numbers without a query")
    print(f"explain: {sum(right.values())} of {sum(right.values()) + wrong} queries agree, in {time.monotonic() - start:.0f} s")
    if not right:
        sys.exit("explain: no query was run")
    return 1 if wrong else 0


if __name__ == "__main__":
    if len(sys.argv) not in (3, 4):
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1], sys.argv[2], *map(int, sys.argv[3:])))
