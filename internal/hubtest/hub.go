package hubtest

import (
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// serveHub answers what the Hub itself answers: the API and resolve.
func (s *Server) serveHub(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("X-Powered-By", "huggingface-moon")
	h.Set("X-Request-Id", "Root=1-hubtest")
	if !s.withinRate(h, r) {
		refuse(w, r, http.StatusTooManyRequests, "", "We had to rate limit your IP. To continue using our service, create a HF account or login to your existing account")
		return
	}
	// Segment by segment, for a revision or a path may hold %2F:
	// huggingface_hub sends the whole path of a folder as one segment.
	var seg []string
	for _, part := range strings.Split(strings.TrimPrefix(r.URL.EscapedPath(), "/"), "/") {
		part, err := url.PathUnescape(part)
		if err != nil {
			refuse(w, r, http.StatusBadRequest, "", "bad address")
			return
		}
		seg = append(seg, part)
	}
	switch {
	case len(seg) >= 4 && seg[0] == "api" && seg[1] == "datasets":
		s.serveAPI(w, r, seg[2]+"/"+seg[3], seg[4:])
	case len(seg) >= 7 && seg[0] == "api" && seg[1] == "resolve-cache" && seg[2] == "datasets":
		s.serveResolved(w, r, seg[3]+"/"+seg[4], seg[5], strings.Join(seg[6:], "/"))
	case len(seg) >= 6 && seg[0] == "datasets" && (seg[3] == "resolve" || seg[3] == "raw"):
		s.serveFile(w, r, seg[3], seg[1]+"/"+seg[2], seg[4], strings.Join(seg[5:], "/"))
	default:
		refuse(w, r, http.StatusNotFound, "", "Sorry, we can't find the page you are looking for.")
	}
}

// withinRate counts a request and sets the headers that the Hub sets on
// every response (huggingface_hub 2.4.0, utils/_http.py; raullenchai/
// Rapid-MLX issue 1122 quotes them from a 307).
func (s *Server) withinRate(h http.Header, r *http.Request) bool {
	limit, bucket := s.opt.RateLimit, "api"
	if strings.Contains(r.URL.Path, "/resolve") {
		bucket = "resolvers"
	}
	unlimited := limit == 0
	if unlimited {
		limit = 3000
	}
	s.mu.Lock()
	now := time.Now()
	if now.Sub(s.window) >= s.opt.RateWindow {
		s.window, s.inWindow = now, 0
	}
	s.inWindow++
	left := limit - s.inWindow
	reset := int(math.Ceil(s.opt.RateWindow.Seconds() - now.Sub(s.window).Seconds()))
	s.mu.Unlock()
	h.Set("RateLimit", fmt.Sprintf("%q;r=%d;t=%d", bucket, max(left, 0), reset))
	h.Set("RateLimit-Policy", fmt.Sprintf("\"fixed window\";%q;q=%d;w=%d", bucket, limit, int(s.opt.RateWindow.Seconds())))
	return unlimited || left >= 0
}

// refuse answers with an error as the Hub does: a code and a message in
// headers, which is where clients read them, and again as JSON.
func refuse(w http.ResponseWriter, r *http.Request, status int, code, message string) {
	h := w.Header()
	if code != "" {
		h.Set("X-Error-Code", code)
	}
	h.Set("X-Error-Message", message)
	if strings.HasPrefix(r.URL.Path, "/api/") {
		writeJSON(w, status, map[string]string{"error": message})
		return
	}
	h.Set("Content-Type", "text/plain; charset=utf-8")
	h.Set("Content-Length", fmt.Sprint(len(message)))
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		fmt.Fprint(w, message)
	}
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Content-Length", fmt.Sprint(len(text)))
	w.WriteHeader(status)
	_, _ = w.Write(text)
}

// repo finds the repository if the caller may know of it; files says that
// its files are wanted, which a gate keeps from those not approved. Without
// a right to know, the Hub does not say whether a repository exists: 401
// for callers without a token, 404 for others.
func (s *Server) repo(w http.ResponseWriter, r *http.Request, id string, files bool) *Repo {
	token, given := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if given && s.opt.Token != "" && token != s.opt.Token {
		refuse(w, r, http.StatusUnauthorized, "", "Invalid credentials in Authorization header")
		return nil
	}
	s.mu.Lock()
	repo := s.repos[id]
	s.mu.Unlock()
	switch {
	case repo == nil || repo.Private && !given:
		if given {
			refuse(w, r, http.StatusNotFound, "RepoNotFound", "Repository not found")
		} else {
			refuse(w, r, http.StatusUnauthorized, "RepoNotFound", "Invalid username or password.")
		}
	case files && repo.Gated && !given:
		refuse(w, r, http.StatusUnauthorized, "GatedRepo",
			fmt.Sprintf("Access to dataset %s is restricted. You must have access to it and be authenticated to access it. Please log in.", id))
	case files && repo.Gated && !repo.Approved:
		refuse(w, r, http.StatusForbidden, "GatedRepo",
			fmt.Sprintf("Access to dataset %s is restricted and you are not in the authorized list. Visit %s/datasets/%s to ask for access.", id, s.Endpoint, id))
	default:
		return repo
	}
	return nil
}

// commit finds a revision of a repository.
func (s *Server) commit(w http.ResponseWriter, r *http.Request, repo *Repo, revision string) *Commit {
	s.mu.Lock()
	c := repo.at(revision)
	s.mu.Unlock()
	if c == nil {
		refuse(w, r, http.StatusNotFound, "RevisionNotFound", "Invalid rev id: "+revision)
		return nil
	}
	w.Header().Set("X-Repo-Commit", c.SHA)
	return c
}

// serveControl answers the program that started the server in another
// process. These addresses are not the Hub's and are not counted.
func (s *Server) serveControl(w http.ResponseWriter, r *http.Request) {
	switch r.URL.Path {
	case "/-/counts":
		n := s.Counts()
		writeJSON(w, http.StatusOK, map[string]Count{"hub": n[Hub], "cdn": n[CDN], "stranger": n[Stranger]})
	case "/-/requests":
		lines := []string{}
		for _, q := range s.Requests() {
			lines = append(lines, fmt.Sprintf("%s %s %s %s -> %d, %d bytes", q.Host, q.Method, q.URL, q.Header.Get("Range"), q.Status, q.Sent))
		}
		writeJSON(w, http.StatusOK, lines)
	case "/-/leaks":
		leaks := s.Leaks(r.URL.Query().Get("token"))
		if leaks == nil {
			leaks = []string{}
		}
		writeJSON(w, http.StatusOK, leaks)
	case "/-/forget":
		s.Forget()
		writeJSON(w, http.StatusOK, "forgotten")
	default:
		http.NotFound(w, r)
	}
}
