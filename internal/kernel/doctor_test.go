package kernel

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/specstress/specstress/internal/reliability"
	"github.com/specstress/specstress/loaders"
)

// TestDoctorFindsDamage flips bits of a packed file and looks whether the
// doctor tells, with what helps.
func TestDoctorFindsDamage(t *testing.T) {
	ctx := context.Background()
	cache := t.TempDir()
	t.Setenv("SPECSTRESS_CACHE", cache)
	if c := examinePacked(ctx); c.Outcome != Good || !strings.HasPrefix(c.Found, "0 sources") {
		t.Errorf("an empty cache: %+v", c)
	}
	source := filepath.Join(t.TempDir(), "mine.csv")
	if err := os.WriteFile(source, []byte("chunk_index,entry_idx,nudge_direction,value1,value2,o3_value1_position,o3_value2_position\n1,2,neutral,a,b,3,4\n1,3,neutral,b,c,0,6\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	d, err := loaders.Open(ctx, source, loaders.Options{})
	if err != nil {
		t.Fatal(err)
	}
	file, err := d.Pack(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if c := examinePacked(ctx); c.Outcome != Good || !strings.HasPrefix(c.Found, "1 sources") {
		t.Errorf("a whole cache: %+v", c)
	}
	whole, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	const version = 8 // where the header has it
	noticed, flips := 0, 0
	for at := 0; at < len(whole); at += 1 + len(whole)/200 {
		damaged := append([]byte(nil), whole...)
		damaged[at] ^= 1
		// Another file each time: the old one stays mapped.
		if err := os.Remove(file); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, damaged, 0o644); err != nil {
			t.Fatal(err)
		}
		flips++
		c := examinePacked(ctx)
		told := c.Outcome == Broken && strings.Contains(c.Do, file) || at/4 == version/4 && strings.Contains(c.Found, "1 of another version")
		if told {
			noticed++
		} else {
			t.Logf("byte %d of %d: %+v", at, len(whole), c)
		}
	}
	// Padding between tables has no checksum, and nothing reads it.
	if noticed < flips*9/10 {
		t.Errorf("%d of %d flipped bits noticed", noticed, flips)
	}
	reliability.Record(t, "doctor: %d of %d flipped bits of a packed file noticed", noticed, flips)
}

// TestEveryFailureHasARemedy breaks what can be broken without a network.
func TestEveryFailureHasARemedy(t *testing.T) {
	t.Setenv("SPECSTRESS_CACHE", filepath.Join(t.TempDir(), "file", "cache"))
	if err := os.WriteFile(filepath.Dir(os.Getenv("SPECSTRESS_CACHE")), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", t.TempDir())
	prefix := t.TempDir()
	spec := filepath.Join(prefix, "share", "jupyter", "kernels", Name)
	if err := os.MkdirAll(spec, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(spec, "kernel.json"), []byte("{"), 0o644); err != nil {
		t.Fatal(err)
	}
	broken := 0
	for _, c := range Examine(context.Background(), t.TempDir(), prefix) {
		if c.Outcome == Broken {
			broken++
		}
		if c.Outcome != Good && c.Do == "" {
			t.Errorf("%s: %s: nothing to do about it", c.Subject, c.Found)
		}
	}
	if broken < 3 {
		t.Errorf("%d checks failed, want 3 or more", broken)
	}
}
