package hubtest

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

const loginPage = `<!doctype html><html><head><title>Log in to the network</title></head><body><form action="/login"><input name="user"><input name="password" type="password"></form></body></html>`

// play answers a request with one fault. Where the fault does not apply to
// the response that is due, the response is sent as it is and the fault
// becomes None.
func (s *Server) play(f *Fault, serve http.HandlerFunc, w *countingWriter, r *http.Request) {
	switch f.Kind {
	case None:
		serve(w, r)
	case Refuse:
		panic(http.ErrAbortHandler)
	case Login:
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprint(w, loginPage)
	case Loop:
		redirect(w, r.URL.RequestURI())
	case ToStranger:
		redirect(w, s.Stranger+s.strangerPath(r))
	case ToUserinfo:
		redirect(w, strings.Replace(s.Stranger, "://", "://user:secret@", 1)+s.strangerPath(r))
	case ToFile:
		redirect(w, "file:///etc/hosts")
	case ToLinkLocal:
		redirect(w, "http://169.254.169.254/latest/meta-data/")
	case ToPlainRemote:
		redirect(w, "http://hub.invalid"+r.URL.RequestURI())
	case NoLocation:
		w.WriteHeader(http.StatusFound)
	case Status401, Status403, Status404, Status408, Status416, Status429, Status429Date, Status500, Status502, Status503, Status504:
		s.playStatus(f.Kind, w, r)
	default:
		s.playContent(f, serve, w, r)
	}
}

func redirect(w http.ResponseWriter, to string) {
	w.Header()["Location"] = []string{to}
	w.WriteHeader(http.StatusFound)
}

// strangerPath is where the stranger has what was asked for.
func (s *Server) strangerPath(r *http.Request) string {
	if _, rest, ok := strings.Cut(r.URL.EscapedPath(), "/resolve/"); ok && strings.HasPrefix(r.URL.Path, "/datasets/") {
		_, name, _ := strings.Cut(rest, "/")
		name, _ = url.PathUnescape(name)
		id := strings.TrimPrefix(strings.TrimSuffix(r.URL.EscapedPath(), "/resolve/"+rest), "/datasets/")
		s.mu.Lock()
		defer s.mu.Unlock()
		if repo := s.repos[id]; repo != nil && len(repo.commits) > 0 {
			if f := repo.commits[len(repo.commits)-1].File(name); f != nil {
				return "/?oid=" + f.ETag()
			}
		}
	}
	return r.URL.EscapedPath()
}

func (s *Server) playStatus(k Kind, w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	status, _ := strconv.Atoi(strings.TrimSuffix(k.String(), "-date"))
	switch k {
	case Status416:
		h.Set("Content-Range", "bytes */1")
	case Status429:
		h.Set("Retry-After", "0")
		h.Set("RateLimit", `"resolvers";r=0;t=0`)
		h.Set("RateLimit-Policy", `"fixed window";"resolvers";q=3000;w=300`)
	case Status429Date:
		h.Set("Retry-After", time.Now().UTC().Format(http.TimeFormat))
	case Status503:
		h.Set("Retry-After", "0")
	}
	refuse(w, r, status, "", http.StatusText(status))
}

