package parquet

import (
	"context"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
)

// refusal is what every error about a damaged file must look like: the
// file, then the place.
var refusal = regexp.MustCompile(`^[^:]+\.parquet: (footer|schema|row group \d+ column "|row group \d+: )`)

// allocated runs f and returns the bytes it allocated in all.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// outcome opens and reads a file as hostile as it may be.
func outcome(name string, b []byte) (lines []string, rows int, err error) {
	table, err := openBytes(name, b)
	if err != nil {
		return nil, 0, err
	}
	return readAll(context.Background(), table)
}

// The rows and the columns of the three seeds are known from the programs
// that wrote them; RELIABILITY 2.1 gives 200 rows in two row groups.
const (
	seedRows    = 200
	seedColumns = 8
)

func TestSeeds(t *testing.T) {
	for _, name := range []string{"seed_palike", "seed_v1_snappy", "seed_v2_palike"} {
		lines, rows, err := outcome(name+".parquet", load(t, "corpus/"+name+".parquet"))
		if err != nil {
			t.Fatal(err)
		}
		if rows != seedRows || len(lines) != seedRows*seedColumns {
			t.Errorf("%s: %d rows, %d values", name, rows, len(lines))
		}
	}
}

// TestCorpus reads files made to crash or deceive parquet-go: each is
// either refused, or gives the number of rows that its seed has, and takes
// memory in proportion to its size.
func TestCorpus(t *testing.T) {
	paths, err := filepath.Glob("testdata/corpus/*.parquet")
	if err != nil || len(paths) == 0 {
		t.Fatalf("%d files, %v", len(paths), err)
	}
	accepted := 0
	for _, path := range paths {
		name := filepath.Base(path)
		if strings.HasPrefix(name, "seed_") {
			continue
		}
		b := load(t, "corpus/"+name)
		var rows int
		var err error
		bytes := allocated(func() { _, rows, err = outcome(name, b) })
		if bytes > 64<<20+8*uint64(len(b)) {
			t.Errorf("%s: allocated %d bytes for %d", name, bytes, len(b))
		}
		switch {
		case err == nil && rows != seedRows:
			t.Errorf("%s: %d rows without an error", name, rows)
		case err == nil:
			accepted++
			t.Logf("%s: accepted with the right number of rows", name)
		case !refusal.MatchString(err.Error()):
			t.Errorf("%s: the refusal names no place: %v", name, err)
		default:
			t.Log(err)
		}
		if err == nil && (strings.HasPrefix(name, "silent") || strings.HasPrefix(name, "rle-bomb")) {
			t.Errorf("%s is accepted", name)
		}
	}
	if accepted > 3 {
		t.Errorf("%d damaged files are accepted", accepted)
	}
}
