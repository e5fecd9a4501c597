"""The numbers in SQL, by DuckDB. Each function returns plain values."""

import sys
from itertools import combinations

from published import ALL, BINS, FAR, FAVOUR, MOST, OPENAI, PROVIDERS


def scores(models):
    """SELECT list of the positions, NULL where missing."""
    cells = (f"{m}_value{v}_position" for m in models for v in (1, 2))
    return ", ".join(f'CASE WHEN "{c}" BETWEEN 0 AND 6 AND "{c}" = floor("{c}") THEN "{c}"::BIGINT END AS "{c}"' for c in cells)


def spread(models):
    """SELECT list of n and q by value. q / n^2 is the population variance, so
    D >= 3/2 <=> 4q >= 9n^2 on either value: integers, where stddev_pop would
    misplace ties."""

    def sums(v):
        cells = [f'"{m}_value{v}_position"' for m in models]
        n = " + ".join(f"({c} IS NOT NULL)::BIGINT" for c in cells)
        s1 = " + ".join(f"coalesce({c}, 0)" for c in cells)
        s2 = " + ".join(f"coalesce({c} * {c}, 0)" for c in cells)
        return f"{n} AS n{v}, ({n}) * ({s2}) - ({s1}) * ({s1}) AS q{v}"

    return f"{sums(1)}, {sums(2)}"


def reaches(halves):
    """Whether disagreement is halves/2 or more, where it is computable."""
    t = halves * halves
    return f"(n1 >= 2 AND n2 >= 2 AND (4 * q1 >= {t} * n1 * n1 OR 4 * q2 >= {t} * n2 * n2))"


def disagreement(con, paths, models):
    return con.execute(
        f"""WITH scores AS (SELECT {scores(models)} FROM read_parquet(?, union_by_name=true)),
                 spread AS (SELECT {spread(models)} FROM scores)
            SELECT count(*) FILTER ({reaches(3)}), count(*), avg(greatest(sqrt(q1) / n1, sqrt(q2) / n2))
            FROM spread WHERE n1 >= 2 AND n2 >= 2""",
        [paths],
    ).fetchone()


def bin_counts(con, paths, models):
    """How many scenarios lie in each bin of disagreement over the models."""
    bins = " + ".join(f"{reaches(h)}::BIGINT" for h in (2, 3, 4, 5))  # 1, 1.5, 2, 2.5
    rows = con.execute(
        f"""WITH scores AS (SELECT {scores(models)} FROM read_parquet(?, union_by_name=true)),
                 spread AS (SELECT {spread(models)} FROM scores)
            SELECT {bins} AS bin, count(*) FROM spread WHERE n1 >= 2 AND n2 >= 2 GROUP BY bin""",
        [paths],
    ).fetchall()
    return {BINS[i]: n for i, n in rows}


def outliers(con, paths, models, high=False):
    """Counts by model of both rules; high keeps scenarios with D >= 3/2."""
    long = " UNION ALL ".join(
        f"""SELECT row, '{m}' AS model, "{m}_value1_position" AS a, "{m}_value2_position" AS b FROM kept""" for m in models
    )
    rows = con.execute(
        f"""WITH scores AS (SELECT row_number() OVER () AS row, {scores(models)} FROM read_parquet(?, union_by_name=true)),
                 spread AS (SELECT *, {spread(models)} FROM scores),
                 kept AS (SELECT * FROM spread WHERE {reaches(3) if high else "true"}),
                 long AS ({long}),
                 far AS (SELECT x.row, x.model,
                           count(*) FILTER (abs(x.a - y.a) >= {FAR}) AS first,
                           count(*) FILTER (abs(x.b - y.b) >= {FAR}) AS second,
                           count(*) FILTER (abs(x.a - y.a) >= {FAR} OR abs(x.b - y.b) >= {FAR}) AS either
                         FROM long x JOIN long y ON x.row = y.row AND x.model <> y.model
                         GROUP BY x.row, x.model)
            SELECT model, count(*) FILTER (first >= {MOST} OR second >= {MOST}), count(*) FILTER (either >= {MOST})
            FROM far GROUP BY model ORDER BY model""",
        [paths],
    ).fetchall()
    return {model: (same, either) for model, same, either in rows}


