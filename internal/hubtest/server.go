package hubtest

import (
	"context"
	"crypto/x509"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Options: the zero value is an open, quick and faultless Hub.
type Options struct {
	Listen    string // address of the Hub; "" is a free loopback port
	ListenCDN string // address of the CDN, likewise
	TLS       bool   // https with a certificate that Server.Roots trusts

	// Token is the one that opens private and gated repositories; any
	// other is refused with 401. With "" every token is accepted.
	Token string

	Latency   time.Duration // waited before every response
	Rate      float64       // bytes a second that all bodies together are sent with, as through one line; 0 is no limit
	Page      int           // entries of a page of a listing; 0 is the Hub's 1,000, or 50 expanded
	Direct    bool          // small files come from resolve itself, as before mid-2025, not by a 307
	Xet       bool          // LFS files also carry the headers of Xet storage
	SignedFor time.Duration // life of a CDN address; 0 is an hour

	// RateLimit is how many requests the Hub answers within RateWindow;
	// more are answered 429. 0 is no limit.
	RateLimit  int
	RateWindow time.Duration

	// Fault, if set, is asked before each response what to do wrong. It is
	// called from several goroutines at once.
	Fault func(Request) Fault
}

// A Host is one of the server's three.
type Host int

// The hosts. Only Hub may ever see a token.
const (
	Hub Host = iota
	CDN
	Stranger
)

func (h Host) String() string { return [...]string{"hub", "cdn", "stranger"}[h] }

// A Server serves repositories until it is closed.
type Server struct {
	Endpoint string // what HF_ENDPOINT is set to
	CDN      string
	Stranger string

	opt   Options
	hosts [3]*httptest.Server
	done  chan struct{} // closed with the server: ends what drips and stalls
	dials atomic.Int64

	mu       sync.Mutex
	repos    map[string]*Repo
	objects  map[string]*File // what the CDN serves, by path
	requests []*Request
	attempts map[string]int
	lineFree time.Time // when the line has sent what was given to it
	window   time.Time // start of the rate limit's
	inWindow int
}

// Start serves the repositories on loopback.
func Start(opt Options, repos ...*Repo) (*Server, error) {
	if opt.SignedFor == 0 {
		opt.SignedFor = time.Hour
	}
	if opt.RateWindow == 0 {
		opt.RateWindow = 5 * time.Minute
	}
	s := &Server{
		opt: opt, done: make(chan struct{}),
		repos: map[string]*Repo{}, objects: map[string]*File{}, attempts: map[string]int{},
	}
	for _, r := range repos {
		s.repos[r.ID] = r
	}
	addresses := [3]string{opt.Listen, opt.ListenCDN, ""}
	handlers := [3]http.HandlerFunc{s.serveHub, s.serveCDN, s.serveStranger}
	scheme := "http://"
	if opt.TLS {
		scheme = "https://"
	}
	// All addresses are known before the first request can come.
	for h, url := range []*string{&s.Endpoint, &s.CDN, &s.Stranger} {
		address := addresses[h]
		if address == "" {
			address = "127.0.0.1:0"
		}
		listener, err := net.Listen("tcp", address)
		if err != nil {
			s.Close()
			return nil, fmt.Errorf("hubtest: %s: %w", Host(h), err)
		}
		*url = scheme + listener.Addr().String()
		host := httptest.NewUnstartedServer(s.observe(Host(h), handlers[h]))
		host.Listener.Close()
		host.Listener = &countingListener{listener, &s.dials}
		s.hosts[h] = host
	}
	for _, host := range s.hosts {
		if opt.TLS {
			host.StartTLS()
		} else {
			host.Start()
		}
	}
	return s, nil
}

type countingListener struct {
	net.Listener
	dials *atomic.Int64
}

func (l *countingListener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err == nil {
		l.dials.Add(1)
	}
	return c, err
}

// Dials is how many connections all hosts have accepted.
func (s *Server) Dials() int64 { return s.dials.Load() }

// Close ends all connections.
func (s *Server) Close() {
	select {
	case <-s.done:
		return
	default:
		close(s.done)
	}
	for _, h := range s.hosts {
		if h != nil {
			h.CloseClientConnections()
			h.Close()
		}
	}
}

// Roots are the certificates that a client must trust when TLS is on.
func (s *Server) Roots() *x509.CertPool {
	pool := x509.NewCertPool()
	for _, h := range s.hosts {
		if c := h.Certificate(); c != nil {
			pool.AddCert(c)
		}
	}
	return pool
}

// observe notes what a host sees and plays faults.
func (s *Server) observe(host Host, serve http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if host == Hub && strings.HasPrefix(r.URL.Path, "/-/") {
			s.serveControl(w, r)
			return
		}
		seen := Request{Host: host, Method: r.Method, URL: r.URL.RequestURI(), Header: r.Header.Clone()}
		s.mu.Lock()
		seen.Attempt = s.attempts[seen.key()]
		s.attempts[seen.key()]++
		s.mu.Unlock()
		if s.opt.Fault != nil {
			seen.Fault = s.opt.Fault(seen)
		}
		noted := seen
		s.mu.Lock()
		s.requests = append(s.requests, &noted)
		s.mu.Unlock()
		counted := &countingWriter{ResponseWriter: w, server: s, ctx: r.Context()}
		played := seen.Fault
		defer func() {
			s.mu.Lock()
			noted.Status, noted.Sent, noted.Fault = counted.status, counted.sent, played
			s.mu.Unlock()
		}()
		if !s.pause(r.Context(), s.opt.Latency) {
			panic(http.ErrAbortHandler)
		}
		s.play(&played, serve, counted, r)
	})
}

// pause waits, and says false when the client left or the server closed
// meanwhile.
func (s *Server) pause(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return true
	}
	select {
	case <-time.After(d):
		return true
	case <-ctx.Done():
		return false
	case <-s.done:
		return false
	}
}
