package hub

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"maps"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/specstress/specstress/internal/hubtest"
	"github.com/specstress/specstress/internal/reliability"
	"github.com/specstress/specstress/loaders"
)

// tortures is how many seeded runs a full torture has; -faults=1 does them
// all, which takes some minutes.
const tortures = 2400

var (
	share    = flag.Float64("faults", 0.03, "share of the fault runs to do, 0 to 1")
	first    = flag.Uint64("fault-first", 1, "seed of the first fault run, for other runs than last time, or for parts at once")
	onlySeed = flag.Uint64("fault-seed", 0, "do the one fault run of this seed, and say what the server saw")
)

const (
	tortureRepo  = "owner/name"
	tortureToken = "hf_a_token_that_must_not_leak"
)

// unnoticed are the faults that reading by range cannot see: the server
// says that the bytes are right. Whole files meet them, for those are
// hashed.
var unnoticed = []hubtest.Kind{hubtest.FlipBit, hubtest.ChangedBytes, hubtest.LyingRange, hubtest.Changed}

// TestTorture reads files from a Hub that misbehaves, by range and whole,
// and then from the same caches with the faults gone, and offline. Either
// the bytes are right or there is an error that says what is wrong; no file
// that is half or wrong ever has its final name; the token goes to the Hub
// alone; nothing is fetched twice but what was cut.
func TestTorture(t *testing.T) {
	n := max(int(tortures**share), 1)
	if testing.Short() {
		n = min(n, 16)
	}
	seen := map[string]int{}
	if *onlySeed != 0 {
		newTorture(t, *onlySeed).run(seen)
		return
	}
	began := time.Now()
	for seed := *first; seed < *first+uint64(n); seed++ {
		newTorture(t, seed).run(seen)
		if t.Failed() {
			t.Fatalf("go test ./loaders/hub -run 'TestTorture$' -fault-seed %d", seed)
		}
	}
	reliability.Record(t, "%d seeded runs against a Hub that misbehaves: the right bytes or a clear error in each, no bad file under a final name, the token nowhere else", n)
	t.Logf("in %v", time.Since(began).Round(time.Second))
	for _, k := range slices.Sorted(maps.Keys(seen)) {
		t.Logf("%6d  %s", seen[k], k)
	}
}

// A torture is one run.
type torture struct {
	t      *testing.T
	seed   uint64
	rng    *rand.Rand
	whole  bool
	plan   hubtest.Plan
	calm   atomic.Bool // no more faults
	server *hubtest.Server
	bytes  map[string][]byte
	dir    string
}

func newTorture(t *testing.T, seed uint64) *torture {
	t.Helper()
	o := &torture{t: t, seed: seed, rng: rand.New(rand.NewPCG(seed, 6)), bytes: map[string][]byte{}, dir: t.TempDir()}
	o.whole = o.rng.IntN(2) == 0
	o.plan = hubtest.Plan{Seed: seed, Rate: []float64{0.1, 0.3, 0.6, 1}[o.rng.IntN(4)], Storm: []int{1, 1, 2, 4, 100}[o.rng.IntN(5)]}
	// Mostly a few kinds at once, so that the milder ones are not always
	// overtaken by those that end everything.
	kinds := slices.DeleteFunc(hubtest.Kinds(), func(k hubtest.Kind) bool { return !o.whole && slices.Contains(unnoticed, k) })
	if o.rng.IntN(2) == 0 {
		kinds = slices.DeleteFunc(kinds, func(k hubtest.Kind) bool { return !passing(k) })
	}
	o.rng.Shuffle(len(kinds), func(i, j int) { kinds[i], kinds[j] = kinds[j], kinds[i] })
	o.plan.Kinds = kinds[:[]int{1, 1, 1, 2, 3, len(kinds)}[o.rng.IntN(6)]]
	repo := hubtest.NewRepo(tortureRepo)
	var files []*hubtest.File
	for _, f := range []struct {
		name  string
		bytes int
	}{{"data/a.parquet", 1_200_000 + o.rng.IntN(2_000_000)}, {"data/b.bin", o.rng.IntN(300_000)}, {"tree.csv", o.rng.IntN(60_000)}, {"README.md", 2_000}, {"empty.csv", 0}} {
		name, content := f.name, make([]byte, f.bytes)
		source := rand.NewChaCha8(sha256.Sum256(fmt.Appendf(nil, "%d %s", seed, name)))
		source.Read(content)
		o.bytes[name] = content
		files = append(files, hubtest.Bytes(name, content))
	}
	repo.Commit("files", files...)
	repo.Private = o.rng.IntN(2) == 0
	s, err := hubtest.Start(hubtest.Options{
		Token: tortureToken, Page: 2, Direct: o.rng.IntN(2) == 0, Xet: o.rng.IntN(2) == 0,
		Fault: func(r hubtest.Request) hubtest.Fault {
			if o.calm.Load() {
				return hubtest.Fault{}
			}
			return o.plan.Fault(r)
		},
	}, repo)
	if err != nil {
		t.Fatal(err)
	}
	o.server = s
	o.environment("")
	return o
}

