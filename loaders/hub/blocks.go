package hub

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
)

// A blockStore keeps the ranges that were fetched of one file, each in a
// file of its own: named START-END, the bytes, and a checksum over them and
// over what they are. Several processes may use one store.
type blockStore struct {
	dir string
	oid string
}

// blockOwner says whose blocks a folder holds, for people and for verify.
type blockOwner struct {
	Address string
	Size    int64
	OID     string
}

const ownerFile = "file.json"

// openBlocks finds the store of a file. What names its bytes is the object
// id: another commit with the same bytes shares them.
func (c *client) openBlocks(address string, e entry) (*blockStore, error) {
	dir, err := cacheDir()
	if err != nil {
		return nil, err
	}
	id := e.OID
	if id == "" {
		id = c.env.endpoint.String() + " " + address // pinned to a commit
	}
	s := &blockStore{filepath.Join(dir, "blocks", keyOf(id, fmt.Sprint(e.Size))), id}
	var owner blockOwner
	note := filepath.Join(s.dir, ownerFile)
	if readSealed(note, &owner) == nil && owner.Size == e.Size && owner.OID == id {
		return s, nil
	}
	return s, writeSealed(note, blockOwner{address, e.Size, id})
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

const sumSize = 4

func (s *blockStore) sum(at span, data []byte) uint32 {
	sum := crc32.Checksum(fmt.Appendf(nil, "%s %d %d ", s.oid, at.start, at.end), castagnoli)
	return crc32.Update(sum, castagnoli, data)
}

func (s *blockStore) file(at span) string {
	return filepath.Join(s.dir, fmt.Sprintf("%d-%d", at.start, at.end))
}

// save keeps a block.
func (s *blockStore) save(at span, data []byte) error {
	sealed := binary.LittleEndian.AppendUint32(slices.Clip(data), s.sum(at, data))
	return writeAtomically(s.file(at), sealed)
}

// load reads a block back. A damaged one is removed, so that it is fetched
// again.
func (s *blockStore) load(at span) ([]byte, error) {
	name := s.file(at)
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	n := len(data) - sumSize
	if int64(n) != at.end-at.start || binary.LittleEndian.Uint32(data[n:]) != s.sum(at, data[:n]) {
		os.Remove(name)
		return nil, fmt.Errorf("%s: %w", name, errSeal)
	}
	return data[:n], nil
}

// list is which blocks are there, sorted by start. They may overlap, where
// two processes fetched at once.
func (s *blockStore) list(size int64) []span {
	entries, err := os.ReadDir(s.dir)
	if err != nil {
		return nil
	}
	var spans []span
	for _, e := range entries {
		if at, ok := parseSpan(e.Name()); ok && at.end <= size {
			spans = append(spans, at)
		}
	}
	slices.SortFunc(spans, func(a, b span) int { return cmp.Or(cmp.Compare(a.start, b.start), cmp.Compare(b.end, a.end)) })
	return spans
}

func parseSpan(name string) (span, bool) {
	var at span
	if strings.HasPrefix(name, ".") {
		return at, false
	}
	if n, err := fmt.Sscanf(name, "%d-%d", &at.start, &at.end); n != 2 || err != nil || name != fmt.Sprintf("%d-%d", at.start, at.end) {
		return at, false
	}
	return at, 0 <= at.start && at.start < at.end
}

// problems remembers the first reason for which something could not be
// kept. Reading goes on without the cache.
var problems struct {
	sync.Mutex
	first error
}

func noteProblem(err error) {
	if err == nil {
		return
	}
	problems.Lock()
	defer problems.Unlock()
	if problems.first == nil {
		problems.first = err
	}
}

// CacheProblem is the first reason for which something that was fetched
// could not be kept for the next time, or nil.
func CacheProblem() error {
	problems.Lock()
	defer problems.Unlock()
	return problems.first
}
