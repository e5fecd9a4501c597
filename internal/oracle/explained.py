"""Run every query that `specstress explain` shows, and compare.

    python explained.py EXPLANATIONS RESULTS [EACH]

EXPLANATIONS is what `specstress explain --json` printed, RESULTS the
results.json of the same data, EACH how many queries of a family to run
(without it: all). The first of a family runs as it is shown, the others piece
by piece, so that what they have in common is computed once. Each query must
give the number that it stands beside: counts equal, others within 1e-9, and
the same k and n. A number without a query must say why. One line per family
goes to standard output, and one per difference; the exit status is 1 when
there is any.
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


def parts(query):
    """A query's statements before WITH, its named tables as (name, columns,
    SELECT, key), and what it selects from them. Equal keys are equal tables."""
    query = re.sub(r"  -- .*", "", query)
    before, found, rest = query.partition("WITH ")
    if not found:
        before, found, rest = query.rpartition(";\n")[0].rpartition(";\n")
        return before, [], rest
    tables, keys = [], {}
    while m := re.match(r",?\s*(\w+)(\([^)]*\))? AS \(", rest):
        depth, end = 1, m.end()
        for token in re.finditer(r"'[^']*'|[()]", rest[m.end():]):
            depth += {"(": 1, ")": -1}.get(token[0], 0)
            if depth == 0:
                end += token.start()
                break
        select = rest[m.end():end]
        keys[m[1]] = (select, *(key for name, key in keys.items() if re.search(rf"\b{name}\b", select)))
        tables.append((m[1], m[2] or "", select, keys[m[1]]))
        rest = rest[end + 1:]
    return before, tables, rest


class Runner:
    """Runs queries piece by piece, so that a table that several of them make
    is made once; it is dropped after the last. Whole, one runs as it is shown."""

    def __init__(self, con, queries):
        self.con, self.kept = con, {}
        self.left = Counter(key for q in queries for *_, key in parts(q)[1])

    def run(self, query, whole):
        before, tables, select = parts(query)
        if whole:
            self.left.subtract(key for *_, key in tables)
            return self.con.execute(query).fetchall()
        if before:
            self.con.execute(before)
        try:
            for name, columns, body, key in tables:
                if key not in self.kept and self.left[key] > 1:
                    self.con.execute(f"CREATE TEMP TABLE kept_{len(self.kept)} AS {body}")
                    self.kept[key] = f"kept_{len(self.kept)}"
                source = f"FROM {self.kept[key]}" if key in self.kept else body
                self.con.execute(f"CREATE OR REPLACE TEMP VIEW {name}{columns} AS {source}")
            return self.con.execute(select).fetchall()
        finally:
            for name, _, _, key in tables:
                self.con.execute(f"DROP VIEW IF EXISTS {name}")
                self.left[key] -= 1
                if key in self.kept and self.left[key] == 0:
                    self.con.execute(f"DROP TABLE {self.kept[key]}")


def main(explanations, results, each=math.inf):
    with open(explanations, encoding="utf-8") as f:
        explained = json.load(f)["explanations"]
    with open(results, encoding="utf-8") as f:
        ours = {r["id"]: r for r in json.load(f)["results"]}
    con, started, right, wrong, without = duckdb.connect(), Counter(), Counter(), 0, Counter()
    seconds = Counter()
    runner = Runner(con, [e["query"] for e in explained if e["query"]])
    start = time.monotonic()
    for e in explained:
        family = ".".join(e["id"].split(".")[:2]) if not e["id"].startswith("preference.") else "preference"
        if e["value"] is None:
            continue
        if not e["query"]:
            without[family] += 1
            if not e["instead"]:
                wrong += 1
                print(f"{e['id']}: neither a query nor a reason for none")
            continue
        started[family] += 1
        if started[family] > each:
            continue
        begun = time.monotonic()
        try:
            rows = runner.run(e["query"], started[family] == 1)
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
