package hub

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/specstress/specstress/internal/hubtest"
	"github.com/specstress/specstress/loaders"
)

// hostileNames are file names that a repository must not get away with:
// they leave the folder, mean something else on some system, or look like
// what they are not.
var hostileNames = []string{
	"../x.parquet", "../../x.parquet", "a/../../x.parquet", "data/../../../x.parquet", "/etc/x.parquet", "//host/share/x.parquet",
	`C:\x.parquet`, "C:/x.parquet", "D:x.parquet", `\\host\share\x.parquet`, `a\..\..\x.parquet`, `\x.parquet`, `..\x.parquet`,
	".", "..", "", "a/", "a//b.parquet", "./x.parquet", "data/./x.parquet", "data/..",
	"nul\x00.parquet", "new\nline.parquet", "carriage\rreturn.parquet", "escape\x1b[2J.parquet", "tab\t.parquet", "del\x7f.parquet", "c1\u009b.parquet",
	"dot./x.parquet", "x.parquet.", "space /x.parquet", "x.parquet ", " x.parquet",
	"CON", "con.parquet", "data/NUL.parquet", "aux.tar.parquet", "COM1.parquet", "LPT¹.parquet", "CONIN$", "CON .parquet",
	strings.Repeat("n", 300) + ".parquet", strings.Repeat("deep/", 400) + "x.parquet",
	"stream.parquet:hidden", "x.parquet::$DATA", "wild*.parquet", "what?.parquet", `quo"te.parquet`, "pipe|.parquet", "less<.parquet",
	"\xff\xfe.parquet", "bidi\u202egnp.parquet", "isolate\u2066.parquet", "line\u2028.parquet",
}

