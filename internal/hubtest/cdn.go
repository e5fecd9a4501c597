package hubtest

import (
	"fmt"
	"net/http"
	"strconv"
	"time"
)

// serveCDN hands out objects by signed address. Its ETag is its own: 64
// hex digits that are not the sha256 of the file.
func (s *Server) serveCDN(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Via", "1.1 hubtest.cloudfront.net (CloudFront)")
	h.Set("X-Amz-Cf-Id", "hubtest")
	q := r.URL.Query()
	expires, err := strconv.ParseInt(q.Get("Expires"), 10, 64)
	s.mu.Lock()
	f := s.objects[r.URL.Path]
	s.mu.Unlock()
	switch {
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		denyCDN(w, http.StatusMethodNotAllowed, "MethodNotAllowed", "The specified method is not allowed against this resource.")
		return
	case err != nil || q.Get("Signature") != signature(r.URL.Path, q.Get("Expires")):
		denyCDN(w, http.StatusForbidden, "AccessDenied", "Access denied")
		return
	case time.Now().Unix() >= expires:
		denyCDN(w, http.StatusForbidden, "AccessDenied", "Request has expired")
		return
	case f == nil:
		denyCDN(w, http.StatusNotFound, "NoSuchKey", "The specified key does not exist.")
		return
	}
	h.Set("ETag", `"`+f.xetHash()+`"`)
	h.Set("Content-Type", "application/octet-stream")
	h.Set("Content-Disposition", q.Get("response-content-disposition"))
	h.Set("Cache-Control", "public, max-age=31536000")
	serveContent(w, r, f)
}

func denyCDN(w http.ResponseWriter, status int, code, message string) {
	w.Header().Set("Content-Type", "application/xml")
	w.WriteHeader(status)
	fmt.Fprintf(w, `<?xml version="1.0" encoding="UTF-8"?><Error><Code>%s</Code><Message>%s</Message></Error>`, code, message)
}

// serveStranger is a host that nobody asked for. It has every object of the
// CDN, to whoever asks, so that a client that follows a redirect here gets
// the right bytes: what is tested is what it tells the stranger.
func (s *Server) serveStranger(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	f := s.objects[r.URL.Path]
	if f == nil {
		f = s.byName(r.URL.Query().Get("oid"))
	}
	s.mu.Unlock()
	if f == nil {
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprint(w, "<!doctype html><title>a stranger</title>")
		return
	}
	w.Header().Set("ETag", `"`+f.ETag()+`"`)
	w.Header().Set("Content-Type", "application/octet-stream")
	serveContent(w, r, f)
}

// byName finds a file of any repository by its content's name.
func (s *Server) byName(etag string) *File {
	for _, repo := range s.repos {
		for _, c := range repo.commits {
			for _, f := range c.Files {
				if f.ETag() == etag {
					return f
				}
			}
		}
	}
	return nil
}
