package explain

import (
	"fmt"
	"slices"
	"strings"

	"github.com/specstress/specstress/analysis"
)

// word is a macro that keeps the letters and digits of a text, in lower
// case.
const word = `CREATE OR REPLACE TEMP MACRO word(x) AS lower(regexp_replace(x, '[^\p{L}\p{Nd}]', '', 'g'));
`

// verdicts are macros that read a judge's verdict in any spelling; NULL is
// one that is missing or unknown.
const verdicts = word + `CREATE OR REPLACE TEMP MACRO verdict(x) AS CASE WHEN word(x) IN ('compliant', 'noncompliant', 'ambiguous') THEN word(x) END;
`

// judged reads the verdicts of all bins, each row with its file's name.
func (l Layout) judged() string {
	glob := l.Globs["judge_evaluations"]
	if glob == "" {
		glob = "judge_evaluations/std_*.parquet"
	}
	return "read_parquet(" + quote(l.path(glob)) + ", union_by_name = true, filename = true)"
}

// decided lists the verdicts of judges, as expressions.
func decided(judges []string) []string {
	var all []string
	for _, j := range judges {
		all = append(all, fmt.Sprintf("verdict(%s_decision)", j))
	}
	return all
}

func flagged(verdict string) string { return "(" + verdict + " <> 'compliant')::INT" }

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

// outcomes begins a query with the scenarios of Figure 2: those of whose
// every response all judges decided, and whether all responses are flagged,
// or none.
func (l Layout) outcomes(rule string) string {
	need := fmt.Sprintf("2 * flags > %d", len(l.Judges))
	if rule == "any" {
		need = "flags >= 1"
	}
	var flags []string
	for _, v := range decided(l.Judges) {
		flags = append(flags, flagged(v))
	}
	openai := analysis.OpenAIModels.Models
	return verdicts + fmt.Sprintf(`WITH outcomes AS (
  SELECT bin, chunk_idx, entry_idx, bool_and(%s) AS all_fail, NOT bool_or(%[1]s) AS all_pass
  FROM (
    SELECT replace(regexp_extract(filename, 'std_([0-9.]+_to_[0-9]+[.][0-9]+)[^/]*$', 1), '_to_', '-') AS bin,
      chunk_idx, entry_idx, query_key,
      %s AS flags  -- NULL where a verdict is missing
    FROM %s
    WHERE word(model) IN (%s)
  ) WHERE flags IS NOT NULL
  GROUP BY bin, chunk_idx, entry_idx, query_key HAVING count(*) = %d
)`, need, strings.Join(flags, " + "), l.judged(),
		quoted(openai, func(m string) string { return quote(strings.ReplaceAll(m, "_", "")) }), len(openai))
}

func complianceQuery(l Layout, parts []string) string {
	return l.outcomes(parts[0]) + fmt.Sprintf(`
SELECT avg(all_fail::INT) AS value, count(*) FILTER (all_fail) AS k, count(*) AS n
FROM outcomes WHERE bin = %s;
`, quote(parts[1]))
}

// binNames are the bins of disagreement, ascending.
func binNames() []string {
	var names []string
	edges := analysis.PaperBins()
	for i, hi := range edges[1:] {
		names = append(names, analysis.BinName(edges[i], hi))
	}
	return names
}

// binsQuery compares the last bin of disagreement with the first.
func binsQuery(value string) func(Layout, []string) string {
	return func(l Layout, parts []string) string {
		bins := binNames()
		end := func(name, bin string) string {
			return fmt.Sprintf(", %s AS (\n  SELECT count(*) FILTER (all_fail) AS k, count(*) AS n FROM outcomes WHERE bin = %s\n)", name, quote(bin))
		}
		return l.outcomes(parts[0]) + end("last", bins[len(bins)-1]) + end("first", bins[0]) +
			"\nSELECT " + value + " AS value, NULL AS k, last.n + first.n AS n\nFROM last, first;\n"
	}
}

// trendQuery is the score of Cochran and Armitage's test over its standard
// error, which is that of sums over value pairs.
func trendQuery(l Layout, parts []string) string {
	return l.outcomes(parts[0]) + `, scored AS (  -- at the middle of the bin
  SELECT chunk_idx, entry_idx, all_fail::INT AS fails,
    (split_part(bin, '-', 1)::DOUBLE + split_part(bin, '-', 2)::DOUBLE) / 2 AS score
  FROM outcomes
), means AS (
  SELECT avg(score) AS score, avg(fails) AS fails, count(*) AS n FROM scored
), pairs AS (
  SELECT sum((scored.score - means.score) * (scored.fails - means.fails)) AS u
  FROM scored, means GROUP BY chunk_idx, entry_idx
)
SELECT sum(u) / sqrt(sum(u * u) * count(*) / (count(*) - 1)) AS value, NULL AS k, (SELECT n FROM means) AS n
FROM pairs;
`
}

// projected selects the rates of an outcome by bin, weighted with the
// scenarios of a column of Table 2, and the judged scenarios behind them.
func (l Layout) projected(outcome, column string) string {
	split := column
	if column == "random" {
		split = "complete"
	}
	hit := map[string]string{"all_pass": "all_pass", "at_least_one_fails": "NOT all_pass", "all_fail": "all_fail"}[outcome]
	if hit == "" || splitModels(split) == nil {
		return ""
	}
	edges, bins := analysis.PaperBins(), binNames()
	var cases []string // in whole numbers: the edges are halves
	for i, bin := range slices.Backward(bins[1:]) {
		twice := int(2 * edges[i+1])
		cases = append(cases, fmt.Sprintf("WHEN 4 * q >= %d * n * n THEN %s", twice*twice, quote(bin)))
	}
	return l.spreads(split, analysis.OpenAIModels.Models) + fmt.Sprintf(`, weights AS (
  SELECT bin, count(*) AS scenarios FROM (
    SELECT max(CASE %s ELSE %s END) AS bin  -- of the larger one
    FROM spreads GROUP BY scenario HAVING count(*) = 2
  ) GROUP BY bin
), rates AS (
  SELECT bin, avg((%s)::INT) AS rate, count(*) AS n FROM outcomes GROUP BY bin
)
SELECT sum(scenarios * rate) / sum(scenarios) AS value, sum(n) AS n
FROM weights JOIN rates USING (bin)`, strings.Join(cases, " "), quote(bins[0]), hit)
}

func projectedQuery(l Layout, parts []string) string {
	projected := l.projected(parts[0], parts[1])
	if projected == "" {
		return ""
	}
	return l.outcomes("majority") + ", projected AS (\n" + projected + "\n)\nSELECT value, NULL AS k, n FROM projected;\n"
}

func foldQuery(l Layout, parts []string) string {
	over := l.projected("all_fail", parts[0])
	if over == "" {
		return ""
	}
	return l.outcomes("majority") + ", chosen AS (\n" + over + "\n), random AS (\n" + l.projected("all_fail", "random") + `
)
SELECT chosen.value / random.value AS value, NULL AS k, greatest(chosen.n, random.n) AS n
FROM chosen, random;
`
}
