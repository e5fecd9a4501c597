package hub

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/specstress/specstress/loaders"
)

// noise is bytes that repeat nowhere.
func noise(n int) []byte {
	b := make([]byte, n)
	rand.NewChaCha8([32]byte{1}).Read(b)
	return b
}

const bigName = "data/all_models-00000-of-00001.parquet"

// bigHub serves one file of 3 MB, so that its tail is not all of it.
func bigHub(t *testing.T) (*hubServer, []byte) {
	t.Helper()
	data := noise(3 << 20)
	return newHub(t, map[string][]byte{bigName: data, "README.md": []byte("# card\n")}), data
}

func listOne(t *testing.T) loaders.RemoteFile {
	t.Helper()
	l, err := remote{}.List(context.Background(), testSource, func(p string) bool { return p == bigName })
	if err != nil {
		t.Fatal(err)
	}
	return l.Files[0]
}

// readSpan opens the file and reads a span of it.
func readSpan(ctx context.Context, is loaders.RemoteFile, off, n int64) ([]byte, error) {
	f, err := remote{}.Open(ctx, is)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	b := make([]byte, n)
	read, err := f.ReadAt(b, off)
	if read < len(b) {
		return b[:read], err
	}
	return b, nil
}

// TestReadAt reads anywhere, twice, and past the end.
func TestReadAt(t *testing.T) {
	s, data := bigHub(t)
	is := listOne(t)
	f, err := remote{}.Open(context.Background(), is)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	random := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		off := random.Int64N(int64(len(data)))
		b := make([]byte, random.Int64N(100_000))
		n, err := f.ReadAt(b, off)
		want := data[off:min(off+int64(len(b)), int64(len(data)))]
		if !bytes.Equal(b[:n], want) || (err != nil) != (n < len(b)) || err != nil && err != io.EOF {
			t.Fatalf("at %d: %d of %d bytes, error %v", off, n, len(b), err)
		}
	}
	var fetched int64
	for _, r := range s.requests() {
		var from, to int64
		if n, _ := fmt.Sscanf(r.bytes, "bytes=%d-%d", &from, &to); n == 2 {
			fetched += to - from + 1
		}
	}
	if fetched > int64(len(data)) {
		t.Errorf("%d bytes fetched of a file of %d: some came twice", fetched, len(data))
	}
}

// TestFetchAnnounced: what is announced comes in as few requests as gaps
// allow, and reading it asks for nothing more.
func TestFetchAnnounced(t *testing.T) {
	s, data := bigHub(t)
	is := listOne(t)
	opened, err := remote{}.Open(context.Background(), is)
	if err != nil {
		t.Fatal(err)
	}
	f := opened.(loaders.RangeFile)
	defer f.Close()
	f.ReadAt(make([]byte, 1), 0)
	f.ReadAt(make([]byte, 1), is.Size-1)
	s.requests()
	ranges := []loaders.Range{{Offset: 500_000, Length: 100}, {Offset: 500_300, Length: 5000}, {Offset: 560_000, Length: 10}, {Offset: 900_000, Length: 7}}
	if cost := f.Cost(ranges); cost != (loaders.Cost{Requests: 2, Bytes: 60_010 + 7}) {
		t.Errorf("cost %+v, want 2 requests for 60,010 and 7 bytes", cost)
	}
	f.Fetch(ranges)
	for _, r := range ranges {
		b := make([]byte, r.Length)
		if _, err := f.ReadAt(b, r.Offset); err != nil || !bytes.Equal(b, data[r.Offset:][:r.Length]) {
			t.Fatalf("range %+v: %v", r, err)
		}
	}
	if r := s.requests(); len(r) != 2 {
		t.Errorf("%d requests, want 2: %v", len(r), r)
	}
	if cost := f.Cost(ranges); cost != (loaders.Cost{}) {
		t.Errorf("afterwards it costs %+v, want nothing", cost)
	}
}

