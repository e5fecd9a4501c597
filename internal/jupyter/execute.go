package jupyter

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// A Handler is told what a cell shows, in order. Methods are called from
// Execute's goroutine.
type Handler interface {
	Stream(name, text string)
	// Display shows a bundle; id, unless "", names it for Update.
	Display(bundle Bundle, id string)
	// Result is the value of the cell.
	Result(bundle Bundle, count int)
	Update(bundle Bundle, id string)
	// Clear drops the outputs: at once or, if wait, with the next output.
	Clear(wait bool)
	Error(name, value string, traceback []string)
}

// A Bundle is content by MIME type with metadata.
type Bundle struct {
	Data, Metadata map[string]any
}

// A Reply says how a cell ended.
type Reply struct {
	Status        string // ok, error or aborted
	Count         int    // the cell's execution number
	EName, EValue string // for error
}

// ErrInput means that a cell asked its user for something.
var ErrInput = errors.New("the cell asks for input, and nobody is there to give it")

// Two waits that no one should ever see the end of.
const (
	lateOutput     = 10 * time.Second // between a cell's reply and its outputs
	afterInterrupt = 10 * time.Second // GoNB kills a cell 5 s after the signal
)

// Execute runs code as one cell and returns when the kernel is idle again
// and all outputs were handled. When ctx ends, the cell is interrupted, what
// it still says is handled, and the error is ctx's.
func (c *Client) Execute(ctx context.Context, code string, h Handler) (Reply, error) {
	id, err := c.send(c.shell, "execute_request", map[string]any{
		"code": code, "silent": false, "store_history": true, "user_expressions": map[string]any{}, "allow_stdin": false, "stop_on_error": true,
	})
	if err != nil {
		return Reply{}, err
	}
	var reply Reply
	var broken error // why the cell is being ended
	var deadline <-chan time.Time
	end := func(why error) error {
		if broken != nil {
			return nil
		}
		broken, deadline = why, time.After(afterInterrupt)
		return c.Interrupt()
	}
	replied, idle := false, false
	done := ctx.Done()
	for !replied || !idle {
		select {
		case m := <-c.shellIn:
			if m.Parent.ID != id {
				continue
			}
			if reply, err = readReply(m.Content); err != nil {
				return reply, err
			}
			replied = true
			if deadline == nil {
				deadline = time.After(lateOutput)
			}
		case m := <-c.iopubIn:
			if m.Parent.ID != id {
				continue
			}
			if replied && broken == nil {
				deadline = time.After(lateOutput)
			}
			if idle, err = handle(m, h); err != nil {
				return reply, err
			}
		case m := <-c.stdinIn:
			if m.Header.Type != "input_request" {
				continue
			}
			if err := end(ErrInput); err != nil {
				return reply, err
			}
		case <-deadline:
			switch {
			case broken != nil:
				return reply, fmt.Errorf("%w; it does not react to an interrupt", broken)
			default:
				return reply, fmt.Errorf("jupyter: no end of the outputs within %v of the cell's", lateOutput)
			}
		case <-c.lost:
			return reply, errors.Join(c.lastWords(id, h), c.lostWhy)
		case <-done:
			done = nil
			if err := end(context.Cause(ctx)); err != nil {
				return reply, err
			}
		}
	}
	return reply, broken
}

// lastWords handles what came before the connection was lost.
func (c *Client) lastWords(id string, h Handler) error {
	for {
		select {
		case m := <-c.iopubIn:
			if m.Parent.ID != id {
				continue
			}
			if _, err := handle(m, h); err != nil {
				return err
			}
		case <-time.After(100 * time.Millisecond):
			return nil
		}
	}
}

func readReply(content []byte) (Reply, error) {
	var r struct {
		Status string `json:"status"`
		Count  int    `json:"execution_count"`
		EName  string `json:"ename"`
		EValue string `json:"evalue"`
	}
	if err := json.Unmarshal(content, &r); err != nil {
		return Reply{}, fmt.Errorf("jupyter: execute_reply: %w", err)
	}
	return Reply(r), nil
}

// handle tells the handler one message and reports whether it says that the
// kernel is idle.
func handle(m Message, h Handler) (idle bool, err error) {
	var content struct {
		State     string         `json:"execution_state"`
		Name      string         `json:"name"`
		Text      string         `json:"text"`
		Data      map[string]any `json:"data"`
		Metadata  map[string]any `json:"metadata"`
		Count     json.Number    `json:"execution_count"`
		EName     string         `json:"ename"`
		EValue    string         `json:"evalue"`
		Traceback []string       `json:"traceback"`
		Wait      bool           `json:"wait"`
		Transient struct {
			ID string `json:"display_id"`
		} `json:"transient"`
	}
	switch m.Header.Type {
	case "status", "stream", "display_data", "update_display_data", "execute_result", "error", "clear_output":
	default: // comm messages, execute_input and what later versions add
		return false, nil
	}
	d := json.NewDecoder(bytes.NewReader(m.Content))
	d.UseNumber()
	if err := d.Decode(&content); err != nil {
		return false, fmt.Errorf("jupyter: %s: %w", m.Header.Type, err)
	}
	bundle := Bundle{content.Data, content.Metadata}
	switch m.Header.Type {
	case "status":
		return content.State == "idle", nil
	case "stream":
		h.Stream(content.Name, content.Text)
	case "display_data":
		h.Display(bundle, content.Transient.ID)
	case "update_display_data":
		h.Update(bundle, content.Transient.ID)
	case "execute_result":
		n, _ := content.Count.Int64()
		h.Result(bundle, int(n))
	case "error":
		h.Error(content.EName, content.EValue, content.Traceback)
	case "clear_output":
		h.Clear(content.Wait)
	}
	return false, nil
}

// decodeJSON keeps the digits of numbers, as package nbformat does.
func decodeJSON(text []byte) (any, error) {
	if len(text) == 0 {
		return nil, nil
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return nil, fmt.Errorf("jupyter: %w", err)
	}
	return v, nil
}
