package parquet

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"sort"
	"strconv"

	"github.com/parquet-go/parquet-go/format"

	"github.com/specstress/specstress/loaders"
)

// An entry is one level pair of a nested leaf, with the value in JSON when
// its definition level says that one is there.
type entry struct {
	rep, def uint8
	value    string
}

var errLevels = errors.New("the levels of its leaves do not agree")

// readNested yields rows of a nested column as JSON: lists as arrays,
// structs as objects with the fields in file order, maps as objects.
func (t *table) readNested(ctx context.Context, group int, n *node, rows []int, yield func(row int, text string, ok bool)) error {
	byLeaf := make([][][]entry, len(n.leaves)) // leaf, wanted row, entry
	for i, l := range n.leaves {
		var err error
		if byLeaf[i], err = t.readEntries(ctx, group, l, rows); err != nil {
			return err
		}
	}
	for i, row := range rows {
		a := assembler{first: n.leaves[0].chunk, left: make([][]entry, len(n.leaves))}
		for j := range byLeaf {
			a.left[j] = byLeaf[j][i]
		}
		if err := contain(func() error { return a.row(n) }); err != nil {
			return t.place(group, n.leaves[0], fmt.Errorf("row %d: %w", t.groups[group].first+row, err))
		}
		text := a.out.String()
		if text == "null" {
			yield(row, "", false)
		} else {
			yield(row, text, true)
		}
	}
	return nil
}

// readEntries collects a leaf's entries of the wanted rows.
func (t *table) readEntries(ctx context.Context, group int, l *leaf, rows []int) ([][]entry, error) {
	out := make([][]entry, len(rows))
	row := -1
	err := t.scan(ctx, group, l, nil, func(b *batch) error {
		k := 0
		for i := range b.n {
			e := entry{def: l.def}
			if b.reps != nil {
				e.rep = b.reps[i]
			}
			if b.defs != nil {
				e.def = b.defs[i]
			}
			if e.rep == 0 {
				row++
			}
			if row < 0 {
				return t.place(group, l, errors.New("starts in the middle of a row"))
			}
			value := k
			if e.def == l.def {
				k++
			}
			at := sort.SearchInts(rows, row)
			if at == len(rows) || rows[at] != row {
				continue
			}
			if e.def == l.def {
				if b.index != nil {
					value = int(b.index[value])
				}
				e.value = b.values.json(value, l)
			}
			out[at] = append(out[at], e)
		}
		return nil
	})
	if err == nil && row+1 != t.groups[group].rows {
		err = t.place(group, l, fmt.Errorf("%d rows, the footer says %d", row+1, t.groups[group].rows))
	}
	return out, err
}

// An assembler writes one row from the entries of its leaves. A definition
// level tells how deep a value is there; a repetition level at which list
// an entry continues.
//
// Source: Melnik et al. 2010, "Dremel", section 4.
type assembler struct {
	out   bytes.Buffer
	first int       // chunk of the column's first leaf
	left  [][]entry // by leaf, entries not written so far
}

func (a *assembler) row(n *node) error {
	if err := a.node(n); err != nil {
		return err
	}
	for _, left := range a.left {
		if len(left) > 0 {
			return errLevels
		}
	}
	return nil
}

// head is the next entry of the first leaf below n.
func (a *assembler) head(n *node) (entry, error) {
	if left := a.left[n.leaves[0].chunk-a.first]; len(left) > 0 {
		return left[0], nil
	}
	return entry{}, errLevels
}

// skip drops one entry of each leaf below n, which stands for an absent n.
func (a *assembler) skip(n *node) error {
	for _, l := range n.leaves {
		left := &a.left[l.chunk-a.first]
		if len(*left) == 0 || (*left)[0].def >= n.def {
			return errLevels
		}
		*left = (*left)[1:]
	}
	return nil
}

func (a *assembler) node(n *node) error {
	if !n.optional && !n.repeated {
		return a.content(n)
	}
	e, err := a.head(n)
	if err != nil {
		return err
	}
	if e.def < n.def {
		if n.optional {
			a.out.WriteString("null")
		} else {
			a.out.WriteString("[]")
		}
		return a.skip(n)
	}
	if n.optional {
		return a.content(n)
	}
	return a.items(n, '[', ']', func() error { return a.content(n) })
}

