package parquet

import (
	"fmt"
	"slices"
	"strings"

	"github.com/parquet-go/parquet-go/deprecated"
	"github.com/parquet-go/parquet-go/format"

	"github.com/specstress/specstress/loaders"
)

// A node is one element of the schema tree.
type node struct {
	name     string
	optional bool
	repeated bool
	form     form
	def, rep uint8 // levels at which a value of this node is there
	children []*node
	leaves   []*leaf // below this node in file order; one for a leaf
}

// A form is how a nested node is to be shown.
type form uint8

const (
	record form = iota // struct: a JSON object
	list               // annotated LIST: a JSON array
	dict               // annotated MAP: a JSON object
)

// A leaf is a node that has values, one chunk of them per row group.
type leaf struct {
	path     []string
	chunk    int // index among the chunks of a row group
	physical format.Type
	width    int  // bytes a value, for fixed-length byte arrays
	unsigned bool // integers only
	kind     loaders.Kind
	def, rep uint8
}

const maxSchemaDepth = 24

// A schemaReader builds the tree from the flattened list in the footer.
type schemaReader struct {
	elements []format.SchemaElement
	next     int
	leaves   []*leaf
}

// readSchema returns the top-level nodes and all leaves in file order.
func readSchema(elements []format.SchemaElement) ([]*node, []*leaf, error) {
	if len(elements) == 0 {
		return nil, nil, fmt.Errorf("no elements")
	}
	r := schemaReader{elements: elements, next: 1}
	var top []*node
	seen := map[string]bool{}
	for range elements[0].NumChildren.V {
		n, err := r.node(nil, 0, 0, 1)
		if err != nil {
			return nil, nil, err
		}
		if seen[n.name] {
			return nil, nil, fmt.Errorf("%w: column %q appears twice", loaders.ErrSchema, n.name)
		}
		seen[n.name] = true
		top = append(top, n)
	}
	if r.next != len(elements) {
		return nil, nil, fmt.Errorf("%d elements, the tree has %d", len(elements), r.next)
	}
	return top, r.leaves, nil
}

func (r *schemaReader) node(parent []string, def, rep uint8, depth int) (*node, error) {
	if r.next >= len(r.elements) {
		return nil, fmt.Errorf("%d elements, the tree wants more", len(r.elements))
	}
	e := &r.elements[r.next]
	r.next++
	name := strings.Clone(e.Name)
	path := append(slices.Clip(parent), name)
	if depth > maxSchemaDepth {
		return nil, fmt.Errorf("column %q: nested too deep", path)
	}
	n := &node{name: name}
	switch e.RepetitionType.V {
	case format.Required:
	case format.Optional:
		n.optional = true
		def++
	case format.Repeated:
		n.repeated = true
		def++
		rep++
	default:
		return nil, fmt.Errorf("column %q: repetition %d", path, e.RepetitionType.V)
	}
	n.def, n.rep = def, rep
	if !e.NumChildren.Valid || e.NumChildren.V == 0 {
		l, err := newLeaf(e, path, len(r.leaves), def, rep)
		if err != nil {
			return nil, fmt.Errorf("column %q: %w", path, err)
		}
		r.leaves = append(r.leaves, l)
		n.leaves = r.leaves[len(r.leaves)-1:]
		return n, nil
	}
	if e.Type.Valid || e.NumChildren.V < 0 {
		return nil, fmt.Errorf("column %q: %d children and type %d", path, e.NumChildren.V, e.Type.V)
	}
	n.form = formOf(e)
	first := len(r.leaves)
	for range e.NumChildren.V {
		child, err := r.node(path, def, rep, depth+1)
		if err != nil {
			return nil, err
		}
		n.children = append(n.children, child)
	}
	n.leaves = r.leaves[first:]
	return n, nil
}

func formOf(e *format.SchemaElement) form {
	switch e.LogicalType.Value.(type) {
	case *format.ListType:
		return list
	case *format.MapType:
		return dict
	}
	if e.ConvertedType.Valid {
		switch e.ConvertedType.V {
		case deprecated.List:
			return list
		case deprecated.Map:
			return dict
		}
	}
	return record
}

func newLeaf(e *format.SchemaElement, path []string, chunk int, def, rep uint8) (*leaf, error) {
	if !e.Type.Valid || e.Type.V < format.Boolean || e.Type.V > format.FixedLenByteArray {
		return nil, fmt.Errorf("physical type %d is not one of parquet's", e.Type.V)
	}
	l := &leaf{path: path, chunk: chunk, physical: e.Type.V, def: def, rep: rep}
	switch l.physical {
	case format.FixedLenByteArray:
		l.width = int(e.TypeLength.V)
		if l.width < 1 || l.width > 1<<16 {
			return nil, fmt.Errorf("fixed length of %d bytes", l.width)
		}
	case format.Int96:
		l.width = 12
	}
	var err error
	l.kind, l.unsigned, err = kindOf(e)
	return l, err
}

// kindOf says what a leaf holds. Integers that stand for something else,
// such as dates or decimals, are Other. An annotation that belongs to
// another type is an error: one of the two is not what was written.
func kindOf(e *format.SchemaElement) (kind loaders.Kind, unsigned bool, err error) {
	integer := e.Type.V == format.Int32 || e.Type.V == format.Int64
	text := e.Type.V == format.ByteArray
	switch {
	case integer:
		kind = loaders.Int
	case text:
		kind = loaders.Text
	case e.Type.V == format.Float || e.Type.V == format.Double:
		kind = loaders.Float
	}
	fits := true
	switch t := e.LogicalType.Value.(type) {
	case nil:
	case *format.NullType: // nothing but NULL, whatever the type
		return kind, false, nil
	case *format.IntType:
		fits, unsigned = integer, !t.IsSigned
	case *format.StringType, *format.JsonType, *format.EnumType:
		fits = text
	case *format.ListType, *format.MapType:
		fits = false
	default:
		kind = loaders.Other
	}
	if e.ConvertedType.Valid && fits {
		switch e.ConvertedType.V {
		case deprecated.UTF8, deprecated.Enum, deprecated.Json:
			fits = text
		case deprecated.Int8, deprecated.Int16, deprecated.Int32, deprecated.Int64:
			fits = integer
		case deprecated.Uint8, deprecated.Uint16, deprecated.Uint32, deprecated.Uint64:
			fits, unsigned = integer, true
		case deprecated.List, deprecated.Map, deprecated.MapKeyValue:
			fits = false
		default:
			kind = loaders.Other
		}
	}
	if !fits {
		return kind, unsigned, fmt.Errorf("%s values annotated as %s (%d)", e.Type.V, e.LogicalType.String(), e.ConvertedType.V)
	}
	return kind, unsigned, nil
}

// flat is the leaf of a top-level column that is neither nested nor
// repeated, or nil.
func (n *node) flat() *leaf {
	if n.children != nil || n.repeated {
		return nil
	}
	return n.leaves[0]
}

// column is the node as loaders see it.
func (n *node) column() loaders.Column {
	c := loaders.Column{Name: n.name, Kind: loaders.Nested, Nullable: n.optional}
	if l := n.flat(); l != nil {
		c.Kind = l.kind
	}
	return c
}
