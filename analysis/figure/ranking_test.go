package figure_test

import (
	"bytes"
	"errors"
	"fmt"
	"log"
	"strings"
	"testing"

	"github.com/specstress/specstress/analysis"
	"github.com/specstress/specstress/analysis/figure"
)

// rankings are twelve models with values at either end, by formula.
func rankings() []figure.ModelRanking {
	var out []figure.ModelRanking
	names := []string{"honesty", "constructive criticism", "care", "procedural fairness", "thrift", "self-determination"}
	for m, id := range analysis.AllModels.Models {
		r := figure.ModelRanking{Model: id}
		for place := range 5 {
			ranked := func(i int, elo float64) analysis.Ranked {
				half := 60 + 20*float64((m+i)%5)
				return analysis.Ranked{Item: i, Name: names[(i+m)%len(names)], Compared: 20 + i + m, Elo: analysis.Estimate{
					Value: elo, SE: half / 2, Lo: elo - half, Hi: elo + half, Level: 0.95, N: 20 + i + m, Method: "by formula",
					Excluded: []analysis.Exclusion{{Reason: "tied", N: 30 + m}},
				}}
			}
			spread := 300 + 25*float64(m)
			r.Top = append(r.Top, ranked(place, spread-40*float64(place)))
			r.Bottom = append(r.Bottom, ranked(5+place, 35*float64(place)-spread))
		}
		out = append(out, r)
	}
	return out
}

func TestRanking(t *testing.T) {
	f, err := figure.Ranking(rankings(), figure.RankingOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if want := 12 * 2 * 3; len(f.Rows.Rows) != want {
		t.Errorf("%d rows, want %d", len(f.Rows.Rows), want)
	}
	if want := "Contests left out, by model: 30 to 41 tied."; !strings.Contains(f.Caption, want) {
		t.Errorf("caption %q lacks %q", f.Caption, want)
	}
	if want := "Error bars are 95 % intervals."; !strings.Contains(f.Caption, want) {
		t.Errorf("caption %q lacks %q", f.Caption, want)
	}
	some, err := figure.Ranking(rankings(), figure.RankingOptions{Models: []string{"grok_4", "o3"}, Ends: 1})
	if err != nil || len(some.Panels) != 2 || some.Rows.Rows[0][0] != "grok_4" || some.Rows.Rows[2][0] != "o3" {
		t.Errorf("two of the models: %v, %v", some, err)
	}
	if _, err := figure.Ranking(rankings(), figure.RankingOptions{Models: []string{"o33"}}); !errors.Is(err, analysis.ErrUnknownName) {
		t.Errorf("a model that is not there: %v", err)
	}
	if _, err := figure.Ranking(nil, figure.RankingOptions{}); !errors.Is(err, analysis.ErrTooFew) {
		t.Errorf("no model: %v", err)
	}
	if _, err := figure.Ranking(append(rankings(), rankings()...), figure.RankingOptions{}); err == nil {
		t.Error("24 models were drawn")
	}
}

// Few models, one without a value, more values than there are, and names
// that fill three lines can be drawn, too.
func TestRankingOfOthers(t *testing.T) {
	long := rankings()[:4]
	long[2].Top, long[2].Bottom = nil, nil
	for i := range long[0].Top {
		long[0].Top[i].Name = "responsible stewardship of shared and irreplaceable things"
	}
	for _, list := range [][]figure.ModelRanking{rankings()[:1], rankings()[:2], long, {{Model: "somebody"}}} {
		for _, ends := range []int{0, 1, 9} {
			f, err := figure.Ranking(list, figure.RankingOptions{Ends: ends})
			if err != nil {
				t.Fatal(err)
			}
			if err := f.Encode(&bytes.Buffer{}, "svg"); err != nil {
				t.Errorf("%d models, %d values: %v", len(list), ends, err)
			}
		}
	}
}

func ExampleRanking() {
	one := func(name string, elo, half float64) analysis.Ranked {
		return analysis.Ranked{Name: name, Elo: analysis.Estimate{Value: elo, Lo: elo - half, Hi: elo + half, Level: 0.95, N: 27}}
	}
	f, err := figure.Ranking([]figure.ModelRanking{{
		Model: "o3", Top: []analysis.Ranked{one("candour", 310, 140)}, Bottom: []analysis.Ranked{one("tact", -250, 120)},
	}}, figure.RankingOptions{Ends: 1})
	if err != nil {
		log.Fatal(err)
	}
	for _, row := range f.Rows.Rows {
		fmt.Println(row[:5])
	}
	// Output:
	// [o3 top 1 candour 310]
	// [o3 bottom 1 tact -250]
}