// TestFaults: each fault of the CDN ends in the right bytes or in an error
// that says what happened, and never in a block that a later reader takes
// for good.
func TestFaults(t *testing.T) {
	page := []byte("<!DOCTYPE html><html><body>Log in</body></html>")
	for _, c := range []struct {
		name  string
		fault func(data []byte, n int, w http.ResponseWriter, r *http.Request) bool // n counts requests to the CDN
		is    error                                                                 // nil: the bytes come
		says  string
	}{
		{"no fault", func([]byte, int, http.ResponseWriter, *http.Request) bool { return false }, nil, ""},
		{"503 twice", func(_ []byte, n int, w http.ResponseWriter, _ *http.Request) bool {
			if n < 2 {
				w.WriteHeader(503)
			}
			return n < 2
		}, nil, ""},
		{"429 with Retry-After", func(_ []byte, n int, w http.ResponseWriter, _ *http.Request) bool {
			if n == 0 {
				w.Header().Set("Retry-After", "0")
				w.WriteHeader(429)
			}
			return n == 0
		}, nil, ""},
		{"500 for ever", func(_ []byte, _ int, w http.ResponseWriter, _ *http.Request) bool { w.WriteHeader(500); return true }, errAny, "gave up"},
		{"an hour's pause asked", func(_ []byte, _ int, w http.ResponseWriter, _ *http.Request) bool {
			w.Header().Set("Retry-After", "3600")
			w.WriteHeader(429)
			return true
		}, errAny, "asks to wait 1h"},
		{"expired address", func(_ []byte, n int, w http.ResponseWriter, _ *http.Request) bool {
			if n == 0 {
				w.WriteHeader(403)
			}
			return n == 0
		}, nil, ""},
		{"cut bodies", func(data []byte, n int, w http.ResponseWriter, r *http.Request) bool {
			if n%2 == 1 {
				return false
			}
			from, to := rangeOf(r)
			partial(w, data, from, to, from+(to-from)/2)
			return true
		}, nil, ""},
		{"shorter ranges than asked", func(data []byte, _ int, w http.ResponseWriter, r *http.Request) bool {
			from, to := rangeOf(r)
			to = min(to, from+100_000)
			partial(w, data, from, to, to)
			return true
		}, nil, ""},
		{"a range elsewhere, always", func(data []byte, _ int, w http.ResponseWriter, r *http.Request) bool {
			from, to := rangeOf(r)
			partial(w, data, from+1, to, to)
			return true
		}, errAny, "asked for bytes"},
		{"206 without a range", func(data []byte, _ int, w http.ResponseWriter, r *http.Request) bool {
			w.WriteHeader(206)
			w.Write(data[:10])
			return true
		}, errAny, "asked for bytes"},
		{"another length", func(data []byte, _ int, w http.ResponseWriter, r *http.Request) bool {
			from, to := rangeOf(r)
			w.Header().Set("Content-Range", fmt.Sprintf("bytes %d-%d/%d", from, to-1, len(data)+1))
			w.WriteHeader(206)
			w.Write(data[from:to])
			return true
		}, ErrChanged, "bytes, the list says"},
		{"range ignored", func(data []byte, _ int, w http.ResponseWriter, _ *http.Request) bool { w.Write(data); return true }, nil, ""},
		{"HTML with 200", func(_ []byte, _ int, w http.ResponseWriter, _ *http.Request) bool {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			w.Write(page)
			return true
		}, errHTML, "login page"},
		{"an LFS pointer with 200", func(_ []byte, _ int, w http.ResponseWriter, _ *http.Request) bool {
			io.WriteString(w, pointerStart+"v1\noid sha256:"+strings.Repeat("0", 64)+"\nsize 3145728\n")
			return true
		}, errPointer, "pointer"},
		{"gzip though declined", func(data []byte, _ int, w http.ResponseWriter, r *http.Request) bool {
			from, to := rangeOf(r)
			w.Header().Set("Content-Encoding", "gzip")
			partial(w, data, from, to, to)
			return true
		}, errAny, "re-encoded"},
		{"416", func(_ []byte, _ int, w http.ResponseWriter, _ *http.Request) bool { w.WriteHeader(416); return true }, ErrChanged, "416"},
		{"an entity tag that changes", func(data []byte, _ int, w http.ResponseWriter, r *http.Request) bool {
			from, to := rangeOf(r)
			w.Header().Set("ETag", `"before"`)
			if from > 1_000_000 && from < 2_000_000 { // the rest of what was cut
				w.Header().Set("ETag", `"after"`)
			}
			cut := to
			if from == 1_000_000 {
				cut = from + 100_000
			}
			partial(w, data, from, to, cut)
			return true
		}, ErrChanged, "entity tag"},
		{"redirects in a circle", func(_ []byte, _ int, w http.ResponseWriter, r *http.Request) bool {
			w.Header().Set("Location", r.URL.String())
			w.WriteHeader(302)
			return true
		}, errRedirect, "more than 5"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, data := bigHub(t)
			is := listOne(t)
			var n atomic.Int64
			s.breakWith(func(w http.ResponseWriter, r *http.Request, at string) bool {
				return at == "cdn" && c.fault(data, int(n.Add(1))-1, w, r)
			})
			got, err := readSpan(context.Background(), is, 1_000_000, 300_000)
			if c.is == nil {
				if err != nil || !bytes.Equal(got, data[1_000_000:1_300_000]) {
					t.Fatalf("%d bytes, error %v", len(got), err)
				}
			} else {
				if err == nil || c.is != errAny && !errors.Is(err, c.is) || !strings.Contains(err.Error(), c.says) {
					t.Errorf("error %v, want %v that says %q", err, c.is, c.says)
				}
				if err != nil && (strings.Contains(err.Error(), testToken) || strings.Contains(err.Error(), "verysecret")) {
					t.Errorf("the error tells a secret: %v", err)
				}
			}
			s.breakWith(nil)
			got, err = readSpan(context.Background(), is, 900_000, 500_000)
			if err != nil || !bytes.Equal(got, data[900_000:1_400_000]) {
				t.Errorf("once the fault is over: %d bytes, error %v", len(got), err)
			}
		})
	}
}

