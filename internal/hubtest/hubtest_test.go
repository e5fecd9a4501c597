package hubtest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

const id = "owner/name"

// content is bytes in which every place can be told from every other.
func content(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(i*7 + i>>8)
	}
	return b
}

func start(t *testing.T, opt Options, change ...func(*Repo)) *Server {
	t.Helper()
	repo := NewRepo(id)
	repo.Commit("first", Bytes("README.md", []byte("# a dataset\n")), Bytes("data/a-00000-of-00001.parquet", content(1000)))
	for _, c := range change {
		c(repo)
	}
	s, err := Start(opt, repo)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

// get asks without following redirects; headers come as name, value.
func get(t *testing.T, method, url string, headers ...string) (*http.Response, []byte) {
	t.Helper()
	req, err := http.NewRequest(method, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Accept-Encoding", "identity")
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }, Timeout: 10 * time.Second}
	resp, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp, body
}

// The ids of the empty blob and of "hello\n" are those of every git
// tutorial; the ids of a commit with folders come from the git program.
func TestIDs(t *testing.T) {
	for text, want := range map[string]string{"": "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391", "hello\n": "ce013625030ba8dba906f756967f9e9ca394464a"} {
		if got := gitID("blob", []byte(text)); got != want {
			t.Errorf("blob %q: %s, want %s", text, got, want)
		}
	}
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("no git on PATH to compare commit ids with")
	}
	dir := t.TempDir()
	repo := NewRepo(id)
	files := []*File{Bytes("a.txt", []byte("a")), Bytes("a/b.txt", []byte("b")), Bytes("a/c/d.txt", []byte("d")), Bytes("a-b", []byte("x"))}
	c := repo.Commit("first", files[1:]...) // a.txt and a/ are both there in the second
	c2 := repo.Commit("second", files...)
	git := func(args ...string) string {
		cmd := exec.Command("git", args...)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_SYSTEM=/dev/null",
			"GIT_AUTHOR_NAME=hubtest", "GIT_AUTHOR_EMAIL=hubtest@localhost", "GIT_COMMITTER_NAME=hubtest", "GIT_COMMITTER_EMAIL=hubtest@localhost")
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("git %v: %v\n%s", args, err, out)
		}
		return strings.TrimSpace(string(out))
	}
	git("init", "-q")
	for i, commit := range []*Commit{c, c2} {
		for _, f := range commit.Files {
			text, err := f.Content()
			if err != nil {
				t.Fatal(err)
			}
			if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, f.Path)), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(dir, f.Path), text, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		git("add", ".")
		date := fmt.Sprintf("%d +0000", commit.Date.Unix())
		t.Setenv("GIT_AUTHOR_DATE", date)
		t.Setenv("GIT_COMMITTER_DATE", date)
		git("commit", "-q", "--no-gpg-sign", "-m", commit.Title)
		if want := git("rev-parse", "HEAD"); commit.SHA != want {
			t.Errorf("commit %d: %s, git says %s", i, commit.SHA, want)
		}
	}
}

