package embeddings

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// maxHeader bounds the header of a .npy file. NumPy writes 128 bytes for
// plain arrays and by default refuses to read more than 10,000.
const maxHeader = 16 << 10

// parseNPY reads the header of a .npy file from its first bytes.
//
// Source: the format's description in numpy.lib.format.
func parseNPY(head []byte, size int64) (layout, error) {
	const magic = "\x93NUMPY"
	if len(head) < 10 || string(head[:6]) != magic {
		return layout{}, fmt.Errorf("no .npy file: it starts with %q, want %q", head[:min(6, len(head))], magic)
	}
	start, length := int64(10), int64(binary.LittleEndian.Uint16(head[8:]))
	switch major := head[6]; {
	case major == 2 || major == 3:
		if len(head) < 12 {
			return layout{}, errors.New("cut short within the header")
		}
		start, length = 12, int64(binary.LittleEndian.Uint32(head[8:]))
	case major != 1:
		return layout{}, fmt.Errorf("version %d.%d of the format, want 1 to 3", major, head[7])
	}
	if length > maxHeader-start || start+length > size {
		return layout{}, fmt.Errorf("a header of %d bytes, want at most %d", length, min(maxHeader-start, size-start))
	}
	l, err := parseHeader(string(bytes.TrimRight(head[start:start+length], " \n")))
	if err != nil {
		return layout{}, fmt.Errorf("header: %w", err)
	}
	l.offset = start + length
	return l, nil
}

// parseHeader reads the three entries of the header, a Python dictionary.
func parseHeader(text string) (layout, error) {
	p := &literal{rest: text}
	var l layout
	seen := map[string]bool{}
	if err := p.want("{"); err != nil {
		return l, err
	}
	for !p.accept("}") {
		key, err := p.text()
		if err != nil {
			return l, err
		}
		if seen[key] {
			return l, fmt.Errorf("%q stands there twice", key)
		}
		seen[key] = true
		if err := p.want(":"); err != nil {
			return l, err
		}
		switch key {
		case "descr":
			err = p.descr(&l)
		case "fortran_order":
			err = p.fortran()
		case "shape":
			err = p.shape(&l)
		default:
			err = fmt.Errorf("unknown entry %q", key)
		}
		if err != nil {
			return l, err
		}
		if !p.accept(",") {
			if err := p.want("}"); err != nil {
				return l, err
			}
			break
		}
	}
	if p.skip(); p.rest != "" {
		return l, fmt.Errorf("%d bytes follow its end", len(p.rest))
	}
	for _, key := range []string{"descr", "fortran_order", "shape"} {
		if !seen[key] {
			return l, fmt.Errorf("no entry %q", key)
		}
	}
	return l, nil
}

// A literal is what is left to read of a Python literal.
type literal struct{ rest string }

func (p *literal) skip() { p.rest = strings.TrimLeft(p.rest, " \t\n") }

// accept takes a token if it comes next.
func (p *literal) accept(token string) bool {
	p.skip()
	rest, ok := strings.CutPrefix(p.rest, token)
	if ok {
		p.rest = rest
	}
	return ok
}

func (p *literal) want(token string) error {
	if p.accept(token) {
		return nil
	}
	return fmt.Errorf("%q, want %q", p.rest[:min(12, len(p.rest))], token)
}

// text reads a string without escapes.
func (p *literal) text() (string, error) {
	for _, quote := range []string{"'", `"`} {
		if !p.accept(quote) {
			continue
		}
		s, rest, ok := strings.Cut(p.rest, quote)
		if !ok || strings.Contains(s, `\`) {
			return "", fmt.Errorf("a text that does not end")
		}
		p.rest = rest
		return s, nil
	}
	return "", fmt.Errorf("%q, want a text", p.rest[:min(12, len(p.rest))])
}

// descr reads the type of the elements.
func (p *literal) descr(l *layout) error {
	descr, err := p.text()
	if err != nil {
		return fmt.Errorf("descr: %w (records are not supported)", err)
	}
	switch descr {
	case "<f4", ">f4", "<f8", ">f8":
		l.big, l.double = descr[0] == '>', descr[2] == '8'
		return nil
	}
	return fmt.Errorf("elements of type %q, want <f4, >f4, <f8 or >f8", descr)
}

func (p *literal) fortran() error {
	if p.accept("False") {
		return nil
	}
	if p.accept("True") {
		return errors.New("columns come one after the other (fortran_order), want rows; numpy.ascontiguousarray makes them so")
	}
	return p.want("False")
}

// shape reads two dimensions.
func (p *literal) shape(l *layout) error {
	if err := p.want("("); err != nil {
		return err
	}
	var dims []int
	for !p.accept(")") {
		p.skip()
		digits := p.rest[:len(p.rest)-len(strings.TrimLeft(p.rest, "0123456789"))]
		n, err := strconv.ParseInt(digits, 10, 64)
		if err != nil || n > math.MaxInt32 {
			return fmt.Errorf("shape: %q, want a number up to %d", p.rest[:min(20, len(p.rest))], math.MaxInt32)
		}
		p.rest = p.rest[len(digits):]
		if dims = append(dims, int(n)); len(dims) > 32 {
			return errors.New("shape: more than 32 dimensions")
		}
		if !p.accept(",") {
			if err := p.want(")"); err != nil {
				return err
			}
			break
		}
	}
	if len(dims) != 2 {
		return fmt.Errorf("shape %v, want rows and columns", dims)
	}
	l.rows, l.dim = dims[0], dims[1]
	return nil
}
