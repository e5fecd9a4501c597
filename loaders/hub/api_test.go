package hub

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/specstress/specstress/loaders"
)

func all(string) bool { return true }

func TestListPages(t *testing.T) {
	files := map[string][]byte{}
	for i := range 7 {
		files[fmt.Sprintf("data/all_models-%05d-of-00007.parquet", i)] = noise(10 + i)
	}
	files["README.md"] = []byte("card")
	s := newHub(t, files)
	l, err := remote{}.List(context.Background(), testSource, all)
	if err != nil {
		t.Fatal(err)
	}
	if len(l.Files) != len(files) || l.Commit != testCommit {
		t.Fatalf("%d files of commit %s, want %d of %s", len(l.Files), l.Commit, len(files), testCommit)
	}
	for _, f := range l.Files {
		data, ok := files[f.Path]
		if !ok || f.Size != int64(len(data)) || isLarge(f.Path) && f.OID != idOf(f.Path, data) {
			t.Errorf("listed as %+v", f)
		}
	}
	if r := s.requests(); len(r) != 5 { // the revision, and four pages of two files
		t.Errorf("%d requests, want 5: %v", len(r), r)
	}
	part, err := remote{}.List(context.Background(), testSource+"/data/all_models-0000[12]-*", all)
	if err != nil || len(part.Files) != 2 {
		t.Errorf("a glob lists %v, %v, want two files", part, err)
	}
	if r := s.requests(); len(r) != 1 { // the list of a commit never changes
		t.Errorf("%d requests for a list that was kept, want one for main", len(r))
	}
}

func TestListErrors(t *testing.T) {
	file := func(path, oid string, size int) map[string]any {
		return map[string]any{"type": "file", "path": path, "oid": oid, "size": size}
	}
	good := strings.Repeat("a", 40)
	for _, c := range []struct {
		name   string
		source string
		answer func(w http.ResponseWriter, r *http.Request) bool
		is     error
		says   string
	}{
		{"no such repository", "hf://datasets/other/name", nil, ErrAccess, "no such repository"},
		{"no such revision", testSource + "@v9", nil, fs.ErrNotExist, "no such revision"},
		{"no such folder", testSource + "/nothing", nil, loaders.ErrNoData, "nothing"},
		{"pages in a circle", testSource, func(w http.ResponseWriter, r *http.Request) bool {
			w.Header().Set("Link", `<`+r.URL.String()+`>; rel="next"`)
			json.NewEncoder(w).Encode([]any{file("a.csv", good, 1)})
			return true
		}, errAny, "circle"},
		{"the next page elsewhere", testSource, func(w http.ResponseWriter, r *http.Request) bool {
			w.Header().Set("Link", `<https://evil.example/next>; rel="next"`)
			json.NewEncoder(w).Encode([]any{file("a.csv", good, 1)})
			return true
		}, errAny, "another host"},
		{"an id that is none", testSource, func(w http.ResponseWriter, r *http.Request) bool {
			json.NewEncoder(w).Encode([]any{file("a.csv", "../../x", 1)})
			return true
		}, errAny, "with id"},
		{"a negative size", testSource, func(w http.ResponseWriter, r *http.Request) bool {
			json.NewEncoder(w).Encode([]any{file("a.csv", good, -1)})
			return true
		}, errAny, "-1 bytes"},
		{"twins", testSource, func(w http.ResponseWriter, r *http.Request) bool {
			json.NewEncoder(w).Encode([]any{file("a.csv", good, 1), file("A.csv", good, 1)})
			return true
		}, errName, "same file"},
		{"HTML", testSource, func(w http.ResponseWriter, r *http.Request) bool {
			w.Header().Set("Content-Type", "text/html")
			w.Write([]byte("<html>log in</html>"))
			return true
		}, errHTML, "login"},
		{"not JSON", testSource, func(w http.ResponseWriter, r *http.Request) bool { w.Write([]byte("{")); return true }, errAny, "JSON"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, _ := bigHub(t)
			if c.answer != nil {
				s.breakWith(func(w http.ResponseWriter, r *http.Request, _ string) bool {
					return strings.Contains(r.URL.Path, "/tree/") && c.answer(w, r)
				})
			}
			_, err := remote{}.List(context.Background(), c.source, all)
			if err == nil || c.is != errAny && !errors.Is(err, c.is) || !strings.Contains(err.Error(), c.says) {
				t.Errorf("error %v, want %v that says %q", err, c.is, c.says)
			}
		})
	}
}

