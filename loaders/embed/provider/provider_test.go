package provider

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// vectorOf is what the test servers answer to a text.
func vectorOf(text string, dim int) []float32 {
	sum := sha256.Sum256([]byte(text))
	v := make([]float32, dim)
	for i := range v {
		v[i] = float32(sum[i%len(sum)])/256 - 0.4
	}
	return v
}

// A server answers like the real ones, as their references describe, and is
// strict about what it is asked. before, if any, may answer instead.
type server struct {
	*httptest.Server
	sync.Mutex
	requests int
	texts    []string // answered, in order
	before   func(request int, w http.ResponseWriter) (answered bool)
}

// sent counts the texts answered. Requests of other processes may still be
// under way, so that a test that starts some must count with it.
func (s *server) sent() int {
	s.Lock()
	defer s.Unlock()
	return len(s.texts)
}

func newServer(t testing.TB, api API) *server {
	s := &server{}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.Lock()
		defer s.Unlock()
		s.requests++
		if s.before != nil && s.before(s.requests, w) {
			return
		}
		fail := func(status int, message string) {
			w.WriteHeader(status)
			json.NewEncoder(w).Encode(map[string]any{"error": map[string]any{"message": message, "status": "FAILED"}})
		}
		if r.Method != http.MethodPost || r.Header.Get("Content-Type") != "application/json" {
			fail(http.StatusMethodNotAllowed, "want a POST of JSON")
			return
		}
		decode := json.NewDecoder(r.Body)
		decode.DisallowUnknownFields()
		if api == OpenAI {
			var body struct {
				Model          string   `json:"model"`
				Input          []string `json:"input"`
				EncodingFormat string   `json:"encoding_format"`
				Dimensions     int      `json:"dimensions"`
			}
			if err := decode.Decode(&body); err != nil || r.URL.Path != "/v1/embeddings" || r.Header.Get("Authorization") != "Bearer secret-key" || body.Model != "m" {
				fail(http.StatusBadRequest, fmt.Sprintf("%s: %v", r.URL.Path, err))
				return
			}
			type item struct {
				Object    string    `json:"object"`
				Index     int       `json:"index"`
				Embedding []float32 `json:"embedding"`
			}
			var data []item
			for i, text := range body.Input {
				data = append(data, item{"embedding", i, vectorOf(text, max(body.Dimensions, 5))})
			}
			slices.Reverse(data) // the order is not promised; index is
			s.texts = append(s.texts, body.Input...)
			json.NewEncoder(w).Encode(map[string]any{"object": "list", "data": data, "model": "m", "usage": map[string]int{"prompt_tokens": 1}})
			return
		}
		var body struct {
			Requests []struct {
				Model   string `json:"model"`
				Content struct {
					Parts []struct {
						Text string `json:"text"`
					} `json:"parts"`
				} `json:"content"`
				TaskType             string `json:"taskType"`
				OutputDimensionality int    `json:"outputDimensionality"`
			} `json:"requests"`
		}
		if err := decode.Decode(&body); err != nil || r.URL.Path != "/v1/models/m:batchEmbedContents" || r.Header.Get("x-goog-api-key") != "secret-key" {
			fail(http.StatusBadRequest, fmt.Sprintf("%s: %v", r.URL.Path, err))
			return
		}
		var out []map[string]any
		for _, q := range body.Requests {
			if q.Model != "models/m" || len(q.Content.Parts) != 1 || q.TaskType != "CLUSTERING" {
				fail(http.StatusBadRequest, "a wrong request")
				return
			}
			text := q.Content.Parts[0].Text
			out = append(out, map[string]any{"values": vectorOf(text, max(q.OutputDimensionality, 5))})
			s.texts = append(s.texts, text)
		}
		json.NewEncoder(w).Encode(map[string]any{"embeddings": out})
	}))
	t.Cleanup(s.Close)
	return s
}

func (s *server) config(api API) Config {
	cfg := Config{API: api, BaseURL: s.URL + "/v1/", Model: "m", Key: "secret-key", Batch: 7, Concurrent: 3, Wait: time.Millisecond, Timeout: 5 * time.Second}
	if api == Gemini {
		cfg.Task = "CLUSTERING"
	}
	return cfg
}

func someTexts(n int) []string {
	texts := make([]string, n)
	for i := range texts {
		texts[i] = fmt.Sprintf("text %d, é \"quoted\" <b>", i%(n-n/5)) // some stand there twice
	}
	return texts
}

func wantVectors(texts []string, dim int) []float32 {
	var data []float32
	for _, text := range texts {
		data = append(data, vectorOf(text, dim)...)
	}
	return data
}