func TestResolve(t *testing.T) {
	s := start(t, Options{Token: "hf_right"})
	base := s.Endpoint + "/datasets/" + id + "/resolve/main/"

	// Of the content, by Python's hashlib.
	const sum = "c85a431e0fe575b2609289d3a4042414715f400612575a125d2ce5573d608732"
	resp, _ := get(t, "HEAD", base+"data/a-00000-of-00001.parquet")
	if resp.StatusCode != 302 || resp.Header.Get("X-Linked-Size") != "1000" || resp.Header.Get("X-Linked-ETag") != `"`+sum+`"` || len(resp.Header.Get("X-Repo-Commit")) != 40 {
		t.Errorf("LFS file: %d %v", resp.StatusCode, resp.Header)
	}
	cdn := resp.Header.Get("Location")
	if !strings.HasPrefix(cdn, s.CDN+"/") {
		t.Fatalf("LFS file leads to %s, want %s", cdn, s.CDN)
	}
	resp, body := get(t, "GET", cdn, "Range", "bytes=10-19")
	if resp.StatusCode != 206 || resp.Header.Get("Content-Range") != "bytes 10-19/1000" || !bytes.Equal(body, content(1000)[10:20]) {
		t.Errorf("range: %d %v %x", resp.StatusCode, resp.Header, body)
	}
	if resp.Header.Get("X-Linked-ETag") != "" || resp.Header.Get("X-Repo-Commit") != "" || strings.Contains(cdn, resp.Header.Get("ETag")) {
		t.Errorf("the CDN knows of the repository: %v", resp.Header)
	}
	etag := resp.Header.Get("ETag")
	for _, c := range []struct {
		name, header, value, ifRange string
		status, length               int
	}{
		{"end", "Range", "bytes=-5", "", 206, 5},
		{"past the end", "Range", "bytes=990-2000", "", 206, 10},
		{"outside", "Range", "bytes=1000-", "", 416, -1},
		{"nonsense", "Range", "lines=1-2", "", 416, -1},
		{"If-Range equal", "Range", "bytes=0-9", etag, 206, 10},
		{"If-Range other", "Range", "bytes=0-9", `"other"`, 200, 1000},
		{"If-None-Match", "If-None-Match", etag, "", 304, 0},
	} {
		h := []string{c.header, c.value}
		if c.ifRange != "" {
			h = append(h, "If-Range", c.ifRange)
		}
		resp, body := get(t, "GET", cdn, h...)
		if resp.StatusCode != c.status || c.length >= 0 && len(body) != c.length {
			t.Errorf("%s: %d with %d bytes, want %d with %d", c.name, resp.StatusCode, len(body), c.status, c.length)
		}
	}
	resp, body = get(t, "GET", cdn, "Range", "bytes=0-9,500-509")
	_, params, err := mime.ParseMediaType(resp.Header.Get("Content-Type"))
	if err != nil || resp.StatusCode != 206 {
		t.Fatalf("two ranges: %d %v %v", resp.StatusCode, resp.Header, err)
	}
	parts := multipart.NewReader(bytes.NewReader(body), params["boundary"])
	for _, from := range []int{0, 500} {
		part, err := parts.NextPart()
		if err != nil {
			t.Fatal(err)
		}
		if got, _ := io.ReadAll(part); !bytes.Equal(got, content(1000)[from:from+10]) {
			t.Errorf("part from %d: %x", from, got)
		}
	}
	if resp, _ := get(t, "GET", strings.Replace(cdn, "Signature=", "Signature=0", 1)); resp.StatusCode != 403 {
		t.Errorf("wrong signature: %d", resp.StatusCode)
	}

	resp, _ = get(t, "GET", base+"README.md")
	if resp.StatusCode != 307 || !strings.HasPrefix(resp.Header.Get("Location"), "/api/resolve-cache/datasets/"+id+"/") {
		t.Fatalf("small file: %d %v", resp.StatusCode, resp.Header)
	}
	small := s.Endpoint + resp.Header.Get("Location")
	resp, body = get(t, "GET", small)
	if resp.StatusCode != 200 || string(body) != "# a dataset\n" || resp.Header.Get("ETag") != `"`+gitID("blob", body)+`"` {
		t.Errorf("small file: %d %v %q", resp.StatusCode, resp.Header, body)
	}
	if resp, _ := get(t, "GET", small, "Accept-Encoding", "gzip"); resp.Header.Get("Content-Encoding") != "gzip" || resp.ContentLength != -1 {
		t.Errorf("small file to who accepts gzip: %v", resp.Header)
	}
	if _, body := get(t, "GET", s.Endpoint+"/datasets/"+id+"/raw/main/data/a-00000-of-00001.parquet"); !bytes.HasPrefix(body, []byte("version https://git-lfs")) {
		t.Errorf("raw: %q", body)
	}
}

func TestRefusals(t *testing.T) {
	private := func(r *Repo) { r.Private = true }
	gated := func(r *Repo) { r.Gated = true }
	const right, wrong = "Bearer hf_right", "Bearer hf_wrong"
	for _, c := range []struct {
		name, path, token string
		change            func(*Repo)
		status            int
		code              string
	}{
		{"no such repository, no token", "/api/datasets/owner/other", "", nil, 401, "RepoNotFound"},
		{"no such repository, token", "/api/datasets/owner/other", right, nil, 404, "RepoNotFound"},
		{"private, no token", "/api/datasets/" + id, "", private, 401, "RepoNotFound"},
		{"private, wrong token", "/api/datasets/" + id, wrong, private, 401, ""},
		{"private, token", "/api/datasets/" + id, right, private, 200, ""},
		{"gated, names", "/api/datasets/" + id, "", gated, 200, ""},
		{"gated, file, no token", "/datasets/" + id + "/resolve/main/README.md", "", gated, 401, "GatedRepo"},
		{"gated, file, not approved", "/datasets/" + id + "/resolve/main/README.md", right, gated, 403, "GatedRepo"},
		{"no such revision", "/api/datasets/" + id + "/revision/none", "", nil, 404, "RevisionNotFound"},
		{"no such file", "/datasets/" + id + "/resolve/main/none", "", nil, 404, "EntryNotFound"},
		{"no such folder", "/api/datasets/" + id + "/tree/main/none", "", nil, 404, "EntryNotFound"},
		{"no such page", "/none", "", nil, 404, ""},
	} {
		var change []func(*Repo)
		if c.change != nil {
			change = append(change, c.change)
		}
		s := start(t, Options{Token: "hf_right"}, change...)
		var h []string
		if c.token != "" {
			h = []string{"Authorization", c.token}
		}
		resp, _ := get(t, "GET", s.Endpoint+c.path, h...)
		if resp.StatusCode != c.status || resp.Header.Get("X-Error-Code") != c.code {
			t.Errorf("%s: %d %s, want %d %s", c.name, resp.StatusCode, resp.Header.Get("X-Error-Code"), c.status, c.code)
		}
	}
}

