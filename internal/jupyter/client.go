package jupyter

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"sync"
	"time"

	"github.com/go-zeromq/zmq4"
)

// A Client talks to one kernel. Its methods must not overlap, but for
// Interrupt, which may be called while a cell runs.
type Client struct {
	session string
	key     []byte
	sockets []zmq4.Socket
	shell   zmq4.Socket
	control zmq4.Socket
	// What the kernel sends, per socket.
	shellIn, controlIn, stdinIn, iopubIn chan Message
	lost                                 chan struct{} // closed when a socket fails
	lostOnce                             sync.Once
	lostWhy                              error // set before lost is closed
	heartbeat                            zmq4.Socket
	ctx                                  context.Context
	cancel                               context.CancelFunc
}

// ErrLost means that the kernel's end of a socket is gone.
var ErrLost = errors.New("jupyter: connection to the kernel lost")

// Dial connects to a kernel, waiting until it answers and its outputs
// arrive, or until ctx ends.
func Dial(ctx context.Context, at Connection) (*Client, error) {
	if at.SignatureScheme != "" && at.SignatureScheme != "hmac-sha256" {
		return nil, fmt.Errorf("jupyter: signature scheme %q, want hmac-sha256", at.SignatureScheme)
	}
	c := &Client{session: randomHex(16), key: []byte(at.Key), lost: make(chan struct{})}
	c.ctx, c.cancel = context.WithCancel(context.Background())
	// Until the kernel listens, connections are refused: try often.
	options := []zmq4.Option{
		zmq4.WithDialerRetry(20 * time.Millisecond), zmq4.WithDialerMaxRetries(-1), zmq4.WithTimeout(time.Minute),
		zmq4.WithLogger(log.New(io.Discard, "", 0)), zmq4.WithID(zmq4.SocketIdentity(c.session)),
	}
	stop := context.AfterFunc(ctx, c.cancel) // ends a dial that still tries
	defer stop()
	iopub := zmq4.NewSub(c.ctx, options...)
	if err := iopub.SetOption(zmq4.OptionSubscribe, ""); err != nil {
		return nil, fmt.Errorf("jupyter: %w", err)
	}
	stdin := zmq4.NewDealer(c.ctx, options...)
	c.shell, c.control, c.heartbeat = zmq4.NewDealer(c.ctx, options...), zmq4.NewDealer(c.ctx, options...), zmq4.NewReq(c.ctx, options...)
	for _, s := range []struct {
		name   string
		socket zmq4.Socket
		port   int
		in     *chan Message
	}{
		{"heartbeat", c.heartbeat, at.HeartbeatPort, nil},
		{"iopub", iopub, at.IOPubPort, &c.iopubIn},
		{"shell", c.shell, at.ShellPort, &c.shellIn},
		{"control", c.control, at.ControlPort, &c.controlIn},
		{"stdin", stdin, at.StdinPort, &c.stdinIn},
	} {
		if err := s.socket.Dial(at.endpoint(s.port)); err != nil {
			c.Close()
			if ctx.Err() != nil {
				err = ctx.Err()
			}
			return nil, fmt.Errorf("jupyter: connect %s: %w", s.name, err)
		}
		c.sockets = append(c.sockets, s.socket)
		if s.in != nil {
			*s.in = make(chan Message, 64)
			go c.receive(s.name, s.socket, *s.in)
		}
	}
	if err := c.ready(ctx); err != nil {
		c.Close()
		return nil, err
	}
	return c, nil
}

// receive hands on what comes in until the socket ends. Messages that are
// not signed with our key are dropped: they are not the kernel's.
func (c *Client) receive(name string, s zmq4.Socket, in chan<- Message) {
	for {
		raw, err := s.Recv()
		if err != nil {
			c.lostOnce.Do(func() {
				c.lostWhy = fmt.Errorf("%w: %s: %w", ErrLost, name, err)
				close(c.lost)
			})
			return
		}
		m, err := decode(c.key, raw.Frames)
		if err != nil {
			continue
		}
		select {
		case in <- m:
		case <-c.ctx.Done():
			return
		}
	}
}

// ready asks the kernel who it is until it also hears so on iopub: a new
// subscription misses what is published before it arrives.
func (c *Client) ready(ctx context.Context) error {
	for {
		id, err := c.send(c.shell, "kernel_info_request", struct{}{})
		if err != nil {
			return err
		}
		answered, heard := false, false
		again := time.After(500 * time.Millisecond)
	wait:
		for !answered || !heard {
			select {
			case m := <-c.shellIn:
				answered = answered || m.Parent.ID == id
			case <-c.iopubIn:
				heard = true
			case <-again:
				if answered { // but not heard
					break wait
				}
			case <-c.lost:
				return c.lostWhy
			case <-ctx.Done():
				return fmt.Errorf("jupyter: kernel does not answer: %w", ctx.Err())
			}
		}
		if answered && heard {
			return nil
		}
	}
}