func mustNew(t testing.TB, cfg Config) *Client {
	t.Helper()
	c, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func distinct(texts []string) int {
	seen := map[string]bool{}
	for _, text := range texts {
		seen[text] = true
	}
	return len(seen)
}

func TestEmbed(t *testing.T) {
	texts := someTexts(50)
	for _, api := range []API{OpenAI, Gemini} {
		for _, dim := range []int{0, 9} {
			s := newServer(t, api)
			cfg := s.config(api)
			cfg.Dim, cfg.Journal = dim, filepath.Join(t.TempDir(), "journal")
			c := mustNew(t, cfg)
			last := 0
			v, err := c.Embed(context.Background(), texts, func(done, total int) { last = done })
			if err != nil {
				t.Fatal(err)
			}
			want := max(dim, 5)
			if v.Dim != want || !reflect.DeepEqual(v.Data, wantVectors(texts, want)) {
				t.Errorf("%s: wrong vectors of %d", api, v.Dim)
			}
			n := distinct(texts)
			if len(s.texts) != n || last != len(texts) || c.Requests != (n+6)/7 {
				t.Errorf("%s: %d texts in %d requests, progress to %d; want %d texts", api, len(s.texts), c.Requests, last, n)
			}
			// Once more: everything is in the journal.
			again, err := mustNew(t, cfg).Embed(context.Background(), texts, nil)
			if err != nil || !reflect.DeepEqual(again, v) || len(s.texts) != n {
				t.Errorf("%s: again: %v, %d texts were sent", api, err, len(s.texts)-n)
			}
			journal, err := os.ReadFile(cfg.Journal)
			if err != nil {
				t.Fatal(err)
			}
			if bytes.Contains(journal, []byte("secret-key")) || bytes.Contains(journal, []byte("quoted")) {
				t.Error("the key or a text is in the journal")
			}
		}
	}
}

// TestFaults: what passes is tried again, what does not ends it at once.
func TestFaults(t *testing.T) {
	status := func(code int, headers ...string) func(w http.ResponseWriter) {
		return func(w http.ResponseWriter) {
			for i := 0; i < len(headers); i += 2 {
				w.Header().Set(headers[i], headers[i+1])
			}
			w.WriteHeader(code)
			fmt.Fprint(w, `{"error": {"message": "as the test says"}}`)
		}
	}
	body := func(text string) func(w http.ResponseWriter) {
		return func(w http.ResponseWriter) { fmt.Fprint(w, text) }
	}
	for name, c := range map[string]struct {
		answer   func(w http.ResponseWriter)
		times    int    // that it is given before the real answers
		want     string // "" for success
		requests int    // at least, of a client that sends one at a time
	}{
		"429":                     {status(429), 3, "", 4},
		"429 with Retry-After":    {status(429, "Retry-After", "1"), 1, "", 2},
		"500":                     {status(500), 2, "", 3},
		"503":                     {status(503), 1, "", 2},
		"cut short":               {func(w http.ResponseWriter) { w.Header().Set("Content-Length", "1000"); fmt.Fprint(w, "{") }, 2, "", 3},
		"hung up":                 {func(http.ResponseWriter) { panic(http.ErrAbortHandler) }, 2, "", 3},
		"500 for ever":            {status(500), 1000, "attempt 4 of 4: status 500 Internal Server Error: as the test says", 4},
		"400":                     {status(400), 1000, "attempt 1 of 4: status 400", 1},
		"401":                     {status(401), 1000, "attempt 1 of 4: status 401", 1},
		"404":                     {status(404), 1000, "attempt 1 of 4: status 404", 1},
		"a redirect":              {status(307, "Location", "http://127.0.0.1:1/"), 1000, "status 307", 1},
		"no JSON":                 {body("<html>log in</html>"), 1000, "answer", 1},
		"too few":                 {body(`{"data": []}`), 1000, "0 vectors, want 1", 1},
		"too many":                {body(`{"data": [{"index": 0, "embedding": [1]}, {"index": 1, "embedding": [1]}]}`), 1000, "2 vectors, want 1", 1},
		"no index":                {body(`{"data": [{"embedding": [1]}]}`), 1000, "do not say which text", 1},
		"index out of range":      {body(`{"data": [{"index": 4, "embedding": [1]}]}`), 1000, "do not say which text", 1},
		"an empty vector":         {body(`{"data": [{"index": 0, "embedding": []}]}`), 1000, "has 0 numbers", 1},
		"a zero vector":           {body(`{"data": [{"index": 0, "embedding": [0, 0]}]}`), 1000, "is zero", 1},
		"a number beyond float32": {body(`{"data": [{"index": 0, "embedding": [1e300]}]}`), 1000, "answer", 1},
	} {
		t.Run(name, func(t *testing.T) {
			s := newServer(t, OpenAI)
			s.before = func(request int, w http.ResponseWriter) bool {
				if request <= c.times {
					c.answer(w)
					return true
				}
				return false
			}
			cfg := s.config(OpenAI)
			cfg.Attempts, cfg.Batch, cfg.Concurrent = 4, 1, 1
			start := time.Now()
			_, err := mustNew(t, cfg).Embed(context.Background(), []string{"a text"}, nil)
			switch {
			case c.want == "" && err != nil:
				t.Error(err)
			case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)):
				t.Errorf("%v, want %q", err, c.want)
			case err != nil && (strings.Contains(err.Error(), "secret-key") || strings.Contains(err.Error(), "a text")):
				t.Errorf("the key or the text is in %q", err)
			}
			if s.requests != c.requests {
				t.Errorf("%d requests, want %d", s.requests, c.requests)
			}
			if strings.Contains(name, "Retry-After") && time.Since(start) < time.Second {
				t.Error("Retry-After was not waited for")
			}
		})
	}
}