// items writes what a repeated node holds, entry after entry.
func (a *assembler) items(n *node, open, end byte, item func() error) error {
	a.out.WriteByte(open)
	for i := 0; ; i++ {
		if i > 0 {
			a.out.WriteByte(',')
		}
		if err := item(); err != nil {
			return err
		}
		left := a.left[n.leaves[0].chunk-a.first]
		if len(left) == 0 || left[0].rep < n.rep {
			break
		}
		if left[0].rep > n.rep {
			return errLevels
		}
	}
	a.out.WriteByte(end)
	return nil
}

// content writes a node that is there.
func (a *assembler) content(n *node) error {
	if n.children == nil {
		left := &a.left[n.leaves[0].chunk-a.first]
		if len(*left) == 0 || (*left)[0].def != n.def {
			return errLevels
		}
		a.out.WriteString((*left)[0].value)
		*left = (*left)[1:]
		return nil
	}
	switch {
	case n.form == list && len(n.children) == 1 && n.children[0].repeated:
		return a.list(n.children[0])
	case n.form == dict && len(n.children) == 1 && n.children[0].repeated && len(n.children[0].children) == 2:
		return a.dict(n.children[0])
	}
	a.out.WriteByte('{')
	for i, child := range n.children {
		if i > 0 {
			a.out.WriteByte(',')
		}
		a.out.WriteString(quote(child.name) + ":")
		if err := a.node(child); err != nil {
			return err
		}
	}
	a.out.WriteByte('}')
	return nil
}

// list writes the repeated child of a LIST. Around the element there is
// usually a group of its own, which is not shown; older writers leave it
// out.
func (a *assembler) list(repeated *node) error {
	if len(repeated.children) != 1 || repeated.name == "array" {
		return a.node(repeated)
	}
	e, err := a.head(repeated)
	if err != nil {
		return err
	}
	if e.def < repeated.def {
		a.out.WriteString("[]")
		return a.skip(repeated)
	}
	return a.items(repeated, '[', ']', func() error { return a.node(repeated.children[0]) })
}

// dict writes the repeated key and value of a MAP.
func (a *assembler) dict(repeated *node) error {
	e, err := a.head(repeated)
	if err != nil {
		return err
	}
	if e.def < repeated.def {
		a.out.WriteString("{}")
		return a.skip(repeated)
	}
	return a.items(repeated, '{', '}', func() error {
		at := a.out.Len()
		if err := a.node(repeated.children[0]); err != nil {
			return err
		}
		if key := string(a.out.Bytes()[at:]); key == "" || key[0] != '"' { // JSON keys are strings
			a.out.Truncate(at)
			a.out.WriteString(quote(key))
		}
		a.out.WriteByte(':')
		return a.node(repeated.children[1])
	})
}

// json is one value in JSON. Bytes that are not text come in hexadecimal.
func (v *values) json(i int, l *leaf) string {
	switch l.physical {
	case format.Boolean:
		return strconv.FormatBool(v.ints[i] != 0)
	case format.Int32, format.Int64:
		if l.unsigned {
			return strconv.FormatUint(uint64(v.ints[i]), 10)
		}
		return strconv.FormatInt(v.ints[i], 10)
	case format.Float, format.Double:
		if x := v.floats[i]; math.IsNaN(x) || math.IsInf(x, 0) {
			return "null" // JSON has no such numbers
		}
		if l.physical == format.Float {
			return strconv.FormatFloat(v.floats[i], 'g', -1, 32)
		}
		return strconv.FormatFloat(v.floats[i], 'g', -1, 64)
	}
	if l.kind == loaders.Text {
		return quote(string(v.bytes(i)))
	}
	return quote(hex.EncodeToString(v.bytes(i)))
}

// quote is s as a JSON string, with < and & as they are.
func quote(s string) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(s); err != nil {
		return `""` // no string fails to encode
	}
	return string(bytes.TrimRight(b.Bytes(), "\n"))
}
