package loaders

import (
	"fmt"
	"strconv"
	"strings"
)

// A Key names one scenario across splits and configs: the value pair's
// place in the generation run and the nudge of the query. It is written
// chunk-entry-nudge, as in 32-579-value1.
type Key struct {
	Chunk, Entry int64
	Nudge        string
}

// String is the key's written form.
func (k Key) String() string { return fmt.Sprintf("%d-%d-%s", k.Chunk, k.Entry, k.Nudge) }

// ParseKey reads the written form.
func ParseKey(s string) (Key, error) {
	parts := strings.SplitN(s, "-", 3)
	if len(parts) == 3 && parts[2] != "" {
		chunk, err1 := strconv.ParseInt(parts[0], 10, 64)
		entry, err2 := strconv.ParseInt(parts[1], 10, 64)
		if err1 == nil && err2 == nil {
			return Key{chunk, entry, parts[2]}, nil
		}
	}
	return Key{}, fmt.Errorf("loaders: scenario key %q, want chunk-entry-nudge as in 32-579-value1", s)
}