func (o *torture) environment(offline string) {
	for name, value := range map[string]string{
		"HF_ENDPOINT": o.server.Endpoint, "HF_TOKEN": tortureToken, "HF_HOME": filepath.Join(o.dir, "hf"), "HF_HUB_CACHE": "", "HF_TOKEN_PATH": "",
		"HUGGINGFACE_HUB_CACHE": "", "SPECSTRESS_CACHE": filepath.Join(o.dir, "own"), "HF_HUB_OFFLINE": offline,
		"HF_HUB_DOWNLOAD_TIMEOUT": "0.2", "SPECSTRESS_RETRY_PAUSE": "0.001",
		"HTTP_PROXY": "", "HTTPS_PROXY": "", "http_proxy": "", "https_proxy": "", "NO_PROXY": "",
	} {
		o.t.Setenv(name, value)
	}
}

func (o *torture) fail(format string, args ...any) {
	o.t.Helper()
	o.t.Errorf("seed %d, whole files %v, %v at %v, storm %d: %s", o.seed, o.whole, o.plan.Kinds, o.plan.Rate, o.plan.Storm, fmt.Sprintf(format, args...))
}

func (o *torture) run(seen map[string]int) {
	defer o.server.Close()
	_, before := Traffic()
	err := o.read()
	_, received := Traffic()
	received -= before
	mode := "by range"
	if o.whole {
		mode = "whole"
	}
	requests := o.server.Requests()
	faults := 0
	for _, r := range requests {
		if r.Fault.Kind != hubtest.None {
			faults++
			seen["met: "+r.Fault.Kind.String()]++
		}
	}
	switch {
	case err != nil:
		seen[mode+": an error"]++
		o.clear(err)
		if faults == 0 {
			o.fail("an error without a fault: %v", err)
		}
	case faults > 0:
		seen[mode+": right despite faults"]++
	default:
		seen[mode+": right, no fault met"]++
	}
	if err != nil && o.gentle(requests) {
		o.fail("should have been got over: %v", err)
	}
	if err == nil {
		o.thrifty(received, requests)
	}
	if leaks := o.server.Leaks(tortureToken); leaks != nil {
		o.fail("the token, or a Referer, went astray: %q", leaks)
	}
	o.sound()

	// The caches must not have been poisoned.
	o.calm.Store(true)
	if err := o.read(); err != nil {
		o.fail("with the faults gone: %v", err)
	}
	o.sound()
	o.environment("1")
	dials := refuseDials(o.t)
	if err := o.read(); err != nil {
		o.fail("offline: %v", err)
	}
	if n := dials.Load(); n > 0 {
		o.fail("offline: %d connections were tried", n)
	}
	o.sound()
	if *onlySeed != 0 {
		for _, r := range o.server.Requests() {
			o.t.Logf("%-8s %s %.100s %s -> %d, %d bytes, %v", r.Host, r.Method, r.URL, r.Header.Get("Range"), r.Status, r.Sent, r.Fault.Kind)
		}
		o.t.Logf("at first: %v", err)
	}
	if err := os.RemoveAll(o.dir); err != nil {
		o.t.Error(err)
	}
}

