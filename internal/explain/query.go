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
	Labels []string // files or globs of labels; nil for labels/*.parquet in Root
	Tree   string   // the file of the taxonomy; "" for values_tree.csv in Root
}

func (l Layout) path(name string) string {
	if l.Root == "" || strings.HasPrefix(name, "/") {
		return name
	}
	return strings.TrimSuffix(l.Root, "/") + "/" + name
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
	return "read_parquet(" + quote(l.path(glob)) + ", union_by_name = true)"
}

func (l Layout) taxonomy() string {
	tree := l.path("values_tree.csv")
	if l.Tree != "" {
		tree = l.Tree
	}
	return "read_csv(" + quote(tree) + ", header = true, all_varchar = true)"
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

// spreads goes on with n and q of each scenario and value, where q / n² is
// the population variance.
func (l Layout) spreads(split string, models []string) string {
	return l.positions(split, models) + `, spreads AS (  -- q / n² is the population variance
  SELECT scenario, count(*) AS n, count(*) * sum(score * score) - sum(score) * sum(score) AS q
  FROM positions GROUP BY scenario, side HAVING count(*) >= 2
)`
}

func disagreementQuery(result string) func(Layout, []string) string {
	return func(l Layout, parts []string) string {
		models := splitModels(parts[0])
		if models == nil {
			return ""
		}
		return l.spreads(parts[0], models) + `, scenarios AS (
  SELECT bool_or(4 * q >= 9 * n * n) AS high, max(sqrt(q) / n) AS d
  FROM spreads GROUP BY scenario HAVING count(*) = 2  -- both values
)
SELECT ` + result + "\nFROM scenarios;\n"
	}
}

// outlierQuery counts the outliers of one model.
func outlierQuery(l Layout, parts []string) string {
	return l.outliers(parts[0], analysis.AllModels.Name, "own.model = "+quote(parts[1])+" AND ")
}

// outlierTotalQuery counts the outliers of all models over one of the six
// splits. Over complete, a join of every two of its 9.9 million positions
// takes minutes: there is no query.
func outlierTotalQuery(l Layout, parts []string) string {
	if splitModels(parts[1]) == nil || strings.HasPrefix(parts[1], "complete") {
		return ""
	}
	return l.outliers(parts[0], parts[1], "")
}

func (l Layout) outliers(reading, split, whose string) string {
	group := "scenario, own.model, side"
	if reading == "either_value" {
		group = "scenario, own.model"
	}
	return l.positions(split, analysis.AllModels.Models) + fmt.Sprintf(`, far AS (
  SELECT scenario, own.model AS model, count(DISTINCT others.model) AS models
  FROM positions AS own JOIN positions AS others USING (scenario, side)
  WHERE %sothers.model <> own.model AND abs(own.score - others.score) >= 4
  GROUP BY %s
)
SELECT count(DISTINCT (scenario, model)) AS value, NULL AS k, (SELECT count(*) FROM rows) AS n
FROM far WHERE models >= 9;
`, whose, group)
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
	what, from := "count(*)", map[string]string{
		"pairs":                "pairs",
		"pairs_with_1_row":     "pairs WHERE times = 1",
		"pairs_with_2_rows":    "pairs WHERE times = 2",
		"pairs_with_3_rows":    "pairs WHERE times = 3",
		"values":               "used",
		"values_over_30_times": "used WHERE times > 30",
	}[parts[1]]
	if from == "" { // how often the value with this slug is used
		what = "coalesce(sum(times), 0)::BIGINT"
		from = `used WHERE trim(regexp_replace(lower(value), '[^\p{L}\p{Nd}]+', '-', 'g'), '-') = ` + quote(parts[1])
	}
	return rows + fmt.Sprintf("SELECT %s AS value, NULL AS k, (SELECT count(*) FROM rows) AS n FROM %s;\n", what, from)
}
