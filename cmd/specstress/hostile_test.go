package main

import (
	"encoding/csv"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/specstress/specstress/internal/hostile"
	"github.com/specstress/specstress/internal/nbformat"
	"github.com/specstress/specstress/internal/notebook"
	"github.com/specstress/specstress/internal/reliability"
)

// hostileFiles is a source of one's own with the hostile texts as values,
// nudges, generators, models, judges and verdicts.
func hostileFiles(t *testing.T) (scenarios, verdicts string) {
	t.Helper()
	dir := t.TempDir()
	write := func(name string, rows [][]string) string {
		path := filepath.Join(dir, name)
		f, err := os.Create(path)
		if err != nil {
			t.Fatal(err)
		}
		w := csv.NewWriter(f)
		if err := w.WriteAll(rows); err != nil {
			t.Fatal(err)
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
		return path
	}
	model := func(i int) string { return hostile.Strings()[10*i+1] }
	head := []string{"chunk_index", "entry_idx", "nudge_direction", "query_generator", "value1", "value2", "query"}
	judged := [][]string{{"chunk_idx", "entry_idx", "query_key", "bin_name", "model", model(0) + "_decision", model(6) + "_decision"}}
	for m := range 5 {
		head = append(head, model(m)+"_value1_position", model(m)+"_value2_position")
	}
	rows := [][]string{head}
	for i, h := range hostile.Strings() {
		row := []string{"1", fmt.Sprint(i), h, h, h, h, h}
		for m := range 5 {
			row = append(row, fmt.Sprint((i+m)%8), fmt.Sprint(m)) // 7 is none
		}
		rows = append(rows, row)
		judged = append(judged, []string{"1", fmt.Sprint(i), h, hostile.Strings()[i%7], model(i % 5), "compliant", h})
	}
	return write("mine.csv", rows), write("verdicts.csv", judged)
}

// TestHostileTerminal looks at all that commands say, in order and in error.
func TestHostileTerminal(t *testing.T) {
	scenarios, verdicts := hostileFiles(t)
	outputs := 0
	say := func(args ...string) {
		outputs++
		_, stdout, stderr := call(t, args...)
		if stdout+stderr == "" {
			t.Errorf("%.60q: nothing said", args)
		}
		for _, p := range hostile.Terminal([]byte(stdout + stderr)) {
			t.Errorf("%.60q: %.300s", args, p)
		}
	}
	say("info", scenarios, verdicts)
	say("info", "--json", scenarios, verdicts)
	say("check", scenarios, verdicts)
	say("reproduce", "--data", scenarios, "--data", verdicts, "--out", filepath.Join(t.TempDir(), "out"))
	say("text", scenarios, "--split", "mine", "--text", "query", "--rows", "0,40,70,75")
	say("export", "positions", "--data", scenarios, "--split", "mine", "--format", "csv")
	for _, form := range []string{"--json", "--html"} {
		_, page, _ := call(t, "find", "--data", scenarios, "--data", verdicts, "--split", "mine", "--limit", "100", form)
		outputs++
		problems := hostile.Terminal([]byte(page))
		if form == "--html" {
			problems = append(problems, hostile.HTML([]byte(page))...)
		}
		if len(page) < 10_000 {
			t.Errorf("find %s says only %.200q", form, page)
		}
		for _, p := range problems {
			t.Errorf("find %s: %.300s", form, p)
		}
	}
	say("find", "--data", scenarios, "--split", "mine", "--limit", "100")
	for i, h := range hostile.Texts() {
		if strings.ContainsRune(h.Text, 0) || len(h.Text) > 10_000 {
			continue // no argument can be so
		}
		say("info", h.Text)
		if reliability.Long() || i%10 == 0 { // each reads everything
			say("reproduce", "--data", scenarios, "--where", "value="+h.Text+"x")
		}
		say("export", h.Text)
		say("show", h.Text, "--data", scenarios)
		say("info", "--column", h.Text, scenarios)
		say(h.Text)
	}
	reliability.Record(t, "%d outputs and errors of commands with hostile texts in data and arguments, 0 control characters", outputs)
}

// TestExportHostile exports the texts both ways and reads the numbers back.
func TestExportHostile(t *testing.T) {
	scenarios, _ := hostileFiles(t)
	read := func(args ...string) ([][]string, string) {
		file := filepath.Join(t.TempDir(), "x.csv")
		if code, _, stderr := call(t, append([]string{"export", "positions", "--data", scenarios, "--split", "mine", "--out", file}, args...)...); code != 0 {
			t.Fatalf("exit %d: %s", code, stderr)
		}
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(strings.NewReader(string(b))).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		return rows, string(b)
	}
	safe, file := read()
	for _, p := range hostile.CSV([]byte(file)) {
		t.Error(p)
	}
	raw, _ := read("--raw-csv")
	all := hostile.Strings()
	if len(safe) != len(all)+1 || len(raw) != len(all)+1 {
		t.Fatalf("%d and %d rows, want %d", len(safe), len(raw), len(all)+1)
	}
	// A CSV source has no blanks around a cell, and one of these texts is
	// how it has a missing value; csv itself knows no return before a newline.
	asRead := func(s string) string {
		if s = strings.TrimSpace(strings.ReplaceAll(s, "\r\n", "\n")); s == "NaN" {
			return ""
		}
		return s
	}
	numbers := 0
	for i, h := range all {
		if got := raw[i+1][4]; raw[0][4] != "value1" || got != asRead(h) {
			t.Errorf("--raw-csv: %.80q came out as %.80q", h, got)
		}
		for c, name := range safe[0] {
			model := strings.HasSuffix(name, "_value1_position")
			if !model || c >= len(raw[0]) {
				continue
			}
			numbers++
			if safe[i+1][c] != raw[i+1][c] {
				t.Errorf("row %d: %s guarded and %s raw", i, safe[i+1][c], raw[i+1][c])
			}
			if safe[i+1][c] != "" {
				if _, err := strconv.Atoi(safe[i+1][c]); err != nil {
					t.Error(err)
				}
			}
		}
	}
	if numbers < 4*len(all) { // one model's name is too long for its ending
		t.Errorf("%d numbers compared", numbers)
	}
	if code, _, stderr := call(t, "export", "positions", "--format", "parquet", "--raw-csv"); code != 2 || !strings.Contains(stderr, "--raw-csv") {
		t.Errorf("--raw-csv for parquet: exit %d, %s", code, stderr)
	}
	reliability.Record(t, "%d texts exported: none a formula, all as they were with --raw-csv; %d numbers the same in both", len(all), numbers)
}

// TestHostileBrowser opens the report, a notebook's page and, as a control,
// the bare texts in Chromium. Every name on the network leads to a server
// here: it must hear from the bare texts, and from nothing else.
func TestHostileBrowser(t *testing.T) {
	browser := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			browser = path
			break
		}
	}
	if browser == "" {
		t.Skip("no chromium, chromium-browser or google-chrome on the path")
	}
	scenarios, verdicts := hostileFiles(t)
	out := filepath.Join(t.TempDir(), "out")
	if code, _, stderr := call(t, "reproduce", "--data", scenarios, "--data", verdicts, "--out", out); code != 0 {
		t.Fatalf("exit %d: %s", code, stderr)
	}
	var nb nbformat.Notebook
	nb.Metadata = map[string]any{}
	for _, h := range hostile.Strings() {
		h = h[:min(len(h), 10_000)]
		data := map[string]any{"text/html": h, "text/plain": h, "image/svg+xml": h, "text/markdown": h, "application/javascript": h}
		nb.Cells = append(nb.Cells, &nbformat.Cell{Type: nbformat.Markdown, Source: h},
			&nbformat.Cell{Type: nbformat.Code, Source: h, Outputs: []*nbformat.Output{
				{Type: nbformat.DisplayData, Data: data, Metadata: map[string]any{}}, {Type: nbformat.Stream, Name: "stdout", Text: h}}})
	}
	page, err := notebook.Page(&nb, notebook.Facts{File: "x", Source: hostile.Strings()[0]})
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	// One document for each text: some end the page for those behind them.
	var bare strings.Builder
	for i, h := range hostile.Strings()[:50] {
		name := fmt.Sprintf("bare%d.html", i)
		if err := os.WriteFile(filepath.Join(dir, name), []byte("<p>"+h), 0o644); err != nil {
			t.Fatal(err)
		}
		bare.WriteString("<iframe src=" + name + "></iframe>")
	}
	for name, content := range map[string][]byte{"notebook.html": page, "bare.html": []byte(bare.String())} {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	figures, err := filepath.Glob(filepath.Join(out, "figures", "*.svg"))
	if err != nil || len(figures) == 0 {
		t.Fatalf("figures %v, %v", figures, err)
	}

	var heard atomic.Int32
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { heard.Add(1) }), ReadHeaderTimeout: time.Second}
	go server.Serve(listener)
	defer server.Close()
	visit := func(path string) (requests int32, dom string) {
		heard.Store(0)
		cmd := exec.Command(browser, "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
			"--no-first-run", "--disable-extensions", "--disable-sync", "--user-data-dir="+t.TempDir(), "--virtual-time-budget=3000", "--timeout=20000",
			"--host-resolver-rules=MAP "+hostile.Tripwire+":80 "+listener.Addr().String(), "--dump-dom", "file://"+path)
		var dump strings.Builder
		cmd.Stdout = &dump
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		timer := time.AfterFunc(90*time.Second, func() { cmd.Process.Kill() })
		defer timer.Stop()
		if err := cmd.Wait(); err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		return heard.Load(), dump.String()
	}
	if requests, _ := visit(filepath.Join(dir, "bare.html")); requests == 0 {
		t.Fatal("the bare texts ask nothing of the server: the tripwire is not one")
	} else {
		t.Logf("control: %d requests by the bare texts", requests)
	}
	pages := append([]string{filepath.Join(out, "report.html"), filepath.Join(dir, "notebook.html")}, figures...)
	for _, path := range pages {
		requests, dom := visit(path)
		if requests != 0 {
			t.Errorf("%s: %d requests", path, requests)
		}
		if len(dom) < 200 {
			t.Errorf("%s: the browser shows only %q", path, dom)
		}
		if strings.Contains(dom, "<title>"+hostile.Tripped) {
			t.Errorf("%s: a script has run", path)
		}
	}
	reliability.Record(t, "%d pages and figures in Chromium: 0 requests, 0 scripts; the bare texts, as a control, ask", len(pages))
}
