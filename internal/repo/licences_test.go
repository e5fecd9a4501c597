package repo

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/specstress/specstress/internal/reliability"
)

// licences recognises a licence by words that it has and no other one here.
var licences = []struct {
	name  string
	words *regexp.Regexp
}{
	{"Apache-2.0", regexp.MustCompile(`(?is)apache\s+license,?\s*\(?version\s+2\.0|apache license\s+=+\s+_version 2\.0`)},
	{"MPL-2.0", regexp.MustCompile(`(?i)mozilla public license,? (v\.|version) ?2\.0`)},
	{"OFL-1.1", regexp.MustCompile(`(?i)sil open font license,? version 1\.1`)},
	{"FTL", regexp.MustCompile(`(?i)the freetype project license|freetype license`)},
	{"BSD-3-Clause", regexp.MustCompile(`(?is)redistribution\s+and\s+use\s+in\s+source.*neither\s+the\s+names?`)},
	{"BSD-2-Clause", regexp.MustCompile(`(?is)redistribution\s+and\s+use\s+in\s+source`)},
	{"Unlicense", regexp.MustCompile(`(?i)unencumbered software released into the public domain`)},
	{"MIT", regexp.MustCompile(`(?is)permission\s+is\s+hereby\s+granted,\s+free\s+of\s+charge`)},
	{"Creative Commons", regexp.MustCompile(`(?i)creative commons attribution`)},
}

// permissive are those under which a program may be passed on with its
// licence texts and nothing more.
var permissive = []string{"Apache-2.0", "MIT", "BSD-2-Clause", "BSD-3-Clause", "OFL-1.1", "FTL", "Unlicense", "Creative Commons"}

const licencesHead = `# What is linked, and under which licence

Every module that the command, the cells of notebooks and their kernel link,
with the licences found in its files. Made by
` + "`go test ./internal/repo -run TestLicences -update`" + `; the test holds it.

| module | version | licence | file |
| --- | --- | --- | --- |
`

// TestLicences: every linked module has a licence that lets it be passed on,
// and docs/licences.md lists it.
func TestLicences(t *testing.T) {
	cmd := exec.Command("go", "list", "-deps", "-f", "{{with .Module}}{{.Path}} {{.Version}} {{.Dir}}{{end}}", "./cmd/specstress", "./notebooks/nb", "github.com/janpfeifer/gonb")
	cmd.Dir = "../.."
	cmd.Env = append(os.Environ(), "GOOS=linux", "GOARCH=amd64", "CGO_ENABLED=0") // the same list everywhere
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	slices.Sort(lines)
	var b strings.Builder
	b.WriteString(licencesHead)
	modules := 0
	for _, line := range slices.Compact(lines) {
		path, rest, _ := strings.Cut(line, " ")
		version, dir, _ := strings.Cut(rest, " ")
		if path == "" || version == "" {
			continue // the module itself
		}
		modules++
		names, files := licencesOf(t, dir)
		if len(names) == 0 {
			t.Errorf("%s: no licence found in %v", path, files)
		}
		for _, n := range names {
			if !slices.Contains(permissive, n) {
				t.Errorf("%s is under %s, which asks for more than its text", path, n)
			}
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", path, version, strings.Join(names, ", "), strings.Join(files, ", "))
	}
	const page = "../../docs/licences.md"
	if *update {
		if err := os.WriteFile(page, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if committed, err := os.ReadFile(page); err != nil || string(committed) != b.String() {
		t.Errorf("docs/licences.md is not of these modules (%v); go test ./internal/repo -run TestLicences -update writes it", err)
	}
	reliability.Record(t, "%d linked modules, each under a licence that lets it be passed on", modules)
}

func licencesOf(t *testing.T, dir string) (names, files []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		upper := strings.ToUpper(e.Name())
		if e.IsDir() || !strings.HasPrefix(upper, "LICEN") && !strings.HasPrefix(upper, "COPYING") && !strings.HasPrefix(upper, "FTL") {
			continue
		}
		text, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, e.Name())
		for _, l := range licences {
			// The longer BSD licence has the words of the shorter one.
			if l.words.Match(text) && !slices.Contains(names, l.name) && !(l.name == "BSD-2-Clause" && slices.Contains(names, "BSD-3-Clause")) {
				names = append(names, l.name)
			}
		}
	}
	return names, files
}
