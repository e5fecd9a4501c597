package parquet

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	pq "github.com/parquet-go/parquet-go"

	"github.com/specstress/specstress/analysis"
	"github.com/specstress/specstress/loaders"
)

// The shape of the complete config: rows, shards, row groups, columns.
const (
	benchRows      = 411_000
	benchShards    = 33
	benchGroup     = 1_000
	benchPositions = 24
	benchTexts     = 13    // query and responses, not asked for
	benchValues    = 3_302 // distinct value names
)

// writeShape writes shards of the published shape with made-up content:
// nullable positions, texts and two value columns, snappy and
// dictionary-coded, without page index as pyarrow writes. Only the first
// row of a row group has texts: it makes the footers as long as texts'
// least and greatest values make them, and the files short.
func writeShape(dir string) ([]string, error) {
	text := pq.Optional(pq.Encoded(pq.Compressed(pq.String(), &pq.Snappy), &pq.RLEDictionary))
	number := pq.Optional(pq.Encoded(pq.Compressed(pq.Int(64), &pq.Snappy), &pq.RLEDictionary))
	fields := pq.Group{"value1": text, "value2": text} // in the order of their names, so last
	for i := range benchPositions {
		fields[fmt.Sprintf("m%02d_value%d_position", i/2, i%2+1)] = number
	}
	for i := range benchTexts {
		fields[fmt.Sprintf("text%02d", i)] = text
	}
	schema := pq.NewSchema("train", fields)
	rng := rand.New(rand.NewPCG(411, 1))
	names := make([]string, benchValues)
	for i := range names {
		names[i] = fmt.Sprintf("value number %d", i)
	}
	long := []byte(strings.Repeat("a long made-up response ", 80))
	var paths []string
	for shard := range benchShards {
		path := filepath.Join(dir, fmt.Sprintf("train-%05d-of-%05d.parquet", shard, benchShards))
		paths = append(paths, path)
		f, err := os.Create(path)
		if err != nil {
			return nil, err
		}
		w := pq.NewWriter(f, schema, pq.MaxRowsPerRowGroup(benchGroup), pq.DataPageStatistics(false))
		first := shard * benchRows / benchShards
		row := make(pq.Row, 0, len(fields))
		for i := first; i < (shard+1)*benchRows/benchShards; i++ {
			row = row[:0]
			add := func(v pq.Value, null bool) {
				if null {
					row = append(row, pq.NullValue().Level(0, 0, len(row)))
				} else {
					row = append(row, v.Level(0, 1, len(row)))
				}
			}
			for range benchPositions {
				add(pq.Int64Value(int64(rng.IntN(7))), rng.IntN(50) == 0)
			}
			for range benchTexts {
				add(pq.ByteArrayValue(long), (i-first)%benchGroup != 0)
			}
			for range 2 {
				add(pq.ByteArrayValue([]byte(names[rng.IntN(benchValues)])), false)
			}
			if _, err := w.WriteRows([]pq.Row{row}); err != nil {
				return nil, err
			}
		}
		if err := w.Close(); err != nil {
			return nil, err
		}
		if err := f.Close(); err != nil {
			return nil, err
		}
	}
	return paths, nil
}

// A diskFile is a local file.
type diskFile struct {
	*os.File
	size int64
}

func (f diskFile) Size() int64 { return f.size }

func openDisk(path string) (loaders.Table, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	return Format{}.Open(context.Background(), diskFile{f, info.Size()})
}

// An interner gives equal texts equal codes.
type interner struct {
	sync.RWMutex
	codes map[string]int32
}

func (n *interner) code(text []byte) int32 {
	n.RLock()
	code, ok := n.codes[string(text)]
	n.RUnlock()
	if ok {
		return code
	}
	n.Lock()
	defer n.Unlock()
	if code, ok := n.codes[string(text)]; ok {
		return code
	}
	code = int32(len(n.codes))
	n.codes[string(text)] = code
	return code
}

// loadAll opens all shards and reads positions and, if asked, values of
// all rows with the given number of goroutines, one row group at a time.
func loadAll(paths []string, workers int, values bool) (positions [][]analysis.Position, codes [2][]int32, err error) {
	tables := make([]loaders.Table, len(paths))
	each(workers, len(paths), func(i int) {
		table, e := openDisk(paths[i])
		if e != nil {
			err = e
			return
		}
		tables[i] = table
	})
	if err != nil {
		return nil, codes, err
	}
	type job struct {
		table        loaders.Table
		group, first int
	}
	var jobs []job
	rows := 0
	for _, table := range tables {
		defer table.Close()
		for g := range table.RowGroups() {
			jobs = append(jobs, job{table, g, rows})
			rows += table.RowsIn(g)
		}
	}
	positions = make([][]analysis.Position, benchPositions)
	for c := range positions {
		positions[c] = make([]analysis.Position, rows)
	}
	names := interner{codes: map[string]int32{}}
	codes = [2][]int32{make([]int32, rows), make([]int32, rows)}
	errs := make([]error, len(jobs))
	ctx := context.Background()
	each(workers, len(jobs), func(i int) {
		j := jobs[i]
		end := j.first + j.table.RowsIn(j.group)
		var bad loaders.BadValues
		for c := range positions {
			name := fmt.Sprintf("m%02d_value%d_position", c/2, c%2+1)
			if errs[i] == nil {
				errs[i] = j.table.ReadPositions(ctx, j.group, name, positions[c][j.first:end], &bad)
			}
		}
		for v := range codes {
			if errs[i] == nil && values {
				errs[i] = j.table.ReadCodes(ctx, j.group, fmt.Sprintf("value%d", v+1), codes[v][j.first:end], names.code)
			}
		}
	})
	for _, e := range errs {
		if e != nil {
			return nil, codes, e
		}
	}
	return positions, codes, nil
}

func each(workers, n int, f func(i int)) {
	var wg sync.WaitGroup
	var next atomic.Int64
	for range workers {
		wg.Go(func() {
			for i := next.Add(1) - 1; i < int64(n); i = next.Add(1) - 1 {
				f(int(i))
			}
		})
	}
	wg.Wait()
}

// BenchmarkComplete reads a made-up dataset of the complete config's shape
// from files to columns in memory.
//
// B/op counts all that is allocated on the way, so the memory in use at any
// moment lies below it.
func BenchmarkComplete(b *testing.B) {
	dir := b.TempDir()
	paths, err := writeShape(dir)
	if err != nil {
		b.Fatal(err)
	}
	runtime.GC()
	b.Run("open", func(b *testing.B) {
		for b.Loop() {
			each(2, len(paths), func(i int) {
				table, err := openDisk(paths[i])
				if err != nil {
					b.Error(err)
					return
				}
				table.Close()
			})
		}
	})
	for _, workers := range []int{1, 2} {
		for _, values := range []bool{false, true} {
			what := "positions"
			if values {
				what = "positions+values"
			}
			b.Run(fmt.Sprintf("%s/workers=%d", what, workers), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					positions, _, err := loadAll(paths, workers, values)
					if err != nil {
						b.Fatal(err)
					}
					if len(positions[0]) != benchRows {
						b.Fatalf("%d rows", len(positions[0]))
					}
				}
				b.ReportMetric(float64(benchRows)*float64(b.N)/b.Elapsed().Seconds()/1e6, "Mrows/s")
			})
		}
	}
}