// TestHubDown: when nobody answers, the state that was last seen is read,
// and it is said.
func TestHubDown(t *testing.T) {
	s, _ := bigHub(t)
	if _, err := (remote{}).List(context.Background(), testSource, all); err != nil {
		t.Fatal(err)
	}
	s.hub.Close()
	l, err := remote{}.List(context.Background(), testSource, all)
	if err != nil {
		t.Fatal(err)
	}
	if l.Commit != testCommit || len(l.Warnings) != 1 || !strings.Contains(l.Warnings[0].Error(), "did not answer") {
		t.Errorf("commit %s, warnings %v, want one that the Hub did not answer", l.Commit, l.Warnings)
	}
}

// TestPauses: the waits double, are jittered by at most half, and end; a
// server's wish is heeded.
func TestPauses(t *testing.T) {
	var waits []time.Duration
	c := newClient(environment{pause: time.Second, timeout: time.Second})
	c.pause = func(_ context.Context, d time.Duration) error { waits = append(waits, d); return nil }
	err := c.retry(context.Background(), func() (bool, error) { return false, temporary{err: errors.New("down")} })
	if err == nil || !strings.Contains(err.Error(), "gave up after 6 tries") {
		t.Errorf("error %v", err)
	}
	if len(waits) != 5 {
		t.Fatalf("%d waits, want 5", len(waits))
	}
	for i, w := range waits {
		if whole := min(time.Second<<i, 8*time.Second); w < whole/2 || w > whole {
			t.Errorf("wait %d is %s, want %s to %s", i, w, whole/2, whole)
		}
	}
	waits = nil
	tries := 0
	err = c.retry(context.Background(), func() (bool, error) {
		if tries++; tries < 10 {
			return true, temporary{errors.New("cut"), 20 * time.Second} // each time a little further
		}
		return true, nil
	})
	if err != nil || len(waits) != 9 || waits[0] != 20*time.Second {
		t.Errorf("%v after waits %v, want success after nine waits of 20 s", err, waits)
	}
	ctx, cancel := context.WithCancel(context.Background())
	c.pause = sleep
	time.AfterFunc(10*time.Millisecond, cancel)
	began := time.Now()
	if err := c.retry(ctx, func() (bool, error) { return false, temporary{err: errors.New("down")} }); !errors.Is(err, context.Canceled) || time.Since(began) > 300*time.Millisecond {
		t.Errorf("cancelled while waiting: %v after %s", err, time.Since(began))
	}
}

func TestAskedPause(t *testing.T) {
	for _, c := range []struct {
		name, value string
		want        time.Duration
	}{
		{"Retry-After", "7", 7 * time.Second},
		{"Retry-After", "-7", 0},
		{"Retry-After", "soon", 0},
		{"Retry-After", "99999999999999", 1_000_000 * time.Second},
		{"Retry-After", "Mon, 02 Jan 2006 15:04:05 GMT", 0},
		{"RateLimit", `"api";r=0;t=55`, 55 * time.Second},
		{"RateLimit", `"api";r=12;t=55`, 0},
	} {
		h := http.Header{}
		h.Set(c.name, c.value)
		if got := askedPause(h); got != c.want {
			t.Errorf("%s: %s: %s, want %s", c.name, c.value, got, c.want)
		}
	}
	h := http.Header{}
	h.Set("Retry-After", time.Now().Add(time.Minute).UTC().Format(http.TimeFormat))
	if got := askedPause(h); got < 50*time.Second || got > time.Minute {
		t.Errorf("a date in a minute: %s", got)
	}
}
