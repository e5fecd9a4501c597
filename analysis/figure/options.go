package figure

import (
	"encoding"
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"unicode"

	"github.com/specstress/specstress/analysis"
)

// ErrOption marks an option that a figure does not have, or a value that
// the option cannot take.
var ErrOption = errors.New("figure option")

// OptionNames lists what SetOption can set in a figure's options: the names
// of its fields in lower case with hyphens. The source and the published
// values are not among them, nor is what is tagged option:"-", for they are
// facts about the data and not a matter of taste.
func OptionNames(options any) []string {
	var names []string
	for _, f := range optionFields(reflect.TypeOf(options)) {
		names = append(names, optionName(f.Name))
	}
	return names
}

// SetOption sets a field of a figure's options, to which options points, by
// its name and from a text: a number, a word such as "horizontal", or
// several of them with commas between. The error is an ErrOption; for a
// name that is not there also an analysis.ErrUnknownName with the nearest.
func SetOption(options any, name, value string) error {
	v := reflect.ValueOf(options)
	if v.Kind() != reflect.Pointer || v.IsNil() || v.Elem().Kind() != reflect.Struct {
		return fmt.Errorf("figure: options are %T, want a pointer to a struct", options)
	}
	for _, f := range optionFields(v.Type()) {
		if optionName(f.Name) != name {
			continue
		}
		if err := setText(v.Elem().FieldByIndex(f.Index), value); err != nil {
			return fmt.Errorf("%w %s: %w", ErrOption, name, err)
		}
		return nil
	}
	return fmt.Errorf("%w: %w", ErrOption, analysis.UnknownName("option", name, OptionNames(options)))
}

func optionFields(t reflect.Type) []reflect.StructField {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct {
		return nil
	}
	var fields []reflect.StructField
	for i := range t.NumField() {
		f := t.Field(i)
		if f.IsExported() && !f.Anonymous && !strings.HasPrefix(f.Name, "Published") && f.Tag.Get("option") != "-" && settable(f.Type) {
			fields = append(fields, f)
		}
	}
	return fields
}

var textUnmarshaler = reflect.TypeFor[encoding.TextUnmarshaler]()

func settable(t reflect.Type) bool {
	if reflect.PointerTo(t).Implements(textUnmarshaler) {
		return true
	}
	switch t.Kind() {
	case reflect.Bool, reflect.Int, reflect.Float64, reflect.String:
		return true
	case reflect.Slice:
		return t.Elem().Kind() != reflect.Slice && settable(t.Elem())
	}
	return false
}

// optionName turns a field's name, as in MinCount, into min-count.
func optionName(field string) string {
	var b strings.Builder
	for i, r := range field {
		if unicode.IsUpper(r) && i > 0 {
			b.WriteByte('-')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

func setText(v reflect.Value, text string) error {
	if u, ok := v.Addr().Interface().(encoding.TextUnmarshaler); ok {
		return u.UnmarshalText([]byte(text))
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(text)
	case reflect.Bool:
		x, err := strconv.ParseBool(text)
		if err != nil {
			return fmt.Errorf("%q, want true or false", text)
		}
		v.SetBool(x)
	case reflect.Int:
		x, err := strconv.Atoi(text)
		if err != nil {
			return fmt.Errorf("%q, want a whole number", text)
		}
		v.SetInt(int64(x))
	case reflect.Float64:
		x, err := strconv.ParseFloat(text, 64)
		if err != nil || !drawable(x) {
			return fmt.Errorf("%q, want a number within ±%g", text, maxValue)
		}
		v.SetFloat(x)
	case reflect.Slice:
		parts := strings.Split(text, ",")
		list := reflect.MakeSlice(v.Type(), len(parts), len(parts))
		for i, part := range parts {
			if err := setText(list.Index(i), strings.TrimSpace(part)); err != nil {
				return err
			}
		}
		v.Set(list)
	}
	return nil
}

// UnmarshalText reads "vertical" or "horizontal".
func (o *Orientation) UnmarshalText(text []byte) error {
	return oneOf(o, text, "vertical", "horizontal")
}

// UnmarshalText reads "by-spread", "by-name" or "as-given".
func (o *Order) UnmarshalText(text []byte) error {
	return oneOf(o, text, "by-spread", "by-name", "as-given")
}
