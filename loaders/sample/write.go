package sample

import (
	"bufio"
	"context"
	"fmt"
	"sync"

	"github.com/parquet-go/parquet-go"
	"github.com/specstress/specstress/loaders/sample/internal/latent"
)

// Shards per config and split. Those of complete and all_models are the
// published ones, the others assumed.
const completeShards = 37

var splitShards = map[string]int{
	"all_models": 4, "claude_models": 2, "openai_models": 3,
	"gpt41_vs_mini": 1, "o3_vs_o4mini": 2, "opus4_vs_sonnet4": 1,
}

// rowGroupRows is the number of rows in a row group.
const rowGroupRows = 1_000

// batches is how many times the rows of a row group are handed on: often, so
// that texts do not pile up. It divides the rows of every row group.
const batches = 10

// A job writes one parquet file.
type job struct {
	name   string
	fields []field
	rows   int
	group  int // rows of a row group
	// fillRow enters one row of the file, a value per column.
	fillRow func(c *cells, row int)
}

// fill makes all files of a sample in a folder.
func fill(ctx context.Context, dir string, opt Options) error {
	params, err := latent.Fitted()
	if err != nil {
		return err
	}
	w, err := latent.Simulate(ctx, params, opt.Seed, opt.Rows, opt.Workers)
	if err != nil {
		return err
	}
	drawn, err := latent.Realise(ctx, w, opt.Workers)
	if err != nil {
		return err
	}
	labels, err := w.Label(ctx, labelledSplit(drawn).Scenarios, opt.Workers)
	if err != nil {
		return err
	}
	all := append(labelJobs(w, labelledSplit(drawn).Scenarios, labels), jobs(w, drawn, opt)...)
	files, err := writeAll(ctx, dir, opt, all)
	if err != nil {
		return err
	}
	for name, content := range map[string]string{"README.md": readme(opt), "values_tree.csv": taxonomyCSV()} {
		entry, err := writeText(dir, name, content)
		if err != nil {
			return fmt.Errorf("sample: %w", err)
		}
		files = append(files, entry)
	}
	return writeManifest(dir, opt, files)
}

// jobs lists the parquet files but the labels, largest first so that
// workers end together.
func jobs(w *latent.World, drawn latent.Realised, opt Options) []job {
	t := &tables{w, opt, taxonomyValues()}
	var out []job
	for i := range completeShards {
		from, to := len(w.Scenarios)*i/completeShards, len(w.Scenarios)*(i+1)/completeShards
		out = append(out, job{
			fmt.Sprintf("complete/train-%05d-of-%05d.parquet", i, completeShards), completeFields(), to - from, rowGroupRows,
			func(c *cells, row int) { t.completeRow(c, from+row) },
		})
	}
	for _, split := range drawn.Splits {
		shards := splitShards[split.Name]
		for i := range shards {
			from, to := len(split.Scenarios)*i/shards, len(split.Scenarios)*(i+1)/shards
			out = append(out, job{
				fmt.Sprintf("data/%s-%05d-of-%05d.parquet", split.Name, i, shards), defaultFields(), to - from, rowGroupRows,
				func(c *cells, row int) { t.defaultRow(c, from+row+1, int(split.Scenarios[from+row])) },
			})
		}
	}
	for b, rows := range drawn.Bins {
		out = append(out, job{
			fmt.Sprintf("judge_evaluations/%s-00000-of-00001.parquet", binNames[b]), judgeFields(), len(rows), rowGroupRows,
			func(c *cells, row int) { t.judgeRow(c, b, rows[row]) },
		})
	}
	return out
}

// writeAll runs the jobs on the workers and returns the files in the
// order of jobs. It stops at the first error.
func writeAll(ctx context.Context, dir string, opt Options, jobs []job) ([]manifestFile, error) {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	files := make([]manifestFile, len(jobs))
	next := make(chan int)
	var group sync.WaitGroup
	for range opt.Workers {
		group.Go(func() {
			for i := range next {
				file, err := jobs[i].write(ctx, dir, opt)
				if err != nil {
					stop(fmt.Errorf("sample: %s: %w", jobs[i].name, err))
				}
				files[i] = file
			}
		})
	}
	for i := range jobs {
		if ctx.Err() != nil {
			break
		}
		next <- i
	}
	close(next)
	group.Wait()
	return files, context.Cause(ctx)
}

// write makes the job's file.
func (j job) write(ctx context.Context, dir string, opt Options) (manifestFile, error) {
	file, err := create(dir, j.name)
	if err != nil {
		return manifestFile{}, err
	}
	defer file.file.Close()
	buffered := bufio.NewWriterSize(file, 1<<20)
	w := parquet.NewWriter(buffered, schemaOf(j.fields),
		parquet.Compression(&parquet.Snappy),
		parquet.DataPageVersion(1),
		parquet.PageBufferSize(1<<20),
		parquet.KeyValueMetadata(MetadataKey, opt.mark()),
		// The default names the version of the main module, which differs
		// between a test, a command and a dependent module.
		parquet.CreatedBy("specstress", fmt.Sprint(Version), "sample"),
	)
	columns := w.ColumnWriters()
	c := newCells(len(j.fields))
	batch := j.group / batches
	for row := 0; row < j.rows; row += batch {
		if err := ctx.Err(); err != nil {
			return manifestFile{}, err
		}
		end := min(row+batch, j.rows)
		c.clear()
		for i := row; i < end; i++ {
			j.fillRow(c, i)
			c.endRow()
		}
		for i, column := range columns {
			if _, err := column.WriteRowValues(c.columns[i]); err != nil {
				return manifestFile{}, err
			}
		}
		if end%j.group == 0 {
			if err := w.Flush(); err != nil {
				return manifestFile{}, err
			}
		}
	}
	if err := w.Close(); err != nil {
		return manifestFile{}, err
	}
	if err := buffered.Flush(); err != nil {
		return manifestFile{}, err
	}
	return file.entry(j.name)
}

// cells collects the values of some rows by column. Each row enters
// its values from left to right.
type cells struct {
	columns [][]parquet.Value
	at      int
	text    []byte // bytes that cells point into
}

func newCells(columns int) *cells { return &cells{columns: make([][]parquet.Value, columns)} }

func (c *cells) clear() {
	for i := range c.columns {
		c.columns[i] = c.columns[i][:0]
	}
	c.text = c.text[:0]
}

func (c *cells) endRow() { c.at = 0 }

func (c *cells) add(v parquet.Value, definition int) {
	c.columns[c.at] = append(c.columns[c.at], v.Level(0, definition, c.at))
	c.at++
}

func (c *cells) null()             { c.add(parquet.Value{}, 0) }
func (c *cells) number(n int)      { c.add(parquet.Int64Value(int64(n)), 1) }
func (c *cells) float(x float64)   { c.add(parquet.DoubleValue(x), 1) }
func (c *cells) string(s string)   { c.add(parquet.ByteArrayValue(bytesOf(s)), 1) }
func (c *cells) longText(b []byte) { c.add(parquet.ByteArrayValue(b), 1) }

// take enters a text that build appends to a buffer.
func (c *cells) take(build func(dst []byte) []byte) {
	from := len(c.text)
	c.text = build(c.text)
	c.longText(c.text[from:len(c.text):len(c.text)])
}
