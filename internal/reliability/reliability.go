// Package reliability lists what this project promises about damaged files,
// hostile text, faults and repeatability, and which tests hold it to each
// promise. docs/reliability.md is made from the list and from what the tests
// measured:
//
//	make test-long      runs the tests at full length and writes the page
//
// A test that measures says so with [Record], and runs its full length where
// [Long] says so.
package reliability

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// The environment variables that the report sets for the tests it runs.
const (
	longEnv     = "SPECSTRESS_LONG"
	measuredEnv = "SPECSTRESS_MEASURED"
)

// Long reports whether tests are to run at full length. go test alone runs
// the short forms.
func Long() bool { return os.Getenv(longEnv) != "" }

// Record logs a figure that a test measured and, when the report asked for
// it, hands it over. The figure is part of a table: one line, without the
// time of day and without anything that differs from run to run.
func Record(t testing.TB, format string, args ...any) {
	t.Helper()
	figure := fmt.Sprintf(format, args...)
	t.Log(figure)
	path := os.Getenv(measuredEnv)
	if path == "" {
		return
	}
	if strings.ContainsAny(figure, "\n\t|") {
		t.Fatalf("figure %q, want one line without tabs and bars", figure)
	}
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		t.Fatal(err)
	}
	name, _, _ := strings.Cut(t.Name(), "/")
	_, err = fmt.Fprintf(f, "%s\t%s\n", name, figure)
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// Environment makes tests run at full length and record into a file.
func Environment(file string) []string { return []string{longEnv + "=1", measuredEnv + "=" + file} }
