package nbformat

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"unicode/utf8"
)

// ReadFile reads the notebook in a file.
func ReadFile(path string) (*Notebook, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("nbformat: %w", err)
	}
	nb, err := Read(text)
	if err != nil {
		return nil, fmt.Errorf("%w (in %s)", err, path)
	}
	return nb, nil
}

// Read reads a notebook of format 4. Cells without an id, which formats
// before 4.5 lack, get one. The error names the cell and the field.
func Read(text []byte) (*Notebook, error) {
	nb, err := read(text)
	if err != nil {
		return nil, fmt.Errorf("nbformat: %w", err)
	}
	return nb, nil
}

func read(text []byte) (*Notebook, error) {
	if !utf8.Valid(text) {
		return nil, errors.New("not UTF-8")
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber() // numbers keep their digits
	var root map[string]any
	if err := d.Decode(&root); err != nil {
		return nil, fmt.Errorf("not a notebook: %w", err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("text after the notebook's end")
	}
	o := object{m: root}
	major, minor := o.count("nbformat"), o.count("nbformat_minor")
	cells, _ := take[[]any](&o, "cells", "a list")
	nb := &Notebook{Metadata: o.mapping("metadata")}
	if o.err != nil {
		return nil, o.err
	}
	if major == nil || *major != 4 {
		return nil, errors.New("nbformat is not 4; open and save the notebook in a current Jupyter")
	}
	nb.minor = 5
	if minor != nil {
		nb.minor = max(nb.minor, *minor)
	}
	for i, c := range cells {
		cell, err := readCell(c)
		if err != nil {
			return nil, fmt.Errorf("cell %d: %w", i+1, err)
		}
		nb.Cells = append(nb.Cells, cell)
	}
	nb.other = root
	// As Jupyter does: remnants of format 3.
	for _, key := range []string{"orig_nbformat", "orig_nbformat_minor", "signature"} {
		delete(nb.Metadata, key)
	}
	return nb, nb.identify()
}

func readCell(v any) (*Cell, error) {
	m, ok := v.(map[string]any)
	if !ok {
		return nil, errors.New("not an object")
	}
	o := object{m: m}
	c := &Cell{Type: o.text("cell_type"), ID: o.text("id"), Source: o.lines("source"), Metadata: o.mapping("metadata")}
	attachments, _ := take[map[string]any](&o, "attachments", "an object")
	for name, a := range attachments {
		bundle, ok := a.(map[string]any)
		if !ok {
			return nil, fmt.Errorf("attachment %.80q is not an object", name)
		}
		if c.Attachments == nil {
			c.Attachments = map[string]map[string]any{}
		}
		c.Attachments[name] = join(bundle)
	}
	switch {
	case o.err != nil:
	case c.Type == Code:
		c.ExecutionCount = o.count("execution_count")
		outputs, _ := take[[]any](&o, "outputs", "a list")
		for i, out := range outputs {
			output, err := readOutput(out)
			if err != nil {
				return nil, fmt.Errorf("output %d: %w", i+1, err)
			}
			c.Outputs = append(c.Outputs, output)
		}
	case c.Type != Markdown && c.Type != Raw:
		return nil, fmt.Errorf("cell_type is %.80q, want code, markdown or raw", c.Type)
	}
	delete(c.Metadata, "trusted") // never kept in a file, as Jupyter does
	c.other = m
	return c, o.err
}

func readOutput(v any) (*Output, error) {
	m, ok := v.(map[string]any)
	if !ok {
		return nil, errors.New("not an object")
	}
	o := object{m: m}
	out := &Output{Type: o.text("output_type")}
	switch out.Type {
	case Stream:
		out.Name, out.Text = o.text("name"), o.lines("text")
	case DisplayData, ExecuteResult:
		out.Data, out.Metadata = join(o.mapping("data")), o.mapping("metadata")
		if out.Type == ExecuteResult {
			out.ExecutionCount = o.count("execution_count")
		}
	case Error:
		out.EName, out.EValue = o.text("ename"), o.text("evalue")
		lines, _ := take[[]any](&o, "traceback", "a list")
		for _, l := range lines {
			s, ok := l.(string)
			if !ok {
				return nil, errors.New("traceback: not a list of texts")
			}
			out.Traceback = append(out.Traceback, s)
		}
	default:
		return nil, fmt.Errorf("output_type is %.80q, want stream, display_data, execute_result or error", out.Type)
	}
	out.other = m
	return out, o.err
}

// An object is taken apart key by key; what is left is unknown. The first
// error stays.
type object struct {
	m   map[string]any
	err error
}

func take[T any](o *object, key, want string) (T, bool) {
	var zero T
	v, there := o.m[key]
	delete(o.m, key)
	if !there || v == nil {
		return zero, false
	}
	t, ok := v.(T)
	if !ok && o.err == nil {
		o.err = fmt.Errorf("%s is not %s", key, want)
	}
	return t, ok
}

func (o *object) text(key string) string {
	s, _ := take[string](o, key, "a text")
	return s
}

// lines reads a text that may stand as a list of lines.
func (o *object) lines(key string) string {
	v, there := o.m[key]
	delete(o.m, key)
	if !there {
		return ""
	}
	s, ok := joined(v)
	if !ok && o.err == nil {
		o.err = fmt.Errorf("%s is neither a text nor a list of texts", key)
	}
	return s
}

func (o *object) mapping(key string) map[string]any {
	m, _ := take[map[string]any](o, key, "an object")
	if m == nil {
		m = map[string]any{}
	}
	return m
}

// count reads a whole number of at least 0; nil is absent or null.
func (o *object) count(key string) *int {
	number, there := take[json.Number](o, key, "a number")
	if !there {
		return nil
	}
	n, err := number.Int64()
	if (err != nil || n < 0 || n > 1<<31-1) && o.err == nil {
		o.err = fmt.Errorf("%s is %.40s, want a whole number of at least 0", key, number)
	}
	i := int(n)
	return &i
}

// join puts the lines of a bundle's texts together. JSON stays as it is.
func join(bundle map[string]any) map[string]any {
	for mime, v := range bundle {
		if _, list := v.([]any); list && !isJSON(mime) {
			if s, ok := joined(v); ok {
				bundle[mime] = s
			}
		}
	}
	return bundle
}

func joined(v any) (string, bool) {
	switch v := v.(type) {
	case string:
		return v, true
	case []any:
		var b strings.Builder
		for _, line := range v {
			s, ok := line.(string)
			if !ok {
				return "", false
			}
			b.WriteString(s)
		}
		return b.String(), true
	}
	return "", false
}

func isJSON(mime string) bool {
	return mime == "application/json" || strings.HasPrefix(mime, "application/") && strings.HasSuffix(mime, "+json")
}
