package nb

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"strconv"
	"strings"

	"github.com/specstress/specstress/loaders"
)

// command is the path of the command specstress: what the kernel says, else
// the one on PATH.
func command() (string, error) {
	if path := os.Getenv("SPECSTRESS_BIN"); path != "" {
		return path, nil
	}
	path, err := exec.LookPath("specstress")
	if err != nil {
		return "", errors.New("the command specstress is needed here and is not on PATH; build it with make, or set SPECSTRESS_BIN to its path")
	}
	return path, nil
}

// packSource has the command make the packed form of a source and shows how
// far it is. Interrupting the cell interrupts the command, which leaves
// nothing half-written.
func packSource(ctx context.Context, from reading) error {
	sources := strings.Join(from.Sources, ",")
	path, err := command()
	if err != nil {
		return fmt.Errorf("nb: source %s is not packed yet: %w", sources, err)
	}
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt)
	defer stop()
	bar := Progress("Reading "+sources, 0)
	defer bar.Done()
	cmd := exec.CommandContext(ctx, path, append([]string{"pack", "--progress-lines"}, from.arguments()...)...)
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	return run(cmd, nil, func(split string, done, total int) { bar.stageSet(split, done, total) })
}

// A stored is a table whose texts the command reads, by the rows of the
// split as it is stored.
type stored interface{ Stored(row int) int }

// texts has the command read a text column.
func (d *Dataset) texts(ctx context.Context, s *loaders.Scenarios, column string, rows []int) ([]string, error) {
	columns, err := d.textColumns(ctx, s.Split(), s, []string{column}, rows)
	return columns[column], err
}

// textColumns has the command read some text columns of a split.
func (d *Dataset) textColumns(ctx context.Context, split string, s stored, columns []string, rows []int) (map[string][]string, error) {
	if len(rows) == 0 {
		return nil, nil
	}
	path, err := command()
	if err != nil {
		return nil, fmt.Errorf("nb: texts of split %s: %w", split, err)
	}
	var in strings.Builder
	for _, row := range rows {
		fmt.Fprintln(&in, s.Stored(row))
	}
	args := []string{"text", "--split", split, "--rows", "-"}
	for _, column := range columns {
		args = append(args, "--text", column)
	}
	cmd := exec.CommandContext(ctx, path, append(args, d.pinned().arguments()...)...)
	cmd.Stdin = strings.NewReader(in.String())
	var out bytes.Buffer
	if err := run(cmd, &out, nil); err != nil {
		return nil, err
	}
	texts := map[string][]string{}
	n := 0
	lines := json.NewDecoder(&out)
	for {
		var line struct{ Texts map[string]string }
		err := lines.Decode(&line)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("nb: specstress text: %w", err)
		}
		for _, column := range columns {
			texts[column] = append(texts[column], line.Texts[column])
		}
		n++
	}
	if n != len(rows) {
		return nil, fmt.Errorf("nb: specstress text gave %d texts, want %d", n, len(rows))
	}
	return texts, nil
}

// pinned is the reading with remote sources at the commit that was packed: a
// branch may have moved on, and its rows with it.
func (d *Dataset) pinned() reading {
	from := d.from
	if at := strings.Split(d.Source(), ","); d.Commit() != "" && len(at) == len(from.Sources) {
		from.Sources = at
	}
	return from
}

// run runs the command. What it says on standard error is progress, or, if
// it fails, the error.
func run(cmd *exec.Cmd, out io.Writer, progress func(stage string, done, total int)) error {
	cmd.Stdout = out
	stderr, err := cmd.StderrPipe()
	if err != nil {
		return fmt.Errorf("nb: %w", err)
	}
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("nb: %w", err)
	}
	var said []string
	lines := bufio.NewScanner(stderr)
	for lines.Scan() {
		if stage, done, total, ok := parseProgress(lines.Text()); ok && progress != nil {
			progress(stage, done, total)
		} else {
			said = append(said, strings.TrimPrefix(lines.Text(), "specstress: "))
		}
	}
	io.Copy(io.Discard, stderr) // a line too long to scan must not block the command
	if err := cmd.Wait(); err != nil {
		if len(said) > 0 {
			return errors.New(strings.Join(said, "\n"))
		}
		return fmt.Errorf("nb: %s: %w", cmd.Args[1], err)
	}
	return nil
}

// parseProgress reads a line of specstress pack --progress-lines.
func parseProgress(line string) (stage string, done, total int, ok bool) {
	f := strings.SplitN(line, " ", 4)
	if len(f) != 4 || f[0] != "progress" {
		return "", 0, 0, false
	}
	done, err1 := strconv.Atoi(f[1])
	total, err2 := strconv.Atoi(f[2])
	return f[3], done, total, err1 == nil && err2 == nil
}