func TestPages(t *testing.T) {
	s := start(t, Options{Page: 3}, func(r *Repo) {
		var files []*File
		for i := range 10 {
			files = append(files, Bytes(fmt.Sprintf("data/%d.txt", i), nil))
		}
		r.Commit("ten", files...)
	})
	next, seen, pages := s.Endpoint+"/api/datasets/"+id+"/tree/main?recursive=True", map[string]bool{}, 0
	for next != "" {
		resp, body := get(t, "GET", next)
		var entries []struct{ Path string }
		if err := json.Unmarshal(body, &entries); err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			seen[e.Path] = true
		}
		pages++
		next, _, _ = strings.Cut(strings.TrimPrefix(resp.Header.Get("Link"), "<"), `>; rel="next"`)
	}
	if len(seen) != 11 || pages != 4 {
		t.Errorf("%d entries on %d pages, want 11 on 4", len(seen), pages)
	}
}

// TestRate: two bodies of 100 kB through a line of 1 MB/s take 0.2 s, less
// what queues, however they are sent.
func TestRate(t *testing.T) {
	s := start(t, Options{Rate: 1e6}, func(r *Repo) { r.Commit("big", Bytes("big.txt", content(100_000))) })
	var wait sync.WaitGroup
	began := time.Now()
	for range 2 {
		wait.Go(func() { get(t, "GET", s.Endpoint+"/datasets/"+id+"/raw/main/big.txt") })
	}
	wait.Wait()
	if took := time.Since(began); took < 150*time.Millisecond {
		t.Errorf("took %v", took)
	}
}

func TestForeignNext(t *testing.T) {
	s := start(t, Options{Page: 1, Fault: func(Request) Fault { return Fault{Kind: ForeignNext} }})
	resp, _ := get(t, "GET", s.Endpoint+"/api/datasets/"+id+"/tree/main")
	if link := resp.Header.Get("Link"); !strings.HasPrefix(link, "<"+s.Stranger+"/") {
		t.Errorf("next page at %s, want %s", link, s.Stranger)
	}
}

func TestRateLimit(t *testing.T) {
	s := start(t, Options{RateLimit: 2, RateWindow: 200 * time.Millisecond})
	address := s.Endpoint + "/api/datasets/" + id
	for i, want := range []int{200, 200, 429} {
		if resp, _ := get(t, "GET", address); resp.StatusCode != want {
			t.Errorf("request %d: %d, want %d", i, resp.StatusCode, want)
		}
	}
	time.Sleep(250 * time.Millisecond)
	if resp, _ := get(t, "GET", address); resp.StatusCode != 200 || !strings.Contains(resp.Header.Get("RateLimit"), `"api";r=1;`) {
		t.Errorf("in the next window: %d %v", resp.StatusCode, resp.Header)
	}
}

// TestLeaks: a client that sends its token everywhere is caught, one that
// sends it to the Hub alone is not.
func TestLeaks(t *testing.T) {
	s := start(t, Options{})
	get(t, "GET", s.Endpoint+"/api/datasets/"+id, "Authorization", "Bearer hf_x")
	if leaks := s.Leaks("hf_x"); leaks != nil {
		t.Errorf("leaks found where none are: %v", leaks)
	}
	get(t, "GET", s.CDN+"/", "Authorization", "Bearer hf_x")
	get(t, "GET", s.Stranger+"/?token=hf_x")
	get(t, "GET", s.Stranger+"/", "Referer", "http://hub/")
	get(t, "GET", s.Endpoint+"/", "X-Note", "hf_x")
	if leaks := s.Leaks("hf_x"); len(leaks) != 4 {
		t.Errorf("leaks: %q, want 4", leaks)
	}
	if s.Dials() != 5 {
		t.Errorf("%d connections, want 5", s.Dials())
	}
}

