package sample

import (
	"context"
	"fmt"
	"path/filepath"
	"runtime"

	"github.com/specstress/specstress/loaders"
	"github.com/specstress/specstress/loaders/sample/internal/latent"
)

// Version counts the changes that give other files for the same options.
const Version = loaders.SampleVersion

// MetadataKey is the key under which every parquet file says that it is
// synthetic.
const MetadataKey = "specstress.synthetic"

// Options choose a sample. The zero value is the default sample.
type Options struct {
	// Rows of complete; 0 means 411,000. A smaller sample has smaller
	// splits in proportion, or what its population yields; a larger one
	// has the published number of rows in the splits.
	Rows int

	// Seed of all randomness; 0 means 1.
	Seed uint64

	// Text adds responses, about 3.3 kB each: the default sample then
	// takes roughly 10 GB. Without it the response columns are NULL.
	Text bool

	// Workers is how many goroutines write; 0 means GOMAXPROCS. It never
	// changes the files.
	Workers int
}

func (o Options) withDefaults() (Options, error) {
	if o.Rows == 0 {
		o.Rows = latent.FullRows
	}
	if o.Seed == 0 {
		o.Seed = 1
	}
	if o.Workers == 0 {
		o.Workers = runtime.GOMAXPROCS(0)
	}
	if o.Rows < 0 || o.Rows > latent.MaxRows {
		return o, fmt.Errorf("sample: %d rows, want 1..%d", o.Rows, latent.MaxRows)
	}
	if o.Workers < 0 {
		return o, fmt.Errorf("sample: %d workers, want at least 1", o.Workers)
	}
	return o, nil
}

// mark is what the metadata of the files says.
func (o Options) mark() string {
	return fmt.Sprintf("synthetic sample, seed %d, generator %d", o.Seed, Version)
}

// Write makes a sample in the folder dir, which must be new, empty, or an
// earlier sample, which is then replaced. The folder appears under its
// name only when every file in it is whole; on an error or when ctx ends,
// nothing is left behind.
func Write(ctx context.Context, dir string, opt Options) error {
	opt, err := opt.withDefaults()
	if err != nil {
		return err
	}
	if err := mayReplace(dir); err != nil {
		return err
	}
	return install(dir, func(tmp string) error { return fill(ctx, tmp, opt) }, nil)
}

// Generate makes the default sample in the cache folder, unless a whole
// one of this version is there, and returns its folder. Several processes
// may do so at once: each makes its own, one of them stays. A folder with
// a file missing or of another size than its manifest says is replaced.
func Generate(ctx context.Context) (dir string, err error) {
	cache, err := loaders.CacheDir()
	if err != nil {
		return "", err
	}
	return generate(ctx, cache, Options{})
}

func generate(ctx context.Context, cache string, opt Options) (dir string, err error) {
	opt, err = opt.withDefaults()
	if err != nil {
		return "", err
	}
	dir = filepath.Join(cache, fmt.Sprintf("sample-v%d-seed%d-rows%d", Version, opt.Seed, opt.Rows))
	whole := func() bool { return checkManifest(dir, opt) == nil }
	if whole() {
		return dir, nil
	}
	err = install(dir, func(tmp string) error { return fill(ctx, tmp, opt) }, whole)
	switch {
	case err == nil:
		return dir, nil
	case ctx.Err() != nil:
		return "", err
	}
	return "", fmt.Errorf("%w\n\tthe sample is kept in the cache folder %s; set SPECSTRESS_CACHE to a folder that can be written", err, cache)
}

func init() { loaders.RegisterSource("sample", Generate) }
