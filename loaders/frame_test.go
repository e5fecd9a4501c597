package loaders_test

import (
	"errors"
	"fmt"
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/go-gota/gota/dataframe"
	"github.com/go-gota/gota/series"

	"github.com/specstress/specstress/analysis"
	"github.com/specstress/specstress/internal/reliability"
	"github.com/specstress/specstress/loaders"
)

// TestFramesAvoidTraps sets each trap of gota v0.12.0 beside what stands in
// for it: the trap must be there still, or the stand-in has no reason.
func TestFramesAvoidTraps(t *testing.T) {
	panics := func(f func()) (did bool) {
		defer func() { did = recover() != nil }()
		f()
		return false
	}
	df := dataframe.New(series.New([]string{"=1+1", "a,\"b\""}, series.String, "text"), series.New([]float64{1e-9, math.NaN()}, series.Float, "tiny"), series.New([]int{1 << 53, -2}, series.Int, "count"))
	traps := 0
	trap := func(name string, there bool) {
		if traps++; !there {
			t.Errorf("gota has lost its trap: %s", name)
		}
	}

	trap("a missing column panics at its use", panics(func() { _ = df.Col("txet").Records() }))
	if _, err := loaders.Col(df, "txet"); !errors.Is(err, analysis.ErrUnknownName) || !strings.Contains(err.Error(), "text") {
		t.Errorf("a missing column: %v", err)
	}
	if _, err := loaders.Numbers(df, "text"); err == nil || !strings.Contains(err.Error(), "holds texts") {
		t.Errorf("numbers of a text column: %v", err)
	}
	if x, err := loaders.Numbers(df, "count"); err != nil || !slices.Equal(x, []float64{1 << 53, -2}) {
		t.Errorf("numbers %v, %v", x, err)
	}

	var b strings.Builder
	if err := df.WriteCSV(&b); err != nil {
		t.Fatal(err)
	}
	trap("WriteCSV cuts digits", strings.Contains(b.String(), "0.000000") && !strings.Contains(b.String(), "1e-09"))
	trap("WriteCSV writes formulas", strings.Contains(b.String(), "\n=1+1"))
	b.Reset()
	if err := loaders.WriteCSV(&b, df); err != nil {
		t.Fatal(err)
	}
	if want := "text,tiny,count\n'=1+1,1e-09,9007199254740992\n\"a,\"\"b\"\"\",,-2\n"; b.String() != want {
		t.Errorf("WriteCSV wrote %q, want %q", b.String(), want)
	}
	if err := loaders.WriteCSV(full{}, df); !errors.Is(err, errFull) {
		t.Errorf("a full disk: %v", err)
	}

	trap("[]int64 becomes NaN", math.IsNaN(series.New([]int64{3}, series.Int, "x").Float()[0]))
	s := scenarios(t, open(t, folder(t, map[string]string{"mine.csv": small}), loaders.Options{}), "mine")
	frame, err := s.DataFrame("chunk_index", "entry_idx")
	if err != nil {
		t.Fatal(err)
	}
	if x, err := loaders.Numbers(frame, "chunk_index"); err != nil || slices.ContainsFunc(x, math.IsNaN) {
		t.Errorf("chunk_index is %v, %v", x, err)
	}

	joined := dataframe.New(series.New([]string{"a_b", "a"}, series.String, "x"), series.New([]string{"c", "b_c"}, series.String, "y"))
	trap("GroupBy merges keys", len(joined.GroupBy("x", "y").GetGroups()) == 1)
	broken := dataframe.New()
	trap("errors hide in Err", broken.Err != nil)
	if _, err := loaders.Col(broken, "x"); err == nil {
		t.Error("a broken frame gives a column")
	}
	if err := loaders.WriteCSV(&b, broken); err == nil {
		t.Error("a broken frame is written")
	}
	reliability.Record(t, "%d traps of gota v0.12.0 there still, each with a stand-in", traps)
}

var errFull = errors.New("no space left on device")

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errFull }

func ExampleWriteCSV() {
	df := dataframe.New(series.New([]string{"honesty", "=cmd"}, series.String, "value"), series.New([]float64{1.0 / 3, 2}, series.Float, "mean"))
	if err := loaders.WriteCSV(os.Stdout, df); err != nil {
		fmt.Println(err)
	}
	// Output:
	// value,mean
	// honesty,0.3333333333333333
	// '=cmd,2
}

func ExampleNumbers() {
	df := dataframe.New(series.New([]int{3, 4}, series.Int, "positions"))
	numbers, err := loaders.Numbers(df, "positions")
	fmt.Println(numbers, err)
	_, err = loaders.Numbers(df, "position")
	fmt.Println(err)
	// Output:
	// [3 4] <nil>
	// loaders: frame: unknown name: no column "position"; nearest: positions
}

func ExampleCol() {
	df := dataframe.New(series.New([]string{"tact", "candor"}, series.String, "value1"))
	column, err := loaders.Col(df, "value1")
	fmt.Println(column.Records(), err)
	// Output:
	// [tact candor] <nil>
}
