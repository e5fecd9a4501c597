package hub

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// hostile are names that a repository must not have, on any system.
var hostile = []string{
	"", ".", "..", "/", "../x", "a/../../x", "a/..", "./x", "a/./x", "a//x", "a/", "/etc/x", "//host/share/x",
	`C:\x`, "C:/x", "D:x", `\\h\s\x`, `a\..\..\x`, `a\x`, `\x`, "x:stream", "a\x00b", "a\nb", "a\rb", "a\x1b[2Jb", "a\x7fb", "a\u0085b",
	"x.", "x ", " x", "a./x", "a /x", "CON", "con.parquet", "data/NUL", "data/Aux.csv", "COM1", "lpt9.parquet", "COM¹", "CONIN$",
	strings.Repeat("x", 300), strings.Repeat("x/", 600) + "x", "a\xffb", "a\u202egnp.parquet", "a\u2066b", "a*b", "a?b", `a"b`, "a<b", "a|b", "a\u2028b",
}

func TestHostileNames(t *testing.T) {
	if len(hostile) < 40 {
		t.Fatalf("%d names, want at least 40", len(hostile))
	}
	for _, name := range hostile {
		if err := checkName(name); !errors.Is(err, errName) {
			t.Errorf("%.40q: %v, want it refused", name, err)
		}
	}
	for _, name := range []string{"README.md", "data/all_models-00000-of-00004.parquet", "judge_evaluations/std_0.0_to_1.0-00000-of-00001.parquet",
		"a b/ü [1].csv", "..x", "x..y", "%2e%2e/x", "~/x", "-rf", "CONsole", "COM10", strings.Repeat("x", 255), ".gitattributes"} {
		if err := checkName(name); err != nil {
			t.Errorf("%.40q: %v, want it taken", name, err)
		}
	}
	if err := checkTwins([]string{"data/A.parquet", "data/b.parquet", "data/a.parquet"}); !errors.Is(err, errName) {
		t.Errorf("two names that differ in case: %v, want them refused", err)
	}
}

// TestHostileListing: no such name reaches the file system, be it listed by
// the Hub or handed to Open or Download.
func TestHostileListing(t *testing.T) {
	s := newHub(t, nil)
	for _, name := range hostile {
		s.mu.Lock()
		s.files, s.commit = map[string][]byte{name + ".parquet": []byte("x")}, testCommit
		if name == "" || strings.HasSuffix(name, ".") || strings.HasSuffix(name, " ") || strings.HasSuffix(name, "/") {
			s.files = map[string][]byte{name: []byte("x")} // the ending would make it harmless
		}
		s.mu.Unlock()
		if err := os.RemoveAll(os.Getenv("SPECSTRESS_CACHE")); err != nil {
			t.Fatal(err)
		}
		for n := range s.files {
			if checkName(n) == nil {
				continue // an ending made it harmless
			}
			l, err := remote{}.List(context.Background(), testSource, func(string) bool { return true })
			if err == nil {
				t.Errorf("%.40q was listed: %+v", n, l.Files)
			}
		}
	}
	s.mu.Lock()
	s.files = map[string][]byte{bigName: []byte("x")}
	s.mu.Unlock()
	if err := os.RemoveAll(os.Getenv("SPECSTRESS_CACHE")); err != nil {
		t.Fatal(err)
	}
	is := listOne(t)
	for _, name := range hostile {
		bad := is
		bad.Path, bad.Address = name, strings.TrimSuffix(is.Address, is.Path)+name
		if _, err := (remote{}).Open(context.Background(), bad); err == nil {
			t.Errorf("%.40q was opened", name)
		}
		if _, err := Download(context.Background(), bad, "main"); err == nil {
			t.Errorf("%.40q was downloaded", name)
		}
	}
	// Nothing was made outside of the two caches.
	root := filepath.Dir(os.Getenv("HF_HOME"))
	entries, err := os.ReadDir(root)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.Name() != "hf" && e.Name() != "ours" {
			t.Errorf("%s was made", filepath.Join(root, e.Name()))
		}
	}
}

func TestAddresses(t *testing.T) {
	for _, c := range []struct{ source, want string }{
		{"hf://datasets/owner/name", "hf://datasets/owner/name@main"},
		{"hf://datasets/owner/name@v1.0", "hf://datasets/owner/name@v1.0"},
		{"hf://datasets/owner/name@main/data", "hf://datasets/owner/name@main/data"},
		{"hf://datasets/owner/name/data/", "hf://datasets/owner/name@main/data"},
		{"hf://datasets/owner/name/data/all_models-*.parquet", "hf://datasets/owner/name@main/data/all_models-*.parquet"},
		{"hf://datasets/owner/name@refs/pr/3/data", "hf://datasets/owner/name@refs/pr/3/data"},
		{"hf://datasets/owner/name@refs/convert/parquet", "hf://datasets/owner/name@refs/convert/parquet"},
		{"hf://datasets/owner/name@my%2Fbranch/data", "hf://datasets/owner/name@my%2Fbranch/data"},
		{"hf://models/owner/name", ""}, {"hf://datasets/name", ""}, {"hf://datasets/../name", ""}, {"hf://datasets/a--b/name", ""},
		{"hf://datasets/owner/name@../x", ""}, {"hf://datasets/owner/name@-x", ""}, {"hf://datasets/owner/name@", ""},
		{"hf://datasets/owner/name/../../x", ""}, {"hf://datasets/owner/name/[", ""}, {"hf://datasets/ow ner/name", ""},
	} {
		a, err := parseAddress(c.source)
		got := a.String()
		if err != nil {
			got = ""
		}
		if got != c.want {
			t.Errorf("%s: %q, %v, want %q", c.source, got, err, c.want)
		}
		if again, err := parseAddress(got); got != "" && (err != nil || again != a) {
			t.Errorf("%s: read again it is %+v, %v", got, again, err)
		}
	}
}
