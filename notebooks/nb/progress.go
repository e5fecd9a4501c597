package nb

import (
	"fmt"
	"os"
	"sync"
	"time"

	"github.com/janpfeifer/gonb/gonbui"
)

// A Bar shows how far a slow step is. Its methods may be called from
// several goroutines.
type Bar struct {
	mu          sync.Mutex
	id          string // of the output that is updated
	title       string
	stage       string
	done, total int
	shown       time.Time
	over        bool
}

// updateEvery keeps a quick loop from flooding the notebook.
const updateEvery = 100 * time.Millisecond

// Progress shows a bar of total steps; 0 means that their number is not
// known yet. Call Done at the end: it leaves one plain line.
func Progress(title string, total int) *Bar {
	b := &Bar{title: title, total: total}
	if gonbui.IsNotebook {
		b.id = "progress_" + gonbui.UniqueId()
	}
	b.draw()
	return b
}

// Set says that done steps are finished.
func (b *Bar) Set(done int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.set(b.stage, done, b.total)
}

// Step says that one more step is finished.
func (b *Bar) Step() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.set(b.stage, b.done+1, b.total)
}

// stageSet is Set for several stages in turn.
func (b *Bar) stageSet(stage string, done, total int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.set(stage, done, total)
}

// set changes the state and shows it unless that was done just now.
func (b *Bar) set(stage string, done, total int) {
	if b.over {
		return
	}
	b.stage, b.done, b.total = stage, done, total
	if time.Since(b.shown) >= updateEvery {
		b.draw()
	}
}

// Done replaces the bar by its last state. What is called after it changes
// nothing.
func (b *Bar) Done() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.over {
		return
	}
	b.over = true
	b.draw()
	gonbui.Sync()
	if !gonbui.IsNotebook {
		fmt.Fprintln(os.Stderr, b.line())
	}
}

// draw shows the present state in a notebook.
func (b *Bar) draw() {
	b.shown = time.Now()
	if b.id != "" {
		gonbui.UpdateHTML(b.id, b.html())
	}
}

// line is the state in words.
func (b *Bar) line() string {
	text := clean(b.title)
	switch {
	case b.over && b.stage == "" && b.total > 0 && b.done < b.total:
		return fmt.Sprintf("%s: stopped at %d of %d", text, b.done, b.total)
	case b.over:
		return text + ": done"
	}
	if b.stage != "" {
		text += ": " + clean(b.stage)
	}
	if b.total > 0 {
		text += fmt.Sprintf(" %d of %d", b.done, b.total)
	}
	return text
}

func (b *Bar) html() string {
	text := element("div", "", b.line())
	if b.over || b.total <= 0 {
		return text
	}
	return fmt.Sprintf(`<div><progress max="%d" value="%d"></progress></div>`, b.total, min(max(b.done, 0), b.total)) + text
}