// send sends a request and returns its id.
func (c *Client) send(socket zmq4.Socket, kind string, content any) (string, error) {
	m, err := newMessage(c.session, kind, content)
	if err != nil {
		return "", err
	}
	frames, err := m.encode(c.key)
	if err != nil {
		return "", fmt.Errorf("jupyter: %s: %w", kind, err)
	}
	if err := socket.SendMulti(zmq4.NewMsgFrom(frames...)); err != nil {
		return "", fmt.Errorf("%w: %s: %w", ErrLost, kind, err)
	}
	return m.Header.ID, nil
}

// request sends a request and waits for the reply's content. Outputs that
// come meanwhile are dropped.
func (c *Client) request(ctx context.Context, socket zmq4.Socket, in <-chan Message, kind string, content, reply any) error {
	id, err := c.send(socket, kind, content)
	if err != nil {
		return err
	}
	for {
		select {
		case m := <-in:
			if m.Parent.ID != id {
				continue
			}
			if err := json.Unmarshal(m.Content, reply); err != nil {
				return fmt.Errorf("jupyter: reply to %s: %w", kind, err)
			}
			return nil
		case <-c.iopubIn:
		case <-c.lost:
			return c.lostWhy
		case <-ctx.Done():
			return fmt.Errorf("jupyter: %s: %w", kind, ctx.Err())
		}
	}
}

// KernelInfo returns what the kernel says of its language, as a notebook's
// metadata holds it under language_info.
func (c *Client) KernelInfo(ctx context.Context) (map[string]any, error) {
	var reply struct {
		Language json.RawMessage `json:"language_info"`
	}
	if err := c.request(ctx, c.shell, c.shellIn, "kernel_info_request", struct{}{}, &reply); err != nil {
		return nil, err
	}
	v, err := decodeJSON(reply.Language)
	info, _ := v.(map[string]any)
	return info, err
}

// Complete returns the completions of code at a cursor, which counts Unicode
// characters, and the range that they replace.
func (c *Client) Complete(ctx context.Context, code string, cursor int) (matches []string, start, end int, err error) {
	var reply struct {
		Matches []string `json:"matches"`
		Start   int      `json:"cursor_start"`
		End     int      `json:"cursor_end"`
	}
	err = c.request(ctx, c.shell, c.shellIn, "complete_request", map[string]any{"code": code, "cursor_pos": cursor}, &reply)
	return reply.Matches, reply.Start, reply.End, err
}

// Inspect returns what the kernel knows of the name at a cursor, by MIME
// type; nil when it knows nothing.
func (c *Client) Inspect(ctx context.Context, code string, cursor int) (map[string]any, error) {
	var reply struct {
		Found bool           `json:"found"`
		Data  map[string]any `json:"data"`
	}
	err := c.request(ctx, c.shell, c.shellIn, "inspect_request", map[string]any{"code": code, "cursor_pos": cursor, "detail_level": 0}, &reply)
	if !reply.Found {
		reply.Data = nil
	}
	return reply.Data, err
}

// Interrupt asks the kernel to end the running cell, which then fails. It
// does not wait.
func (c *Client) Interrupt() error {
	_, err := c.send(c.control, "interrupt_request", struct{}{})
	return err
}

// Shutdown asks the kernel to leave and does not wait.
func (c *Client) Shutdown() error {
	_, err := c.send(c.control, "shutdown_request", map[string]bool{"restart": false})
	return err
}

// Heartbeat sends bytes to the kernel's echo and waits for them. A kernel
// that does not answer hangs, whatever it computes.
func (c *Client) Heartbeat(ctx context.Context) error {
	done := make(chan error, 1)
	go func() {
		if err := c.heartbeat.Send(zmq4.NewMsgString("ping")); err != nil {
			done <- err
			return
		}
		_, err := c.heartbeat.Recv()
		done <- err
	}()
	select {
	case err := <-done:
		if err != nil {
			return fmt.Errorf("%w: heartbeat: %w", ErrLost, err)
		}
		return nil
	case <-ctx.Done():
		return fmt.Errorf("jupyter: heartbeat: %w", ctx.Err())
	}
}

// Close closes the sockets. The kernel goes on.
func (c *Client) Close() {
	c.cancel()
	for _, s := range c.sockets {
		s.Close()
	}
}
