package hub

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/specstress/specstress/loaders"
)

// repoDir is the repository's folder in the cache of huggingface_hub.
func repoDir() string {
	return filepath.Join(os.Getenv("HF_HOME"), "hub", "datasets--owner--name")
}

// TestDownload leaves the files as huggingface_hub would: its layout is
// written down here by hand from huggingface.co/docs/hub/local-cache.
func TestDownload(t *testing.T) {
	s, data := bigHub(t)
	is := listOne(t)
	s.requests()
	file, err := Download(context.Background(), is, "main")
	if err != nil {
		t.Fatal(err)
	}
	id := idOf(bigName, data)
	snapshot := filepath.Join(repoDir(), "snapshots", testCommit, filepath.FromSlash(bigName))
	if file != snapshot {
		t.Errorf("it is in %s, want %s", file, snapshot)
	}
	if got, err := os.ReadFile(file); err != nil || !bytes.Equal(got, data) {
		t.Errorf("%d bytes, %v", len(got), err)
	}
	if target, err := os.Readlink(snapshot); err != nil || target != "../../../blobs/"+id {
		t.Errorf("the snapshot links to %q, %v, want ../../../blobs/%s", target, err, id)
	}
	if ref, err := os.ReadFile(filepath.Join(repoDir(), "refs", "main")); err != nil || string(ref) != testCommit {
		t.Errorf("refs/main is %q, %v, want the commit and nothing else", ref, err)
	}
	left, err := os.ReadDir(filepath.Join(repoDir(), "blobs"))
	if err != nil || len(left) != 1 {
		t.Errorf("blobs: %v, %v, want one", left, err)
	}
	if r := s.requests(); len(r) != 2 {
		t.Errorf("%d requests, want where it is and the file: %v", len(r), r)
	}

	// Opened, it is the whole file, verified, without asking.
	f, err := remote{}.Open(context.Background(), is)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if w, ok := f.(*wholeFile); !ok || !w.Verified() {
		t.Errorf("opened as %T, want a verified whole file", f)
	}
	if _, err := Download(context.Background(), is, "main"); err != nil {
		t.Error(err)
	}
	if r := s.requests(); len(r) != 0 {
		t.Errorf("%d requests for what is there", len(r))
	}

	// A bit that flips later is noticed, whatever was noted before.
	blob := filepath.Join(repoDir(), "blobs", id)
	wrong := bytes.Clone(data)
	wrong[1_234_567] ^= 1
	if err := os.WriteFile(blob, wrong, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(blob, time.Now(), time.Now().Add(time.Second)); err != nil {
		t.Fatal(err)
	}
	if _, err := (remote{}).Open(context.Background(), is); !errors.Is(err, errHash) || !strings.Contains(err.Error(), blob) {
		t.Errorf("a flipped bit: %v, want errHash and the path", err)
	}
	if _, err := Download(context.Background(), is, "main"); err != nil {
		t.Errorf("downloading it again: %v", err)
	}
	if got, err := os.ReadFile(file); err != nil || !bytes.Equal(got, data) {
		t.Errorf("downloaded again: %d bytes, %v", len(got), err)
	}
}

// TestSmallFile: files outside of large file storage carry git's id, which
// git itself gives for this content: printf '# card\n' | git hash-object --stdin
func TestSmallFile(t *testing.T) {
	bigHub(t)
	l, err := remote{}.List(context.Background(), testSource, func(p string) bool { return p == "README.md" })
	if err != nil {
		t.Fatal(err)
	}
	if id := l.Files[0].OID; id != "245d3238005659d13c827cc53e6f921a01fb6da1" {
		t.Errorf("git's id is %s", id)
	}
	file, err := Download(context.Background(), l.Files[0], "main")
	if err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(file); err != nil || string(got) != "# card\n" {
		t.Errorf("%q, %v", got, err)
	}
	if target, err := os.Readlink(file); err != nil || target != "../../blobs/"+l.Files[0].OID {
		t.Errorf("it links to %q, %v", target, err)
	}
}

// TestResume: what a download that was cut short has fetched is not fetched
// again.
func TestResume(t *testing.T) {
	s, data := bigHub(t)
	is := listOne(t)
	s.breakWith(func(w http.ResponseWriter, r *http.Request, at string) bool {
		if at != "cdn" {
			return false
		}
		if from, to := rangeOf(r); from == 0 {
			partial(w, data, from, to, 2<<20)
		}
		w.WriteHeader(404) // which is final, after some tries
		return true
	})
	if _, err := Download(context.Background(), is, "main"); err == nil {
		t.Fatal("a download without its end succeeded")
	}
	if _, err := os.Lstat(filepath.Join(repoDir(), "snapshots")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a half file has a name: %v", err)
	}
	s.breakWith(nil)
	s.requests()
	file, err := Download(context.Background(), is, "main")
	if err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(file); err != nil || !bytes.Equal(got, data) {
		t.Errorf("%d bytes, %v", len(got), err)
	}
	for _, r := range s.requests() {
		var from int64
		if n, _ := fmt.Sscanf(r.bytes, "bytes=%d-", &from); n == 1 && from != 2<<20 {
			t.Errorf("fetched from byte %d, want from %d, where it was cut", from, 2<<20)
		}
	}
	if left, _ := os.ReadDir(filepath.Join(repoDir(), "blobs")); len(left) != 1 {
		t.Errorf("%d files in blobs, want one", len(left))
	}
}

// TestWrongPart: a part left by an earlier download that holds other bytes
// costs one more download, and no wrong file.
func TestWrongPart(t *testing.T) {
	_, data := bigHub(t)
	is := listOne(t)
	blobs := filepath.Join(repoDir(), "blobs")
	if err := os.MkdirAll(blobs, 0o755); err != nil {
		t.Fatal(err)
	}
	for name, part := range map[string][]byte{".1-1.incomplete": noise(1000)[500:], ".2-2.incomplete": []byte("x"), ".3-3.incomplete": make([]byte, len(data)+1)} {
		if err := os.WriteFile(filepath.Join(blobs, is.OID+name), part, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	file, err := Download(context.Background(), is, "main")
	if err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(file); err != nil || !bytes.Equal(got, data) {
		t.Errorf("%d bytes, %v", len(got), err)
	}
	if left, _ := os.ReadDir(blobs); len(left) != 1 {
		t.Errorf("%d files in blobs, want one", len(left))
	}
}

// TestWrongBytes: right length, wrong content. One flipped bit anywhere, and
// the file gets no name.
func TestWrongBytes(t *testing.T) {
	s, data := bigHub(t)
	is := listOne(t)
	s.breakWith(func(w http.ResponseWriter, r *http.Request, at string) bool {
		if at != "cdn" {
			return false
		}
		wrong := bytes.Clone(data)
		wrong[len(wrong)-1] ^= 0x80
		from, to := rangeOf(r)
		partial(w, wrong, from, to, to)
		return true
	})
	_, err := Download(context.Background(), is, "main")
	if !errors.Is(err, errHash) || !strings.Contains(err.Error(), bigName) {
		t.Errorf("error %v, want errHash and the file", err)
	}
	if left, _ := os.ReadDir(filepath.Join(repoDir(), "blobs")); len(left) != 0 {
		t.Errorf("%d files left in blobs, want none", len(left))
	}
}

// TestPythonCache: what hf download has fetched is used, whole and verified,
// online and offline.
func TestPythonCache(t *testing.T) {
	s, data := bigHub(t)
	id := idOf(bigName, data)
	// As huggingface_hub leaves it.
	for _, dir := range []string{"blobs", "refs", filepath.Join("snapshots", testCommit, "data")} {
		if err := os.MkdirAll(filepath.Join(repoDir(), dir), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	link := filepath.Join(repoDir(), "snapshots", testCommit, filepath.FromSlash(bigName))
	for _, err := range []error{
		os.WriteFile(filepath.Join(repoDir(), "blobs", id), data, 0o644),
		os.WriteFile(filepath.Join(repoDir(), "refs", "main"), []byte(testCommit), 0o644),
		os.Symlink("../../../blobs/"+id, link),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("HF_HUB_OFFLINE", "1")
	is := listOne(t)
	if is.OID != id || is.Size != int64(len(data)) {
		t.Errorf("listed offline as %+v", is)
	}
	f, err := remote{}.Open(context.Background(), is)
	if err != nil {
		t.Fatal(err)
	}
	if w, ok := f.(*wholeFile); !ok || !w.Verified() {
		t.Errorf("opened as %T, want the whole file, verified", f)
	}
	f.Close()
	if r := s.requests(); len(r) != 0 {
		t.Errorf("offline: %d requests", len(r))
	}

	// A blob that is a link into the store that repositories share.
	t.Setenv("HF_HUB_OFFLINE", "1")
	store, own := filepath.Join(os.Getenv("HF_HOME"), "hub", "blobs", "ab", "shared"), filepath.Join(repoDir(), "blobs", id)
	for _, err := range []error{os.MkdirAll(filepath.Dir(store), 0o755), os.Rename(own, store), os.Symlink("../../blobs/ab/shared", own)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	f, err = remote{}.Open(context.Background(), is)
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := f.(*wholeFile); !ok || !Have(is) {
		t.Errorf("a blob in the shared store was opened as %T, had: %v", f, Have(is))
	}
	f.Close()

	// A link that was planted leads nowhere.
	t.Setenv("HF_HUB_OFFLINE", "")
	outside := filepath.Join(t.TempDir(), "outside")
	if err := os.WriteFile(outside, data, 0o644); err != nil {
		t.Fatal(err)
	}
	for _, err := range []error{os.Remove(link), os.Symlink(outside, link), os.Remove(filepath.Join(repoDir(), "blobs", id))} {
		if err != nil {
			t.Fatal(err)
		}
	}
	f, err = remote{}.Open(context.Background(), is)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, ok := f.(*rangeFile); !ok {
		t.Errorf("a link out of the cache was opened as %T", f)
	}
}

// TestPlantedFolder: a folder of the cache that leads outside stays without
// files of ours.
func TestPlantedFolder(t *testing.T) {
	bigHub(t)
	is := listOne(t)
	outside := t.TempDir()
	if err := os.MkdirAll(repoDir(), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"blobs", "snapshots"} {
		if err := os.Symlink(outside, filepath.Join(repoDir(), name)); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := Download(context.Background(), is, "main"); err == nil {
		t.Error("downloaded through a link that leads outside")
	}
	if left, err := os.ReadDir(outside); err != nil || len(left) != 0 {
		t.Errorf("%d files outside, %v", len(left), err)
	}
}

// TestFullDisk asks for more than any disk has.
func TestFullDisk(t *testing.T) {
	s, _ := bigHub(t)
	is := listOne(t)
	is.Size = 1 << 60
	s.breakWith(func(w http.ResponseWriter, r *http.Request, at string) bool {
		if at == "cdn" {
			t.Error("the CDN was asked")
		}
		return false
	})
	if _, known := freeSpace(t.TempDir()); !known {
		t.Skip("free space is not known on this system")
	}
	if _, err := Download(context.Background(), is, "main"); !errors.Is(err, ErrNoSpace) {
		t.Errorf("error %v, want ErrNoSpace", err)
	}
}

// TestWriteFails: an error of our own disk is no reason to ask the server
// again.
func TestWriteFails(t *testing.T) {
	s, _ := bigHub(t)
	is := listOne(t)
	c, err := currentClient()
	if err != nil {
		t.Fatal(err)
	}
	a, err := parseAddress(is.Address)
	if err != nil {
		t.Fatal(err)
	}
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Skipf("no device that is always full: %v", err)
	}
	defer full.Close()
	s.requests()
	from := c.sourceOf(a, entry{is.Path, is.Size, is.OID})
	if err := from.fetch(context.Background(), span{0, is.Size}, full); err == nil || !strings.Contains(err.Error(), "no space") {
		t.Errorf("error %v, want the disk's", err)
	}
	if r := s.requests(); len(r) != 2 {
		t.Errorf("%d requests, want 2", len(r))
	}
}

// TestManyProcesses has several processes download one file at once, of
// which some are killed in the middle: the file is right, and when nobody is
// killed it comes once.
func TestManyProcesses(t *testing.T) {
	if os.Getenv("HUB_TEST_CHILD") != "" {
		child()
	}
	s, data := bigHub(t)
	is := listOne(t)
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for round, kill := range []bool{false, true, true} {
		if err := os.RemoveAll(repoDir()); err != nil {
			t.Fatal(err)
		}
		var bytesSent atomic.Int64
		s.breakWith(func(w http.ResponseWriter, r *http.Request, at string) bool {
			if at == "cdn" {
				from, to := rangeOf(r)
				bytesSent.Add(int64(to - from))
				if kill {
					time.Sleep(20 * time.Millisecond)
				}
			}
			return false
		})
		var group sync.WaitGroup
		for i := range 4 {
			group.Go(func() {
				cmd := exec.Command(self, "-test.run=^TestManyProcesses$")
				cmd.Env = append(os.Environ(), "HUB_TEST_CHILD="+is.Address, fmt.Sprintf("HUB_TEST_FILE=%s %d %s", is.Path, is.Size, is.OID))
				if err := cmd.Start(); err != nil {
					t.Error(err)
					return
				}
				if kill && i%2 == 0 {
					time.AfterFunc(time.Duration(30+20*i)*time.Millisecond, func() { cmd.Process.Kill() })
				}
				if err := cmd.Wait(); err != nil && !kill {
					t.Errorf("round %d: %v", round, err)
				}
			})
		}
		group.Wait()
		file, err := Download(context.Background(), is, "main")
		if err != nil {
			t.Fatalf("round %d: %v", round, err)
		}
		if got, err := os.ReadFile(file); err != nil || !bytes.Equal(got, data) {
			t.Errorf("round %d: %d bytes, %v", round, len(got), err)
		}
		if !kill && bytesSent.Load() != is.Size {
			t.Errorf("round %d: %d bytes sent, want the file's %d once", round, bytesSent.Load(), is.Size)
		}
	}
}

// child is one of the processes.
func child() {
	var f loaders.RemoteFile
	f.Address = os.Getenv("HUB_TEST_CHILD")
	if _, err := fmt.Sscanf(os.Getenv("HUB_TEST_FILE"), "%s %d %s", &f.Path, &f.Size, &f.OID); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	if _, err := Download(context.Background(), f, "main"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

// TestInterruptedDownload ends promptly and leaves no file with a name.
func TestInterruptedDownload(t *testing.T) {
	s, data := bigHub(t)
	is := listOne(t)
	ctx, cancel := context.WithCancel(context.Background())
	s.breakWith(func(w http.ResponseWriter, r *http.Request, at string) bool {
		if at != "cdn" {
			return false
		}
		from, to := rangeOf(r)
		w.Header().Set("Content-Range", fmt.Sprintf("bytes %d-%d/%d", from, to-1, len(data)))
		w.WriteHeader(206)
		w.Write(data[from : from+100_000])
		w.(http.Flusher).Flush()
		cancel()
		<-r.Context().Done()
		return true
	})
	began := time.Now()
	if _, err := Download(ctx, is, "main"); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want the context's", err)
	}
	if took := time.Since(began); took > 2*time.Second {
		t.Errorf("ended after %s", took)
	}
	if _, err := os.Lstat(filepath.Join(repoDir(), "blobs", is.OID)); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a half file has its name: %v", err)
	}
}