// TestStopped: a cancelled run keeps what was answered, and the next one
// sends the rest only.
func TestStopped(t *testing.T) {
	texts := someTexts(60)
	s := newServer(t, OpenAI)
	cfg := s.config(OpenAI)
	cfg.Journal, cfg.Concurrent = filepath.Join(t.TempDir(), "journal"), 1
	ctx, cancel := context.WithCancel(context.Background())
	_, err := mustNew(t, cfg).Embed(ctx, texts, func(done, total int) {
		if done > 20 {
			cancel()
		}
	})
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("error %v, want cancelled", err)
	}
	v, err := mustNew(t, cfg).Embed(context.Background(), texts, nil)
	if err != nil || !reflect.DeepEqual(v.Data, wantVectors(texts, 5)) {
		t.Errorf("after the stop: %v", err)
	}
	if n := distinct(texts); len(s.texts) != n {
		t.Errorf("%d texts were sent, want each of %d once", len(s.texts), n)
	}
	cfg.Model = "other"
	if _, err := mustNew(t, cfg).Embed(context.Background(), texts, nil); err == nil || !strings.Contains(err.Error(), "another model") {
		t.Errorf("the journal of another model: %v", err)
	}
}

// TestKilled kills the program again and again while it embeds. Each kill
// may cost the texts that were under way, and nothing else.
func TestKilled(t *testing.T) {
	if where := os.Getenv("PROVIDER_TEST_SERVER"); where != "" {
		embedUntilKilled(t, where)
		return
	}
	texts := someTexts(400)
	s := newServer(t, OpenAI)
	kill := make(chan bool, 1000)
	s.Lock() // its requests come from other processes, which order nothing here
	s.before = func(request int, w http.ResponseWriter) bool {
		if request%9 == 0 {
			kill <- true
		}
		return false
	}
	s.Unlock()
	journal := filepath.Join(t.TempDir(), "journal")
	kills := 0
	for done := false; !done; {
		cmd := exec.Command(os.Args[0], "-test.run=^TestKilled$", "-test.v")
		cmd.Env = append(os.Environ(), "PROVIDER_TEST_SERVER="+s.URL, "PROVIDER_TEST_JOURNAL="+journal)
		var out bytes.Buffer
		cmd.Stdout, cmd.Stderr = &out, &out
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		ended := make(chan error, 1)
		go func() { ended <- cmd.Wait() }()
		select {
		case <-kill:
			cmd.Process.Kill()
			<-ended
			kills++
		case err := <-ended:
			if err != nil {
				t.Fatalf("%v\n%s", err, out.String())
			}
			done = true
		case <-time.After(time.Minute):
			cmd.Process.Kill()
			t.Fatal("it hangs")
		}
	}
	cfg := s.config(OpenAI)
	sent := s.sent()
	if n, under := distinct(texts), kills*cfg.Batch*cfg.Concurrent; kills < 3 || sent > n+under {
		t.Errorf("%d texts were paid for after %d kills, want at most %d and %d under way", sent, kills, n, under)
	}
	cfg.Journal = journal
	v, err := mustNew(t, cfg).Embed(context.Background(), texts, nil)
	if err != nil || !reflect.DeepEqual(v.Data, wantVectors(texts, 5)) || s.sent() != sent {
		t.Errorf("in the end: %v, %d more texts sent", err, s.sent()-sent)
	}
	t.Logf("%d kills, %d texts paid for, %d distinct", kills, sent, distinct(texts))
}

