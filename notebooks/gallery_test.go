package notebooks_test

import (
	"flag"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/specstress/specstress/internal/nbformat"
)

var update = flag.Bool("update", false, "write the pictures of docs/img anew")

// gallery lists the figures that docs/ shows and the notebooks that save
// them. A figure NAME is docs/img/NAME-synthetic-sample.svg.
var gallery = []struct{ notebook, figure string }{
	{"01-disagreement", "disagreement"},
	{"02-compliance", "fig2"},
	{"03-judges", "judges"},
	{"05-outliers", "fig6"},
	{"06-values", "preference"},
	{"07-diversity", "rank"},
	{"08-your-own-analysis", "my-figure"},
}

// TestGallery has the notebooks save their figures of the built-in sample
// and compares them with those in docs/img; make gallery writes them.
func TestGallery(t *testing.T) {
	if testing.Short() {
		t.Skip("builds notebooks and packs the sample; leave -short out")
	}
	dir := t.TempDir()
	root, env := commandFor(t, dir)
	env = append(env, "SPECSTRESS_DATA=sample")
	for _, g := range gallery {
		t.Run(g.figure, func(t *testing.T) {
			nb, err := nbformat.ReadFile(g.notebook + ".ipynb")
			if err != nil {
				t.Fatal(err)
			}
			source, _ := assemble(t, nb)
			program := build(t, root, source)
			out := t.TempDir()
			for i, c := range nb.Cells {
				if !isCode(c) || !strings.Contains(c.Source, ".Save(") {
					continue
				}
				cmd := exec.Command(program, fmt.Sprint(i+1))
				cmd.Dir, cmd.Env = out, env
				if text, err := cmd.CombinedOutput(); err != nil {
					t.Fatalf("%v\n%s", err, text)
				}
			}
			got, err := os.ReadFile(filepath.Join(out, "out", g.figure+".svg"))
			if err != nil {
				t.Fatal(err)
			}
			// A figure that knows so is marked across, in outlines.
			numbers, err := os.ReadFile(filepath.Join(out, "out", g.figure+".csv"))
			if err != nil || !strings.Contains(string(numbers), "synthetic sample") {
				t.Errorf("the figure does not know that it is synthetic (%v)", err)
			}
			path := filepath.Join(root, "docs", "img", g.figure+"-synthetic-sample.svg")
			if *update {
				if err := os.WriteFile(path, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if what := unlike(string(got), string(want)); what != "" {
				t.Errorf("docs/img/%s is stale (%s); make gallery draws it anew", filepath.Base(path), what)
			}
		})
	}
}

var number = regexp.MustCompile(`-?\d+(?:\.\d+)?`)

// unlike says where two pictures differ by more than processors do: fused
// multiplications move a coordinate by its last digit.
func unlike(got, want string) string {
	a, b := number.FindAllString(got, -1), number.FindAllString(want, -1)
	if len(a) != len(b) || number.ReplaceAllString(got, "#") != number.ReplaceAllString(want, "#") {
		return "other marks or words"
	}
	for i := range a {
		x, err1 := strconv.ParseFloat(a[i], 64)
		y, err2 := strconv.ParseFloat(b[i], 64)
		if err1 != nil || err2 != nil || math.Abs(x-y) > 0.02 {
			return fmt.Sprintf("%s where %s was", a[i], b[i])
		}
	}
	return ""
}

func TestUnlike(t *testing.T) {
	for _, c := range []struct {
		got, want string
		same      bool
	}{
		{`<a x="1.00"/>`, `<a x="1.01"/>`, true},
		{`<a x="1.00"/>`, `<a x="1.1"/>`, false},
		{`<a x="1.00"/>`, `<b x="1.00"/>`, false},
		{`<a x="1 2"/>`, `<a x="1"/>`, false},
	} {
		if what := unlike(c.got, c.want); (what == "") != c.same {
			t.Errorf("%s and %s: %q", c.got, c.want, what)
		}
	}
}
