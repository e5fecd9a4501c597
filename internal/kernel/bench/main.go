// Command bench measures what a researcher waits for: from an edited cell
// to the kernel being idle again, warm, and from the start of a kernel to
// the first result. The same cells run on GoNB as it is installed without
// this repository's kernel, with -go_work, beside it.
//
//	go run ./internal/kernel/bench          # or: make bench-cells
//
// Every cell is edited before each run, so that it is compiled and linked
// each time. It prints the machine, its load and, in the last line, the
// medians in milliseconds.
package main

import (
	"cmp"
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/specstress/specstress/internal/jupyter"
	"github.com/specstress/specstress/internal/kernel"
)

func main() {
	runs := flag.Int("runs", 11, "runs of each cell")
	flag.Parse()
	if err := bench(context.Background(), *runs); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// imports are what both kernels are told; ours would find them.
const imports = `import (
	"fmt"
	"github.com/specstress/specstress/analysis"
	"github.com/specstress/specstress/analysis/figure"
	"github.com/specstress/specstress/notebooks/nb"
)
`

// figureOf computes and shows the disagreement of a split. NUMBER is
// replaced before each run.
const figureOf = `%%%%
d := nb.Data("sample").Split(%q)
dis := nb.Must(analysis.MeasureDisagreement(d.Positions(analysis.AllModels), analysis.AllModels))
nb.Show(nb.Must(figure.Disagreement([]*analysis.Disagreements{dis}, figure.DisagreementOptions{})))
fmt.Println(NUMBER)
`

var cells = []struct{ name, imports, code string }{
	{"trivial", "import \"fmt\"\n", "%%\nfmt.Println(NUMBER)\n"},
	{"figure-43960", imports, fmt.Sprintf(figureOf, "all_models")},
	{"figure-411000", imports, fmt.Sprintf(figureOf, "complete")},
	{"left-out-imports", "", fmt.Sprintf(figureOf, "all_models")},
}

func bench(ctx context.Context, runs int) error {
	root, err := kernel.FindRoot(".")
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "specstress-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	bin := filepath.Join(dir, "specstress")
	if err := build(root, bin, "./cmd/specstress"); err != nil {
		return err
	}
	tools, err := kernel.BuildTools(ctx, root, func(s string) { fmt.Println(s, "...") })
	if err != nil {
		return err
	}
	if err := kernel.Warm(root, tools); err != nil {
		return err
	}
	fmt.Printf("machine: %s, %d CPUs, %s; load %s\n", cpu(), runtime.NumCPU(), runtime.Version(), load())

	ours := jupyter.Command{Dir: dir, Args: []string{bin, "kernel", "start", "--no-completion", root, "{connection_file}"}}
	start, err := starts(ctx, ours, runs)
	if err != nil {
		return err
	}
	report := []string{fmt.Sprintf("start-to-result %d", median(start))}
	commands := []jupyter.Command{ours}
	if stock, err := stockCommand(root, dir, tools); err != nil {
		fmt.Println("no GoNB with -go_work beside it:", err)
	} else {
		commands = append(commands, stock)
	}
	took, err := measure(ctx, commands, runs)
	if err != nil {
		return err
	}
	for _, c := range cells {
		mine := median(took[0][c.name])
		text := fmt.Sprintf("%s %d", c.name, mine)
		if len(took) > 1 {
			theirs := median(took[1][c.name])
			text += fmt.Sprintf(" (stock %d, ratio %.2f)", theirs, float64(mine)/float64(theirs))
		}
		report = append(report, text)
	}
	fmt.Printf("load afterwards: %s\n", load())
	fmt.Printf("medians of %d, ms: %s\n", runs, strings.Join(report, ", "))
	return nil
}

// build builds one of the programs with the go.mod of dir.
func build(dir, out, pkg string) error {
	cmd := exec.Command("go", "build", "-o", out, pkg)
	cmd.Dir = dir
	if text, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("go build %s: %w: %s", pkg, err, text)
	}
	return nil
}