// TestTortureNames: each is refused, in a listing and by itself, before
// anything is fetched or written.
func TestTortureNames(t *testing.T) {
	for _, name := range hostileNames {
		repo := hubtest.NewRepo(tortureRepo)
		repo.Commit("files", hubtest.Bytes("data/good.parquet", []byte("good")), hubtest.Bytes(name, []byte("evil")))
		s, err := hubtest.Start(hubtest.Options{}, repo)
		if err != nil {
			t.Fatal(err)
		}
		dir := t.TempDir()
		setEnvironment(t, s.Endpoint, dir)
		ctx := context.Background()
		list, err := remote{}.List(ctx, "hf://datasets/"+tortureRepo, nil)
		if !utf8.ValidString(name) {
			// JSON has no way to say it.
		} else if err == nil {
			t.Errorf("%.80q: listed as %v", name, list.Files)
		} else if !errors.Is(err, errName) || strings.ContainsAny(err.Error(), "\x00\x1b\x7f\n\r\u202e\u009b") {
			t.Errorf("%.80q: %q, want a refusal of the name that shows it quoted", name, err)
		}
		// By itself, as if a listing had let it pass.
		a := address{repo: tortureRepo, revision: strings.Repeat("a", 40), path: name}
		f := loaders.RemoteFile{Path: name, Address: a.String(), Size: 4, OID: sha256Of([]byte("evil"))}
		if where, err := Download(ctx, f, ""); err == nil {
			t.Errorf("%.80q: downloaded to %s", name, where)
		}
		if file, err := (remote{}).Open(ctx, f); err == nil {
			t.Errorf("%.80q: opened", name)
			file.Close()
		}
		for _, r := range s.Requests() {
			if !strings.HasPrefix(r.URL, "/api/") {
				t.Errorf("%.80q: asked for %s", name, r.URL)
			}
		}
		s.Close()
		err = filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
			if err == nil && strings.Contains(p, "evil") || err == nil && !d.IsDir() && strings.HasSuffix(p, "x.parquet") {
				t.Errorf("%.80q: %s was written", name, p)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	}
	t.Logf("%d names", len(hostileNames))

	// Two names that are one where case does not count.
	repo := hubtest.NewRepo(tortureRepo)
	repo.Commit("twins", hubtest.Bytes("data/a.parquet", []byte("1")), hubtest.Bytes("data/A.parquet", []byte("2")))
	s, err := hubtest.Start(hubtest.Options{}, repo)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	setEnvironment(t, s.Endpoint, t.TempDir())
	if _, err := (remote{}).List(context.Background(), "hf://datasets/"+tortureRepo, nil); !errors.Is(err, errName) {
		t.Errorf("twins: %v", err)
	}
}

func setEnvironment(t *testing.T, endpoint, dir string) {
	for name, value := range map[string]string{
		"HF_ENDPOINT": endpoint, "HF_TOKEN": tortureToken, "HF_HOME": filepath.Join(dir, "hf"), "HF_HUB_CACHE": "", "HF_TOKEN_PATH": "",
		"HUGGINGFACE_HUB_CACHE": "", "SPECSTRESS_CACHE": filepath.Join(dir, "own"), "HF_HUB_OFFLINE": "",
		"HF_HUB_DOWNLOAD_TIMEOUT": "2", "SPECSTRESS_RETRY_PAUSE": "0.001",
		"HTTP_PROXY": "", "HTTPS_PROXY": "", "http_proxy": "", "https_proxy": "", "NO_PROXY": "",
	} {
		t.Setenv(name, value)
	}
}

// TestTortureLinks: links that somebody put into the cache lead no write out
// of it, and no read of what is not the published file.
func TestTortureLinks(t *testing.T) {
	content := []byte("the published bytes")
	repo := hubtest.NewRepo(tortureRepo)
	commit := repo.Commit("files", hubtest.Bytes("data/a.parquet", content))
	s, err := hubtest.Start(hubtest.Options{}, repo)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	oid := sha256Of(content)
	for _, plant := range []struct{ name, link string }{
		{"blobs as a folder elsewhere", "blobs"},
		{"the blob", "blobs/" + oid},
		{"an unfinished download", "blobs/" + oid + ".1-1" + incomplete},
		{"snapshots", "snapshots"},
		{"the snapshot", "snapshots/" + commit.SHA},
		{"the folder in the snapshot", "snapshots/" + commit.SHA + "/data"},
		{"the file in the snapshot", "snapshots/" + commit.SHA + "/data/a.parquet"},
		{"refs", "refs"},
		{"the ref", "refs/main"},
	} {
		dir := t.TempDir()
		setEnvironment(t, s.Endpoint, dir)
		outside := filepath.Join(dir, "outside")
		if err := os.MkdirAll(outside, 0o755); err != nil {
			t.Fatal(err)
		}
		target := outside
		isFile := strings.Contains(plant.link, oid) || strings.HasSuffix(plant.link, "a.parquet") || plant.link == "refs/main"
		if isFile {
			target = filepath.Join(outside, "secret")
			// As long as the file, so that its size gives nothing away.
			if err := os.WriteFile(target, []byte("THE PUBLISHED BYTES"), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		link := filepath.Join(dir, "hf", "hub", "datasets--owner--name", filepath.FromSlash(plant.link))
		if err := os.MkdirAll(filepath.Dir(link), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(target, link); err != nil {
			t.Skipf("no links can be made here: %v", err)
		}
		ctx := context.Background()
		list, err := remote{}.List(ctx, "hf://datasets/"+tortureRepo, nil)
		if err != nil {
			t.Errorf("%s: %v", plant.name, err)
			continue
		}
		if f, err := (remote{}).Open(ctx, list.Files[0]); err == nil {
			got := make([]byte, len(content))
			if _, err := f.ReadAt(got, 0); err == nil && string(got) != string(content) {
				t.Errorf("%s: read %q", plant.name, got)
			}
			f.Close()
		}
		if name, err := Download(ctx, list.Files[0], "main"); err == nil {
			if got, err := os.ReadFile(name); err != nil || string(got) != string(content) {
				t.Errorf("%s: downloaded %q, %v", plant.name, got, err)
			}
		}
		var found []string
		err = filepath.WalkDir(outside, func(p string, d fs.DirEntry, err error) error {
			if err == nil && !d.IsDir() {
				found = append(found, filepath.Base(p))
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if isFile {
			if secret, err := os.ReadFile(target); err != nil || string(secret) != "THE PUBLISHED BYTES" || !slices.Equal(found, []string{"secret"}) {
				t.Errorf("%s: outside there now is %q, the file %q, %v", plant.name, found, secret, err)
			}
		} else if found != nil {
			t.Errorf("%s: outside there now is %q", plant.name, found)
		}
	}
}

// TestTortureRedirects: where each redirect of the Hub, and of the CDN, takes a
// request, and what it carries there. The token goes to the endpoint's own
// scheme, host and port and nowhere else.
func TestTortureRedirects(t *testing.T) {
	content := []byte("the published bytes")
	for _, encrypted := range []bool{false, true} {
		for _, c := range []struct {
			name    string
			kind    hubtest.Kind
			host    hubtest.Host
			refused bool // with errRedirect; else the bytes come, or another error
		}{
			{"to the CDN, as usual", hubtest.None, hubtest.Hub, false},
			{"Hub to a stranger", hubtest.ToStranger, hubtest.Hub, false},
			{"CDN to a stranger", hubtest.ToStranger, hubtest.CDN, false},
			{"Hub to an address with a password", hubtest.ToUserinfo, hubtest.Hub, true},
			{"CDN to an address with a password", hubtest.ToUserinfo, hubtest.CDN, true},
			{"Hub to a file", hubtest.ToFile, hubtest.Hub, true},
			{"CDN to a file", hubtest.ToFile, hubtest.CDN, true},
			{"Hub to the cloud's metadata", hubtest.ToLinkLocal, hubtest.Hub, true},
			{"CDN to the cloud's metadata", hubtest.ToLinkLocal, hubtest.CDN, true},
			{"Hub to plain http elsewhere", hubtest.ToPlainRemote, hubtest.Hub, true},
			{"CDN to plain http elsewhere", hubtest.ToPlainRemote, hubtest.CDN, true},
			{"Hub round in a circle", hubtest.Loop, hubtest.Hub, true},
			{"CDN round in a circle", hubtest.Loop, hubtest.CDN, true},
			{"Hub to nowhere", hubtest.NoLocation, hubtest.Hub, true},
			{"CDN to nowhere", hubtest.NoLocation, hubtest.CDN, true},
			{"the next page at a stranger", hubtest.ForeignNext, hubtest.Hub, false},
		} {
			repo := hubtest.NewRepo(tortureRepo)
			repo.Commit("files", hubtest.Bytes("data/a.parquet", content), hubtest.Bytes("README.md", content))
			repo.Private = true
			s, err := hubtest.Start(hubtest.Options{Token: tortureToken, TLS: encrypted, Page: 2, Fault: func(r hubtest.Request) hubtest.Fault {
				if r.Host == c.host && (c.kind == hubtest.ForeignNext || !strings.HasPrefix(r.URL, "/api/datasets/")) {
					return hubtest.Fault{Kind: c.kind}
				}
				return hubtest.Fault{}
			}}, repo)
			if err != nil {
				t.Fatal(err)
			}
			setEnvironment(t, s.Endpoint, t.TempDir())
			hub, err := currentClient()
			if err != nil {
				t.Fatal(err)
			}
			hub.http.Transport.(*http.Transport).TLSClientConfig.RootCAs = s.Roots()
			err = readEveryFile("ranges")
			if c.refused && !errors.Is(err, errRedirect) {
				t.Errorf("%s, https %v: %v, want a refused redirect", c.name, encrypted, err)
			}
			if c.kind == hubtest.None && err != nil {
				t.Errorf("%s, https %v: %v", c.name, encrypted, err)
			}
			if err != nil && (strings.Contains(err.Error(), tortureToken) || strings.Contains(err.Error(), "user:secret") || strings.Contains(err.Error(), "Signature")) {
				t.Errorf("%s, https %v: the error shows a secret: %v", c.name, encrypted, err)
			}
			if leaks := s.Leaks(tortureToken); leaks != nil {
				t.Errorf("%s, https %v: %q", c.name, encrypted, leaks)
			}
			n := s.Counts()[hubtest.Stranger].Requests
			if (c.kind == hubtest.ForeignNext || c.refused) && n > 0 {
				t.Errorf("%s, https %v: %d requests to the stranger", c.name, encrypted, n)
			}
			if c.kind == hubtest.ToStranger && n == 0 {
				t.Errorf("%s, https %v: the stranger was not asked, so nothing was tested: %v", c.name, encrypted, err)
			}
			if c.kind == hubtest.ForeignNext && err == nil {
				t.Errorf("%s, https %v: no error", c.name, encrypted)
			}
			s.Close()
		}
	}
}

// TestTortureUnnoticed counts how often reading by range, without a hash, takes
// wrong bytes for right, and that whole files never do. The first is no
// promise broken: docs call such files unverified.
func TestTortureUnnoticed(t *testing.T) {
	content := make([]byte, 100_000)
	for i := range content {
		content[i] = byte(i * 31 >> 3)
	}
	for _, kind := range unnoticed {
		repo := hubtest.NewRepo(tortureRepo)
		repo.Commit("files", hubtest.Bytes("data/a.bin", content))
		s, err := hubtest.Start(hubtest.Options{Fault: func(r hubtest.Request) hubtest.Fault {
			if r.Host == hubtest.CDN {
				return hubtest.Fault{Kind: kind, At: 0.5}
			}
			return hubtest.Fault{}
		}}, repo)
		if err != nil {
			t.Fatal(err)
		}
		dir := t.TempDir()
		setEnvironment(t, s.Endpoint, dir)
		byRange, whole := readEveryFile("ranges"), readEveryFile("whole")
		if whole == nil || !errors.Is(whole, errHash) && !errors.Is(whole, ErrChanged) {
			t.Errorf("%v: whole: %v, want an error of the hash", kind, whole)
		}
		for _, problem := range unsound(dir, map[string][]byte{"data/a.bin": content}) {
			t.Errorf("%v: %s", kind, problem)
		}
		t.Logf("%v: by range %v; whole: %v", kind, byRange, whole)
		s.Close()
	}
}

// TestTortureExpiry: the CDN's addresses expire while a file is read, as
// they do after an hour; the Hub is asked for another.
func TestTortureExpiry(t *testing.T) {
	repo := hubtest.NewRepo(tortureRepo)
	content := make([]byte, 600_000)
	for i := range content {
		content[i] = byte(i * 13 >> 4)
	}
	repo.Commit("files", hubtest.Bytes("data/a.parquet", content))
	s, err := hubtest.Start(hubtest.Options{SignedFor: time.Second}, repo)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	setEnvironment(t, s.Endpoint, t.TempDir())
	ctx := context.Background()
	list, err := remote{}.List(ctx, "hf://datasets/"+tortureRepo, nil)
	if err != nil {
		t.Fatal(err)
	}
	c, err := currentClient()
	if err != nil {
		t.Fatal(err)
	}
	a, err := parseAddress(list.Files[0].Address)
	if err != nil {
		t.Fatal(err)
	}
	// One source, as a long download has, read again when its address is old.
	f := list.Files[0]
	src := c.sourceOf(a, entry{f.Path, f.Size, f.OID})
	var got bytes.Buffer
	for _, at := range []span{{0, 200_000}, {200_000, 400_000}, {400_000, 600_000}} {
		if err := src.fetch(ctx, at, &got); err != nil {
			t.Fatal(err)
		}
		if at.start == 0 {
			time.Sleep(1100 * time.Millisecond)
		}
	}
	if !bytes.Equal(got.Bytes(), content) {
		t.Error("wrong bytes")
	}
	refused, heads := 0, 0
	for _, r := range s.Requests() {
		if r.Host == hubtest.CDN && r.Status == http.StatusForbidden {
			refused++
		}
		if r.Method == http.MethodHead {
			heads++
		}
	}
	if refused != 1 || heads != 2 {
		t.Errorf("%d refused, asked %d times where the file is; want 1 and 2", refused, heads)
	}
}