func embedUntilKilled(t *testing.T, where string) {
	s := &server{Server: &httptest.Server{URL: where}}
	cfg := s.config(OpenAI)
	cfg.Journal = os.Getenv("PROVIDER_TEST_JOURNAL")
	v, err := mustNew(t, cfg).Embed(context.Background(), someTexts(400), nil)
	if err != nil || !reflect.DeepEqual(v.Data, wantVectors(someTexts(400), 5)) {
		t.Fatal("wrong vectors", err)
	}
}

// TestDamage flips every byte of a journal and cuts it at every length.
// Either the journal is refused, or what it gives is what was written.
func TestDamage(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal")
	j, err := openJournal(path, "identity")
	if err != nil {
		t.Fatal(err)
	}
	var keys []textKey
	for i := range 3 {
		k := keyOf(fmt.Sprint(i))
		keys = append(keys, k)
		if err := errors.Join(j.intend([]textKey{k}), j.record([]textKey{k}, [][]float32{{float32(i), math.Pi}})); err != nil {
			t.Fatal(err)
		}
	}
	j.close()
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	lastLine := bytes.LastIndexByte(whole[:len(whole)-1], '\n') + 1
	try := func(content []byte) (got int, err error) {
		if err := os.WriteFile(path, content, 0o644); err != nil {
			t.Fatal(err)
		}
		j, err := openJournal(path, "identity")
		if err != nil {
			return 0, err
		}
		defer j.close()
		for i, k := range keys {
			if !j.has(k) {
				continue
			}
			got++
			var v [2]float32
			if err := j.read(k, v[:]); err != nil || v != [2]float32{float32(i), math.Pi} {
				t.Fatalf("vector %d is %v, %v", i, v, err)
			}
		}
		return got, nil
	}
	for at := range whole {
		content := bytes.Clone(whole)
		content[at] ^= 0x15
		if got, err := try(content); err == nil && (at < lastLine || got < 2) {
			t.Fatalf("byte %d of %d flipped: accepted, %d vectors", at, len(whole), got)
		}
	}
	for length := range whole {
		got, err := try(whole[:length])
		want := bytes.Count(whole[:length], []byte(`"gets"`))
		if length > 0 && whole[length-1] != '\n' && bytes.Contains(whole[bytes.LastIndexByte(whole[:length], '\n')+1:length], []byte(`"gets"`)) {
			want-- // the torn one
		}
		if err != nil || got != want {
			t.Fatalf("cut at %d of %d: %d vectors, want %d (%v)", length, len(whole), got, want, err)
		}
	}
	for _, other := range []string{"a,b\n1,2\n", "one line\n", "no newline", `{"config":"identity"}`} {
		if _, err := try([]byte(other)); err == nil {
			t.Errorf("%q was taken for a journal", other)
		} else if after, _ := os.ReadFile(path); string(after) != other {
			t.Errorf("%q was changed to %q", other, after)
		}
	}
}

func TestLocked(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal")
	j, err := openJournal(path, "identity")
	if err != nil {
		t.Fatal(err)
	}
	defer j.close()
	if _, err := openJournal(path, "identity"); err == nil {
		t.Error("two programs may write one journal")
	}
}

func TestConfig(t *testing.T) {
	good := Config{API: OpenAI, Model: "m"}
	if _, err := New(good); err != nil {
		t.Fatal(err)
	}
	for want, change := range map[string]func(*Config){
		"API":                  func(c *Config) { c.API = "x" },
		"the address":          func(c *Config) { c.BaseURL = "ftp://host" },
		"without a user":       func(c *Config) { c.BaseURL = "https://user:password@host" },
		"unencrypted":          func(c *Config) { c.BaseURL, c.Key = "http://example.com/v1", "k" },
		"model":                func(c *Config) { c.Model = "" },
		`model "../x"`:         func(c *Config) { c.Model = "../x" },
		"must not be negative": func(c *Config) { c.Batch = -1 },
	} {
		cfg := good
		change(&cfg)
		if _, err := New(cfg); err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "password") {
			t.Errorf("%v, want %q", err, want)
		}
	}
	for _, base := range []string{"http://localhost:11434/v1", "http://127.0.0.1:1/v1", "http://[::1]/v1", "https://example.com/v1"} {
		if _, err := New(Config{API: OpenAI, Model: "m", BaseURL: base, Key: "k"}); err != nil {
			t.Errorf("%s: %v", base, err)
		}
	}
	c := mustNew(t, good)
	if _, err := c.Embed(context.Background(), []string{"a", ""}, nil); err == nil || !strings.Contains(err.Error(), "text 1 is empty") {
		t.Errorf("an empty text: %v", err)
	}
}
