package nb

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"

	"github.com/specstress/specstress/analysis"
	"github.com/specstress/specstress/loaders"
	"github.com/specstress/specstress/loaders/embeddings"
)

// ngramDim is the length of the vectors that are made here. With fewer than
// the command's own a cell opens them in no time.
const ngramDim = 256

// ngramVersion counts the changes of what the command's local embedder
// gives for the same texts.
const ngramVersion = 1

// Vectors returns a vector for each of some scenarios, by row, or for all of
// them where rows is nil, scaled to length 1.
//
// The vectors are those of a .npy file with a row for each scenario of the
// split, in its order, or of these scenarios. With an empty name they are
// made from the queries, once, by the command's local embedder: hashed
// n-grams, which is said above the results, for it is not a neural
// embedding. The command makes them, for cells link no decoder.
func (s *Scenarios) Vectors(file string, rows []int) *analysis.Vectors {
	return Must(s.vectors(context.Background(), file, rows))
}

func (s *Scenarios) vectors(ctx context.Context, file string, rows []int) (*analysis.Vectors, error) {
	what := "Vectors: " + filepath.Base(file)
	if file == "" {
		var err error
		if file, err = s.dataset.ngrams(ctx, s.Scenarios); err != nil {
			return nil, err
		}
		what = "Vectors: hashed n-grams of the queries, not a neural embedding; distances are not comparable with the paper's"
	}
	showOnce(noteBundle(plainNote, clean(what+".")))
	if filepath.Ext(file) != ".npy" {
		return nil, fmt.Errorf("nb: %s: cells read vectors from .npy files", file)
	}
	all, err := s.dataset.Scenarios(ctx, s.Split())
	if err != nil {
		return nil, err
	}
	e, err := embeddings.Open(ctx, file, embeddings.Options{})
	if err != nil {
		return nil, err
	}
	defer e.Close() // the rows that are wanted are copied
	if rows == nil {
		rows = make([]int, s.Rows())
		for i := range rows {
			rows[i] = i
		}
	}
	at := func(row int) int { return row }
	switch e.Rows {
	case s.Rows():
	case all.Rows():
		at = s.Stored
	default:
		return nil, fmt.Errorf("nb: %s: %d vectors, want %d, one for each scenario of split %s in its order", file, e.Rows, all.Rows(), s.Split())
	}
	data := make([]float32, 0, len(rows)*e.Dim)
	for _, row := range rows {
		if row < 0 || row >= s.Rows() {
			return nil, fmt.Errorf("nb: split %s: row %d, want 0..%d", s.Split(), row, s.Rows()-1)
		}
		i := at(row)
		data = append(data, e.Data[i*e.Dim:(i+1)*e.Dim]...)
	}
	return analysis.NewVectors(ctx, data, e.Dim, analysis.Cosine)
}

// ngrams is the file with the n-gram vectors of a split, which the command
// makes where it is not there. Its name tells the state of the source.
func (d *Dataset) ngrams(ctx context.Context, s *loaders.Scenarios) (string, error) {
	dir, err := loaders.CacheDir()
	if err != nil {
		return "", err
	}
	dir = filepath.Join(dir, "embeddings")
	file := filepath.Join(dir, fmt.Sprintf("%s-%s-ngrams%d-%d.npy", d.Revision(), s.Split(), ngramVersion, ngramDim))
	if _, err := os.Stat(file); !errors.Is(err, fs.ErrNotExist) {
		return file, err
	}
	path, err := command()
	if err != nil {
		return "", fmt.Errorf("nb: vectors of split %s: %w", s.Split(), err)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", err
	}
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt)
	defer stop()
	bar := Progress("Embedding the queries of "+s.Split(), 0)
	defer bar.Done()
	args := []string{"embed", "--split", s.Split(), "--dim", fmt.Sprint(ngramDim), "--out", file}
	cmd := exec.CommandContext(ctx, path, append(args, d.from.arguments()...)...)
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	return file, run(cmd, nil, nil)
}