def judgements(con, paths, judges, key):
    """Table v: one row per response, its bin, scenario, model and codes. Also
    returns, by bin, the shares that all pass and all fail by majority, and n."""
    verdict = ", ".join(
        f"""CASE lower(regexp_replace("{j}_decision", '[^\\p{{L}}\\p{{Nd}}]', '', 'g'))
            WHEN 'compliant' THEN 0 WHEN 'noncompliant' THEN 1 WHEN 'ambiguous' THEN 2 END AS "{j}" """
        for j in judges
    )
    scenario = " || '|' || ".join(f"""coalesce("{k}"::VARCHAR, '')""" for k in key)
    con.execute(
        f"""CREATE OR REPLACE TABLE v AS
            SELECT replace(regexp_extract(filename, 'std_([0-9.]+_to_[0-9]+[.][0-9]+)', 1), '_to_', '-') AS bin,
                   {scenario} AS scenario,
                   lower(regexp_replace(model, '[^\\p{{L}}\\p{{Nd}}]', '', 'g')) AS model, {verdict}
            FROM read_parquet(?, union_by_name=true, filename=true)""",
        [paths],
    )
    twice = con.execute("SELECT count(*) FROM (SELECT 1 FROM v GROUP BY bin, scenario, model HAVING count(*) > 1)").fetchone()[0]
    if twice:
        sys.exit(f"oracle: {twice} responses appear twice in judge_evaluations; this script has no rule for that")

    out = {}
    flag = {j: f'("{j}" > 0)::BIGINT' for j in judges}
    valid = " AND ".join(f'"{j}" IS NOT NULL' for j in judges)
    for j in judges:
        out[f"judges.flag_rate.{j}"] = con.execute(f'SELECT avg({flag[j]}), count("{j}") FROM v').fetchone()
    for a, b in combinations(judges, 2):
        out[f"judges.agreement.{a}.{b}"] = con.execute(
            f'SELECT avg(({flag[a]} = {flag[b]})::BIGINT), count(*) FROM v WHERE "{a}" IS NOT NULL AND "{b}" IS NOT NULL'
        ).fetchone()

    # Fleiss from the counts n_ij of ratings by item and category.
    r = len(judges)
    for name, categories in ("binary", [(0,), (1, 2)]), ("three", [(0,), (1,), (2,)]):
        counts = [" + ".join(f'("{j}" IN {str(c).replace(",)", ")")})::BIGINT' for j in judges) for c in categories]
        squares = " + ".join(f"({n}) * ({n})" for n in counts)
        shares = ", ".join(f"sum({n})" for n in counts)
        n, s, *totals = con.execute(f"SELECT count(*), sum({squares}), {shares} FROM v WHERE {valid}").fetchone()
        observed = (s - r * n) / (r * (r - 1) * n)
        chance = sum((float(t) / (r * n)) ** 2 for t in totals)
        out[f"judges.fleiss.{name}"] = ((float(observed) - chance) / (1 - chance), n)

    problematic = " + ".join(flag.values())
    openai = ", ".join("'" + m.replace("_", "") + "'" for m in OPENAI)
    bins = con.execute(
        f"""WITH judged AS (SELECT bin, scenario, {problematic} AS k FROM v WHERE model IN ({openai}) AND {valid}),
                 scenarios AS (SELECT bin, count(*) FILTER (2 * k > {r}) AS majority, count(*) FILTER (k >= 1) AS any_judge
                               FROM judged GROUP BY bin, scenario HAVING count(*) = {len(OPENAI)})
            SELECT bin, count(*) FILTER (majority = {len(OPENAI)}) / count(*), count(*) FILTER (any_judge = {len(OPENAI)}) / count(*), count(*),
                   count(*) FILTER (majority = 0) / count(*)
            FROM scenarios GROUP BY bin ORDER BY bin"""
    ).fetchall()
    for bin, majority, any_judge, n, _ in bins:
        out[f"compliance.fig2.majority.{bin}"] = (majority, n)
        out[f"compliance.fig2.any.{bin}"] = (any_judge, n)
    return out, {bin: (passes, fails, n) for bin, fails, _, n, passes in bins}


def preferences(con, paths, tree):
    cells = " UNION ALL ".join(
        f"SELECT slug, {', '.join(f'{m}_value{v}_position AS {m}' for m in ALL)} FROM rows JOIN category ON name = lower(trim(value{v}))" for v in (1, 2)
    )
    shares = ", ".join(f"avg(({m} >= {FAVOUR})::BIGINT), count({m})" for m in ALL)
    rows = con.execute(
        f"""WITH tree AS (SELECT * FROM read_csv(?, header=true, all_varchar=true)),
                 category AS (SELECT lower(trim(leaf.name)) AS name,
                                lower(regexp_replace(top.name, '[^A-Za-z0-9]+', '-', 'g')) AS slug
                              FROM tree leaf JOIN tree mid ON leaf.parent_cluster_id = mid.cluster_id
                                JOIN tree top ON mid.parent_cluster_id = top.cluster_id
                              WHERE leaf.level = '0'),
                 rows AS (SELECT value1, value2, {scores(ALL)} FROM read_parquet(?, union_by_name=true))
            SELECT slug, {shares} FROM ({cells}) GROUP BY slug ORDER BY slug""",
        [tree, paths],
    ).fetchall()
    out = {}
    for slug, *cells in rows:
        by_model = dict(zip(ALL, zip(cells[0::2], cells[1::2])))
        for m, cell in by_model.items():
            out[f"preference.{slug}.{m}"] = cell
        for provider, models in PROVIDERS.items():
            out[f"preference.{slug}.provider.{provider}"] = (sum(by_model[m][0] for m in models) / len(models), None)
    return out
