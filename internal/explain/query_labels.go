package explain

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/specstress/specstress/analysis"
	"github.com/specstress/specstress/analysis/paper"
)

// scenario is the key by which labels are laid beside scenarios.
const scenario = "chunk_index, entry_idx, nudge_direction"

// fromLabels is a query where the label files can be read.
func fromLabels(query func(Layout, []string) string) func(Layout, []string) string {
	return func(l Layout, parts []string) string {
		if l.labels() == "" {
			return ""
		}
		return query(l, parts)
	}
}

// labels reads all label files; "" where there is no telling how.
func (l Layout) labels() string {
	files := l.Labels
	if files == nil {
		files = []string{l.path("labels/*.parquet")}
	}
	read := map[string][]string{}
	for _, f := range files {
		switch ext := path.Ext(f); ext {
		case ".parquet", ".csv":
			read[ext] = append(read[ext], quote(f))
		default:
			return ""
		}
	}
	var all []string
	if p := read[".parquet"]; p != nil {
		all = append(all, "read_parquet(["+strings.Join(p, ", ")+"], union_by_name = true)")
	}
	if c := read[".csv"]; c != nil {
		all = append(all, "read_csv(["+strings.Join(c, ", ")+"], header = true, all_varchar = true, union_by_name = true)")
	}
	if len(all) == 1 {
		return all[0]
	}
	const columns = "SELECT chunk_index::BIGINT AS chunk_index, entry_idx::BIGINT AS entry_idx, nudge_direction, model, label_set, label FROM "
	return "(" + columns + strings.Join(all, " UNION ALL "+columns) + ")"
}

func squash(s string) string { return strings.ReplaceAll(analysis.Slug(s), "-", "") }

// labelled is a table of the scenarios of the split with what they, or the
// responses of a model, bear of a set: an array of labels, NULL for none of
// them. Rows that contradict each other are no label.
func (l Layout) labelled(name string, set analysis.LabelScheme, model string) string {
	who := "coalesce(model, '') = ''"
	if !set.PerScenario {
		who = "model IN (" + quoted([]string{model, analysis.LookupModel(model).Name}, quote) + ")"
	}
	having := "bool_or(label <> '') <> bool_or(label = '')"
	if set.Exclusive {
		having = "count(DISTINCT label) FILTER (label <> '') = 1"
	}
	return fmt.Sprintf(`%s AS (
  SELECT %s, list(DISTINCT label) FILTER (label <> '') AS labels
  FROM (
    SELECT chunk_index::BIGINT AS chunk_index, entry_idx::BIGINT AS entry_idx, nudge_direction, word(coalesce(label, '')) AS label
    FROM %s
    WHERE label_set = %s AND %s
  ) JOIN rows USING (%s)
  WHERE label IN ('', %s)
  GROUP BY %s
  HAVING %s
)`, name, scenario, l.labels(), quote(set.Name), who, scenario,
		quoted(set.Labels, func(s string) string { return quote(squash(s)) }), scenario, having)
}

// withLabels begins a query with some such tables.
func (l Layout) withLabels(tables ...string) string {
	return word + fmt.Sprintf("WITH rows AS (\n  SELECT DISTINCT %s FROM %s\n), ", scenario, l.files(analysis.AllModels.Name)) +
		strings.Join(tables, ", ") + "\n"
}

// bears is whether a table's labels have one of some.
func bears(table string, labels ...string) string {
	return fmt.Sprintf("coalesce(list_has_any(%s.labels, [%s]), false)", table,
		quoted(labels, func(s string) string { return quote(squash(s)) }))
}

func shareOf(hit, from string) string {
	return fmt.Sprintf("SELECT avg((%s)::INT) AS value, count(*) FILTER (%s) AS k, count(*) AS n\nFROM %s;\n", hit, hit, from)
}

func refusalLevelQuery(l Layout, parts []string) string {
	set := analysis.RefusalLevels
	return l.withLabels(l.labelled("own", set, parts[1])) + shareOf(bears("own", parts[0]), "own")
}

func refusalRateQuery(l Layout, parts []string) string {
	rates := paper.RefusalRates()
	i := slices.IndexFunc(rates, func(r paper.RefusalRate) bool { return r.Figure == parts[0] })
	if i < 0 {
		return ""
	}
	set, topics := analysis.RefusalLevels, analysis.Topics
	tables, from := []string{l.labelled("own", set, parts[2])}, "own"
	if parts[1] != "overall" {
		tables = append(tables, l.labelled("topic", topics, ""))
		from += " SEMI JOIN (FROM topic WHERE " + bears("topic", parts[1]) + ") USING (" + scenario + ")"
	}
	return l.withLabels(tables...) + shareOf(bears("own", set.Labels[rates[i].From:]...), from)
}

func valueShareQuery(l Layout, parts []string) string {
	return l.withLabels(l.labelled("own", analysis.ValueLabels, parts[1])) + shareOf(bears("own", parts[0]), "own")
}

func valueCountQuery(l Layout, parts []string) string {
	hit := bears("own", parts[0])
	return l.withLabels(l.labelled("own", analysis.ValueLabels, parts[1])) +
		fmt.Sprintf("SELECT count(*) FILTER (%s) AS value, count(*) FILTER (%s) AS k, count(*) AS n\nFROM own;\n", hit, hit)
}

func coOccurrenceQuery(l Layout, parts []string) string {
	for _, p := range paper.ValuePairs() {
		if "fig11"+p.Panel == parts[0] {
			return l.withLabels(l.labelled("given", analysis.ValueLabels, p.A), l.labelled("other", analysis.ValueLabels, p.B)) +
				shareOf(bears("other", parts[2]), "given JOIN other USING ("+scenario+") WHERE "+bears("given", parts[1]))
		}
	}
	return ""
}
