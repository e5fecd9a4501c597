package parquet

import (
	"bufio"
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	pq "github.com/parquet-go/parquet-go"

	"github.com/specstress/specstress/internal/reliability"
)

var mutantStep = flag.Int("mutants", 8, "read every n-th mutant of each kind of the corpus seeds; 1 reads all 25,080")

// The seeds under which the bare decoder was measured, and files of pyarrow
// for the encodings and the nested columns that those lack.
var (
	corpusSeeds  = []string{"corpus/seed_palike.parquet", "corpus/seed_v1_snappy.parquet", "corpus/seed_v2_palike.parquet"}
	pyarrowSeeds = []string{"pyarrow/delta.parquet", "pyarrow/fallback.parquet", "pyarrow/gzip_v2.parquet", "pyarrow/nested.parquet", "pyarrow/nested_v2.parquet"}
)

// pyarrowStep is how many times fewer mutants a pyarrow seed gets.
const pyarrowStep = 8

// TestMutants damages sound files in every way of mutations and reads them
// whole. A panic ends the test; a wrong number of rows, an error without a
// place, more memory than the file justifies and more than five seconds
// fail it. Other values than the seed's are possible where the pages have
// no checksums, as pyarrow leaves them out: only the file's own hash tells.
func TestMutants(t *testing.T) {
	var total struct{ read, refused, other int }
	var peak uint64
	for _, path := range append(corpusSeeds, pyarrowSeeds...) {
		t.Run(path, func(t *testing.T) {
			s := loadSeed(t, path)
			step := *mutantStep
			if strings.HasPrefix(path, "pyarrow/") {
				step *= pyarrowStep
			}
			want, wantRows, err := outcome("seed.parquet", s.file)
			if err != nil {
				t.Fatal(err)
			}
			var refused, same, other int
			var most uint64
			s.mutants(step, func(id int, what string, b []byte) {
				var lines []string
				var rows int
				var err error
				start := time.Now()
				taken := allocated(func() { lines, rows, err = outcome("m.parquet", b) })
				most = max(most, taken)
				if taken > 64<<20+8*uint64(len(b)) {
					t.Errorf("%d %s: allocated %d bytes", id, what, taken)
				}
				if d := time.Since(start); d > 5*time.Second {
					t.Errorf("%d %s: took %v", id, what, d)
				}
				switch {
				case err != nil:
					refused++
					if !refusal.MatchString(err.Error()) {
						t.Errorf("%d %s: the refusal names no place: %v", id, what, err)
					}
				case rows != wantRows:
					t.Errorf("%d %s: %d rows without an error, want %d", id, what, rows, wantRows)
				case slices.Equal(lines, want):
					same++
				default:
					other++
				}
			})
			t.Logf("%d refused, %d with the seed's values, %d with other values; at most %d bytes allocated", refused, same, other, most)
			total.read, total.refused, total.other, peak = total.read+refused+same+other, total.refused+refused, total.other+other, max(peak, most)
			if refused == 0 || same == 0 {
				t.Error("the mutants do not damage, or damage too much, to tell anything")
			}
		})
	}
	reliability.Record(t, "%d damaged files: 0 panics, deaths and hangs, 0 wrong counts; %d refused, every one with its place; %d with other values, which only a hash tells; at most %d KiB allocated",
		total.read, total.refused, total.other, peak>>10)
}

// bareStep is the sample of mutants that the negative control reads.
const bareStep = 16

// TestBareDecoderFails is the negative control of TestMutants: parquet-go
// without a guard must panic, die or return wrong counts on the same
// mutants, or the mutants prove nothing. It runs in child processes with
// bounded memory, since running out of memory cannot be recovered from.
func TestBareDecoderFails(t *testing.T) {
	if os.Getenv("PARQUET_BARE_CHILD") != "" {
		bareChild(t)
		return
	}
	if runtime.GOOS != "linux" {
		t.Skipf("the memory of a child process is only bounded on linux, not on %s", runtime.GOOS)
	}
	counts := map[string]int{}
	for from := 0; from >= 0; {
		cmd := exec.Command(os.Args[0], "-test.run=^TestBareDecoderFails$")
		cmd.Env = append(os.Environ(), "PARQUET_BARE_CHILD="+strconv.Itoa(from))
		out, err := cmd.Output()
		last := -1
		lines := bufio.NewScanner(bytes.NewReader(out))
		for lines.Scan() {
			if id, ok := strings.CutPrefix(lines.Text(), "mutant "); ok {
				last, _ = strconv.Atoi(id)
			} else if outcome, ok := strings.CutPrefix(lines.Text(), "outcome "); ok {
				counts[outcome]++
			}
		}
		if from = -1; err != nil { // it died over the last one it named
			if last < 0 {
				t.Fatalf("the child did not start: %v", err)
			}
			counts["death"]++
			from = last + 1
		}
	}
	reliability.Record(t, "control, the bare decoder on every %dth of them: %d panics, %d deaths, %d wrong counts", bareStep, counts["panic"], counts["death"], counts["wrong count"])
	if counts["panic"] == 0 || counts["wrong count"] == 0 {
		t.Errorf("no panics or no wrong counts without the guard: %v", counts)
	}
}

// bareChild reads mutants with parquet-go alone and prints what comes of
// each.
func bareChild(t *testing.T) {
	from, err := strconv.Atoi(os.Getenv("PARQUET_BARE_CHILD"))
	if err != nil {
		t.Fatal(err)
	}
	if err := boundMemory(4 << 30); err != nil {
		t.Fatal(err)
	}
	at := 0
	for _, name := range corpusSeeds {
		loadSeed(t, name).mutants(bareStep, func(_ int, _ string, b []byte) {
			if at >= from {
				fmt.Printf("mutant %d\n", at)
				fmt.Printf("outcome %s\n", bareOutcome(b))
			}
			at++
		})
	}
}

func bareOutcome(b []byte) (outcome string) {
	defer func() {
		if recover() != nil {
			outcome = "panic"
		}
	}()
	rows, err := bareRows(b)
	switch {
	case err != nil:
		return "error"
	case rows != seedRows*seedColumns:
		return "wrong count"
	}
	return "right count"
}

// bareRows counts the values of all columns, page by page.
func bareRows(b []byte) (n int, err error) {
	f, err := pq.OpenFile(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		return 0, err
	}
	values := make([]pq.Value, 256)
	for _, rg := range f.RowGroups() {
		for _, c := range rg.ColumnChunks() {
			pages := c.Pages()
			for {
				p, err := pages.ReadPage()
				if errors.Is(err, io.EOF) {
					break
				}
				if err != nil {
					return n, err
				}
				for r := p.Values(); ; {
					k, err := r.ReadValues(values)
					n += k
					if errors.Is(err, io.EOF) || err == nil && k == 0 {
						break
					}
					if err != nil {
						return n, err
					}
				}
			}
			if err := pages.Close(); err != nil {
				return n, err
			}
		}
	}
	return n, nil
}

// FuzzOpen looks for what the mutants did not find. Memory use differs from
// run to run, so that minimising does not end: -fuzzminimizetime 1x.
func FuzzOpen(f *testing.F) {
	for _, path := range append(corpusSeeds, pyarrowSeeds...) {
		f.Add(load(f, path))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		var err error
		taken := allocated(func() { _, _, err = outcome("f.parquet", b) })
		if taken > 64<<20+8*uint64(len(b)) {
			t.Errorf("allocated %d bytes for %d", taken, len(b))
		}
		if err != nil && !refusal.MatchString(err.Error()) {
			t.Errorf("the refusal names no place: %v", err)
		}
	})
}
