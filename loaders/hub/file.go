package hub

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"
	"sync"

	"github.com/specstress/specstress/loaders"
)

// Open opens a file of a listing: the whole file where the cache of
// huggingface_hub has it, verified once; else ranges of it, those fetched
// before from our own cache.
func (remote) Open(ctx context.Context, f loaders.RemoteFile) (loaders.File, error) {
	a, err := parseAddress(f.Address)
	if err != nil {
		return nil, err
	}
	if !commitID.MatchString(a.revision) || a.path != f.Path {
		return nil, fmt.Errorf("%s: not an address of one file of one commit", f.Address)
	}
	if err := checkName(f.Path); err != nil {
		return nil, fmt.Errorf("%s: %w", f.Address, err)
	}
	c, err := currentClient()
	if err != nil {
		return nil, err
	}
	e := entry{f.Path, f.Size, f.OID}
	local, verified, err := c.openSnapshot(ctx, a, e)
	if err == nil {
		return &wholeFile{local, f, verified}, nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	return c.openRanges(ctx, a, e), nil
}

// A wholeFile lies on our disk.
type wholeFile struct {
	*os.File
	is       loaders.RemoteFile
	verified bool
}

func (f *wholeFile) Name() string   { return f.is.Path }
func (f *wholeFile) Size() int64    { return f.is.Size }
func (f *wholeFile) Verified() bool { return f.verified }

// A rangeFile is a file whose bytes are fetched, range by range, when they
// are asked for or announced.
type rangeFile struct {
	*source
	store  *blockStore // nil when nothing can be kept
	ctx    context.Context
	cancel context.CancelFunc
	tasks  sync.WaitGroup

	mu     sync.Mutex
	blocks []*block // sorted, disjoint
	held   []*block // with their bytes in memory, and in the store too
	bytes  int64    // of those
}

// A block is a span that is there or on its way.
type block struct {
	span
	stored span          // under which the store has it
	inCore bool          // it never was in the store
	ready  chan struct{} // closed when data or err is there
	data   []byte        // nil: to be loaded from the store
	err    error
}

const (
	holdBytes = 64 << 20 // of stored blocks of one file, kept in memory besides
	tailBytes = 1 << 20  // the end of a parquet file, where its footer is; what loaders/parquet reads at first
	headBytes = 64 << 10 // its start, with the first columns of the first row group
	readAhead = 8 << 20  // of files that are read from front to back
)

func (c *client) openRanges(ctx context.Context, a address, e entry) *rangeFile {
	f := &rangeFile{source: c.sourceOf(a, e)}
	f.ctx, f.cancel = context.WithCancel(ctx)
	store, err := c.openBlocks(a.String(), e)
	if store != nil {
		end := int64(0)
		for _, at := range store.list(e.Size) {
			if at.end <= end {
				continue // within the one before
			}
			f.blocks = append(f.blocks, &block{span: span{max(at.start, end), at.end}, stored: at, ready: closed})
			end = at.end
		}
		if err == nil {
			f.store = store
		}
	}
	noteProblem(err)
	if f.columnar() {
		f.Fetch([]loaders.Range{{Offset: e.Size - tailBytes, Length: tailBytes}, {Offset: 0, Length: headBytes}})
	}
	return f
}

var closed = func() chan struct{} { c := make(chan struct{}); close(c); return c }()

// columnar files are read here and there, others from front to back.
func (f *rangeFile) columnar() bool { return strings.HasSuffix(strings.ToLower(f.at.path), ".parquet") }

func (f *rangeFile) Name() string   { return f.at.path }
func (f *rangeFile) Size() int64    { return f.size }
func (f *rangeFile) Verified() bool { return false }

// Close ends whatever is being fetched and waits for it.
func (f *rangeFile) Close() error {
	f.cancel()
	f.tasks.Wait()
	return nil
}

func (f *rangeFile) spans() []span {
	spans := make([]span, len(f.blocks))
	for i, b := range f.blocks {
		spans[i] = b.span
	}
	return spans
}

// Fetch begins to fetch what is not there of some ranges.
func (f *rangeFile) Fetch(ranges []loaders.Range) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.begin(plan(ranges, f.size, f.spans()))
}

// Cost is what Fetch would do.
func (f *rangeFile) Cost(ranges []loaders.Range) (cost loaders.Cost) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, s := range plan(ranges, f.size, f.spans()) {
		cost.Requests++
		cost.Bytes += s.end - s.start
	}
	return cost
}

// begin starts a request for each span. The file is locked.
func (f *rangeFile) begin(requests []span) {
	for _, s := range requests {
		b := &block{span: s, stored: s, ready: make(chan struct{})}
		f.blocks = append(f.blocks, b)
		f.tasks.Go(func() { f.get(b) })
	}
	slices.SortFunc(f.blocks, func(a, b *block) int {
		if a.start < b.start {
			return -1
		}
		return 1
	})
}

