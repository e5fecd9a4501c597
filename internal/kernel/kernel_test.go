package kernel

import (
	"os"
	"path/filepath"
	"testing"
)

// TestSpec holds kernel.json to what Jupyter reads, byte for byte.
func TestSpec(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a folder", "kernels", Name)
	if err := WriteSpec(dir, NewSpec("/opt/my tools/specstress", `/home/jo/the "clone"`)); err != nil {
		t.Fatal(err)
	}
	const want = `{
  "argv": [
    "/opt/my tools/specstress",
    "kernel",
    "start",
    "/home/jo/the \"clone\"",
    "{connection_file}"
  ],
  "display_name": "Go (specstress)",
  "language": "go",
  "interrupt_mode": "message",
  "metadata": {
    "debugger": false
  }
}
`
	got, err := os.ReadFile(filepath.Join(dir, "kernel.json"))
	if err != nil || string(got) != want {
		t.Errorf("got %s, %v, want %s", got, err, want)
	}
	spec, err := ReadSpec(dir)
	if err != nil || spec.Argv[3] != `/home/jo/the "clone"` {
		t.Errorf("read %v, %v", spec, err)
	}
	for _, want := range []bool{true, false} {
		if removed, err := RemoveSpec(dir); removed != want || err != nil {
			t.Errorf("RemoveSpec = %v, %v, want %v", removed, err, want)
		}
	}
}

func TestSpecDir(t *testing.T) {
	t.Setenv("JUPYTER_DATA_DIR", "/data")
	for prefix, want := range map[string]string{
		"":     "/data/kernels/specstress",
		"/env": "/env/share/jupyter/kernels/specstress",
	} {
		if got, err := SpecDir(prefix); got != filepath.FromSlash(want) || err != nil {
			t.Errorf("SpecDir(%q) = %s, %v, want %s", prefix, got, err, want)
		}
	}
}

func TestFindRoot(t *testing.T) {
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	if got, err := FindRoot("gopls"); got != root || err != nil {
		t.Errorf("FindRoot of a nested module = %s, %v, want %s", got, err, root)
	}
	if got, err := FindRoot(t.TempDir()); err == nil {
		t.Errorf("FindRoot outside = %s, want an error", got)
	}
}

// TestHashFiles: other sources, other tools.
func TestHashFiles(t *testing.T) {
	root := filepath.Join(t.TempDir(), "with [brackets] and space")
	write := func(name, text string) {
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("go.mod", "module m\n")
	write("go.sum", "")
	write("internal/shim/a.go", "package shim\n")
	seen := map[string]string{}
	key := func(what string) string {
		k, err := hashFiles(root, "/go", "go.*", "internal/shim/*")
		if err != nil {
			t.Fatal(err)
		}
		return k
	}
	seen[key("")] = "the start"
	for _, c := range []struct{ name, text string }{
		{"go.mod", "module n\n"}, {"go.sum", "x"}, {"internal/shim/a.go", "package shim // edited\n"},
	} {
		write(c.name, c.text)
		k := key(c.name)
		if before, ok := seen[k]; ok {
			t.Errorf("after %s the key is that after %s", c.name, before)
		}
		seen[k] = c.name
	}
	before := key("")
	write("internal/shim/a_test.go", "package shim\n")
	if key("") != before {
		t.Error("a test changes the key")
	}
}
