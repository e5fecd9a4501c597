package reproduce_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/specstress/specstress/internal/reproduce"
	"github.com/specstress/specstress/loaders"
)

// rankingFixture puts four values against each other, 40 times each pair,
// by three models. The better value stands earlier in the list; o3 follows
// it three times of four, GPT-4o always turns it round, and Grok 4 never
// leans. "alone" meets only "lonely", too rarely to be listed.
func rankingFixture(t *testing.T) string {
	t.Helper()
	rows := [][]string{{"chunk_index", "entry_idx", "nudge_direction", "value1", "value2",
		"o3_value1_position", "o3_value2_position", "gpt_4o_value1_position", "gpt_4o_value2_position", "grok_4_value1_position", "grok_4_value2_position"}}
	entry := 0
	add := func(first, second string, o3, gpt4o bool) {
		at := func(wins bool) (string, string) {
			if wins {
				return "5", "1"
			}
			return "1", "5"
		}
		a, b := at(o3)
		c, d := at(gpt4o)
		rows = append(rows, []string{"1", fmt.Sprint(entry), []string{"neutral", "value1", "value2"}[entry%3], first, second, a, b, c, d, "3", "3"})
		entry++
	}
	values := []string{"best", "good", "fair", "poor"}
	for i, first := range values {
		for j, second := range values {
			for k := range 20 {
				if i != j {
					add(first, second, (i < j) == (k%4 != 0), i > j)
				}
			}
		}
	}
	for range 4 {
		add("alone", "lonely", true, true)
	}
	dir := t.TempDir()
	writeCSV(t, filepath.Join(dir, "own.csv"), rows)
	return dir
}

func TestRankingByHand(t *testing.T) {
	r := compute(t, open(t, rankingFixture(t), loaders.Options{}), reproduce.Options{Only: []string{"ranking"}, Splits: 5})
	value := func(id string) float64 {
		res := result(t, r, id)
		if res.Value == nil {
			t.Fatalf("%s: %s", id, res.Reason)
		}
		return *res.Value
	}
	named := func(id, want string) {
		if res := result(t, r, id); res.Group["value"] != want || !strings.HasSuffix(res.Title, want) {
			t.Errorf("%s is %q (%q), want %q", id, res.Group["value"], res.Title, want)
		}
	}
	named("ranking.o3.top.1", "best")
	named("ranking.o3.bottom.1", "poor")
	named("ranking.gpt_4o.top.1", "poor")
	named("ranking.gpt_4o.bottom.1", "best")
	for id, want := range map[string]float64{
		"ranking.o3.components": 2, "ranking.gpt_4o.components": 2,
		// "alone" beats "lonely" four times of four, and of GPT-4o "poor"
		// never loses and "best" never wins.
		"ranking.o3.unbeaten": 1, "ranking.o3.winless": 1, "ranking.gpt_4o.unbeaten": 2, "ranking.gpt_4o.winless": 2,
		"ranking.correlation.gpt_4o.o3": -1, // of the four values in five contests or more
	} {
		if got := value(id); got != want {
			t.Errorf("%s = %v, want %v", id, got, want)
		}
	}
	// GPT-4o always decides alike, so it is foretold; o3 three times of four.
	if a := value("ranking.gpt_4o.accuracy"); a != 1 {
		t.Errorf("accuracy of what never varies: %v", a)
	}
	if res := result(t, r, "ranking.o3.accuracy"); *res.Lo > 0.75 || *res.Hi < 0.75 {
		t.Errorf("accuracy of three in four: %v to %v", *res.Lo, *res.Hi)
	}
	// 244 rows, none left out; Grok 4 has nothing but ties.
	if res := result(t, r, "ranking.o3.unbeaten"); res.N != 244 || res.Population != "census" {
		t.Errorf("contests %d of %q, want 244 and all of them", res.N, res.Population)
	}
	if res := result(t, r, "ranking.grok_4.top.1"); res.Value != nil || !strings.Contains(res.Reason, "too few") {
		t.Errorf("Grok 4 ranks by ties alone: %v, %q", res.Value, res.Reason)
	}
	if res := result(t, r, "ranking.correlation.o3.grok_4"); res.Value != nil || res.Reason == "" {
		t.Errorf("a correlation with no ranking: %v, %q", res.Value, res.Reason)
	}
	if res := result(t, r, "ranking.o3.top.1"); res.DesignEffect == nil || res.Lo == nil || res.SamplingUnit != "contests" || res.Reanalysis != nil {
		t.Errorf("top value: design effect %v, interval %v, of %q, re-analysis %v", res.DesignEffect, res.Lo, res.SamplingUnit, res.Reanalysis)
	}
	if len(r.Sections[0].Figures) != 1 || r.Manifest.Options.Splits != 5 {
		t.Errorf("figures %d (%s), splits %d", len(r.Sections[0].Figures), r.Sections[0].NoFigure, r.Manifest.Options.Splits)
	}
}

// Without nudges the model has none and says so; without values there is
// no ranking.
func TestRankingOfLess(t *testing.T) {
	dir := t.TempDir()
	rows := [][]string{{"value1", "value2", "o3_value1_position", "o3_value2_position"}}
	for i := range 40 {
		rows = append(rows, []string{"a", "b", fmt.Sprint(5 * (i % 2)), "3"})
	}
	writeCSV(t, filepath.Join(dir, "own.csv"), rows)
	r := compute(t, open(t, dir, loaders.Options{}), reproduce.Options{Only: []string{"ranking"}})
	if res := result(t, r, "ranking.o3.nudge"); res.Value != nil {
		t.Errorf("a nudge of %v without nudges", *res.Value)
	}
	if len(r.Sections[0].Warnings) == 0 {
		t.Error("no word on the missing nudges")
	}
	none := [][]string{{"o3_value1_position", "o3_value2_position"}, {"1", "2"}, {"3", "0"}}
	dir = t.TempDir()
	writeCSV(t, filepath.Join(dir, "own.csv"), none)
	r = compute(t, open(t, dir, loaders.Options{}), reproduce.Options{Only: []string{"ranking"}})
	if res := result(t, r, "ranking.o3.top.1"); res.Value != nil || !strings.Contains(res.Reason, "value1") {
		t.Errorf("values without names: %v, %q", res.Value, res.Reason)
	}
}