// playContent lets the response be made in memory or in pieces and spoils
// it on its way.
func (s *Server) playContent(f *Fault, serve http.HandlerFunc, w *countingWriter, r *http.Request) {
	asked := r.Header.Get("Range")
	switch f.Kind {
	case IgnoreRange, Pointer:
		r.Header.Del("Range")
	case WrongRange, LyingRange:
		if shifted, ok := shift(asked); ok {
			r.Header.Set("Range", shifted)
		} else {
			f.Kind = None
		}
	}
	b := &buffer{header: w.Header()}
	serve(b, r)
	h, body := w.Header(), b.body.Bytes()
	content := (b.status == http.StatusOK || b.status == http.StatusPartialContent) && h.Get("Accept-Ranges") != ""
	switch n := len(body); {
	case n == 0, f.Kind.OnlyContent() && !content,
		f.Kind == ForeignNext && h.Get("Link") == "",
		f.Kind == IgnoreRange && asked == "",
		(f.Kind == LyingRange || f.Kind == WrongTotal) && b.status != http.StatusPartialContent:
		f.Kind = None
	default:
		at := min(int(f.At*float64(n)), n-1)
		switch f.Kind {
		case Cut, Stall:
			s.sendPart(r.Context(), w, b.status, body[:at], f.Kind == Stall)
			return
		case Drip:
			s.drip(r.Context(), w, b.status, body, f.Wait)
			return
		case LyingRange:
			h.Set("Content-Range", lie(asked, h.Get("Content-Range"), n))
		case WrongTotal:
			if start, _, ok := strings.Cut(h.Get("Content-Range"), "/"); ok {
				h.Set("Content-Range", start+"/"+strconv.Itoa(n*7+1))
			}
		case Gzip:
			var zipped bytes.Buffer
			zip := gzip.NewWriter(&zipped)
			_, _ = zip.Write(body)
			_ = zip.Close()
			body = zipped.Bytes()
			h.Set("Content-Encoding", "gzip")
			h.Del("Content-Length")
		case Pointer:
			sum := sha256.Sum256(body)
			body = fmt.Appendf(nil, "version https://git-lfs.github.com/spec/v1\noid sha256:%s\nsize %d\n", hex.EncodeToString(sum[:]), n)
			h.Set("Content-Length", strconv.Itoa(len(body)))
		case Short:
			body = body[:at]
			h.Set("Content-Length", strconv.Itoa(at))
		case FlipBit:
			body[at] ^= 1 << (n % 8)
		case ForeignNext:
			h.Set("Link", strings.ReplaceAll(h.Get("Link"), s.Endpoint, s.Stranger))
		case Changed, ChangedBytes:
			for i := range body {
				body[i] ^= 0x55
			}
			if f.Kind == Changed {
				h.Set("ETag", `"`+strings.Repeat("c0ffee00", 8)+`"`)
			}
		}
	}
	w.WriteHeader(b.status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(body)
	}
}

// shift moves a range of the form bytes=a-b by its half.
func shift(asked string) (string, bool) {
	var from, to int64
	if n, _ := fmt.Sscanf(asked, "bytes=%d-%d", &from, &to); n == 2 && from >= 0 && to > from {
		half := (to - from + 1) / 2
		if from >= half {
			return fmt.Sprintf("bytes=%d-%d", from-half, to-half), true
		}
		return fmt.Sprintf("bytes=%d-%d", from+half, to+half), true
	}
	if n, _ := fmt.Sscanf(asked, "bytes=%d-", &from); n == 1 && from > 0 {
		return fmt.Sprintf("bytes=%d-", from/2), true
	}
	return asked, false
}

// lie is the Content-Range that the range asked for should have had.
func lie(asked, honest string, n int) string {
	_, total, _ := strings.Cut(honest, "/")
	var from int64
	if k, _ := fmt.Sscanf(asked, "bytes=%d-", &from); k != 1 || from < 0 {
		return honest
	}
	return fmt.Sprintf("bytes %d-%d/%s", from, from+int64(n)-1, total)
}

// sendPart sends a part of the body under the headers of the whole, and
// closes the connection or leaves it silent.
func (s *Server) sendPart(ctx context.Context, w *countingWriter, status int, part []byte, silent bool) {
	w.WriteHeader(status)
	_, _ = w.Write(part)
	w.Flush()
	if silent {
		s.pause(ctx, time.Minute)
	}
	panic(http.ErrAbortHandler)
}

func (s *Server) drip(ctx context.Context, w *countingWriter, status int, body []byte, wait time.Duration) {
	w.WriteHeader(status)
	step := max(len(body)/16, 1)
	for len(body) > 0 {
		n := min(step, len(body))
		if _, err := w.Write(body[:n]); err != nil {
			return
		}
		w.Flush()
		body = body[n:]
		if !s.pause(ctx, wait) {
			panic(http.ErrAbortHandler)
		}
	}
}

// A buffer is a response that has not been sent.
type buffer struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (b *buffer) Header() http.Header { return b.header }

func (b *buffer) WriteHeader(status int) {
	if b.status == 0 {
		b.status = status
	}
}

func (b *buffer) Write(p []byte) (int, error) {
	b.WriteHeader(http.StatusOK)
	return b.body.Write(p)
}
