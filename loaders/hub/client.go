package hub

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Connections is how many requests are under way at once.
const Connections = 16

// A client sends requests to one Hub and to where it redirects. It may be
// used from several goroutines at once.
type client struct {
	env     environment
	http    *http.Client
	slots   chan struct{}
	private atomic.Bool // the Hub is in a private network, so others there may be asked
	places  sync.Map    // *place by file, so that the Hub is asked once where its bytes are
	pause   func(ctx context.Context, d time.Duration) error
}

var shared struct {
	sync.Mutex
	client *client
}

// currentClient is the client for the environment as it is now; connections
// are kept as long as that stays the same.
func currentClient() (*client, error) {
	env, err := readEnvironment()
	if err != nil {
		return nil, err
	}
	shared.Lock()
	defer shared.Unlock()
	if shared.client == nil || shared.client.env != env {
		if shared.client != nil {
			shared.client.http.CloseIdleConnections()
		}
		shared.client = newClient(env)
	}
	return shared.client, nil
}

func newClient(env environment) *client {
	c := &client{env: env, slots: make(chan struct{}, Connections), pause: sleep}
	c.private.Store(isPrivateHost(env.endpoint.Hostname()))
	proxy := env.proxy.ProxyFunc()
	c.http = &http.Client{
		// Each redirect is looked at by do, one by one.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{
			Proxy:                  func(r *http.Request) (*url.URL, error) { return proxy(r.URL) },
			DialContext:            c.dial,
			TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12},
			TLSHandshakeTimeout:    env.timeout,
			ResponseHeaderTimeout:  env.timeout,
			MaxIdleConnsPerHost:    Connections,
			IdleConnTimeout:        30 * time.Second,
			DisableCompression:     true,
			MaxResponseHeaderBytes: 1 << 20,
			// HTTP/2 would send all ranges through one connection, and so at
			// the speed of one.
			Protocols: http1(),
		},
	}
	return c
}

func http1() *http.Protocols {
	var p http.Protocols
	p.SetHTTP1(true)
	return &p
}

// dial connects, but not into a private network unless the Hub itself is
// there. A proxy decides that on its own.
func (c *client) dial(ctx context.Context, network, addr string) (net.Conn, error) {
	d := net.Dialer{Timeout: c.env.timeout}
	toHub := addr == net.JoinHostPort(c.env.endpoint.Hostname(), portOf(&c.env.endpoint))
	proxied := c.env.proxy.HTTPProxy != "" || c.env.proxy.HTTPSProxy != ""
	if !toHub && !proxied && !c.private.Load() {
		d.Control = refusePrivate
	}
	conn, err := d.DialContext(ctx, network, addr)
	if err == nil && toHub && refusePrivate("", conn.RemoteAddr().String(), nil) != nil {
		c.private.Store(true)
	}
	return conn, err
}

// traffic counts what all clients of the process have done.
var traffic struct{ requests, bytes atomic.Int64 }

// Traffic returns how many requests were sent and bytes received in bodies
// since the program began.
func Traffic() (requests, bytes int64) { return traffic.requests.Load(), traffic.bytes.Load() }

// A response is one whose body is watched: a server that stops sending, or
// sends next to nothing, gives an error.
type response struct {
	*http.Response
	from *url.URL // after redirects
}

