package reliability_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/specstress/specstress/internal/reliability"
)

// TestPromisesAreHeld: every promise names tests, and those exist.
func TestPromisesAreHeld(t *testing.T) {
	const root = "../.."
	seen := map[string]bool{}
	for _, p := range reliability.Promises {
		if seen[p.ID] || p.Says == "" || p.Target == "" || len(p.Tests) == 0 {
			t.Errorf("%s is there twice, or says nothing, or has no target or no test", p.ID)
		}
		seen[p.ID] = true
		for _, test := range p.Tests {
			if !declared(t, filepath.Join(root, test.Package), test.Name) {
				t.Errorf("%s: package %s has no %s", p.ID, test.Package, test.Name)
			}
		}
	}
	for i := 1; i <= 17; i++ {
		if id := "R" + string("0123456789"[i/10]) + string("0123456789"[i%10]); !seen[strings.Replace(id, "R0", "R", 1)] {
			t.Errorf("no promise %s", id)
		}
	}
}

func declared(t *testing.T, dir, name string) bool {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	function := regexp.MustCompile(`(?m)^func ` + name + `\(`)
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if function.Match(text) {
			return true
		}
	}
	return false
}

// TestPageIsMade: docs/reliability.md has the table that the promises and
// the last measurements make, and no test behind it failed.
func TestPageIsMade(t *testing.T) {
	file, err := os.ReadFile("measured.tsv")
	if err != nil {
		t.Fatal(err)
	}
	measures, err := reliability.ReadMeasures(file)
	if err != nil {
		t.Fatal(err)
	}
	for key, m := range measures {
		if m.Outcome == "fail" {
			t.Errorf("%s failed when it was measured last: %s", key, m.Figure)
		}
	}
	page, err := os.ReadFile("../../docs/reliability.md")
	if err != nil {
		t.Fatal(err)
	}
	want, err := reliability.Replace(string(page), reliability.Table(reliability.Promises, measures))
	if err != nil {
		t.Fatal(err)
	}
	if string(page) != want {
		t.Error("the table of docs/reliability.md is not of these promises and measurements; make test-long writes it")
	}
}

func TestMeasures(t *testing.T) {
	want := map[string]reliability.Measure{"a.TestX": {"pass", "3 of 3"}, "b.TestY": {"skip", "no TeX"}}
	got, err := reliability.ReadMeasures(reliability.WriteMeasures(want))
	if err != nil || len(got) != 2 || got["a.TestX"] != want["a.TestX"] || got["b.TestY"] != want["b.TestY"] {
		t.Errorf("%v, %v", got, err)
	}
	if _, err := reliability.ReadMeasures([]byte("x\ty\n")); err == nil {
		t.Error("a line of two fields is accepted")
	}
	table := reliability.Table([]reliability.Promise{
		{"R1", "p", "t", []reliability.Test{{Package: "a", Name: "TestX"}, {Package: "b", Name: "TestY"}, {Package: "c", Name: "TestZ"}}, "gap"},
	}, want)
	if row := "| R1 | p | t | `TestX` in a<br>`TestY` in b<br>`TestZ` in c | 3 of 3<br>**skip**: TestY: no TeX<br>not yet run: TestZ<br>*gap* |\n"; !strings.HasSuffix(table, row) {
		t.Errorf("table %s", table)
	}
}
