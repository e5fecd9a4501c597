package hub

import (
	"bytes"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

const (
	testRepo   = "owner/name"
	testCommit = "0123456789abcdef0123456789abcdef01234567"
	testToken  = "hf_secretsecretsecret"
)

// A seen request is what the servers note of one.
type seen struct {
	host, method, path, bytes string
	header                    http.Header
}

// A hubServer is a small Hub and a CDN on another port. fault, if set, may
// answer a request in its place.
type hubServer struct {
	t        *testing.T
	hub, cdn *httptest.Server
	commit   string
	files    map[string][]byte
	fault    func(w http.ResponseWriter, r *http.Request, at string) bool // at is hub or cdn

	mu   sync.Mutex
	seen []seen
}

// newHub starts both and points the environment at them, with an empty
// cache.
func newHub(t *testing.T, files map[string][]byte) *hubServer {
	t.Helper()
	s := &hubServer{t: t, commit: testCommit, files: files}
	s.hub = httptest.NewServer(s.handler("hub", s.serveHub))
	s.cdn = httptest.NewServer(s.handler("cdn", s.serveCDN))
	t.Cleanup(s.hub.Close)
	t.Cleanup(s.cdn.Close)
	dir := t.TempDir()
	for name, value := range map[string]string{
		"HF_ENDPOINT": s.hub.URL, "HF_HOME": dir + "/hf", "HF_HUB_CACHE": "", "HUGGINGFACE_HUB_CACHE": "", "HF_TOKEN": testToken, "HF_TOKEN_PATH": "",
		"HF_HUB_OFFLINE": "", "HF_HUB_DOWNLOAD_TIMEOUT": "5", "SPECSTRESS_RETRY_PAUSE": "0.001", "SPECSTRESS_CACHE": dir + "/ours",
		"HTTP_PROXY": "", "HTTPS_PROXY": "", "http_proxy": "", "https_proxy": "", "NO_PROXY": "", "no_proxy": "",
	} {
		t.Setenv(name, value)
	}
	return s
}

func (s *hubServer) handler(at string, serve http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		s.seen = append(s.seen, seen{at, r.Method, r.URL.EscapedPath(), r.Header.Get("Range"), r.Header.Clone()})
		fault := s.fault
		s.mu.Unlock()
		if fault == nil || !fault(w, r, at) {
			serve(w, r)
		}
	})
}

// requests returns what was asked since the last call.
func (s *hubServer) requests() []seen {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := s.seen
	s.seen = nil
	return out
}

func (s *hubServer) breakWith(fault func(w http.ResponseWriter, r *http.Request, at string) bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fault = fault
}

// isLarge says which files are in large file storage, and so at the CDN.
func isLarge(name string) bool { return strings.HasSuffix(name, ".parquet") }

func idOf(name string, data []byte) string {
	if isLarge(name) {
		sum := sha256.Sum256(data)
		return hex.EncodeToString(sum[:])
	}
	sum := sha1.Sum(append(fmt.Appendf(nil, "blob %d\x00", len(data)), data...))
	return hex.EncodeToString(sum[:])
}

func (s *hubServer) serveHub(w http.ResponseWriter, r *http.Request) {
	api := "/api/datasets/" + testRepo
	switch p := r.URL.Path; {
	case strings.HasPrefix(p, api+"/revision/"):
		if rev := strings.TrimPrefix(p, api+"/revision/"); rev != "main" && rev != s.commit {
			w.Header().Set("X-Error-Code", "RevisionNotFound")
			http.Error(w, "Invalid rev id: "+rev, http.StatusNotFound)
			return
		}
		json.NewEncoder(w).Encode(map[string]any{"id": testRepo, "sha": s.commit})
	case p == api+"/tree/"+s.commit:
		s.serveTree(w, r)
	case strings.HasPrefix(p, "/datasets/"+testRepo+"/resolve/"+s.commit+"/"):
		name := strings.TrimPrefix(p, "/datasets/"+testRepo+"/resolve/"+s.commit+"/")
		data, ok := s.files[name]
		if !ok {
			w.Header().Set("X-Error-Code", "EntryNotFound")
			http.Error(w, "Entry not found", http.StatusNotFound)
			return
		}
		w.Header().Set("X-Repo-Commit", s.commit)
		if !isLarge(name) {
			w.Header().Set("ETag", `"`+idOf(name, data)+`"`)
			http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(data))
			return
		}
		w.Header().Set("X-Linked-Size", strconv.Itoa(len(data)))
		w.Header().Set("X-Linked-Etag", `"`+idOf(name, data)+`"`)
		w.Header().Set("Location", s.cdn.URL+"/"+idOf(name, data)+"?Signature=verysecret&name="+name)
		w.WriteHeader(302)
	default:
		w.Header().Set("X-Error-Code", "RepoNotFound")
		http.Error(w, "Repository not found", http.StatusUnauthorized)
	}
}

// serveTree lists two files a page, so that every list has pages.
func (s *hubServer) serveTree(w http.ResponseWriter, r *http.Request) {
	const pageSize = 2
	names := slices.Sorted(maps.Keys(s.files))
	from, _ := strconv.Atoi(r.URL.Query().Get("cursor"))
	page := []map[string]any{}
	if from == 0 {
		page = append(page, map[string]any{"type": "directory", "oid": strings.Repeat("a", 40), "size": 0, "path": "data"})
	}
	for _, n := range names[from:min(from+pageSize, len(names))] {
		e := map[string]any{"type": "file", "oid": idOf("small", s.files[n]), "size": len(s.files[n]), "path": n}
		if isLarge(n) {
			e["lfs"] = map[string]any{"oid": idOf(n, s.files[n]), "size": len(s.files[n]), "pointerSize": 134}
			e["xetHash"] = "b"
		}
		page = append(page, e)
	}
	if from+pageSize < len(names) {
		w.Header().Set("Link", fmt.Sprintf(`<%s%s?recursive=true&cursor=%d>; rel="next"`, s.hub.URL, r.URL.Path, from+pageSize))
	}
	json.NewEncoder(w).Encode(page)
}

// serveCDN serves large files to whoever has the address.
func (s *hubServer) serveCDN(w http.ResponseWriter, r *http.Request) {
	name := r.URL.Query().Get("name")
	data, ok := s.files[name]
	if !ok || r.URL.Query().Get("Signature") != "verysecret" {
		http.Error(w, "<Error>AccessDenied</Error>", http.StatusForbidden)
		return
	}
	w.Header().Set("ETag", `"`+idOf(name, data)[:32]+`"`) // the store's own tag, not the Hub's
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(data))
}
