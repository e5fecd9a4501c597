package sample

import (
	"context"
	"path/filepath"
	"testing"
)

func TestTmp(t *testing.T) {
	t.Log(len(manners), len(virtues))
	seen := map[string]bool{}
	for i := range treeValues + 1 {
		if seen[valueName(i)] {
			t.Fatal(i, valueName(i))
		}
		seen[valueName(i)] = true
	}
}

func BenchmarkWrite(b *testing.B) {
	for b.Loop() {
		if err := Write(context.Background(), filepath.Join(b.TempDir(), "s"), Options{Workers: 2}); err != nil {
			b.Fatal(err)
		}
	}
}