// stockCommand is GoNB as its own installation starts it with -go_work.
// What it needs besides, goimports and no network, it gets.
func stockCommand(root, dir string, tools kernel.Tools) (jupyter.Command, error) {
	path := filepath.Join(dir, "stock")
	if err := build(filepath.Join(root, "internal", "kernel", "gopls"), filepath.Join(path, "goimports"), "golang.org/x/tools/cmd/goimports"); err != nil {
		return jupyter.Command{}, err
	}
	return jupyter.Command{
		Dir:  dir,
		Args: []string{tools.GoNB, "--kernel", "{connection_file}", "-raw_error=true", "-go_work=" + root},
		Env: []string{
			"GOPROXY=off",
			kernel.EnvRoot + "=" + root,
			kernel.EnvBin + "=" + filepath.Join(dir, "specstress"),
			"PATH=" + path + string(os.PathListSeparator) + os.Getenv("PATH"),
		},
	}, nil
}

// starts measures from the start of a kernel to the result of its first
// cell.
func starts(ctx context.Context, command jupyter.Command, runs int) ([]time.Duration, error) {
	var took []time.Duration
	for range runs {
		begin := time.Now()
		k, err := jupyter.Start(ctx, command)
		if err != nil {
			return nil, err
		}
		_, err = run(ctx, k, "%%\nfmt.Println(1)")
		took = append(took, time.Since(begin))
		k.Close()
		if err != nil {
			return nil, err
		}
	}
	return took, nil
}

// measure runs every cell once in every kernel to warm up, then runs times,
// kernels and cells in turn, so that a busy moment hits all alike. It
// returns the times by kernel and cell.
func measure(ctx context.Context, commands []jupyter.Command, runs int) ([]map[string][]time.Duration, error) {
	var kernels []*jupyter.Kernel
	var took []map[string][]time.Duration
	for _, command := range commands {
		k, err := jupyter.Start(ctx, command)
		if err != nil {
			return nil, err
		}
		defer k.Close()
		kernels, took = append(kernels, k), append(took, map[string][]time.Duration{})
	}
	for i := range runs + 1 {
		for _, c := range cells {
			for j, k := range kernels {
				t, err := run(ctx, k, c.imports+strings.ReplaceAll(c.code, "NUMBER", fmt.Sprint(i)))
				if err != nil {
					return nil, fmt.Errorf("%s: %w", c.name, err)
				}
				if i > 0 {
					took[j][c.name] = append(took[j][c.name], t)
				}
			}
		}
	}
	return took, nil
}

func run(ctx context.Context, k *jupyter.Kernel, code string) (time.Duration, error) {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Minute)
	defer cancel()
	begin := time.Now()
	var heard words
	reply, err := k.Execute(ctx, code, &heard)
	took := time.Since(begin)
	if err == nil && reply.Status != "ok" {
		err = fmt.Errorf("%s\n%s", reply.EValue, strings.Join(heard.said, ""))
	}
	return took, err
}

// words keeps what a cell writes, for when it fails.
type words struct{ said []string }

func (w *words) Stream(_, text string)                 { w.said = append(w.said, text) }
func (w *words) Display(jupyter.Bundle, string)        {}
func (w *words) Result(jupyter.Bundle, int)            {}
func (w *words) Update(jupyter.Bundle, string)         {}
func (w *words) Clear(bool)                            {}
func (w *words) Error(_, _ string, traceback []string) { w.said = append(w.said, traceback...) }

func median(took []time.Duration) int64 {
	sorted := slices.Sorted(slices.Values(took))
	return sorted[len(sorted)/2].Milliseconds()
}

// cpu names the processor, where /proc does.
func cpu() string {
	text, _ := os.ReadFile("/proc/cpuinfo")
	for line := range strings.Lines(string(text)) {
		if name, ok := strings.CutPrefix(line, "model name"); ok {
			return strings.Trim(name, "\t\n :")
		}
	}
	return runtime.GOOS + "/" + runtime.GOARCH
}

// load is the system's load average.
func load() string {
	text, _ := os.ReadFile("/proc/loadavg")
	fields := strings.Fields(string(text))
	return cmp.Or(strings.Join(fields[:min(3, len(fields))], " "), "unknown")
}
