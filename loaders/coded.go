package loaders

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"
)

// A Coded is a text column as codes into a sorted list of its distinct
// texts; NullCode stands for NULL.
type Coded struct {
	Codes []int32
	Names []string // ascending, so equal columns have equal codes
}

// At returns a row's text, and false for NULL.
func (c Coded) At(row int) (string, bool) {
	if code := c.Codes[row]; code != NullCode {
		return c.Names[code], true
	}
	return "", false
}

// code finds a text's code, and false where no row has it.
func (c Coded) code(name string) (int32, bool) {
	i, ok := slices.BinarySearch(c.Names, name)
	return int32(i), ok
}

// codeInAnyCase is code, and where there is none that of the first text
// that differs in case only.
func (c Coded) codeInAnyCase(name string) (int32, bool) {
	if code, ok := c.code(name); ok {
		return code, true
	}
	i := slices.IndexFunc(c.Names, func(n string) bool { return strings.EqualFold(n, name) })
	return int32(i), i >= 0
}

// encodingDoubt tells of names that are not UTF-8, as a spreadsheet of
// Western Windows writes them: none is the same as the name in the taxonomy.
func (c Coded) encodingDoubt() error {
	n, first := 0, ""
	for _, name := range c.Names {
		if !utf8.ValidString(name) {
			if n++; n == 1 {
				first = name
			}
		}
	}
	if n == 0 {
		return nil
	}
	return fmt.Errorf("%d names of values are not UTF-8, the first %q; save the file as \"CSV UTF-8\"", n, first)
}

// nulls counts the rows without a text.
func (c Coded) nulls() int {
	n := 0
	for _, code := range c.Codes {
		if code == NullCode {
			n++
		}
	}
	return n
}

func (c Coded) gather(rows []int32) Coded {
	if c.Codes == nil {
		return Coded{}
	}
	return Coded{gather(c.Codes, rows), c.Names}
}

// Ints is a column of whole numbers. A nil Valid means that none is NULL.
type Ints struct {
	V     []int64
	Valid []bool
}

// At returns a row's number, and false for NULL.
func (c Ints) At(row int) (int64, bool) {
	if c.Valid != nil && !c.Valid[row] {
		return 0, false
	}
	return c.V[row], true
}

func (c Ints) nulls() int {
	n := 0
	for _, ok := range c.Valid {
		if !ok {
			n++
		}
	}
	return n
}

func (c Ints) gather(rows []int32) Ints {
	out := Ints{V: gather(c.V, rows)}
	if c.Valid != nil {
		out.Valid = gather(c.Valid, rows)
	}
	return out
}

// gather returns the chosen rows of a column; nil stays nil.
func gather[T any](column []T, rows []int32) []T {
	if column == nil {
		return nil
	}
	out := make([]T, len(rows))
	for i, r := range rows {
		out[i] = column[r]
	}
	return out
}

// An interner numbers texts as they come, for several goroutines at once.
// The numbers depend on who came first; settle gives the final ones.
type interner struct {
	mu      sync.RWMutex
	codes   map[string]int32
	names   []string
	columns []*Coded // that hold these codes
	settled bool
}

func newInterner() *interner { return &interner{codes: map[string]int32{}} }

func (t *interner) code(text []byte) int32 {
	t.mu.RLock()
	code, ok := t.codes[string(text)]
	t.mu.RUnlock()
	if ok {
		return code
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if code, ok = t.codes[string(text)]; ok {
		return code
	}
	name := string(text)
	code = int32(len(t.names))
	t.codes[name] = code
	t.names = append(t.names, name)
	return code
}

// settle renumbers the columns in the sorted order of their texts, so that
// the result does not depend on which goroutine came first. Calling it
// again does nothing.
func (t *interner) settle() {
	if t.settled {
		return
	}
	t.settled = true
	names := slices.Clone(t.names)
	slices.Sort(names)
	final := make([]int32, len(names))
	for i, n := range names {
		final[t.codes[n]] = int32(i)
	}
	for _, column := range t.columns {
		column.Names = names
		for row, code := range column.Codes {
			if code != NullCode {
				column.Codes[row] = final[code]
			}
		}
	}
}
