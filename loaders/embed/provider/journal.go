package provider

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"math"
	"os"
	"path/filepath"
)

// A journal keeps the vectors that an API has given, by the SHA-256 of the
// text. It is a file of lines
//
//	LENGTH CRC32C JSON
//
// of which the first says to which configuration it belongs. Before a
// request a line names its texts, and after it another holds their vectors;
// each is one write and one sync, so that a program killed at any moment
// loses no answer that it had written, and at most the last line is torn.
// That line is dropped; damage anywhere else is an error, and so is another
// configuration.
//
// Texts are not in it. With an empty path it lives in a file that has no
// name, as far as the system allows.
type journal struct {
	f          *os.File
	end        int64
	at         map[textKey]place
	dim        int
	unanswered int    // texts that an earlier run sent without an answer
	discard    string // name of a file to remove in the end

	decoded   []byte // the vectors of one line
	decodedAt int64
}

type textKey [sha256.Size]byte

func keyOf(text string) textKey { return sha256.Sum256([]byte(text)) }

// A place is where a vector's line starts and which of its vectors it is.
type place struct {
	line  int64
	index int
}

// A record is a line. One of its parts is in use.
type record struct {
	Config string   `json:"config,omitempty"` // the first line
	Sends  []string `json:"sends,omitempty"`  // keys in hexadecimal
	Gets   []string `json:"gets,omitempty"`
	Dim    int      `json:"dim,omitempty"`
	Data   string   `json:"data,omitempty"` // of Gets, float32, little-endian, base64
}

// identity names what the vectors depend on, apart from the texts.
func (cfg Config) identity() string {
	text, err := json.Marshal([]any{1, cfg.API, cfg.BaseURL, cfg.Model, cfg.Dim, cfg.Task})
	if err != nil {
		panic("provider: " + err.Error()) // strings and ints encode
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

func openJournal(path, identity string) (*journal, error) {
	j := &journal{at: map[textKey]place{}}
	var err error
	if path == "" {
		if j.f, err = os.CreateTemp("", "specstress-embed-*"); err == nil && os.Remove(j.f.Name()) != nil {
			j.discard = j.f.Name()
		}
	} else {
		j.f, err = os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o644)
	}
	if err != nil {
		return nil, fmt.Errorf("journal: %w", err)
	}
	if err := j.open(path, identity); err != nil {
		j.close()
		return nil, fmt.Errorf("journal %s: %w", filepath.ToSlash(path), err)
	}
	return j, nil
}

func (j *journal) open(path, identity string) error {
	if path != "" {
		if err := lock(j.f); err != nil {
			return err
		}
	}
	size, err := j.load(identity)
	if err != nil {
		return err
	}
	first := encode(record{Config: identity})
	if j.end == 0 && size > 0 { // nothing but a torn first line, or another file altogether
		start := make([]byte, min(size, int64(len(first))))
		if _, err := j.f.ReadAt(start, 0); err != nil {
			return err
		}
		if size >= int64(len(first)) || !bytes.HasPrefix(first, start) {
			return errors.New("is no journal of embeddings")
		}
	}
	if j.end < size { // the torn line
		if err := j.f.Truncate(j.end); err != nil {
			return err
		}
	}
	if j.end > 0 {
		return nil
	}
	if err := j.append(first); err != nil || path == "" {
		return err
	}
	return syncDir(filepath.Dir(path))
}

func (j *journal) setDim(dim int) error {
	if dim < 1 || j.dim != 0 && dim != j.dim {
		return fmt.Errorf("vectors of %d numbers, those before have %d", dim, j.dim)
	}
	j.dim = dim
	return nil
}

// encode is a record's line.
func encode(r record) []byte {
	text, err := json.Marshal(r)
	if err != nil {
		panic("provider: " + err.Error()) // strings and ints encode
	}
	return fmt.Appendf(nil, "%d %08x %s\n", len(text), crc32.Checksum(text, castagnoli), text)
}

// append writes a line and waits until it is on the disk.
func (j *journal) append(line []byte) error {
	if _, err := j.f.WriteAt(line, j.end); err != nil {
		// What came through is dropped, here or by the next run.
		return errors.Join(fmt.Errorf("journal: %w", err), j.f.Truncate(j.end))
	}
	if err := j.f.Sync(); err != nil {
		return fmt.Errorf("journal: %w", err)
	}
	j.end += int64(len(line))
	return nil
}

func hexKeys(keys []textKey) []string {
	out := make([]string, len(keys))
	for i, k := range keys {
		out[i] = hex.EncodeToString(k[:])
	}
	return out
}

// intend says that texts are about to be sent.
func (j *journal) intend(keys []textKey) error { return j.append(encode(record{Sends: hexKeys(keys)})) }

// record keeps the vectors of texts.
func (j *journal) record(keys []textKey, vectors [][]float32) error {
	if err := j.setDim(len(vectors[0])); err != nil {
		return err
	}
	data := make([]byte, 0, 4*j.dim*len(vectors))
	for _, v := range vectors {
		for _, x := range v {
			data = binary.LittleEndian.AppendUint32(data, math.Float32bits(x))
		}
	}
	start := j.end
	err := j.append(encode(record{Gets: hexKeys(keys), Dim: j.dim, Data: base64.StdEncoding.EncodeToString(data)}))
	if err != nil {
		return err
	}
	for i, k := range keys {
		j.at[k] = place{start, i}
	}
	return nil
}

func (j *journal) has(k textKey) bool { _, ok := j.at[k]; return ok }

// read fills dst with the vector of a text. Neighbours in a line are quick.
func (j *journal) read(k textKey, dst []float32) error {
	p, ok := j.at[k]
	if !ok {
		return errors.New("journal: a text has no vector")
	}
	if j.decoded == nil || j.decodedAt != p.line {
		r, _, err := j.line(p.line, j.end)
		if err == nil {
			j.decoded, err = base64.StdEncoding.DecodeString(r.Data)
		}
		if err != nil {
			return fmt.Errorf("journal: %w", err)
		}
		j.decodedAt = p.line
	}
	at := 4 * j.dim * int(p.index)
	if at+4*j.dim > len(j.decoded) {
		return errors.New("journal: fewer numbers in a line than it says")
	}
	for i := range dst {
		dst[i] = math.Float32frombits(binary.LittleEndian.Uint32(j.decoded[at+4*i:]))
	}
	return nil
}

func (j *journal) close() {
	j.f.Close() // all that counts is synced
	if j.discard != "" {
		os.Remove(j.discard)
	}
}

// syncDir makes a new file's name last.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	if err := d.Sync(); err != nil && !errors.Is(err, errors.ErrUnsupported) && !os.IsPermission(err) {
		return err
	}
	return nil
}
