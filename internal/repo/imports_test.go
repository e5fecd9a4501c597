package repo

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// TestImports holds the walls that keep notebook cells quick and the
// statistics plain: GoNB links a program per cell, and parquet-go or
// net/http would triple that time.
func TestImports(t *testing.T) {
	const module = "github.com/specstress/specstress/"
	heavy := []string{"net/http", "crypto/tls", "github.com/parquet-go/parquet-go"}
	for _, c := range []struct {
		pkg       string
		forbidden []string
	}{
		{"analysis", append([]string{"github.com/go-gota/gota/dataframe", "gonum.org/v1/plot", module + "loaders"}, heavy...)},
		{"analysis/figure", append([]string{module + "loaders"}, heavy...)},
		{"analysis/paper", append([]string{module + "loaders"}, heavy...)},
		{"loaders", append([]string{"gonum.org/v1/plot"}, heavy...)},
		// html/template makes the linker keep all methods of all types.
		{"notebooks/nb", append([]string{"html/template", "text/template", "github.com/spf13/cobra"}, heavy...)},
	} {
		out, err := exec.Command("go", "list", "-deps", module+c.pkg).Output()
		if err != nil {
			t.Fatalf("go list %s: %v", c.pkg, err)
		}
		deps := strings.Fields(string(out))
		if len(deps) < 2 {
			t.Fatalf("go list %s names only %v", c.pkg, deps)
		}
		for _, f := range c.forbidden {
			if slices.Contains(deps, f) {
				t.Errorf("package %s must not need %s", c.pkg, f)
			}
		}
	}
}