// refuseDials makes the client of the present environment fail and count
// when it connects to anything.
func refuseDials(t *testing.T) *atomic.Int64 {
	t.Helper()
	c, err := currentClient()
	if err != nil {
		t.Fatal(err)
	}
	var n atomic.Int64
	c.http.Transport.(*http.Transport).DialContext = func(context.Context, string, string) (net.Conn, error) {
		n.Add(1)
		return nil, errors.New("no connections in this test")
	}
	return &n
}

// read reads all files, and compares. Its error is what the reader said; a
// wrong byte is the test's own failure.
func (o *torture) read() error {
	ctx, cancel := context.WithTimeoutCause(context.Background(), 30*time.Second, errors.New("the test's own limit"))
	defer cancel()
	// The same places each time, for what is read again offline.
	rng := rand.New(rand.NewPCG(o.seed, 66))
	list, err := remote{}.List(ctx, "hf://datasets/"+tortureRepo, nil)
	if err != nil {
		return err
	}
	if len(list.Files) != len(o.bytes) {
		o.fail("%d files listed, want %d", len(list.Files), len(o.bytes))
	}
	for _, f := range list.Files {
		want := o.bytes[f.Path]
		if f.Size != int64(len(want)) {
			o.fail("%s listed with %d bytes, want %d", f.Path, f.Size, len(want))
		}
		if o.whole {
			name, err := Download(ctx, f, "main")
			if err != nil {
				return err
			}
			if got, err := os.ReadFile(name); err != nil || !bytes.Equal(got, want) {
				o.fail("%s: downloaded wrong: %v", f.Path, err)
			}
			continue
		}
		if err := o.readRanges(ctx, f, want, rng); err != nil {
			return err
		}
	}
	return nil
}

func (o *torture) readRanges(ctx context.Context, f loaders.RemoteFile, want []byte, rng *rand.Rand) error {
	file, err := remote{}.Open(ctx, f)
	if err != nil {
		return err
	}
	defer file.Close()
	var ranges []loaders.Range
	for range 3 {
		if len(want) > 0 {
			start := rng.IntN(len(want))
			ranges = append(ranges, loaders.Range{Offset: int64(start), Length: int64(1 + rng.IntN(min(len(want)-start, 200_000)))})
		}
	}
	if r, ok := file.(loaders.RangeFile); ok {
		r.Fetch(ranges)
	}
	for _, r := range ranges {
		got := make([]byte, r.Length)
		if _, err := file.ReadAt(got, r.Offset); err != nil {
			return err
		}
		if !bytes.Equal(got, want[r.Offset:r.Offset+r.Length]) {
			o.fail("%s: bytes %d to %d are wrong", f.Path, r.Offset, r.Offset+r.Length-1)
		}
	}
	return nil
}

// clear holds an error to what a reader needs, and must not see.
func (o *torture) clear(err error) {
	text := err.Error()
	if !strings.Contains(text, tortureRepo) {
		o.fail("the error does not say what was read: %s", text)
	}
	if len(text) < 40 || len(text) > 900 {
		o.fail("an error of %d bytes: %s", len(text), text)
	}
	for _, secret := range []string{tortureToken, "Signature=", "user:secret", "Policy="} {
		if strings.Contains(text, secret) {
			o.fail("the error shows %q: %s", secret, text)
		}
	}
}

// gentle says that nothing happened but what a patient reader gets over:
// faults of a passing kind, each request hit less often than the reader's
// patience.
func (o *torture) gentle(requests []hubtest.Request) bool {
	if o.plan.Storm > 1 { // three requests to a file make six failures in a row
		return false
	}
	return !slices.ContainsFunc(requests, func(r hubtest.Request) bool {
		return r.Fault.Kind != hubtest.None && !passing(r.Fault.Kind)
	})
}

// passing faults are those that trying again gets over, or that do no harm.
func passing(k hubtest.Kind) bool {
	return k.Transient() || k == hubtest.IgnoreRange
}

