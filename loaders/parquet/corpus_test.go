package parquet

import (
	"context"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/specstress/specstress/internal/reliability"
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

// TestCorpus reads files made to crash or deceive parquet-go. Most must be
// refused. Those damaged only in the page index, which is not read here,
// may be accepted if they give what their seed gives, value by value. All
// take memory in proportion to their size.
func TestCorpus(t *testing.T) {
	index := strings.Split(strings.TrimSpace(string(load(t, "corpus/INDEX.tsv"))), "\n")
	seeds := map[string]string{}
	for _, line := range index {
		fields := strings.Split(line, "\t")
		seeds[fields[0]] = strings.TrimPrefix(fields[3], "seed ")
	}
	paths, err := filepath.Glob("testdata/corpus/*.parquet")
	if err != nil || len(paths) < len(index) {
		t.Fatalf("%d files for %d lines of INDEX.tsv, %v", len(paths), len(index), err)
	}
	hostile := 0
	for _, path := range paths {
		name := filepath.Base(path)
		if strings.HasPrefix(name, "seed_") {
			continue
		}
		hostile++
		t.Run(name, func(t *testing.T) {
			b := load(t, "corpus/"+name)
			var lines []string
			var err error
			bytes := allocated(func() { lines, _, err = outcome(name, b) })
			if bytes > 64<<20+8*uint64(len(b)) {
				t.Errorf("allocated %d bytes for %d", bytes, len(b))
			}
			if err != nil {
				if !refusal.MatchString(err.Error()) {
					t.Errorf("the refusal names no place: %v", err)
				}
				return
			}
			if strings.HasPrefix(name, "silent") || strings.HasPrefix(name, "rle-bomb") || seeds[name] == "" {
				t.Fatal("is accepted")
			}
			want, _, err := outcome("seed.parquet", load(t, "corpus/"+seeds[name]))
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(lines, want) {
				t.Error("is accepted with other values than its seed")
			}
		})
	}
	reliability.Record(t, "%d hostile files of our own: each refused with its place, or read as its seed", hostile)
}
