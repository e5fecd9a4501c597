package hubtest

import (
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// serveAPI answers /api/datasets/{id}/... with the fields that
// huggingface_hub 2.4.0 reads in hf_api.py.
func (s *Server) serveAPI(w http.ResponseWriter, r *http.Request, id string, rest []string) {
	what, revision := "", "main"
	if len(rest) > 0 {
		what = rest[0]
	}
	if len(rest) > 1 {
		revision = rest[1]
	}
	wantMethod := http.MethodGet
	if what == "paths-info" {
		wantMethod = http.MethodPost
	}
	if r.Method != wantMethod && (wantMethod != http.MethodGet || r.Method != http.MethodHead) {
		refuse(w, r, http.StatusMethodNotAllowed, "", "Method Not Allowed")
		return
	}
	// Everybody may see that a gated repository is there, and its files' names.
	repo := s.repo(w, r, id, false)
	if repo == nil {
		return
	}
	if what == "refs" {
		s.serveRefs(w, repo)
		return
	}
	commit := s.commit(w, r, repo, revision)
	if commit == nil {
		return
	}
	switch {
	case what == "" || what == "revision" && len(rest) == 2:
		s.mu.Lock()
		body := info(repo, commit, r.URL.Query().Get("blobs") != "")
		s.mu.Unlock()
		writeJSON(w, http.StatusOK, body)
	case what == "tree" && len(rest) >= 2:
		s.serveTree(w, r, commit, strings.Join(rest[2:], "/"))
	case what == "paths-info" && len(rest) == 2:
		s.servePathsInfo(w, r, commit)
	case what == "commits" && len(rest) == 2:
		s.serveCommits(w, repo)
	default:
		refuse(w, r, http.StatusNotFound, "", "Sorry, we can't find the page you are looking for.")
	}
}

const timeFormat = "2006-01-02T15:04:05.000Z"

func info(repo *Repo, c *Commit, blobs bool) map[string]any {
	var size int64
	siblings := []map[string]any{}
	for _, f := range c.Files {
		sibling := map[string]any{"rfilename": f.Path}
		if blobs {
			sibling["size"], sibling["blobId"] = f.Size, f.OID
			if f.SHA256 != "" {
				sibling["lfs"] = map[string]any{"sha256": f.SHA256, "size": f.Size, "pointerSize": len(f.Pointer())}
			}
		}
		siblings = append(siblings, sibling)
		size += f.Size
	}
	author, _, _ := strings.Cut(repo.ID, "/")
	var gated any = false
	if repo.Gated {
		gated = "auto"
	}
	return map[string]any{
		"_id": gitID("blob", []byte(repo.ID))[:24], "id": repo.ID, "author": author, "sha": c.SHA,
		"createdAt": repo.commits[0].Date.Format(timeFormat), "lastModified": c.Date.Format(timeFormat),
		"private": repo.Private, "gated": gated, "disabled": false,
		"tags": []string{}, "downloads": 0, "likes": 0, "usedStorage": size, "siblings": siblings,
	}
}

// describe is an entry as the tree and paths-info addresses give it.
func (s *Server) describe(e *entry, c *Commit, expand bool) map[string]any {
	d := map[string]any{"type": "directory", "oid": e.oid, "size": 0, "path": e.path}
	if f := e.file; f != nil {
		d["type"], d["size"] = "file", f.Size
		if f.SHA256 != "" {
			d["lfs"] = map[string]any{"oid": f.SHA256, "size": f.Size, "pointerSize": len(f.Pointer())}
			if s.opt.Xet {
				d["xetHash"] = f.xetHash()
			}
		}
	}
	if expand {
		d["lastCommit"] = map[string]any{"id": c.SHA, "title": c.Title, "date": c.Date.Format(timeFormat)}
		if e.file != nil {
			d["securityFileStatus"] = map[string]any{"status": "safe", "avScan": nil, "pickleImportScan": nil}
		}
	}
	return d
}

// serveTree lists a folder, page by page: 1,000 entries, or 50 expanded,
// and a Link header to the next (huggingface_hub 2.4.0,
// HfApi._iter_repo_tree_pages). The order here is git's; the Hub promises
// none.
func (s *Server) serveTree(w http.ResponseWriter, r *http.Request, c *Commit, folder string) {
	e := c.entries[folder]
	if e == nil {
		refuse(w, r, http.StatusNotFound, "EntryNotFound", folder+" does not exist on \""+c.SHA+"\"")
		return
	}
	q := r.URL.Query()
	recursive, expand := isTrue(q.Get("recursive")), isTrue(q.Get("expand"))
	entries := []*entry{e}
	if e.file == nil {
		entries = e.list(recursive, nil)
	}
	page := s.opt.Page
	if page == 0 {
		page = 1000
		if expand {
			page = 50
		}
	}
	if limit, err := strconv.Atoi(q.Get("limit")); err == nil && limit > 0 {
		page = min(page, limit)
	}
	start := 0
	if cursor := q.Get("cursor"); cursor != "" {
		var err error
		start, err = strconv.Atoi(strings.TrimPrefix(cursor, "after:"))
		if err != nil || start < 0 || start > len(entries) {
			refuse(w, r, http.StatusBadRequest, "", "Invalid cursor")
			return
		}
	}
	end := min(start+page, len(entries))
	if end < len(entries) {
		q.Set("limit", strconv.Itoa(page))
		q.Set("cursor", fmt.Sprintf("after:%d", end))
		next := url.URL{RawQuery: q.Encode()}
		w.Header().Set("Link", fmt.Sprintf(`<%s%s?%s>; rel="next"`, s.Endpoint, r.URL.EscapedPath(), next.RawQuery))
	}
	list := []map[string]any{}
	for _, e := range entries[start:end] {
		list = append(list, s.describe(e, c, expand))
	}
	writeJSON(w, http.StatusOK, list)
}

// isTrue reads a flag as Python, Go and browsers write them.
func isTrue(v string) bool { return strings.EqualFold(v, "true") || v == "1" || v == "on" }

// servePathsInfo describes the paths that a form or a JSON body names, and
// leaves out those that do not exist.
func (s *Server) servePathsInfo(w http.ResponseWriter, r *http.Request, c *Commit) {
	var ask struct {
		Paths  []string
		Expand bool
	}
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 1<<20))
	if err == nil {
		if kind == "application/json" {
			err = json.Unmarshal(body, &ask)
		} else {
			var form url.Values
			form, err = url.ParseQuery(string(body))
			ask.Paths, ask.Expand = form["paths"], isTrue(form.Get("expand"))
		}
	}
	if err != nil {
		refuse(w, r, http.StatusBadRequest, "", "paths-info: "+err.Error())
		return
	}
	list := []map[string]any{}
	for _, p := range ask.Paths {
		if e := c.entries[strings.Trim(p, "/")]; e != nil && e.path != "" {
			list = append(list, s.describe(e, c, ask.Expand))
		}
	}
	writeJSON(w, http.StatusOK, list)
}

func (s *Server) serveRefs(w http.ResponseWriter, repo *Repo) {
	branches := []map[string]string{}
	if c := repo.at("main"); c != nil {
		branches = append(branches, map[string]string{"name": "main", "ref": "refs/heads/main", "targetCommit": c.SHA})
	}
	writeJSON(w, http.StatusOK, map[string]any{"branches": branches, "tags": []string{}, "converts": []string{}})
}

func (s *Server) serveCommits(w http.ResponseWriter, repo *Repo) {
	list := []map[string]any{}
	s.mu.Lock()
	for i := len(repo.commits) - 1; i >= 0; i-- {
		c := repo.commits[i]
		list = append(list, map[string]any{
			"id": c.SHA, "title": c.Title, "message": "", "date": c.Date.Format(time.RFC3339),
			"authors": []map[string]string{{"user": "hubtest"}},
		})
	}
	s.mu.Unlock()
	writeJSON(w, http.StatusOK, list)
}