// TestFaults plays each fault to a plain client and says what it must see.
func TestFaults(t *testing.T) {
	const n = 1000
	whole := content(n)
	for _, kind := range Kinds() {
		if kind == ForeignNext {
			continue // of listings, see TestForeignNext
		}
		t.Run(kind.String(), func(t *testing.T) {
			fault := func(r Request) Fault {
				if r.Host == CDN {
					return Fault{Kind: kind, At: 0.5}
				}
				return Fault{}
			}
			s := start(t, Options{Fault: fault})
			resp, _ := get(t, "GET", s.Endpoint+"/datasets/"+id+"/resolve/main/data/a-00000-of-00001.parquet")
			req, err := http.NewRequest("GET", resp.Header.Get("Location"), nil)
			if err != nil {
				t.Fatal(err)
			}
			req.Header.Set("Range", "bytes=100-299")
			req.Header.Set("Accept-Encoding", "identity")
			client := http.Client{Timeout: 2 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
			resp, err = client.Do(req)
			var body []byte
			if err == nil {
				body, err = io.ReadAll(resp.Body)
				resp.Body.Close()
			}
			var got string
			switch {
			case err != nil && resp == nil:
				got = "no response"
			case err != nil:
				got = fmt.Sprintf("%d, error after %d bytes", resp.StatusCode, len(body))
			default:
				got = fmt.Sprintf("%d %s", resp.StatusCode, resp.Header.Get("Location"))
				switch {
				case resp.StatusCode >= 300:
				case bytes.Equal(body, whole[100:300]):
					got += "right"
				case bytes.Equal(body, whole):
					got += "whole"
				case kind == Gzip, kind == Login: // as long as gzip and taste make them
					got += "wrong"
				default:
					got += fmt.Sprintf("wrong, %d bytes", len(body))
				}
				if r := resp.Header.Get("Content-Range"); r != "" && r != "bytes 100-299/1000" {
					got += " as " + r
				}
				if strings.Contains(resp.Header.Get("ETag"), "c0ffee") {
					got += " other ETag"
				}
				if e := resp.Header.Get("Content-Encoding"); e != "" {
					got += " in " + e
				}
			}
			got = strings.Replace(got, s.Stranger, "STRANGER", 1)
			got = strings.Replace(got, strings.TrimPrefix(s.Stranger, "http://"), "STRANGER", 1)
			got, _, _ = strings.Cut(got, "?")
			if i := strings.Index(got, "/xet-bridge"); i >= 0 {
				got = got[:i]
			}
			if want := wantOfFault[kind]; got != want {
				t.Errorf("saw %q, want %q", got, want)
			}
			requests := s.Requests()
			if last := requests[len(requests)-1]; last.Fault.Kind != kind {
				t.Errorf("recorded %v", last.Fault)
			}
		})
	}
}

var wantOfFault = map[Kind]string{
	Refuse:        "no response",
	Cut:           "206, error after 100 bytes",
	Stall:         "206, error after 100 bytes",
	Drip:          "206 right",
	IgnoreRange:   "200 whole",
	WrongRange:    "206 wrong, 200 bytes as bytes 0-199/1000",
	LyingRange:    "206 wrong, 200 bytes",
	WrongTotal:    "206 right as bytes 100-299/1401",
	Gzip:          "206 wrong in gzip",
	Login:         "200 wrong",
	Pointer:       "200 wrong, 129 bytes",
	Short:         "206 wrong, 100 bytes",
	FlipBit:       "206 wrong, 200 bytes",
	Changed:       "206 wrong, 200 bytes other ETag",
	ChangedBytes:  "206 wrong, 200 bytes",
	Loop:          "302 ",
	ToStranger:    "302 STRANGER",
	ToUserinfo:    "302 http://user:secret@STRANGER",
	ToFile:        "302 file:///etc/hosts",
	ToLinkLocal:   "302 http://169.254.169.254/latest/meta-data/",
	ToPlainRemote: "302 http://hub.invalid",
	NoLocation:    "302 ",
	Status401:     "401 ", Status403: "403 ", Status404: "404 ", Status408: "408 ",
	Status416: "416  as bytes */1",
	Status429: "429 ", Status429Date: "429 ",
	Status500: "500 ", Status502: "502 ", Status503: "503 ", Status504: "504 ",
}

// TestPlan: equal seeds draw equal faults whatever the order, and a storm
// ends.
func TestPlan(t *testing.T) {
	p := Plan{Seed: 7, Rate: 0.5, Storm: 3}
	draw := func(path string, attempt int) Fault {
		return p.Fault(Request{Host: CDN, Method: "GET", URL: path + "?Signature=x", Attempt: attempt})
	}
	hit := 0
	for i := range 1000 {
		path := fmt.Sprintf("/%d", i)
		first := draw(path, 0)
		if first.Kind != None {
			hit++
		}
		if first != draw(path, 0) {
			t.Fatalf("%s: drawn twice, two faults", path)
		}
		if f := draw(path, 3); f.Kind != None {
			t.Errorf("%s: still %v after 3 attempts", path, f.Kind)
		}
		if first.Kind == None && draw(path, 1).Kind != None {
			t.Errorf("%s: fault after success", path)
		}
	}
	// 500 expected, standard deviation 15.8.
	if hit < 420 || hit > 580 {
		t.Errorf("%d of 1000 requests hit, want about 500", hit)
	}
	p.Seed++
	if p.Fault(Request{Host: Stranger}).Kind != None {
		t.Error("fault on a host that was not named")
	}
}
