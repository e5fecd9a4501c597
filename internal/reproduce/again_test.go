package reproduce_test

import (
	"context"
	"crypto/sha256"
	"encoding/csv"
	"fmt"
	"maps"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/specstress/specstress/analysis"
	"github.com/specstress/specstress/internal/reliability"
	"github.com/specstress/specstress/internal/reproduce"
	"github.com/specstress/specstress/loaders"
)

// TestSameBytesAgain writes everything that reproduce writes over and over,
// on 1, 2 and 16 processors and with as many workers: not a byte differs.
// Shards in another order move rows about, which may change what an interval
// was drawn from and the last digit of a sum, but no value, count or status.
func TestSameBytesAgain(t *testing.T) {
	rounds := 1
	if reliability.Long() {
		rounds = 7
	}
	taxonomy := taxonomyCSV(t)
	parent := t.TempDir()
	write := func(source string) map[string]string {
		d := open(t, source, loaders.Options{Taxonomy: taxonomy, Workers: runtime.GOMAXPROCS(0)})
		r := compute(t, d, reproduce.Options{Workers: runtime.GOMAXPROCS(0)})
		out := filepath.Join(t.TempDir(), "out")
		if err := r.Write(context.Background(), out); err != nil {
			t.Fatal(err)
		}
		return readTree(t, out)
	}
	for _, order := range [][3]int{{0, 1, 2}, {2, 0, 1}, {1, 2, 0}} {
		shards(t, filepath.Join(parent, fmt.Sprint(order)), order)
	}
	source := filepath.Join(parent, "[0 1 2]")
	want := write(source)
	runs := 0
	for _, procs := range []int{1, 2, 16} {
		old := runtime.GOMAXPROCS(procs)
		for range rounds {
			runs++
			got := write(source)
			for _, name := range slices.Sorted(maps.Keys(want)) {
				if sha256.Sum256([]byte(got[name])) != sha256.Sum256([]byte(want[name])) {
					t.Errorf("GOMAXPROCS %d: %s has other bytes", procs, name)
				}
			}
			if len(got) != len(want) {
				t.Errorf("GOMAXPROCS %d: %d files, want %d", procs, len(got), len(want))
			}
		}
		runtime.GOMAXPROCS(old)
	}
	if len(want) < 20 {
		t.Errorf("only %d files: nothing much was compared", len(want))
	}

	for _, order := range []string{"[2 0 1]", "[1 2 0]"} {
		got := write(filepath.Join(parent, order))
		for name := range want {
			if !strings.HasPrefix(name, "tables/") || !strings.HasSuffix(name, ".csv") {
				continue
			}
			if diff := apart(points(t, want[name]), points(t, got[name])); diff != "" {
				t.Errorf("shards %s: %s: %s", order, name, diff)
			}
		}
	}
	reliability.Record(t, "%d files of reproduce with the same bytes in %d runs on 1, 2 and 16 processors; the same values to 9 digits from shards in 3 orders", len(want), runs)
}

// apart compares tables cell by cell and returns the first difference, or
// "". Sums of roots, and fits that stop when they are close enough, may
// differ in the last digits when rows come in another order.
func apart(a, b [][]string) string {
	if len(a) != len(b) {
		return fmt.Sprintf("%d and %d rows", len(a), len(b))
	}
	for i := range a {
		for j := range a[i] {
			x, errX := strconv.ParseFloat(a[i][j], 64)
			y, errY := strconv.ParseFloat(b[i][j], 64)
			near := errX == nil && errY == nil && math.Abs(x-y) <= 1e-9*max(1, math.Abs(x))
			if a[i][j] != b[i][j] && !near {
				return fmt.Sprintf("row %d: %v and %v", i, a[i], b[i])
			}
		}
	}
	return ""
}

// points are the rows of a table without what is drawn at random from rows in
// their order: intervals, and accuracies on scenarios held out.
func points(t *testing.T, table string) [][]string {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(table)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var out [][]string
	for _, row := range rows {
		if slices.ContainsFunc(row, func(cell string) bool { return strings.HasSuffix(cell, ".accuracy") }) {
			continue
		}
		var kept []string
		for i, cell := range row {
			if slices.Contains([]string{"id", "value", "n", "clusters", "status"}, rows[0][i]) {
				kept = append(kept, cell)
			}
		}
		out = append(out, kept)
	}
	return out
}

// shards writes 60 scenarios with all judges in three files for each split,
// in some order.
func shards(t *testing.T, dir string, order [3]int) {
	t.Helper()
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, set := range analysis.PaperModelSets() {
		all := scenarioRows(set.Models)[:1]
		for pair := range 10 {
			for i, row := range scenarioRows(set.Models)[1:] {
				row[1] = fmt.Sprint(3*pair + i/2)
				row[6+(pair+i)%12%(2*len(set.Models))] = fmt.Sprint((pair*i + i) % 7)
				all = append(all, row)
			}
		}
		for file, part := range order {
			rows := append([][]string{all[0]}, all[1+20*part:1+20*(part+1)]...)
			writeCSV(t, filepath.Join(dir, fmt.Sprintf("%s-%05d-of-00003.csv", set.Name, file)), rows)
		}
	}
	for bin, rows := range judgeRows() {
		writeCSV(t, filepath.Join(dir, bin+".csv"), rows)
	}
}
