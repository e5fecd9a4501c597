package provider

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"strconv"
)

// load reads all whole lines and returns the size of the file.
func (j *journal) load(identity string) (int64, error) {
	info, err := j.f.Stat()
	if err != nil {
		return 0, err
	}
	size := info.Size()
	sent := map[string]bool{}
	for number := 1; j.end < size; number++ {
		r, length, err := j.line(j.end, size)
		if errors.Is(err, errTorn) {
			break
		}
		if err != nil {
			return 0, fmt.Errorf("line %d: %w", number, err)
		}
		switch {
		case number == 1 && r.Config == "":
			return 0, errors.New("line 1: names no configuration; this is no journal of embeddings")
		case number == 1 && r.Config != identity:
			return 0, errors.New("belongs to another model, address, task or number of dimensions; name another file")
		}
		for _, k := range r.Sends {
			sent[k] = true
		}
		for i, k := range r.Gets {
			var key textKey
			if n, err := hex.Decode(key[:], []byte(k)); err != nil || n != len(key) {
				return 0, fmt.Errorf("line %d: %q is no key", number, k)
			}
			if err := j.setDim(r.Dim); err != nil {
				return 0, fmt.Errorf("line %d: %w", number, err)
			}
			j.at[key] = place{j.end, i}
			delete(sent, k)
		}
		j.end += length
	}
	j.unanswered = len(sent)
	return size, nil
}

// maxLine bounds a line: 2,048 vectors of 3,072 numbers take 34 MB.
const maxLine = 1 << 30

// errTorn is a line that does not end, or that ends at the end of the file
// and is not what its length and sum say.
var errTorn = errors.New("torn")

// line reads the line at an offset and returns its length.
func (j *journal) line(at, size int64) (record, int64, error) {
	head := make([]byte, min(32, size-at))
	if _, err := j.f.ReadAt(head, at); err != nil {
		return record{}, 0, err
	}
	lengthText, rest, ok1 := bytes.Cut(head, []byte(" "))
	sumText, _, ok2 := bytes.Cut(rest, []byte(" "))
	if !ok1 || !ok2 {
		return record{}, 0, j.tornOr(at, size, errors.New("no length and checksum"))
	}
	length, err1 := strconv.ParseInt(string(lengthText), 10, 64)
	sum, err2 := strconv.ParseUint(string(sumText), 16, 32)
	if err1 != nil || err2 != nil || length < 0 || length > maxLine {
		return record{}, 0, j.tornOr(at, size, errors.New("no length and checksum"))
	}
	prefix := int64(len(lengthText) + 1 + len(sumText) + 1)
	total := prefix + length + 1
	if at+total > size {
		return record{}, 0, j.tornOr(at, size, errors.New("its length is wrong: the file is damaged"))
	}
	text := make([]byte, length+1)
	if _, err := j.f.ReadAt(text, at+prefix); err != nil {
		return record{}, 0, err
	}
	if text[length] != '\n' || crc32.Checksum(text[:length], castagnoli) != uint32(sum) {
		wrong := errors.New("its checksum is wrong: the file is damaged")
		if at+total < size {
			return record{}, 0, wrong
		}
		return record{}, 0, j.tornOr(at, size, wrong)
	}
	var r record
	if err := json.Unmarshal(text[:length], &r); err != nil {
		return record{}, 0, err
	}
	return r, total, nil
}

// tornOr is errTorn where no newline follows but at the end: one write came
// only partly to the disk. Otherwise it is what is wrong.
func (j *journal) tornOr(at, size int64, wrong error) error {
	buf := make([]byte, 64<<10)
	for at < size {
		n, err := j.f.ReadAt(buf[:min(int64(len(buf)), size-at)], at)
		if n == 0 && err != nil {
			return err
		}
		if i := bytes.IndexByte(buf[:n], '\n'); i >= 0 {
			if at+int64(i) == size-1 {
				return errTorn
			}
			return wrong
		}
		at += int64(n)
	}
	return errTorn
}