// do sends one request and follows redirects for which follow is true. The
// token goes to the Hub's own origin only, and no Referer anywhere. The
// caller closes the body.
func (c *client) do(ctx context.Context, method string, u *url.URL, header http.Header, follow func(to *url.URL) bool) (*response, error) {
	if c.env.offline {
		return nil, fmt.Errorf("%s: %w", shown(u), ErrOffline)
	}
	select {
	case c.slots <- struct{}{}:
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
	release := sync.OnceFunc(func() { <-c.slots })
	ctx, cancel := context.WithCancelCause(ctx)
	fail := func(err error) (*response, error) {
		cancel(nil)
		release()
		return nil, fmt.Errorf("%s: %w", shown(u), err)
	}
	for hop := 0; ; hop++ {
		req, err := http.NewRequestWithContext(ctx, method, u.String(), nil)
		if err != nil {
			return fail(plain(err))
		}
		for k, v := range header {
			req.Header[k] = v
		}
		req.Header.Set("User-Agent", "specstress")
		req.Header.Set("Accept-Encoding", "identity")
		if c.env.token != "" && sameOrigin(u, &c.env.endpoint) {
			req.Header.Set("Authorization", "Bearer "+c.env.token)
		}
		traffic.requests.Add(1)
		resp, err := c.http.Do(req)
		if err != nil {
			if ctx.Err() != nil {
				return fail(context.Cause(ctx))
			}
			var untrusted *tls.CertificateVerificationError
			if errors.Is(err, errRedirect) || errors.As(err, &untrusted) {
				return fail(plain(err)) // trying again would change nothing
			}
			return fail(temporary{err: plain(err)})
		}
		to, err := redirectOf(u, resp)
		if err != nil {
			resp.Body.Close()
			return fail(err)
		}
		if to == nil || !follow(to) {
			resp.Body = &watched{body: resp.Body, ctx: ctx, cancel: cancel, release: release, timeout: c.env.timeout,
				timer: time.AfterFunc(c.env.timeout, func() { cancel(errStalled) }), began: time.Now()}
			return &response{resp, u}, nil
		}
		resp.Body.Close()
		if hop == maxHops {
			return fail(fmt.Errorf("%w: more than %d in a row", errRedirect, maxHops))
		}
		if err := checkTarget(to, c.private.Load()); err != nil {
			return fail(err)
		}
		u = to
	}
}

func always(*url.URL) bool { return true }

// redirectOf is where a response redirects to, or nil.
func redirectOf(from *url.URL, resp *http.Response) (*url.URL, error) {
	switch resp.StatusCode {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
	default:
		return nil, nil
	}
	to, err := from.Parse(resp.Header.Get("Location"))
	if err != nil || resp.Header.Get("Location") == "" {
		return nil, fmt.Errorf("%w: status %d without an address to go to", errRedirect, resp.StatusCode)
	}
	return to, nil
}

// shown is an address for messages: what follows ? may be a signature that
// opens the file to anybody.
func shown(u *url.URL) string {
	return fmt.Sprintf("%s://%s%.200s", u.Scheme, u.Host, u.EscapedPath())
}

// plain takes the address out of an error of net/http.
func plain(err error) error {
	var with *url.Error
	if errors.As(err, &with) {
		return with.Err
	}
	return err
}

var (
	errStalled = errors.New("the server stopped sending")
	errSlow    = errors.New("the server sends next to nothing")
)

// minRate is the rate, after a grace of three timeouts, below which a
// response counts as broken.
const minRate = 1 << 10 // bytes a second

// A watched body ends with an error when nothing comes for as long as the
// timeout.
type watched struct {
	body    io.ReadCloser
	ctx     context.Context
	cancel  context.CancelCauseFunc
	release func()
	timeout time.Duration
	timer   *time.Timer
	began   time.Time
	bytes   int64
}

func (w *watched) Read(b []byte) (int, error) {
	w.timer.Reset(w.timeout)
	n, err := w.body.Read(b)
	w.timer.Stop()
	w.bytes += int64(n)
	traffic.bytes.Add(int64(n))
	if err != nil && err != io.EOF && w.ctx.Err() != nil {
		err = context.Cause(w.ctx)
	}
	if age := time.Since(w.began); err == nil && age > 3*w.timeout && float64(w.bytes) < minRate*age.Seconds() {
		err = errSlow
	}
	return n, err
}

// Close ends the request: what has not been read is not fetched, but a few
// bytes, so that the connection can be used again.
func (w *watched) Close() error {
	w.timer.Stop()
	stop := time.AfterFunc(100*time.Millisecond, func() { w.cancel(errStalled) })
	io.CopyN(io.Discard, w.body, 4<<10)
	stop.Stop()
	err := w.body.Close()
	w.cancel(nil)
	w.release()
	return err
}

// unquote reads an entity tag: without the mark of a weak one, and quotes.
func unquote(etag string) string {
	return strings.Trim(strings.TrimPrefix(strings.TrimSpace(etag), "W/"), `"`)
}
