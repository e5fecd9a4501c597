package nbformat

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"regexp"
	"slices"
)

// A Notebook is a list of cells with metadata.
type Notebook struct {
	Cells    []*Cell
	Metadata map[string]any // as decoded from JSON; numbers are json.Number
	minor    int            // of the format, at least 5
	other    map[string]any // keys this package does not know
}

// The kinds of a cell.
const (
	Code     = "code"
	Markdown = "markdown"
	Raw      = "raw"
)

// A Cell is a piece of code or text.
type Cell struct {
	Type     string // Code, Markdown or Raw
	ID       string // unique in its notebook
	Source   string
	Metadata map[string]any
	// Attachments holds MIME bundles by file name.
	Attachments map[string]map[string]any
	Outputs     []*Output // of code cells
	// ExecutionCount is nil for a cell that was not executed.
	ExecutionCount *int
	other          map[string]any
}

// The kinds of an output.
const (
	Stream        = "stream"
	DisplayData   = "display_data"
	ExecuteResult = "execute_result"
	Error         = "error"
)

// An Output is what a code cell printed, showed or failed with. Which
// fields count depends on its type.
type Output struct {
	Type           string
	Name           string         // Stream: stdout or stderr
	Text           string         // Stream
	Data           map[string]any // DisplayData, ExecuteResult: content by MIME type
	Metadata       map[string]any // DisplayData, ExecuteResult
	ExecutionCount *int           // ExecuteResult
	EName, EValue  string         // Error
	Traceback      []string       // Error
	other          map[string]any
}

// Tags lists the tags of a cell.
func (c *Cell) Tags() []string {
	list, _ := c.Metadata["tags"].([]any)
	var tags []string
	for _, t := range list {
		if s, ok := t.(string); ok {
			tags = append(tags, s)
		}
	}
	return tags
}

// Tagged returns the index of the first code cell with a tag, or -1.
func (nb *Notebook) Tagged(tag string) int {
	return slices.IndexFunc(nb.Cells, func(c *Cell) bool { return c.Type == Code && slices.Contains(c.Tags(), tag) })
}

// NewCode returns a code cell whose id follows from its tag and source, so
// that making it twice gives the same bytes.
func NewCode(source, tag string) *Cell {
	return &Cell{Type: Code, ID: newID(tag, source), Source: source, Metadata: map[string]any{"tags": []any{tag}}}
}

func newID(parts ...string) string {
	h := sha256.New()
	for _, p := range parts {
		fmt.Fprintf(h, "%d:%s", len(p), p)
	}
	return hex.EncodeToString(h.Sum(nil))[:8]
}

// validID is what the format's schema asks of a cell's id.
var validID = regexp.MustCompile(`^[a-zA-Z0-9_-]{1,64}$`)

// identify gives an id to cells of notebooks older than 4.5 and refuses ids
// that the format does not allow.
func (nb *Notebook) identify() error {
	at := map[string]int{}
	for i, c := range nb.Cells {
		if c.ID == "" {
			continue
		}
		if !validID.MatchString(c.ID) {
			return fmt.Errorf("cell %d: id %.80q, want 1 to 64 letters, digits, _ or -", i+1, c.ID)
		}
		if first, taken := at[c.ID]; taken {
			return fmt.Errorf("cell %d: id %q is that of cell %d too", i+1, c.ID, first+1)
		}
		at[c.ID] = i
	}
	for i, c := range nb.Cells {
		for n := 0; c.ID == ""; n++ {
			id := newID(c.Type, c.Source, fmt.Sprint(i, n))
			if _, taken := at[id]; !taken {
				c.ID = id
				at[id] = i
			}
		}
	}
	return nil
}

// Lacking is the type of an output by which a cell says that the data lack
// something that it needs; the text is what. Front ends show the output's
// other forms.
const Lacking = "text/x-specstress-lacking"