// errAny stands for any error in a table.
var errAny = errors.New("any error")

func rangeOf(r *http.Request) (from, to int) {
	fmt.Sscanf(r.Header.Get("Range"), "bytes=%d-%d", &from, &to)
	return from, to + 1
}

// partial claims to send bytes from to to, and ends at cut.
func partial(w http.ResponseWriter, data []byte, from, to, cut int) {
	w.Header().Set("Content-Range", fmt.Sprintf("bytes %d-%d/%d", from, to-1, len(data)))
	w.Header().Set("Content-Length", strconv.Itoa(to-from))
	w.WriteHeader(206)
	w.Write(data[from:cut])
	if cut < to {
		panic(http.ErrAbortHandler) // closes the connection
	}
}

// TestHubFaults: what the Hub itself may say instead of where the file is.
func TestHubFaults(t *testing.T) {
	for _, c := range []struct {
		name   string
		status int
		header map[string]string
		is     error
		says   string
	}{
		{"gated", 403, map[string]string{"X-Error-Code": "GatedRepo"}, ErrAccess, "accept the conditions"},
		{"no access", 401, nil, ErrAccess, "HF_TOKEN"},
		{"gone", 404, map[string]string{"X-Error-Code": "EntryNotFound"}, os.ErrNotExist, "no such file"},
		{"another commit", 200, map[string]string{"X-Repo-Commit": strings.Repeat("9", 40)}, ErrChanged, "commit"},
		{"another id", 302, map[string]string{"X-Linked-Etag": strconv.Quote(strings.Repeat("9", 64)), "Location": "https://cdn.example/x"}, ErrChanged, "id"},
		{"another size", 302, map[string]string{"X-Linked-Size": "5", "Location": "https://cdn.example/x"}, ErrChanged, "5 bytes"},
		{"a redirect to nowhere", 302, nil, errRedirect, "without an address"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, _ := bigHub(t)
			is := listOne(t)
			s.breakWith(func(w http.ResponseWriter, r *http.Request, at string) bool {
				if at != "hub" || r.Method != http.MethodHead {
					return false
				}
				for k, v := range c.header {
					w.Header().Set(k, v)
				}
				w.WriteHeader(c.status)
				return true
			})
			_, err := readSpan(context.Background(), is, 1_000_000, 10)
			if !errors.Is(err, c.is) || !strings.Contains(err.Error(), c.says) {
				t.Errorf("error %v, want %v that says %q", err, c.is, c.says)
			}
		})
	}
}

// TestStall: a server that stops in the middle is left after the timeout,
// and one that drips is not waited for.
func TestStall(t *testing.T) {
	for _, drip := range []bool{false, true} {
		t.Run(fmt.Sprintf("drip %v", drip), func(t *testing.T) {
			s, data := bigHub(t)
			t.Setenv("HF_HUB_DOWNLOAD_TIMEOUT", "0.1")
			is := listOne(t)
			var n atomic.Int64
			s.breakWith(func(w http.ResponseWriter, r *http.Request, at string) bool {
				from, to := rangeOf(r)
				if at != "cdn" || from != 1_000_000 || n.Add(1) > 2 {
					return false
				}
				w.Header().Set("Content-Range", fmt.Sprintf("bytes %d-%d/%d", from, to-1, len(data)))
				w.WriteHeader(206)
				for i := from; r.Context().Err() == nil && i < to; i++ {
					w.Write(data[i : i+1])
					w.(http.Flusher).Flush()
					if !drip {
						<-r.Context().Done()
					}
					time.Sleep(20 * time.Millisecond)
				}
				return true
			})
			began := time.Now()
			got, err := readSpan(context.Background(), is, 1_000_000, 100_000)
			if err != nil || !bytes.Equal(got, data[1_000_000:1_100_000]) {
				t.Errorf("%d bytes, %v", len(got), err)
			}
			if took := time.Since(began); took > 4*time.Second {
				t.Errorf("it took %s", took)
			}
		})
	}
}

