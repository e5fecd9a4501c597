package shim

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// The environment by which a go build tells [Note] where to leave notes
// and on which package.
const (
	envNotes   = "SPECSTRESS_NOTES"
	envNotesOf = "SPECSTRESS_NOTES_OF"
)

// A note is how go build started one of its tools.
type note struct {
	Tool     string
	Args     []string
	Env      []string // what go decided: GO... and CGO_...
	Packages string   // the contents of its -importcfg
}

// Note is called by go build, through -toolexec, with the tool and the
// arguments that the caller is to become. It writes down how the cell is
// compiled and linked, and nothing about other packages. That nothing was
// written only means that the next cell is built by go again.
func Note(args []string) {
	dir, of := os.Getenv(envNotes), os.Getenv(envNotesOf)
	if dir == "" || len(args) < 2 || os.Getenv("TOOLEXEC_IMPORTPATH") != of || args[1] == "-V=full" {
		return
	}
	n := note{Tool: args[0], Args: args[1:], Env: goSettings(os.Environ())}
	i := slices.Index(args, "-importcfg")
	if i < 0 || i+1 == len(args) {
		return
	}
	text, err := os.ReadFile(args[i+1])
	if err != nil {
		return
	}
	if n.Packages, err = keepable(string(text), of); err != nil {
		return
	}
	if text, err = json.Marshal(n); err != nil {
		return
	}
	_ = writeFile(filepath.Join(dir, noteName(n.Tool)), text)
}

// keepable returns an importcfg in which all packages but the cell's own
// are where they stay. Those that this go build compiled are in its working
// folder; go's cache has them, too, by a hash of their contents.
func keepable(importcfg, of string) (string, error) {
	cache := os.Getenv("GOCACHE")
	var b strings.Builder
	for line := range strings.Lines(importcfg) {
		p, file, ok := strings.Cut(strings.TrimSpace(line), "=")
		if ok && strings.HasPrefix(p, "packagefile ") && p != "packagefile "+of && !strings.HasPrefix(file, cache+string(filepath.Separator)) {
			text, err := os.ReadFile(file)
			if err != nil {
				return "", err
			}
			sum := sha256.Sum256(text)
			name := hex.EncodeToString(sum[:])
			line = p + "=" + filepath.Join(cache, name[:2], name+"-d") + "\n"
		}
		b.WriteString(line)
	}
	return b.String(), nil
}

func noteName(tool string) string {
	return strings.TrimSuffix(filepath.Base(tool), ".exe") + ".json"
}

// readNote returns the note on a tool, if there is one.
func readNote(dir, tool string) (n note, ok bool) {
	text, err := os.ReadFile(filepath.Join(dir, noteName(tool)))
	return n, err == nil && json.Unmarshal(text, &n) == nil
}

// toolexec is the flag that makes go build leave notes, or "" where the
// program's path cannot be quoted for it.
func toolexec(self string) string {
	for _, quote := range []string{"'", `"`} {
		if self != "" && !strings.Contains(self, quote) {
			return "-toolexec=" + quote + self + quote + " toolexec"
		}
	}
	return ""
}

// goSettings are the variables of an environment that go heeds, sorted.
func goSettings(env []string) []string {
	var settings []string
	for _, v := range env {
		if (strings.HasPrefix(v, "GO") || strings.HasPrefix(v, "CGO_")) && !strings.HasPrefix(v, "GONB_") {
			settings = append(settings, v)
		}
	}
	slices.Sort(settings)
	return settings
}

// writeFile writes a file that is never seen half written.
func writeFile(path string, text []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".writing-")
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		os.Remove(f.Name())
	}
	return err
}
