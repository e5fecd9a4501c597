package notebook

import (
	"fmt"

	"github.com/specstress/specstress/internal/nbformat"
)

// A LackError says that a notebook ended at a cell because the data lack
// something that the cell needs: nobody has to mend the notebook.
type LackError struct {
	Cell   int // from 1, counting text cells too
	Reason string
}

func (e *LackError) Error() string { return fmt.Sprintf("cell %d: %s", e.Cell, e.Reason) }

// lackOf is what a failed cell says that its data lack. The traces of the
// failure then go: they tell a reader nothing more.
func lackOf(c *nbformat.Cell, number int) *LackError {
	var found *LackError
	var kept []*nbformat.Output
	for _, o := range c.Outputs {
		if reason, ok := o.Data[nbformat.Lacking].(string); ok {
			found = &LackError{number, plain(reason)}
		}
		if o.Type != nbformat.Error && (o.Type != nbformat.Stream || o.Name != "stderr") {
			kept = append(kept, o)
		}
	}
	if found != nil {
		c.Outputs = kept
	}
	return found
}