// TestCancel: a cancelled read ends at once and leaves no goroutine.
func TestCancel(t *testing.T) {
	s, _ := bigHub(t)
	is := listOne(t)
	s.breakWith(func(w http.ResponseWriter, r *http.Request, at string) bool {
		if at != "cdn" {
			return false
		}
		select {
		case <-r.Context().Done():
		case <-time.After(5 * time.Second):
		}
		return true
	})
	ctx, cancel := context.WithCancel(context.Background())
	time.AfterFunc(50*time.Millisecond, cancel)
	began := time.Now()
	f, err := remote{}.Open(ctx, is)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.ReadAt(make([]byte, 10), 1_000_000); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want the context's", err)
	}
	f.Close() // waits for all goroutines
	if took := time.Since(began); took > time.Second {
		t.Errorf("ended after %s", took)
	}
}

// TestDamagedBlock: a flipped bit in the cache is noticed, and the bytes are
// fetched again.
func TestDamagedBlock(t *testing.T) {
	s, data := bigHub(t)
	is := listOne(t)
	if _, err := readSpan(context.Background(), is, 1_000_000, 5000); err != nil {
		t.Fatal(err)
	}
	blocks, err := filepath.Glob(filepath.Join(os.Getenv("SPECSTRESS_CACHE"), "remote", "blocks", "*", "1000000-*"))
	if err != nil || len(blocks) != 1 {
		t.Fatalf("blocks %v, %v", blocks, err)
	}
	whole, err := os.ReadFile(blocks[0])
	if err != nil {
		t.Fatal(err)
	}
	for _, damage := range []func([]byte) []byte{
		func(b []byte) []byte { b[77] ^= 4; return b },
		func(b []byte) []byte { return b[:len(b)-1] },
		func(b []byte) []byte { return nil },
	} {
		if err := os.WriteFile(blocks[0], damage(bytes.Clone(whole)), 0o644); err != nil {
			t.Fatal(err)
		}
		s.requests()
		got, err := readSpan(context.Background(), is, 1_000_000, 5000)
		if err != nil || !bytes.Equal(got, data[1_000_000:1_005_000]) {
			t.Fatalf("%d bytes, %v", len(got), err)
		}
		if len(s.requests()) == 0 {
			t.Error("nothing was fetched again")
		}
	}
}

// TestCacheThatCannotBeWritten: reading goes on, and it is said.
func TestCacheThatCannotBeWritten(t *testing.T) {
	_, data := bigHub(t)
	is := listOne(t)
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	t.Setenv("SPECSTRESS_CACHE", filepath.Join(file, "below a file"))
	got, err := readSpan(context.Background(), is, 1_000_000, 5000)
	if err != nil || !bytes.Equal(got, data[1_000_000:1_005_000]) {
		t.Fatalf("%d bytes, %v", len(got), err)
	}
	if CacheProblem() == nil {
		t.Error("nobody is told that the cache cannot be written")
	}
}

func TestOfflineFile(t *testing.T) {
	s, data := bigHub(t)
	is := listOne(t)
	for _, off := range []int64{0, is.Size - 5000, 1_000_000} { // so that no request is still on its way
		if _, err := readSpan(context.Background(), is, off, 5000); err != nil {
			t.Fatal(err)
		}
	}
	time.Sleep(20 * time.Millisecond)
	s.requests()
	t.Setenv("HF_HUB_OFFLINE", "1")
	got, err := readSpan(context.Background(), is, 1_001_000, 100)
	if err != nil || !bytes.Equal(got, data[1_001_000:1_001_100]) {
		t.Errorf("what is in the cache: %d bytes, %v", len(got), err)
	}
	_, err = readSpan(context.Background(), is, 1_600_000, 100)
	if !errors.Is(err, ErrOffline) || !strings.Contains(err.Error(), bigName) || !strings.Contains(err.Error(), "specstress fetch") {
		t.Errorf("what is not: %v, want ErrOffline, the file and what to do", err)
	}
	if r := s.requests(); len(r) != 0 {
		t.Errorf("offline: %d requests", len(r))
	}
}
