package repo

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/semver"
)

// minimums are the lowest versions without a known vulnerability, by
// govulncheck v1.1.4 on the Go vulnerability database of 2026-08-21. The
// libraries below ask for older ones: gota alone would bring x/net of April
// 2021 and gonum/plot x/image v0.30.0 (GO-2026-4962, GO-2026-4815).
var minimums = []pin{
	{"github.com/klauspost/compress", "v1.18.7"},
	{"golang.org/x/image", "v0.45.0"},
	{"golang.org/x/net", "v0.56.0"},
	{"golang.org/x/sys", "v0.47.0"},
	{"golang.org/x/text", "v0.41.0"},
}

// exact are the libraries whose every surprise was looked up in one
// version: another one may read other numbers from the same file or draw
// other bytes from the same numbers. Change them on purpose, with the
// tests of loaders and figures at hand.
var exact = []pin{
	{"codeberg.org/go-pdf/fpdf", "v0.11.1"},
	{"github.com/go-gota/gota", "v0.12.0"},
	{"github.com/go-zeromq/zmq4", "v0.17.0"},  // what run and GoNB talk through
	{"github.com/janpfeifer/gonb", "v0.11.5"}, // kernel and gonbui in one
	{"github.com/parquet-go/parquet-go", "v0.32.0"},
	{"github.com/yuin/goldmark", "v1.8.7"}, // the HTML of pages is checked as it makes it
	{"gonum.org/v1/gonum", "v0.17.0"},
	{"gonum.org/v1/plot", "v0.17.0"},
}

type pin struct{ module, version string }

func TestPins(t *testing.T) {
	text, err := os.ReadFile("../../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	broken, err := brokenPins(text)
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range broken {
		t.Error(b)
	}
}

// brokenPins lists the ways in which a go.mod departs from the pins.
func brokenPins(gomod []byte) ([]string, error) {
	mod, err := modfile.Parse("go.mod", gomod, nil)
	if err != nil {
		return nil, err
	}
	version := map[string]string{}
	for _, r := range mod.Require {
		version[r.Mod.Path] = r.Mod.Version
	}
	var broken []string
	say := func(format string, args ...any) { broken = append(broken, fmt.Sprintf(format, args...)) }
	for _, p := range minimums {
		if got := version[p.module]; semver.Compare(got, p.version) < 0 {
			say("%s is %q, want %s or later", p.module, got, p.version)
		}
	}
	for _, p := range exact {
		if got := version[p.module]; got != p.version {
			say("%s is %q, want exactly %s", p.module, got, p.version)
		}
	}
	// A replaced module is not the one whose version and hash are pinned.
	for _, r := range mod.Replace {
		say("%s is replaced by %s, want no replace", r.Old.Path, r.New.Path)
	}
	// Without this line, machines build with whatever Go they have.
	if mod.Toolchain == nil {
		say("there is no toolchain line")
	}
	return broken, nil
}

// TestPinsNotice shows that each kind of departure is seen.
func TestPinsNotice(t *testing.T) {
	const sound = `module m
go 1.26
toolchain go1.26.8
require (
	codeberg.org/go-pdf/fpdf v0.11.1
	github.com/go-gota/gota v0.12.0
	github.com/go-zeromq/zmq4 v0.17.0
	github.com/janpfeifer/gonb v0.11.5
	github.com/klauspost/compress v1.18.10
	github.com/parquet-go/parquet-go v0.32.0
	github.com/yuin/goldmark v1.8.7
	golang.org/x/image v0.45.0
	golang.org/x/net v0.56.0
	golang.org/x/sys v0.47.0
	golang.org/x/text v0.41.0
	gonum.org/v1/gonum v0.17.0
	gonum.org/v1/plot v0.17.0
)
`
	for _, test := range []struct{ name, old, new, want string }{
		{"sound, v1.18.10 being later than v1.18.7", "", "", ""},
		{"too old", "x/net v0.56.0", "x/net v0.55.1", `golang.org/x/net is "v0.55.1", want v0.56.0 or later`},
		{"pre-release of the minimum", "x/text v0.41.0", "x/text v0.41.0-rc.1", `golang.org/x/text is "v0.41.0-rc.1", want v0.41.0 or later`},
		{"gone", "golang.org/x/sys v0.47.0", "", `golang.org/x/sys is "", want v0.47.0 or later`},
		{"newer than exact", "gota v0.12.0", "gota v0.12.1", `github.com/go-gota/gota is "v0.12.1", want exactly v0.12.0`},
		{"replaced", "go 1.26\n", "go 1.26\nreplace gonum.org/v1/plot => ../plot\n", "gonum.org/v1/plot is replaced by ../plot, want no replace"},
		{"any toolchain", "toolchain go1.26.8", "", "there is no toolchain line"},
	} {
		t.Run(test.name, func(t *testing.T) {
			broken, err := brokenPins([]byte(strings.Replace(sound, test.old, test.new, 1)))
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.Join(broken, "; "); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}
