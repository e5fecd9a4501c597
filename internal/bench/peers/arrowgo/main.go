// Command arrowgo reads the battery's columns with arrow-go, and then uses
// the statistics of this repository: it compares decoders. It is a module of
// its own, so that arrow-go is not a dependency of the toolkit.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"time"

	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"

	"github.com/specstress/specstress/analysis"
	"github.com/specstress/specstress/internal/bench/peers/battery"
)

func main() {
	if err := run(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "arrowgo:", err)
		os.Exit(1)
	}
}

// A shard is the columns of one file.
type shard struct {
	positions [][2][]analysis.Position
	values    [2][]string
}

func run(pattern string) error {
	start := time.Now()
	paths, err := filepath.Glob(pattern)
	if err != nil {
		return err
	}
	slices.Sort(paths)
	shards, errs := make([]shard, len(paths)), make([]error, len(paths))
	places := make(chan struct{}, runtime.GOMAXPROCS(0))
	var all sync.WaitGroup
	for i, path := range paths {
		all.Go(func() {
			places <- struct{}{}
			shards[i], errs[i] = read(path)
			<-places
		})
	}
	all.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	models := analysis.AllModels.Models
	columns := make([][2][]analysis.Position, len(models))
	var codes [2][]int32
	var names []string
	code := map[string]int32{}
	for _, s := range shards {
		for v := range codes {
			for m := range models {
				columns[m][v] = append(columns[m][v], s.positions[m][v]...)
			}
			for _, name := range s.values[v] {
				c, ok := code[name]
				if !ok {
					c = int32(len(names))
					code[name] = c
					names = append(names, name)
				}
				codes[v] = append(codes[v], c)
			}
		}
	}
	p, err := analysis.NewPositions(models, columns, analysis.Clusters{})
	if err != nil {
		return err
	}
	loaded := time.Now()
	r, err := battery.Measure(p, codes, names)
	if err != nil {
		return err
	}
	r.LoadMS = float64(loaded.Sub(start).Microseconds()) / 1000
	r.TotalMS = float64(time.Since(start).Microseconds()) / 1000
	return json.NewEncoder(os.Stdout).Encode(r)
}

func read(path string) (shard, error) {
	s := shard{positions: make([][2][]analysis.Position, len(analysis.AllModels.Models))}
	f, err := file.OpenParquetFile(path, true)
	if err != nil {
		return s, err
	}
	defer f.Close()
	reader, err := pqarrow.NewFileReader(f, pqarrow.ArrowReadProperties{BatchSize: 1 << 17}, memory.DefaultAllocator)
	if err != nil {
		return s, err
	}
	schema := f.MetaData().Schema
	want := []int{schema.ColumnIndexByName("value1"), schema.ColumnIndexByName("value2")}
	for _, m := range analysis.AllModels.Models {
		for v := 1; v <= 2; v++ {
			want = append(want, schema.ColumnIndexByName(fmt.Sprintf("%s_value%d_position", m, v)))
		}
	}
	groups := make([]int, f.NumRowGroups())
	for i := range groups {
		groups[i] = i
	}
	table, err := reader.ReadRowGroups(context.Background(), want, groups)
	if err != nil {
		return s, err
	}
	defer table.Release()
	var scores [analysis.MaxScore + 1]analysis.Position
	for i := range scores {
		scores[i], _ = analysis.NewPosition(i)
	}
	for i := range int(table.NumCols()) {
		column := table.Column(i)
		for v := range s.values {
			if column.Name() == fmt.Sprintf("value%d", v+1) {
				for _, chunk := range column.Data().Chunks() {
					texts := chunk.(*array.String)
					for k := range texts.Len() {
						s.values[v] = append(s.values[v], texts.Value(k))
					}
				}
			}
			for m, model := range analysis.AllModels.Models {
				if column.Name() != fmt.Sprintf("%s_value%d_position", model, v+1) {
					continue
				}
				for _, chunk := range column.Data().Chunks() {
					numbers := chunk.(*array.Int64)
					for k, x := range numbers.Int64Values() {
						p := analysis.Position{}
						if numbers.IsValid(k) && x >= 0 && x <= analysis.MaxScore {
							p = scores[x]
						}
						s.positions[m][v] = append(s.positions[m][v], p)
					}
				}
			}
		}
	}
	return s, nil
}
