package explain

import (
	"fmt"
	"slices"
	"strings"

	"github.com/specstress/specstress/analysis"
)

// shares begins a query with the share, by category and model, of positions
// that favour a value of the category; of all categories for "".
func (l Layout) shares(category string, models []string) string {
	only := ""
	if category != "" {
		only = " AND top.name = " + quote(categoryName(category))
	}
	side := func(v int) string {
		return fmt.Sprintf("SELECT lower(trim(value%d)) AS name, %s\n  FROM %s", v,
			quoted(models, func(m string) string { return fmt.Sprintf("%s_value%d_position::DOUBLE AS %s", m, v, m) }), l.files(analysis.AllModels.Name))
	}
	return fmt.Sprintf(`WITH tree AS (
  SELECT * FROM %s
), categories AS (
  SELECT DISTINCT lower(trim(leaf.name)) AS name, top.name AS category
  FROM tree AS leaf JOIN tree AS middle ON leaf.parent_cluster_id = middle.cluster_id
    JOIN tree AS top ON middle.parent_cluster_id = top.cluster_id
  WHERE leaf.level = '0'%s
), sides AS (
  %s
  UNION ALL
  %s
), positions AS (
  SELECT category, model, score
  FROM (UNPIVOT (FROM sides JOIN categories USING (name)) ON COLUMNS(* EXCLUDE (name, category)) INTO NAME model VALUE score)
  WHERE score IN (0, 1, 2, 3, 4, 5, 6)
), shares AS (
  SELECT category, model, avg((score >= 5)::INT) AS share, count(*) FILTER (score >= 5) AS k, count(*) AS n
  FROM positions GROUP BY category, model
)
`, l.taxonomy(), only, side(1), side(2))
}

// providerModels are the models of a provider by the slug that ids have.
func providerModels(slug string) []string {
	providers, members := analysis.AllModels.Providers()
	for _, name := range providers {
		if analysis.Slug(name) == slug {
			return members[name]
		}
	}
	return nil
}

func preferenceQuery(l Layout, parts []string) string {
	models := parts[1:]
	if of := providerModels(parts[1]); of != nil {
		models = of
	}
	return l.shares(parts[0], models) + "SELECT avg(share) AS value, sum(k) AS k, sum(n) AS n FROM shares;\n"
}

func providerDifferenceQuery(l Layout, parts []string) string {
	first, second := providerModels(parts[1]), providerModels(parts[2])
	if first == nil || second == nil {
		return ""
	}
	mean := func(models []string) string { return "avg(share) FILTER (model IN (" + quoted(models, quote) + "))" }
	return l.shares(parts[0], slices.Concat(first, second)) +
		"SELECT " + mean(first) + "\n  - " + mean(second) + " AS value, NULL AS k, sum(n) AS n FROM shares;\n"
}

// separationQuery is PERMANOVA's from the squared distances of every two
// models, in all and within providers.
func separationQuery(l Layout, parts []string) string {
	value := map[string]string{
		"pseudo_f": "((total - inside) / (providers - 1)) / (inside / (models - providers))",
		"gap":      "apart - together",
		"r2":       "1 - inside / total",
	}[parts[0]]
	if value == "" {
		return ""
	}
	providers, members := analysis.AllModels.Providers()
	var rows []string
	for _, p := range providers {
		for _, m := range members[p] {
			rows = append(rows, fmt.Sprintf("(%s, %s, %d)", quote(m), quote(p), len(members[p])))
		}
	}
	return strings.TrimSuffix(l.shares("", analysis.AllModels.Models), "\n") + fmt.Sprintf(`, models(model, provider, size) AS (
  VALUES %s
), profiles AS (  -- categories in which every model has a share
  SELECT * FROM shares JOIN models USING (model)
  SEMI JOIN (SELECT category FROM shares GROUP BY category HAVING count(*) = (SELECT count(*) FROM models)) USING (category)
), pairs AS (
  SELECT a.provider = b.provider AS own, any_value(a.size) AS size, sum((a.share - b.share) ** 2) AS square
  FROM profiles AS a JOIN profiles AS b ON a.category = b.category AND a.model < b.model
  GROUP BY a.model, b.model, own
), sums AS (
  SELECT sum(square) / (SELECT count(*) FROM models) AS total, sum(square / size) FILTER (own) AS inside,
    avg(sqrt(square)) FILTER (NOT own) AS apart, avg(sqrt(square)) FILTER (own) AS together
  FROM pairs
), sizes AS (
  SELECT count(*) AS models, count(DISTINCT provider) AS providers FROM models
)
SELECT %s AS value, NULL AS k, models AS n FROM sums, sizes;
`, strings.Join(rows, ", "), value)
}

// recordsQuery counts values by how they fared with a model.
func recordsQuery(which string) func(Layout, []string) string {
	return func(l Layout, parts []string) string {
		score := func(v int) string { return fmt.Sprintf("%s_value%d_position", parts[0], v) }
		return fmt.Sprintf(`WITH contests AS (
  SELECT value1, value2, %s > %s AS first
  FROM %s
  WHERE %[1]s IN (0, 1, 2, 3, 4, 5, 6) AND %[2]s IN (0, 1, 2, 3, 4, 5, 6) AND %[1]s <> %[2]s
    AND value1 <> value2 AND nudge_direction IN ('neutral', 'value1', 'value2')
), records AS (
  SELECT value, count(*) AS contests, count(*) FILTER (won) AS wins
  FROM (SELECT value1 AS value, first AS won FROM contests UNION ALL SELECT value2, NOT first FROM contests)
  GROUP BY value
)
SELECT count(*) AS value, NULL AS k, (SELECT count(*) FROM contests) AS n
FROM records WHERE wins = %[4]s;
`, score(1), score(2), l.files(analysis.AllModels.Name), which)
	}
}
