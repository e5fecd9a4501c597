package loaders_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/specstress/specstress/analysis"
	"github.com/specstress/specstress/loaders"
)

// scenariosOf reads a CSV file of scenarios.
func scenariosOf(t *testing.T, csv string) *loaders.Scenarios {
	t.Helper()
	path := filepath.Join(t.TempDir(), "mine.csv")
	if err := os.WriteFile(path, []byte(csv), 0o644); err != nil {
		t.Fatal(err)
	}
	d, err := loaders.Open(context.Background(), path, loaders.Options{})
	if err != nil {
		t.Fatal(err)
	}
	s, err := d.Scenarios(context.Background(), "mine")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestValuePairs(t *testing.T) {
	s := scenariosOf(t, `chunk_index,entry_idx,nudge_direction,value1,value2,o3_value1_position,o3_value2_position
0,1,neutral,tact,candour,5,1
0,1,value1,tact,candour,5,1
0,2,value2,mercy,,5,1
0,3,sideways,,mercy,5,1
0,4,,candour,tact,5,1
`)
	p, err := s.ValuePairs()
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"candour", "mercy", "tact"}; !slices.Equal(p.Names, want) {
		t.Errorf("names %q, want %q", p.Names, want)
	}
	if want := [2][]int32{{2, 2, 1, -1, 0}, {0, 0, -1, 1, 2}}; !slices.Equal(p.Codes[0], want[0]) || !slices.Equal(p.Codes[1], want[1]) {
		t.Errorf("codes %v, want %v", p.Codes, want)
	}
	if want := []analysis.Nudge{analysis.NudgeNone, analysis.NudgeFirst, analysis.NudgeSecond, analysis.NoNudge, analysis.NoNudge}; !slices.Equal(p.Nudges, want) {
		t.Errorf("nudges %v, want %v", p.Nudges, want)
	}

	p, err = scenariosOf(t, "value1,value2,o3_value1_position,o3_value2_position\ntact,candour,5,1\n").ValuePairs()
	if err != nil || p.Nudges != nil || len(p.Codes[0]) != 1 {
		t.Errorf("without nudges: %+v, %v", p, err)
	}
	_, err = scenariosOf(t, "value1,o3_value1_position,o3_value2_position\ntact,5,1\n").ValuePairs()
	if !errors.Is(err, loaders.ErrSchema) {
		t.Errorf("without value2: %v, want ErrSchema", err)
	}
}

func ExampleScenarios_ValuePairs() {
	path, remove := exampleFile()
	defer remove()
	d, err := loaders.Open(context.Background(), path, loaders.Options{})
	if err != nil {
		log.Fatal(err)
	}
	s, err := d.Scenarios(context.Background(), "mine")
	if err != nil {
		log.Fatal(err)
	}
	pairs, err := s.ValuePairs()
	if err != nil {
		log.Fatal(err)
	}
	for row := range s.Rows() {
		fmt.Println(pairs.Names[pairs.Codes[0][row]], "or", pairs.Names[pairs.Codes[1][row]])
	}
	// Output:
	// candor or mercy
	// candor or mercy
	// tact or candor
}
