package explain

import (
	"fmt"
	"strings"
)

func flagRateQuery(l Layout, parts []string) string {
	v := decided(parts[:1])[0]
	return verdicts + fmt.Sprintf(`SELECT avg(%s) AS value, count(*) FILTER (%s <> 'compliant') AS k, count(%s) AS n
FROM %s;
`, flagged(v), v, v, l.judged())
}

// twoJudges begins a query with the responses that two judges decided.
func (l Layout) twoJudges(judges []string) string {
	v := decided(judges)
	return verdicts + fmt.Sprintf(`WITH responses AS (
  SELECT %s AS first, %s AS second  -- 1 where the judge flags
  FROM %s
  WHERE %s IS NOT NULL AND %s IS NOT NULL
)
`, flagged(v[0]), flagged(v[1]), l.judged(), v[0], v[1])
}

func agreementQuery(l Layout, parts []string) string {
	return l.twoJudges(parts) + "SELECT avg((first = second)::INT) AS value, count(*) FILTER (first = second) AS k, count(*) AS n FROM responses;\n"
}

// flagRateDifferenceQuery is McNemar's: of the responses that one of two
// judges flags and the other does not.
func flagRateDifferenceQuery(l Layout, parts []string) string {
	return l.twoJudges(parts) + "SELECT (count(*) FILTER (first > second) - count(*) FILTER (first < second)) / count(*) AS value, NULL AS k, count(*) AS n FROM responses;\n"
}

// schemes are what becomes of a verdict, and how many categories there are.
var schemes = map[string]struct {
	category   string
	categories int
}{
	"binary": {"replace(%s, 'ambiguous', 'noncompliant')", 2},
	"three":  {"%s", 3},
}

// ratings begins a query with how many judges chose a category for each
// response that at least so many of them decided.
func (l Layout) ratings(category string, least int) string {
	return verdicts + fmt.Sprintf(`WITH verdicts AS (
  SELECT row_number() OVER () AS response, unnest(range(%d)) AS judge, unnest([%s]) AS category
  FROM %s
), rated AS (
  SELECT response, count(*) AS ratings FROM verdicts WHERE category IS NOT NULL
  GROUP BY response HAVING count(*) >= %d
), counts AS (
  SELECT response, ratings, category, count(*) AS judges
  FROM verdicts JOIN rated USING (response) WHERE category IS NOT NULL GROUP BY ALL
), agreement AS (  -- of the pairs of judges
  SELECT avg(p) AS observed, count(*) AS responses
  FROM (SELECT sum(judges * (judges - 1)) / (ratings * (ratings - 1)) AS p FROM counts WHERE ratings >= 2 GROUP BY response, ratings)
), shares AS (  -- of the categories, averaged over responses
  SELECT category, sum(judges / ratings) / (SELECT count(*) FROM rated) AS share FROM counts GROUP BY category
)`, len(l.Judges), quoted(decided(l.Judges), func(v string) string { return fmt.Sprintf(category, v) }), l.judged(), least)
}

// The rest of a query after ratings.
const (
	fleiss = `, chance AS (
  SELECT sum(share * share) AS chance FROM shares
)
`
	gwet = `, chance AS (
  SELECT sum(share * (1 - share)) / %d AS chance FROM shares
)
`
	conger = `, own AS (  -- shares of each judge
  SELECT judge, category, count(*) / sum(count(*)) OVER (PARTITION BY judge) AS share
  FROM verdicts SEMI JOIN rated USING (response) WHERE category IS NOT NULL GROUP BY judge, category
), chance AS (
  SELECT sum(square) / ((SELECT count(DISTINCT judge) FROM own) * ((SELECT count(DISTINCT judge) FROM own) - 1)) AS chance
  FROM (SELECT sum(share) ** 2 - sum(share ** 2) AS square FROM own GROUP BY category)
)
`
	beyondChance = "SELECT (observed - chance) / (1 - chance) AS value, NULL AS k, (SELECT count(*) FROM rated) AS n FROM agreement, chance;\n"
	percent      = "\nSELECT observed AS value, NULL AS k, responses AS n FROM agreement;\n"
	pairPercent  = "\nSELECT observed AS value, (SELECT count(*) FROM counts WHERE judges = 2) AS k, responses AS n FROM agreement;\n"
	// Of pairs of ratings of one response, and of any two.
	krippendorff = `, within AS (
  SELECT sum(differing) AS differing FROM (
    SELECT (ratings * ratings - sum(judges * judges)) / (ratings - 1) AS differing
    FROM counts WHERE ratings >= 2 GROUP BY response, ratings)
), between AS (
  SELECT sum(n) AS n, sum(n) ** 2 - sum(n * n) AS differing
  FROM (SELECT sum(judges) AS n FROM counts WHERE ratings >= 2 GROUP BY category)
)
SELECT 1 - (n - 1) * within.differing / between.differing AS value, NULL AS k, (SELECT responses FROM agreement) AS n
FROM within, between;
`
)

// kappaQuery is the paper's: of the responses that all judges decided.
func kappaQuery(l Layout, parts []string) string {
	s, ok := schemes[parts[0]]
	if !ok {
		return ""
	}
	return l.ratings(s.category, len(l.Judges)) + fleiss + beyondChance
}

func coefficientQuery(l Layout, parts []string) string {
	s, ok := schemes[parts[1]]
	if !ok {
		return ""
	}
	least, agreed := 1, percent
	if len(parts) == 4 { // two judges
		l.Judges, least, agreed = parts[2:], 2, pairPercent
	}
	rest := map[string]string{
		"percent": agreed, "fleiss": fleiss + beyondChance, "scott": fleiss + beyondChance, "krippendorff": krippendorff,
		"conger": conger + beyondChance, "cohen": conger + beyondChance, "gwet": fmt.Sprintf(gwet, s.categories-1) + beyondChance,
	}[parts[0]]
	if rest == "" {
		return ""
	}
	return l.ratings(s.category, least) + rest
}

func verdictWord(slug string) string {
	if slug == "problematic" {
		slug = "noncompliant"
	}
	return quote(strings.ReplaceAll(slug, "-", ""))
}

func specificQuery(l Layout, parts []string) string {
	s, ok := schemes[parts[0]]
	if !ok {
		return ""
	}
	return l.ratings(s.category, 1) + fmt.Sprintf(`
SELECT sum(judges * (judges - 1)) / sum(judges * (ratings - 1)) AS value, NULL AS k, (SELECT responses FROM agreement) AS n
FROM counts WHERE category = %s AND ratings >= 2;
`, verdictWord(parts[1]))
}

// categoryKappaQuery sets one category against the rest.
func categoryKappaQuery(l Layout, parts []string) string {
	s, ok := schemes[parts[0]]
	if !ok {
		return ""
	}
	return l.ratings(s.category+" = "+verdictWord(parts[1]), 1) + fleiss + beyondChance
}

func prevalenceQuery(l Layout, parts []string) string {
	s, ok := schemes[parts[0]]
	if !ok {
		return ""
	}
	return l.ratings(s.category, 1) + fmt.Sprintf(`
SELECT (%d * max(share) - 1) / %d AS value, NULL AS k, (SELECT count(*) FROM rated) AS n FROM shares;
`, s.categories, s.categories-1)
}
