package hub

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
)

// A source is one file of a repository on the network, from when it is opened
// until it is closed: all its bytes come with one entity tag. It may be used
// from several goroutines at once.
type source struct {
	*place
	tag  sync.Mutex
	etag string // that the bytes came with at first
}

// A place is where a file of a repository lies. All who read it share what
// the Hub said about that.
type place struct {
	c    *client
	at   address // of the file, pinned
	size int64
	oid  string

	mu     sync.Mutex
	target *target // nil until asked
}

func (c *client) sourceOf(at address, e entry) *source {
	type key struct {
		address
		entry
	}
	p, _ := c.places.LoadOrStore(key{at, e}, &place{c: c, at: at, size: e.Size, oid: e.OID})
	return &source{place: p.(*place)}
}

// A target is where the Hub redirects for the bytes.
type target struct {
	url   *url.URL
	atHub bool // not redirected: a small file
}

// locate asks the Hub where the file's bytes are, and whether it still is
// the file that was listed.
func (s *place) locate(ctx context.Context) (*target, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.target != nil {
		return s.target, nil
	}
	u := s.resolveURL()
	resp, err := s.c.do(ctx, http.MethodHead, u, nil, func(to *url.URL) bool { return sameOrigin(to, &s.c.env.endpoint) })
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	to, err := redirectOf(resp.from, resp.Response)
	switch {
	case err != nil:
		return nil, err
	case to == nil && resp.StatusCode != http.StatusOK:
		return nil, statusError(resp)
	}
	if commit := resp.Header.Get("X-Repo-Commit"); commit != "" && commit != s.at.revision {
		return nil, fmt.Errorf("%s: %w: the Hub has it from commit %.50q", s.at, ErrChanged, commit)
	}
	tag, length := resp.Header.Get("X-Linked-Etag"), resp.Header.Get("X-Linked-Size")
	if to == nil {
		if tag == "" {
			tag = resp.Header.Get("ETag")
		}
		if length == "" {
			length = resp.Header.Get("Content-Length")
		}
	}
	if tag = unquote(tag); tag != "" && s.oid != "" && contentID.MatchString(tag) && tag != s.oid {
		return nil, fmt.Errorf("%s: %w: its id is %.80q, the list says %q", s.at, ErrChanged, tag, s.oid)
	}
	if n, err := strconv.ParseInt(length, 10, 64); err == nil && n != s.size {
		return nil, fmt.Errorf("%s: %w: it has %d bytes, the list says %d", s.at, ErrChanged, n, s.size)
	}
	if to == nil {
		s.target = &target{resp.from, true}
		return s.target, nil
	}
	if err := checkTarget(to, s.c.private.Load()); err != nil {
		return nil, fmt.Errorf("%s: %w", s.at, err)
	}
	s.target = &target{to, sameOrigin(to, &s.c.env.endpoint)}
	return s.target, nil
}

func (s *place) resolveURL() *url.URL {
	parts := strings.Split(s.at.path, "/")
	for i, p := range parts {
		parts[i] = url.PathEscape(p)
	}
	return s.c.env.endpoint.JoinPath(append([]string{"datasets", s.at.repo, "resolve", s.at.revision}, parts...)...)
}

// forget makes the next request ask the Hub anew: signed addresses expire.
func (s *place) forget(t *target) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.target == t {
		s.target = nil
	}
}

// fetch hands the bytes of a span to out, in order, whatever it takes.
func (s *source) fetch(ctx context.Context, at span, out io.Writer) error {
	var t *target
	err := s.c.retry(ctx, func() (_ bool, err error) {
		if t, err = s.locate(ctx); err != nil {
			return false, err
		}
		n, err := s.attempt(ctx, t, at, out)
		at.start += n
		return n > 0, err
	})
	if err != nil && ctx.Err() == nil {
		s.forget(t) // it may be what is wrong: whoever reads next asks the Hub again
	}
	if err != nil && !strings.Contains(err.Error(), s.at.String()) {
		err = fmt.Errorf("%s: %w", s.at, err) // the CDN's address tells nobody which file it was
	}
	return err
}

// attempt sends one request for a span and hands on what comes.
func (s *source) attempt(ctx context.Context, t *target, at span, out io.Writer) (int64, error) {
	if at.start == at.end {
		return 0, nil
	}
	header := http.Header{"Range": {fmt.Sprintf("bytes=%d-%d", at.start, at.end-1)}}
	s.tag.Lock()
	if s.etag != "" && !strings.HasPrefix(s.etag, "W/") { // a weak tag is not for ranges
		header.Set("If-Range", s.etag)
	}
	s.tag.Unlock()
	resp, err := s.c.do(ctx, http.MethodGet, t.url, header, always)
	if err != nil {
		return 0, err
	}
	defer resp.Body.Close()
	if err := notCompressed(resp); err != nil {
		return 0, err
	}
	switch resp.StatusCode {
	case http.StatusPartialContent:
		return s.partial(resp, at, out)
	case http.StatusOK:
		return s.whole(resp, at, out)
	case http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusGone:
		if !t.atHub {
			s.forget(t)
			return 0, temporary{err: statusError(resp)}
		}
	}
	return 0, statusError(resp)
}

