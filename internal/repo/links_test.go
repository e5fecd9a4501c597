package repo

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	link    = regexp.MustCompile(`\]\(([^()\s]+)\)`)
	heading = regexp.MustCompile(`(?m)^#+ (.+)$`)
	fenced  = regexp.MustCompile("(?ms)^```.*?^```")
)

// TestLinks follows every link between files of the repository's documents,
// to the heading where one is named. Addresses on the web are not followed:
// a test must not depend on them.
func TestLinks(t *testing.T) {
	documents := 0
	err := filepath.WalkDir("../..", func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && (entry.Name() == ".git" || entry.Name() == "out") {
			return filepath.SkipDir
		}
		if filepath.Ext(path) != ".md" {
			return nil
		}
		documents++
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, m := range link.FindAllStringSubmatch(prose(text), -1) {
			if err := follow(path, m[1]); err != nil {
				t.Errorf("%s: %v", strings.TrimPrefix(filepath.ToSlash(path), "../../"), err)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if documents == 0 {
		t.Fatal("no documents found")
	}
}

// follow reports why a document's link leads nowhere.
func follow(document, target string) error {
	if strings.Contains(target, "://") || strings.HasPrefix(target, "mailto:") {
		return nil
	}
	file, anchor, _ := strings.Cut(target, "#")
	to := document
	if file != "" {
		to = filepath.Join(filepath.Dir(document), filepath.FromSlash(file))
	}
	if _, err := os.Stat(to); err != nil {
		return fmt.Errorf("link to %s: no such file", target)
	}
	if anchor == "" {
		return nil
	}
	text, err := os.ReadFile(to)
	if err != nil {
		return err
	}
	for _, h := range heading.FindAllStringSubmatch(prose(text), -1) {
		if anchorOf(h[1]) == anchor {
			return nil
		}
	}
	return fmt.Errorf("link to %s: no such heading", target)
}

// prose is a document without its code blocks.
func prose(text []byte) string { return fenced.ReplaceAllString(string(text), "") }

// anchorOf is the anchor that code hosts give a heading: lower case, spaces
// as hyphens, other punctuation dropped.
func anchorOf(heading string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == ' ':
			return '-'
		case r == '-' || r == '_' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r > 127:
			return r
		}
		return -1
	}, strings.ToLower(heading))
}

func TestFollow(t *testing.T) {
	document := filepath.Join(t.TempDir(), "a.md")
	if err := os.WriteFile(document, []byte("# One's own data\n```\n# not a heading\n```\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	for target, want := range map[string]string{
		"a.md":                 "",
		"#ones-own-data":       "",
		"a.md#ones-own-data":   "",
		"https://example.org/": "",
		"b.md":                 "link to b.md: no such file",
		"#not-a-heading":       "link to #not-a-heading: no such heading",
	} {
		got := ""
		if err := follow(document, target); err != nil {
			got = err.Error()
		}
		if got != want {
			t.Errorf("%s: got %q, want %q", target, got, want)
		}
	}
}
