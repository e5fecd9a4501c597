package nb

import (
	"slices"
	"sync"
)

// opened remembers the data that this cell has seen: what is shown later
// may rest on any of them.
var opened struct {
	sync.Mutex
	synthetic string
	states    []state
	notes     []string // shown above the results
}

// A state is a source as it was when the cell read it.
type state struct {
	From      reading
	Revision  string
	Synthetic string
}

// note takes a dataset into account from now on.
func note(d *Dataset) {
	remember(state{d.from, d.Revision(), d.synthetic()})
}

func remember(s state) {
	opened.Lock()
	defer opened.Unlock()
	if s.Synthetic != "" {
		opened.synthetic = s.Synthetic
	}
	for i, o := range opened.states {
		if o.From.equal(s.From) {
			opened.states[i] = s
			return
		}
	}
	opened.states = append(opened.states, s)
}

// synthetic is what to call this cell's results where any of its data are
// made up, else "".
func synthetic() string {
	opened.Lock()
	defer opened.Unlock()
	return opened.synthetic
}

// states are the sources that the cell has read so far.
func states() []state {
	opened.Lock()
	defer opened.Unlock()
	return slices.Clone(opened.states)
}
