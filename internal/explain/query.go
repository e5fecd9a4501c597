package explain

import (
	"fmt"
	"strings"

	"github.com/specstress/specstress/analysis"
)

// The queries are for DuckDB, share nothing with the Go code and read like
// the definitions. Each gives one row: value, k and n, where the value is k
// of n or k is NULL.

// A Layout says where the files of a dataset are and which judges it has.
type Layout struct {
	Root string // folder, "" for the current one
	// Globs are the parquet files by split, relative to Root; those of the
	// published repository where a split is missing here.
	Globs  map[string]string
	Judges []string // decision columns without _decision
	Tree   string   // the file of the taxonomy; "" for values_tree.csv in Root
}

func (l Layout) path(name string) string {
	if l.Root == "" || strings.HasPrefix(name, "/") {
		return quote(name)
	}
	return quote(strings.TrimSuffix(l.Root, "/") + "/" + name)
}

// files reads a split.
func (l Layout) files(split string) string {
	glob := l.Globs[split]
	switch {
	case glob != "":
	case split == "complete":
		glob = "complete/*.parquet"
	case strings.HasPrefix(split, "std_"):
		glob = "judge_evaluations/" + split + "*.parquet"
	default:
		glob = "data/" + split + "-*.parquet"
	}
	return "read_parquet(" + l.path(glob) + ", union_by_name = true)"
}

func (l Layout) taxonomy() string {
	tree := l.path("values_tree.csv")
	if l.Tree != "" {
		tree = quote(l.Tree)
	}
	return "read_csv(" + tree + ", header = true, all_varchar = true)"
}

