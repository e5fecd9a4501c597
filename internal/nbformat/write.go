package nbformat

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Bytes returns the notebook as Jupyter writes it. The error names a value
// of the metadata or of a bundle that JSON has no form for, such as NaN.
func (nb *Notebook) Bytes() ([]byte, error) {
	cells := []any{}
	for _, c := range nb.Cells {
		cells = append(cells, c.object())
	}
	root := with(nb.other, map[string]any{
		"cells": cells, "metadata": orEmpty(nb.Metadata), "nbformat": 4, "nbformat_minor": max(nb.minor, 5),
	})
	var b bytes.Buffer
	if err := encode(&b, root, 0); err != nil {
		return nil, fmt.Errorf("nbformat: %w", err)
	}
	b.WriteByte('\n')
	return b.Bytes(), nil
}

func (c *Cell) object() map[string]any {
	m := map[string]any{"cell_type": c.Type, "id": c.ID, "metadata": orEmpty(c.Metadata), "source": split(c.Source)}
	if c.Attachments != nil {
		attachments := map[string]any{}
		for name, bundle := range c.Attachments {
			attachments[name] = splitBundle(bundle)
		}
		m["attachments"] = attachments
	}
	if c.Type == Code {
		outputs := []any{}
		for _, o := range c.Outputs {
			outputs = append(outputs, o.object())
		}
		m["outputs"], m["execution_count"] = outputs, optional(c.ExecutionCount)
	}
	return with(c.other, m)
}

func (o *Output) object() map[string]any {
	m := map[string]any{"output_type": o.Type}
	switch o.Type {
	case Stream:
		m["name"], m["text"] = o.Name, split(o.Text)
	case DisplayData, ExecuteResult:
		m["data"], m["metadata"] = splitBundle(o.Data), orEmpty(o.Metadata)
		if o.Type == ExecuteResult {
			m["execution_count"] = optional(o.ExecutionCount)
		}
	case Error:
		lines := []any{}
		for _, l := range o.Traceback {
			lines = append(lines, l)
		}
		m["ename"], m["evalue"], m["traceback"] = o.EName, o.EValue, lines
	}
	return with(o.other, m)
}

// with lays known keys over the unknown ones.
func with(other, known map[string]any) map[string]any {
	all := make(map[string]any, len(other)+len(known))
	maps.Copy(all, other)
	maps.Copy(all, known)
	return all
}

func orEmpty(m map[string]any) map[string]any {
	if m == nil {
		return map[string]any{}
	}
	return m
}

func optional(n *int) any {
	if n == nil {
		return nil
	}
	return *n
}

// splitBundle splits what Jupyter splits: text, SVG and JavaScript.
func splitBundle(bundle map[string]any) map[string]any {
	m := map[string]any{}
	for mime, v := range bundle {
		s, ok := v.(string)
		if ok && (strings.HasPrefix(mime, "text/") || mime == "application/javascript" || mime == "image/svg+xml") {
			m[mime] = split(s)
		} else {
			m[mime] = v
		}
	}
	return m
}

// split cuts a text after each line's end. Python, in which Jupyter is
// written, ends lines at more characters than Go.
func split(s string) []any {
	lines := []any{}
	start := 0
	for i, r := range s {
		if i < start { // the \n of an \r\n that was cut already
			continue
		}
		size := 1
		switch r {
		case '\r':
			if strings.HasPrefix(s[i+1:], "\n") {
				size = 2
			}
		case '\n', '\v', '\f', 0x1c, 0x1d, 0x1e:
		case 0x85:
			size = 2
		case 0x2028, 0x2029:
			size = 3
		default:
			continue
		}
		lines = append(lines, s[start:i+size])
		start = i + size
	}
	if start < len(s) {
		lines = append(lines, s[start:])
	}
	return lines
}

// encode writes a value with sorted keys and one space per level, as
// Python's json does, which encoding/json cannot: it escapes U+2028.
func encode(b *bytes.Buffer, v any, level int) error {
	newline := func(n int) { b.WriteByte('\n'); b.WriteString(strings.Repeat(" ", n)) }
	switch v := v.(type) {
	case map[string]any:
		if len(v) == 0 {
			b.WriteString("{}")
			return nil
		}
		b.WriteByte('{')
		for i, key := range slices.Sorted(maps.Keys(v)) {
			if i > 0 {
				b.WriteByte(',')
			}
			newline(level + 1)
			quote(b, key)
			b.WriteString(": ")
			if err := encode(b, v[key], level+1); err != nil {
				return fmt.Errorf("%s: %w", key, err)
			}
		}
		newline(level)
		b.WriteByte('}')
	case []any:
		if len(v) == 0 {
			b.WriteString("[]")
			return nil
		}
		b.WriteByte('[')
		for i, item := range v {
			if i > 0 {
				b.WriteByte(',')
			}
			newline(level + 1)
			if err := encode(b, item, level+1); err != nil {
				return err
			}
		}
		newline(level)
		b.WriteByte(']')
	case string:
		quote(b, v)
	case int:
		b.WriteString(strconv.Itoa(v))
	case json.Number:
		b.WriteString(v.String())
	case bool:
		b.WriteString(strconv.FormatBool(v))
	case nil:
		b.WriteString("null")
	default:
		return fmt.Errorf("a notebook cannot hold a %T", v)
	}
	return nil
}

// quote writes a JSON string with only the escapes that must be.
func quote(b *bytes.Buffer, s string) {
	const short = "\b\f\n\r\t\"\\"
	const letters = "bfnrt\"\\"
	b.WriteByte('"')
	for _, r := range strings.ToValidUTF8(s, "\ufffd") {
		if i := strings.IndexRune(short, r); i >= 0 {
			b.WriteByte('\\')
			b.WriteByte(letters[i])
		} else if r < 0x20 {
			fmt.Fprintf(b, `\u%04x`, r)
		} else {
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
}