// get fetches a block and keeps it.
func (f *rangeFile) get(b *block) {
	defer close(b.ready)
	data, err := f.fetchBytes(b.span)
	if b.err = err; err != nil {
		return
	}
	b.inCore = true
	if f.store != nil {
		err := f.store.save(b.stored, data)
		noteProblem(err)
		b.inCore = err != nil
	}
	b.data = data
	f.hold(b)
}

// hold keeps a block's bytes in memory, and lets go of the oldest when there
// are too many that the store has as well.
func (f *rangeFile) hold(b *block) {
	if b.inCore {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.held = append(f.held, b)
	f.bytes += int64(len(b.data))
	for f.bytes > holdBytes && len(f.held) > 1 {
		f.bytes -= int64(len(f.held[0].data))
		f.held[0].data = nil
		f.held = f.held[1:]
	}
}

// bytesOf waits for a block and returns its bytes. One that the store lost
// or damaged is fetched again.
func (f *rangeFile) bytesOf(b *block) ([]byte, error) {
	select {
	case <-b.ready:
	case <-f.ctx.Done():
		return nil, context.Cause(f.ctx)
	}
	f.mu.Lock()
	data, err := b.data, b.err
	f.mu.Unlock()
	if err != nil || data != nil {
		return data, err
	}
	data, err = f.reload(b)
	if err != nil {
		return nil, err
	}
	f.mu.Lock()
	first := b.data == nil
	b.data = data
	f.mu.Unlock()
	if first {
		f.hold(b)
	}
	return data, nil
}

func (f *rangeFile) reload(b *block) ([]byte, error) {
	store := f.store
	if store == nil { // a cache that can be read but not written
		store, _ = f.c.openBlocks(f.at.String(), entry{f.at.path, f.size, f.oid})
	}
	if store != nil {
		if data, err := store.load(b.stored); err == nil {
			return data[b.start-b.stored.start:], nil
		}
	}
	data, err := f.fetchBytes(b.span)
	if err == nil && f.store != nil {
		noteProblem(f.store.save(b.span, data))
	}
	return data, err
}

// fetchBytes fetches a span into memory.
func (f *rangeFile) fetchBytes(at span) ([]byte, error) {
	in := &lateBuffer{size: int(at.end - at.start)}
	err := f.fetch(f.ctx, at, in)
	if errors.Is(err, ErrOffline) {
		err = fmt.Errorf("%s: bytes %d to %d: %w; run specstress fetch once with a network", f.at, at.start, at.end-1, ErrOffline)
	}
	return in.Bytes(), err
}

// A lateBuffer takes its memory when the first byte comes: many requests may
// wait for their turn.
type lateBuffer struct {
	bytes.Buffer
	size int
}

func (b *lateBuffer) Write(p []byte) (int, error) {
	if b.Cap() == 0 {
		b.Grow(b.size)
	}
	return b.Buffer.Write(p)
}

// ReadAt waits for the bytes asked for, and fetches them if nobody has
// announced them.
func (f *rangeFile) ReadAt(p []byte, off int64) (int, error) {
	if off < 0 {
		return 0, fmt.Errorf("%s: read at %d", f.at, off)
	}
	want := span{off, min(off+int64(len(p)), f.size)}
	if want.start < want.end {
		f.Fetch(f.around(want))
	}
	n := 0
	for at := want.start; at < want.end; {
		b := f.find(at)
		if b == nil {
			return n, fmt.Errorf("%s: no block holds byte %d", f.at, at)
		}
		data, err := f.bytesOf(b)
		if err != nil {
			return n, err
		}
		c := copy(p[n:], data[at-b.start:])
		n, at = n+c, at+int64(c)
	}
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

// around is what to fetch to read a span.
func (f *rangeFile) around(s span) []loaders.Range {
	if !f.columnar() {
		s.start -= s.start % readAhead
		s.end += readAhead - 1
		s.end -= s.end % readAhead
	}
	return []loaders.Range{{Offset: s.start, Length: s.end - s.start}}
}

// find is the block that holds a byte.
func (f *rangeFile) find(at int64) *block {
	f.mu.Lock()
	defer f.mu.Unlock()
	i, _ := slices.BinarySearchFunc(f.blocks, at, func(b *block, at int64) int {
		if b.end <= at {
			return -1
		}
		return 1
	})
	if i < len(f.blocks) && f.blocks[i].start <= at {
		return f.blocks[i]
	}
	return nil
}

var (
	_ loaders.RangeFile    = (*rangeFile)(nil)
	_ loaders.VerifiedFile = (*rangeFile)(nil)
	_ loaders.VerifiedFile = (*wholeFile)(nil)
)
