package hubtest

import (
	"compress/gzip"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/url"
	"path"
	"strconv"
	"strings"
	"time"
)

// serveFile answers resolve and raw addresses. An LFS file is a 302 to the
// CDN whose headers, and no others, name its commit, size and sha256: the
// CDN knows nothing of them (nullata/llamaMan issue 70). A small file is a
// 307 to an address of the Hub that a cache in front of it can keep
// (huggingface/swift-transformers pull request 209), or, with Direct, the
// body itself.
func (s *Server) serveFile(w http.ResponseWriter, r *http.Request, verb, id, revision, name string) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		refuse(w, r, http.StatusMethodNotAllowed, "", "Method Not Allowed")
		return
	}
	repo := s.repo(w, r, id, true)
	if repo == nil {
		return
	}
	c := s.commit(w, r, repo, revision)
	if c == nil {
		return
	}
	f := c.File(name)
	if f == nil {
		refuse(w, r, http.StatusNotFound, "EntryNotFound", "Entry not found")
		return
	}
	if verb == "raw" {
		s.serveRaw(w, r, f)
		return
	}
	h := w.Header()
	h.Set("Accept-Ranges", "bytes")
	h.Set("X-Linked-Size", strconv.FormatInt(f.Size, 10))
	h.Set("X-Linked-ETag", `"`+f.ETag()+`"`)
	var status int
	switch {
	case f.SHA256 != "":
		if s.opt.Xet {
			h.Set("X-Xet-Hash", f.xetHash())
			h.Set("Link", fmt.Sprintf(`<%s/api/datasets/%s/xet-read-token/%s>; rel="xet-auth"`, s.Endpoint, id, c.SHA))
		}
		status = http.StatusFound
		h.Set("Location", s.sign(f))
	case s.opt.Direct:
		s.serveSmall(w, r, f)
		return
	default:
		status = http.StatusTemporaryRedirect
		h.Set("Location", "/api/resolve-cache/datasets/"+id+"/"+c.SHA+"/"+escapePath(name)+"?"+url.QueryEscape(r.URL.EscapedPath())+"=&etag="+url.QueryEscape(`"`+f.OID+`"`))
	}
	text := http.StatusText(status) + ". Redirecting to " + h.Get("Location")
	h.Set("Content-Type", "text/plain; charset=utf-8")
	h.Set("Content-Length", strconv.Itoa(len(text)))
	h.Set("Vary", "Origin, Accept")
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		fmt.Fprint(w, text)
	}
}

// serveResolved answers the address that the 307 of a small file leads to.
func (s *Server) serveResolved(w http.ResponseWriter, r *http.Request, id, sha, name string) {
	repo := s.repo(w, r, id, true)
	if repo == nil {
		return
	}
	c := s.commit(w, r, repo, sha)
	if c == nil {
		return
	}
	f := c.File(name)
	if f == nil || f.SHA256 != "" {
		refuse(w, r, http.StatusNotFound, "EntryNotFound", "Entry not found")
		return
	}
	s.serveSmall(w, r, f)
}

// serveSmall sends a file kept in git. Text goes out compressed to those
// who accept that and ask for the whole, without a Content-Length
// (huggingface_hub 2.4.0, http_get); the ETag turns weak then.
func (s *Server) serveSmall(w http.ResponseWriter, r *http.Request, f *File) {
	h := w.Header()
	h.Set("ETag", `"`+f.OID+`"`)
	h.Set("Content-Disposition", disposition(f.Path))
	h.Set("Content-Type", "text/plain; charset=utf-8")
	if r.Header.Get("Range") == "" && r.Method == http.MethodGet && acceptsGzip(r) && f.Size > 0 {
		content, err := f.Content()
		if err != nil {
			refuse(w, r, http.StatusInternalServerError, "", "Internal Error - We're working hard to fix this as soon as possible!")
			return
		}
		h.Set("ETag", `W/"`+f.OID+`"`)
		h.Set("Content-Encoding", "gzip")
		h.Set("Vary", "Accept-Encoding")
		w.WriteHeader(http.StatusOK)
		if f, ok := w.(http.Flusher); ok {
			f.Flush() // or net/http would find out the length
		}
		zip := gzip.NewWriter(w)
		_, _ = zip.Write(content)
		_ = zip.Close()
		return
	}
	serveContent(w, r, f)
}

func acceptsGzip(r *http.Request) bool {
	for _, coding := range strings.Split(r.Header.Get("Accept-Encoding"), ",") {
		name, q, _ := strings.Cut(strings.TrimSpace(coding), ";")
		if (name == "gzip" || name == "*") && strings.TrimSpace(q) != "q=0" {
			return true
		}
	}
	return false
}

// serveRaw sends what git keeps: the pointer of LFS files.
func (s *Server) serveRaw(w http.ResponseWriter, r *http.Request, f *File) {
	if f.SHA256 != "" {
		f = Bytes("pointer", f.Pointer())
	}
	w.Header().Set("ETag", `"`+f.OID+`"`)
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	serveContent(w, r, f)
}

// serveContent leaves Range, If-Range, several ranges and the preconditions
// to net/http, which knows RFC 9110.
func serveContent(w http.ResponseWriter, r *http.Request, f *File) {
	content, err := f.open()
	if err != nil {
		http.Error(w, "gone", http.StatusInternalServerError)
		return
	}
	defer content.Close()
	http.ServeContent(w, r, "", time.Time{}, content)
}

// sign makes the address under which the CDN hands out a file for a while.
// Its shape is that of ngxson/wllama pull request 248.
func (s *Server) sign(f *File) string {
	object := "/xet-bridge-us/" + f.SHA256[:24] + "/" + f.xetHash()
	s.mu.Lock()
	s.objects[object] = f
	s.mu.Unlock()
	expires := strconv.FormatInt(time.Now().Add(s.opt.SignedFor).Unix(), 10)
	return s.CDN + object + "?" + url.Values{
		"response-content-disposition": {disposition(f.Path)},
		"response-content-type":        {"application/octet-stream"},
		"Expires":                      {expires},
		"Policy":                       {"eyJTdGF0ZW1lbnQiOlt7fV19"},
		"Signature":                    {signature(object, expires)},
		"Key-Pair-Id":                  {"K2L8F4GPSG1IFC"},
	}.Encode()
}

func signature(object, expires string) string {
	h := hmac.New(sha256.New, []byte("known to the Hub and the CDN"))
	h.Write([]byte(object + expires))
	return hex.EncodeToString(h.Sum(nil))
}

// xetHash names the content in the CDN's own way: 64 hex digits that look
// like the sha256 and are not.
func (f *File) xetHash() string {
	sum := sha256.Sum256([]byte("xet " + f.SHA256))
	return hex.EncodeToString(sum[:])
}

func disposition(name string) string {
	base := path.Base(name)
	return fmt.Sprintf(`inline; filename*=UTF-8''%s; filename="%s";`, url.PathEscape(base), strings.Map(plain, base))
}

func plain(r rune) rune {
	if r < ' ' || r > '~' || r == '"' || r == '\\' {
		return '_'
	}
	return r
}

func escapePath(name string) string {
	parts := strings.Split(name, "/")
	for i, p := range parts {
		parts[i] = url.PathEscape(p)
	}
	return strings.Join(parts, "/")
}