// sameTag compares the entity tag with the one that came first.
func (s *source) sameTag(resp *response) error {
	tag := resp.Header.Get("ETag")
	s.tag.Lock()
	defer s.tag.Unlock()
	if s.etag == "" {
		s.etag = tag
	}
	if tag != "" && unquote(tag) != unquote(s.etag) {
		return fmt.Errorf("%s: %w: its entity tag was %.80q and now is %.80q", s.at, ErrChanged, s.etag, tag)
	}
	return nil
}

// partial reads the answer of a server that heeds ranges.
func (s *source) partial(resp *response, at span, out io.Writer) (int64, error) {
	if err := s.sameTag(resp); err != nil {
		return 0, err
	}
	text := resp.Header.Get("Content-Range")
	var first, last int64
	var total string
	if n, err := fmt.Sscanf(text, "bytes %d-%d/%s", &first, &last, &total); n != 3 || err != nil {
		return 0, temporary{err: fmt.Errorf("%s: asked for bytes %d to %d, got range %.80q", s.at, at.start, at.end-1, text)}
	}
	if total != "*" && total != strconv.FormatInt(s.size, 10) {
		return 0, fmt.Errorf("%s: %w: it has %.20s bytes, the list says %d", s.at, ErrChanged, total, s.size)
	}
	if first != at.start || last < first || last >= at.end {
		return 0, temporary{err: fmt.Errorf("%s: asked for bytes %d to %d, got %d to %d", s.at, at.start, at.end-1, first, last)}
	}
	if n := resp.ContentLength; n >= 0 && n != last-first+1 {
		return 0, temporary{err: fmt.Errorf("%s: bytes %d to %d come with length %d", s.at, first, last, n)}
	}
	n, err := s.copy(resp, out, last-first+1)
	if err == nil && last+1 < at.end {
		err = temporary{err: fmt.Errorf("%s: asked for bytes %d to %d, got %d to %d", s.at, at.start, at.end-1, first, last)}
	}
	return n, err
}

// maxSkipped is how much of a file is read and thrown away to reach a range
// at a server that ignores ranges.
const maxSkipped = 64 << 20

// whole reads the answer of a server that ignores ranges, or one for which
// the file is not the one that the tag names.
func (s *source) whole(resp *response, at span, out io.Writer) (int64, error) {
	if n := resp.ContentLength; n >= 0 && n != s.size {
		return 0, s.wrongFile(resp)
	}
	if err := s.sameTag(resp); err != nil {
		return 0, err
	}
	if strings.HasPrefix(resp.Header.Get("Content-Type"), "text/html") && !strings.HasSuffix(s.at.path, ".html") {
		return 0, s.wrongFile(resp)
	}
	if at.start > maxSkipped {
		return 0, fmt.Errorf("%s: the server ignores ranges, and bytes %d to %d lie too far into the file to read up to them; fetch whole files with --columns all", s.at, at.start, at.end-1)
	}
	if n, err := io.CopyN(io.Discard, resp.Body, at.start); err != nil {
		return 0, temporary{err: fmt.Errorf("%s: cut off at byte %d: %w", s.at, n, plain(err))}
	}
	return s.copy(resp, out, at.end-at.start)
}

// wrongFile says what came instead of a file of the listed size.
func (s *source) wrongFile(resp *response) error {
	start, _ := io.ReadAll(io.LimitReader(resp.Body, 512))
	switch {
	case strings.HasPrefix(string(start), pointerStart):
		return fmt.Errorf("%s: %w", s.at, errPointer)
	case looksLikeHTML(resp.Header, start):
		return fmt.Errorf("%s: %w", s.at, errHTML)
	}
	return fmt.Errorf("%s: %w: it has %d bytes, the list says %d", s.at, ErrChanged, resp.ContentLength, s.size)
}

// copy hands on exactly n bytes, as far as they come.
func (s *source) copy(resp *response, out io.Writer, n int64) (int64, error) {
	w := &outWriter{out: out}
	copied, err := io.CopyN(w, resp.Body, n)
	switch {
	case w.err != nil:
		return copied, w.err // our own disk, say: trying again would not help
	case err == io.EOF:
		err = io.ErrUnexpectedEOF
		fallthrough
	case err != nil:
		return copied, temporary{err: fmt.Errorf("%s: cut off after %d of %d bytes: %w", s.at, copied, n, plain(err))}
	}
	return copied, nil
}

// An outWriter tells an error of writing from one of reading.
type outWriter struct {
	out io.Writer
	err error
}

func (w *outWriter) Write(b []byte) (int, error) {
	n, err := w.out.Write(b)
	if err != nil {
		w.err = err
	}
	return n, err
}
