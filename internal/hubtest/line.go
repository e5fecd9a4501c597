package hubtest

import (
	"context"
	"net/http"
	"time"
)

// line waits until the line has room for n more bytes; a little may queue.
func (s *Server) line(ctx context.Context, n int) {
	const queue = 10 * time.Millisecond
	if s.opt.Rate <= 0 {
		return
	}
	s.mu.Lock()
	now := time.Now()
	if s.lineFree.Before(now) {
		s.lineFree = now
	}
	s.lineFree = s.lineFree.Add(time.Duration(float64(n) / s.opt.Rate * 1e9))
	wait := s.lineFree.Sub(now) - queue
	s.mu.Unlock()
	s.pause(ctx, wait)
}

type countingWriter struct {
	http.ResponseWriter
	server *Server
	ctx    context.Context
	status int
	sent   int64
}

func (w *countingWriter) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *countingWriter) Write(p []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	w.server.line(w.ctx, len(p))
	n, err := w.ResponseWriter.Write(p)
	w.sent += int64(n)
	return n, err
}

func (w *countingWriter) Flush() { _ = http.NewResponseController(w.ResponseWriter).Flush() }