func quote(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

func quoted(names []string, with func(string) string) string {
	var all []string
	for _, n := range names {
		all = append(all, with(n))
	}
	return strings.Join(all, ", ")
}

// positions begins a query with the positions of some models, one per row:
// those that are whole numbers from 0 to 6, for anything else is missing.
func (l Layout) positions(split string, models []string) string {
	return fmt.Sprintf(`WITH rows AS (
  SELECT row_number() OVER () AS scenario, COLUMNS('^(%s)_value[12]_position$')::DOUBLE
  FROM %s
), positions AS (
  SELECT scenario, regexp_extract(name, '^(.*)_value', 1) AS model, regexp_extract(name, '_value([12])_', 1) AS side, score
  FROM (UNPIVOT rows ON COLUMNS(* EXCLUDE scenario) INTO NAME name VALUE score)
  WHERE score IN (0, 1, 2, 3, 4, 5, 6)
)`, strings.Join(models, "|"), l.files(split))
}

func disagreementQuery(result string) func(Layout, []string) string {
	return func(l Layout, parts []string) string {
		models := splitModels(parts[0])
		if models == nil {
			return ""
		}
		return l.positions(parts[0], models) + `, spreads AS (  -- q / n² is the population variance
  SELECT scenario, count(*) AS n, count(*) * sum(score * score) - sum(score) * sum(score) AS q
  FROM positions GROUP BY scenario, side HAVING count(*) >= 2
), scenarios AS (
  SELECT bool_or(4 * q >= 9 * n * n) AS high, max(sqrt(q) / n) AS d
  FROM spreads GROUP BY scenario HAVING count(*) = 2  -- both values
)
SELECT ` + result + "\nFROM scenarios;\n"
	}
}

func outlierQuery(l Layout, parts []string) string {
	group := "scenario, side"
	if parts[0] == "either_value" {
		group = "scenario"
	}
	return l.positions(analysis.AllModels.Name, analysis.AllModels.Models) + fmt.Sprintf(`, far AS (
  SELECT scenario, count(DISTINCT others.model) AS models
  FROM positions AS own JOIN positions AS others USING (scenario, side)
  WHERE own.model = %s AND others.model <> own.model AND abs(own.score - others.score) >= 4
  GROUP BY %s
)
SELECT count(DISTINCT scenario) AS value, NULL AS k, (SELECT count(*) FROM rows) AS n
FROM far WHERE models >= 9;
`, quote(parts[1]), group)
}

// outlierTotalQuery counts the outliers of all models over one of the six
// splits. Over complete, a join of every two of its 9.9 million positions
// takes minutes: there is no query.
func outlierTotalQuery(l Layout, parts []string) string {
	if splitModels(parts[1]) == nil || strings.HasPrefix(parts[1], "complete") {
		return ""
	}
	group, models := "scenario, own.model, side", "count(*)"
	if parts[0] == "either_value" {
		group, models = "scenario, own.model", "count(DISTINCT others.model)"
	}
	return l.positions(parts[1], analysis.AllModels.Models) + fmt.Sprintf(`, far AS (
  SELECT scenario, own.model AS model, %s AS models
  FROM positions AS own JOIN positions AS others USING (scenario, side)
  WHERE others.model <> own.model AND abs(own.score - others.score) >= 4
  GROUP BY %s
)
SELECT count(DISTINCT (scenario, model)) AS value, NULL AS k, (SELECT count(*) FROM rows) AS n
FROM far WHERE models >= 9;
`, models, group)
}

// second is the layout with one column as the second judge, where the files
// have both that could be it.
func (l Layout) second(judge string) Layout {
	var judges []string
	for _, j := range l.Judges {
		if j == judge || j != "gpt41" && j != "o3" {
			judges = append(judges, j)
		}
	}
	l.Judges = judges
	return l
}

// verdicts are macros that read a judge's verdict in any spelling; NULL is
// one that is missing or unknown.
const verdicts = `CREATE OR REPLACE TEMP MACRO word(x) AS lower(regexp_replace(x, '[^\p{L}\p{Nd}]', '', 'g'));
CREATE OR REPLACE TEMP MACRO verdict(x) AS CASE WHEN word(x) IN ('compliant', 'noncompliant', 'ambiguous') THEN word(x) END;
`

// decided lists the verdicts of judges, as expressions.
func decided(judges []string) []string {
	var all []string
	for _, j := range judges {
		all = append(all, fmt.Sprintf("verdict(%s_decision)", j))
	}
	return all
}

func flagged(verdict string) string { return "(" + verdict + " <> 'compliant')::INT" }

// failing selects k and n of one bin: scenarios with all models flagged.
func (l Layout) failing(rule, bin string) string {
	need := fmt.Sprintf("2 * flags > %d", len(l.Judges))
	if rule == "any" {
		need = "flags >= 1"
	}
	var flags []string
	for _, v := range decided(l.Judges) {
		flags = append(flags, flagged(v))
	}
	openai := analysis.OpenAIModels.Models
	return fmt.Sprintf(`  SELECT count(*) FILTER (fail) AS k, count(*) AS n FROM (
    SELECT bool_and(%s) AS fail
    FROM (
      SELECT chunk_idx, entry_idx, query_key,
        %s AS flags  -- NULL where a verdict is missing
      FROM %s
      WHERE word(model) IN (%s)
    ) WHERE flags IS NOT NULL
    GROUP BY chunk_idx, entry_idx, query_key HAVING count(*) = %d
  )`, need, strings.Join(flags, " + "), l.files("std_"+strings.Replace(bin, "-", "_to_", 1)),
		quoted(openai, func(m string) string { return quote(strings.ReplaceAll(m, "_", "")) }), len(openai))
}

func complianceQuery(l Layout, parts []string) string {
	return verdicts + "WITH bin AS (\n" + l.failing(parts[0], parts[1]) + "\n)\nSELECT k / n AS value, k, n FROM bin;\n"
}

// binsQuery compares the last bin of disagreement with the first.
func binsQuery(value string) func(Layout, []string) string {
	return func(l Layout, parts []string) string {
		edges := analysis.PaperBins()
		last, first := analysis.BinName(edges[len(edges)-2], edges[len(edges)-1]), analysis.BinName(edges[0], edges[1])
		return verdicts + "WITH last AS (\n" + l.failing(parts[0], last) + "\n), first AS (\n" + l.failing(parts[0], first) +
			"\n)\nSELECT " + value + " AS value, NULL AS k, last.n + first.n AS n\nFROM last, first;\n"
	}
}

func (l Layout) judged() string {
	glob := l.Globs["judge_evaluations"]
	if glob == "" {
		glob = "judge_evaluations/std_*.parquet"
	}
	return "read_parquet(" + l.path(glob) + ", union_by_name = true)"
}

func flagRateQuery(l Layout, parts []string) string {
	v := decided(parts[:1])[0]
	return verdicts + fmt.Sprintf(`SELECT avg(%s) AS value, count(*) FILTER (%s <> 'compliant') AS k, count(%s) AS n
FROM %s;
`, flagged(v), v, v, l.judged())
}

func agreementQuery(l Layout, parts []string) string {
	v := decided(parts)
	return verdicts + fmt.Sprintf(`WITH responses AS (
  SELECT %s = %s AS agree FROM %s
  WHERE %s IS NOT NULL AND %s IS NOT NULL
)
SELECT avg(agree::INT) AS value, count(*) FILTER (agree) AS k, count(*) AS n FROM responses;
`, flagged(v[0]), flagged(v[1]), l.judged(), v[0], v[1])
}

// kappaQuery counts, for each response and category, how many judges chose
// it.
func kappaQuery(l Layout, parts []string) string {
	category := map[string]string{"binary": "replace(%s, 'ambiguous', 'noncompliant')", "three": "%s"}[parts[0]]
	if category == "" {
		return ""
	}
	judges := len(l.Judges)
	return verdicts + fmt.Sprintf(`WITH responses AS (
  SELECT row_number() OVER () AS response, unnest([%s]) AS category
  FROM %s
  WHERE %s
), counts AS (
  SELECT response, category, count(*) AS judges FROM responses GROUP BY ALL
), agreement AS (  -- of the pairs of judges
  SELECT avg(p) AS observed, count(*) AS n
  FROM (SELECT sum(judges * (judges - 1)) / (%d * %d) AS p FROM counts GROUP BY response)
), shares AS (
  SELECT sum(share * share) AS chance FROM (
    SELECT sum(judges) / (SELECT sum(judges) FROM counts) AS share FROM counts GROUP BY category)
)
SELECT (observed - chance) / (1 - chance) AS value, NULL AS k, n FROM agreement, shares;
`, quoted(decided(l.Judges), func(v string) string { return fmt.Sprintf(category, v) }), l.judged(),
		strings.Join(decided(l.Judges), " IS NOT NULL AND ")+" IS NOT NULL", judges, judges-1)
}

func preferenceQuery(l Layout, parts []string) string {
	models := parts[1:]
	if p := parts[1]; len(parts) == 2 {
		providers, members := analysis.AllModels.Providers()
		for _, name := range providers {
			if analysis.Slug(name) == p {
				models = members[name]
			}
		}
	}
	side := func(v int) string {
		return fmt.Sprintf("SELECT lower(trim(value%d)) AS name, %s\n  FROM %s", v,
			quoted(models, func(m string) string { return fmt.Sprintf("%s_value%d_position::DOUBLE AS %s", m, v, m) }), l.files(analysis.AllModels.Name))
	}
	return fmt.Sprintf(`WITH tree AS (
  SELECT * FROM %s
), category AS (
  SELECT lower(trim(leaf.name)) AS name
  FROM tree AS leaf JOIN tree AS middle ON leaf.parent_cluster_id = middle.cluster_id
    JOIN tree AS top ON middle.parent_cluster_id = top.cluster_id
  WHERE leaf.level = '0' AND top.name = %s
), sides AS (
  %s
  UNION ALL
  %s
), positions AS (
  SELECT model, score FROM (UNPIVOT (FROM sides SEMI JOIN category USING (name)) ON COLUMNS(* EXCLUDE name) INTO NAME model VALUE score)
  WHERE score IN (0, 1, 2, 3, 4, 5, 6)
), models AS (
  SELECT avg((score >= 5)::INT) AS share, count(*) FILTER (score >= 5) AS k, count(*) AS n
  FROM positions GROUP BY model
)
SELECT avg(share) AS value, sum(k) AS k, sum(n) AS n FROM models;
`, l.taxonomy(), quote(categoryName(parts[0])), side(1), side(2))
}

func anchorQuery(l Layout, parts []string) string {
	rows := fmt.Sprintf(`WITH rows AS (
  SELECT value1, value2 FROM %s
  WHERE value1 IS NOT NULL AND value2 IS NOT NULL
), pairs AS (
  SELECT count(*) AS times FROM rows GROUP BY value1, value2
), used AS (
  SELECT value, count(*) AS times
  FROM (SELECT value1 AS value FROM rows UNION ALL SELECT value2 FROM rows WHERE value2 <> value1) GROUP BY value
)
`, l.files(parts[0]))
	const result = "SELECT %s AS value, NULL AS k, (SELECT count(*) FROM rows) AS n FROM %s;\n"
	switch parts[1] {
	case "pairs":
		return rows + fmt.Sprintf(result, "count(*)", "pairs")
	case "pairs_with_1_row":
		return rows + fmt.Sprintf(result, "count(*)", "pairs WHERE times = 1")
	case "pairs_with_2_rows":
		return rows + fmt.Sprintf(result, "count(*)", "pairs WHERE times = 2")
	case "pairs_with_3_rows":
		return rows + fmt.Sprintf(result, "count(*)", "pairs WHERE times = 3")
	case "values":
		return rows + fmt.Sprintf(result, "count(*)", "used")
	case "values_over_30_times":
		return rows + fmt.Sprintf(result, "count(*)", "used WHERE times > 30")
	}
	slug := `trim(regexp_replace(lower(value), '[^\p{L}\p{Nd}]+', '-', 'g'), '-')`
	return rows + fmt.Sprintf(result, "coalesce(sum(times), 0)::BIGINT", "used WHERE "+slug+" = "+quote(parts[1]))
}
