package reproduce_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/specstress/specstress/internal/reproduce"
	"github.com/specstress/specstress/loaders"
)

var update = flag.Bool("update", false, "rewrite testdata/results.json")

// The golden file holds every key of every record, so that a change of a
// name, a title or a null is seen. That the numbers are right is the
// business of TestResultsByHand. Figures from labels have hundreds of records
// of the same kinds; TestLabelsByHand looks at theirs.
func TestGoldenResults(t *testing.T) {
	golden, err := filepath.Abs(filepath.Join("testdata", "results.json"))
	if err != nil {
		t.Fatal(err)
	}
	taxonomy := taxonomyCSV(t)
	dir := filepath.Join(t.TempDir(), "tiny")
	if err := os.Rename(fixture(t), dir); err != nil {
		t.Fatal(err)
	}
	t.Chdir(filepath.Dir(dir)) // the source's name is part of the file
	r := compute(t, open(t, "tiny", loaders.Options{Taxonomy: taxonomy}), reproduce.Options{})
	r.Results = slices.DeleteFunc(r.Results, func(res reproduce.Result) bool {
		return strings.HasPrefix(res.ID, "refusals.") || strings.HasPrefix(res.ID, "values.")
	})
	got, err := r.JSON()
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(golden, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatalf("%v; make it with go test -update", err)
	}
	var a, b any
	if err := json.Unmarshal(got, &a); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(want, &b); err != nil {
		t.Fatal(err)
	}
	if diff := firstDifference("", a, b); diff != "" {
		now := filepath.Join(os.TempDir(), "specstress-results.json")
		if err := os.WriteFile(now, got, 0o644); err != nil {
			t.Error(err)
		}
		t.Errorf("%s\nnew file: %s", diff, now)
	}
}

// firstDifference compares two decoded JSON values. Numbers may differ in
// the last digits, for some CPUs fuse multiplication and addition.
func firstDifference(at string, got, want any) string {
	switch w := want.(type) {
	case map[string]any:
		g, ok := got.(map[string]any)
		if !ok || len(g) != len(w) {
			break
		}
		for k := range w {
			if d := firstDifference(at+"."+k, g[k], w[k]); d != "" {
				return d
			}
		}
		return ""
	case []any:
		g, ok := got.([]any)
		if !ok || len(g) != len(w) {
			break
		}
		for i := range w {
			if d := firstDifference(fmt.Sprintf("%s[%d]", at, i), g[i], w[i]); d != "" {
				return d
			}
		}
		return ""
	case float64:
		if g, ok := got.(float64); ok && math.Abs(g-w) <= 1e-9*math.Max(1, math.Abs(w)) {
			return ""
		}
	default:
		if got == want {
			return ""
		}
	}
	return fmt.Sprintf("%s is %v, want %v", at, got, want)
}
