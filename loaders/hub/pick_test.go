package hub

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/specstress/specstress/loaders"
)

// TestPick: of the files that are not picked nothing is fetched, and of a
// split that is not there the error says which are.
func TestPick(t *testing.T) {
	_, files := sampleFiles(t)
	s := newHub(t, files)
	pick := func(name string) loaders.Options {
		return loaders.Options{Pick: func(_, split string) bool { return split == name }}
	}
	d, err := loaders.Open(context.Background(), testSource, pick("opus4_vs_sonnet4"))
	if err != nil {
		t.Fatal(err)
	}
	if len(d.Files()) != 1 || d.Splits(loaders.ConfigComplete) != nil {
		t.Errorf("files %v, want the one of the split", d.Files())
	}
	for _, r := range s.requests() {
		if strings.Contains(r.path, "/resolve/") && !strings.Contains(r.path, "opus4_vs_sonnet4") && !strings.Contains(r.path, "values_tree.csv") {
			t.Errorf("%s was asked for", r.path)
		}
	}
	_, err = loaders.Open(context.Background(), testSource, pick("opus4_vs_sonet4"))
	if !errors.Is(err, loaders.ErrNoData) || !strings.Contains(err.Error(), "opus4_vs_sonnet4") {
		t.Errorf("a misspelt split: %v, want ErrNoData and the splits", err)
	}
}
