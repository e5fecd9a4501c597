package main

import (
	"io"
	"os"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"github.com/specstress/specstress/loaders/hub"
)

// progress shows on a terminal what is being done; elsewhere it keeps
// quiet, so that logs hold results only.
type progress struct {
	w     io.Writer
	shown bool
	stage string
	bar   *progressbar.ProgressBar
}

// newProgress writes to standard error if that is a terminal.
func newProgress() *progress {
	return &progress{w: os.Stderr, shown: term.IsTerminal(int(os.Stderr.Fd())) && hub.ProgressWanted()}
}

// rows is the loaders' callback.
func (p *progress) rows(split string, done, total int) { p.step("reading "+split, done, total) }

// step says that done of total pieces of a stage are finished. Calls must
// not overlap.
func (p *progress) step(stage string, done, total int) {
	if !p.shown || total == 0 {
		return
	}
	if p.stage != stage || p.bar == nil {
		p.clear()
		p.stage = stage
		p.bar = progressbar.NewOptions(total, progressbar.OptionSetWriter(p.w), progressbar.OptionSetDescription(stage),
			progressbar.OptionSetWidth(30), progressbar.OptionShowCount(), progressbar.OptionClearOnFinish())
	}
	p.bar.Set(done) // a bar that cannot be drawn is no reason to stop
}

// bytes shows, until the returned function is called, how much has come from
// the network and how fast.
func (p *progress) bytes(stage string, total int64) (stop func()) {
	if !p.shown || total == 0 {
		return func() {}
	}
	p.clear()
	bar := progressbar.NewOptions64(total, progressbar.OptionSetWriter(p.w), progressbar.OptionSetDescription(stage),
		progressbar.OptionSetWidth(30), progressbar.OptionShowBytes(true), progressbar.OptionClearOnFinish())
	_, before := hub.Traffic()
	done, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		tick := time.NewTicker(100 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				_, now := hub.Traffic()
				bar.Set64(min(now-before, total)) // a bar that cannot be drawn is no reason to stop
			case <-done:
				bar.Clear()
				return
			}
		}
	}()
	return func() {
		close(done)
		<-ended
	}
}

// clear takes the bar off the screen.
func (p *progress) clear() {
	if p.bar != nil {
		p.bar.Clear()
		p.bar = nil
	}
}
