// Report runs the tests behind every promise at full length, writes what
// they measured into docs/reliability.md and prints the table. Call it in
// the root of the repository. Arguments are promises to run, as in R1 R4;
// the others keep their figures.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/specstress/specstress/internal/reliability"
)

const (
	page     = "docs/reliability.md"
	measured = "internal/reliability/measured.tsv"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "reliability:", err)
		os.Exit(1)
	}
}

func run(only []string) error {
	old, err := os.ReadFile(measured)
	if err != nil {
		return err
	}
	measures, err := reliability.ReadMeasures(old)
	if err != nil {
		return fmt.Errorf("%s: %w", measured, err)
	}
	var batches []batch
	for _, p := range reliability.Promises {
		if len(only) > 0 && !slices.Contains(only, p.ID) {
			continue
		}
		for _, t := range p.Tests {
			batches = add(batches, t)
		}
	}
	failed := 0
	for _, b := range batches {
		fmt.Fprintln(os.Stderr, "testing", b.pkg, strings.Join(b.names, " "))
		n, err := b.run(measures)
		if err != nil {
			return err
		}
		failed += n
	}
	if err := os.WriteFile(measured, reliability.WriteMeasures(measures), 0o644); err != nil {
		return err
	}
	text, err := os.ReadFile(page)
	if err != nil {
		return err
	}
	table := reliability.Table(reliability.Promises, measures)
	after, err := reliability.Replace(string(text), table)
	if err != nil {
		return err
	}
	if err := os.WriteFile(page, []byte(after), 0o644); err != nil {
		return err
	}
	fmt.Print(table)
	if failed > 0 {
		return fmt.Errorf("%d tests failed", failed)
	}
	return nil
}

// A batch is tests of one package that run with the same arguments.
type batch struct {
	pkg   string
	args  []string
	names []string
}

func add(batches []batch, t reliability.Test) []batch {
	i := slices.IndexFunc(batches, func(b batch) bool { return b.pkg == t.Package && slices.Equal(b.args, t.Args) })
	if i < 0 {
		i, batches = len(batches), append(batches, batch{pkg: t.Package, args: t.Args})
	}
	if !slices.Contains(batches[i].names, t.Name) {
		batches[i].names = append(batches[i].names, t.Name)
	}
	return batches
}

// reason is a line that a test logged.
var reason = regexp.MustCompile(`^\s+\w+\.go:\d+: (.*)`)

// run enters what came of the batch's tests and returns how many failed.
func (b batch) run(measures map[string]reliability.Measure) (failed int, err error) {
	dir, err := os.MkdirTemp("", "reliability-")
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(dir)
	figures := filepath.Join(dir, "figures")
	args := []string{"test", "-json", "-count=1", "-timeout=60m", "-run", "^(" + strings.Join(b.names, "|") + ")$", "./" + b.pkg}
	cmd := exec.Command("go", append(args, b.args...)...)
	cmd.Env = append(os.Environ(), reliability.Environment(figures)...)
	cmd.Stderr = os.Stderr
	out, testErr := cmd.Output()

	outcome, said := map[string]string{}, map[string]string{}
	lines := bufio.NewScanner(bytes.NewReader(out))
	lines.Buffer(nil, 1<<26)
	for lines.Scan() {
		var e struct{ Action, Test, Output string }
		if json.Unmarshal(lines.Bytes(), &e) != nil || e.Test == "" {
			continue
		}
		name, _, sub := strings.Cut(e.Test, "/")
		switch {
		case e.Action == "output":
			if m := reason.FindStringSubmatch(e.Output); m != nil {
				said[name] = strings.NewReplacer("\t", " ", "|", " ").Replace(m[1])
			}
		case !sub && (e.Action == "pass" || e.Action == "fail" || e.Action == "skip"):
			outcome[name] = e.Action
		}
	}
	recorded, err := os.ReadFile(figures)
	if err != nil && !os.IsNotExist(err) {
		return 0, err
	}
	for _, name := range b.names {
		m := reliability.Measure{Outcome: outcome[name]}
		switch {
		case m.Outcome == "":
			return 0, fmt.Errorf("%s: %s did not run (%v)\n%s", b.pkg, name, testErr, out[max(0, len(out)-2000):])
		case m.Outcome == "skip" || m.Outcome == "fail":
			m.Figure = said[name]
		}
		if m.Outcome == "fail" {
			failed++
		}
		for line := range strings.Lines(string(recorded)) {
			if test, figure, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "\t"); test == name && m.Outcome == "pass" {
				m.Figure = strings.TrimPrefix(m.Figure+"; "+figure, "; ")
			}
		}
		measures[b.pkg+"."+name] = m
	}
	return failed, nil
}