// thrifty: what was received is not much more than the files, and what
// faulty responses sent, which was cut or spoiled. For a spoiled byte that
// only the hash shows, a file may be fetched once more.
func (o *torture) thrifty(received int64, requests []hubtest.Request) {
	const lists = 64 << 10 // more than the API's answers take
	var size, spoiled, largest int64
	for _, b := range o.bytes {
		size += int64(len(b))
		largest = max(largest, int64(len(b)))
	}
	for _, r := range requests {
		if r.Fault.Kind != hubtest.None {
			spoiled += r.Sent
		}
		if slices.Contains(unnoticed, r.Fault.Kind) {
			spoiled += largest
		}
	}
	if limit := size*11/10 + lists + spoiled; received > limit {
		o.fail("%d bytes received, want at most %d, of which %d were spoiled", received, limit, spoiled)
	}
}

// sound looks at every file of the caches.
func (o *torture) sound() {
	for _, problem := range unsound(o.dir, o.bytes) {
		o.fail("%s", problem)
	}
}

// unsound lists what is wrong with the caches below dir: a blob that is not
// what its name says, a snapshot whose file is not the published one, the
// token anywhere.
func unsound(dir string, published map[string][]byte) (problems []string) {
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil || d.IsDir() {
			return err
		}
		rel, _ := filepath.Rel(dir, name)
		rel = filepath.ToSlash(rel)
		content, err := os.ReadFile(name)
		if errors.Is(err, fs.ErrNotExist) {
			if _, err := os.Lstat(name); err == nil {
				problems = append(problems, rel+": a link that leads nowhere")
			}
			return nil
		}
		if err != nil {
			return err
		}
		if bytes.Contains(content, []byte(tortureToken)) {
			problems = append(problems, rel+" holds the token")
		}
		_, below, _ := strings.Cut(rel, "hub/datasets--owner--name/")
		kind, rest, _ := strings.Cut(below, "/")
		switch {
		case strings.HasSuffix(rel, incomplete) || strings.HasSuffix(rel, ".link") || strings.Contains(path.Base(rel), tempPrefix):
		case kind == "blobs":
			if is := path.Base(rel); is != sha256Of(content) && is != gitBlob(content) {
				problems = append(problems, fmt.Sprintf("%s has other bytes, %d of them", rel, len(content)))
			}
		case kind == "snapshots":
			_, name, _ := strings.Cut(rest, "/")
			if want, ok := published[name]; !ok || !bytes.Equal(content, want) {
				problems = append(problems, fmt.Sprintf("%s is not the published file", rel))
			}
		}
		return nil
	})
	if err != nil {
		problems = append(problems, err.Error())
	}
	return problems
}

func sha256Of(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// gitBlob is git's id of some bytes, as hubtest makes it; that agrees with
// git in a test there.
func gitBlob(b []byte) string { return hubtest.Bytes("x", b).OID }

// readEveryFile reads every file of the repository whole, or all of each by
// range.
func readEveryFile(what string) error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	list, err := remote{}.List(ctx, "hf://datasets/"+tortureRepo, nil)
	if err != nil {
		return err
	}
	for _, f := range list.Files {
		if what == "whole" {
			name, err := Download(ctx, f, "main")
			if err != nil {
				return err
			}
			content, err := os.ReadFile(name)
			if err != nil {
				return err
			}
			if err := isContent(f, content); err != nil {
				return err
			}
			continue
		}
		file, err := remote{}.Open(ctx, f)
		if err != nil {
			return err
		}
		content := make([]byte, f.Size)
		_, err = file.ReadAt(content, 0)
		err = errors.Join(err, file.Close())
		if err != nil {
			return err
		}
		if err := isContent(f, content); err != nil {
			return err
		}
	}
	return nil
}

func isContent(f loaders.RemoteFile, content []byte) error {
	if f.OID != sha256Of(content) && f.OID != gitBlob(content) {
		return fmt.Errorf("%s: wrong bytes", f.Path)
	}
	return nil
}
