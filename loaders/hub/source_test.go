package hub

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"

	"github.com/specstress/specstress/analysis"
	"github.com/specstress/specstress/loaders"
	_ "github.com/specstress/specstress/loaders/parquet"
	"github.com/specstress/specstress/loaders/sample"
)

const testSource = "hf://datasets/" + testRepo

var sampleDir string // made by the first test that wants it

var sampleOnce = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "hub-sample-")
	if err != nil {
		return "", err
	}
	sampleDir = dir
	return dir, sample.Write(context.Background(), dir, sample.Options{Rows: 1000, Seed: 1, Text: true})
})

// TestMain removes the sample that tests share.
func TestMain(m *testing.M) {
	code := m.Run()
	if sampleDir != "" {
		os.RemoveAll(sampleDir)
	}
	os.Exit(code)
}

// sampleFiles is a small synthetic sample as files of a repository, and its
// folder.
func sampleFiles(t *testing.T) (dir string, files map[string][]byte) {
	t.Helper()
	dir, err := sampleOnce()
	if err != nil {
		t.Fatal(err)
	}
	files = map[string][]byte{}
	err = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		name, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		files[filepath.ToSlash(name)], err = os.ReadFile(path)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return dir, files
}

// readAll reads every table of a source, and some texts.
func readAll(t *testing.T, source string) (map[string]any, *loaders.Dataset) {
	t.Helper()
	ctx := context.Background()
	d, err := loaders.Open(ctx, source, loaders.Options{})
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]any{}
	for _, split := range append(d.Splits(loaders.ConfigDefault), d.Splits(loaders.ConfigComplete)...) {
		s, err := d.Scenarios(ctx, split)
		if err != nil {
			t.Fatal(err)
		}
		p, err := s.AllPositions()
		if err != nil {
			t.Fatal(err)
		}
		all[split] = p
		text, err := s.Text(ctx, "query", 0, s.Rows()-1, 1)
		if err != nil {
			t.Fatal(err)
		}
		all[split+" texts"] = text
		all[split+" info"] = s.Info()
	}
	j, err := d.Verdicts(ctx)
	if err != nil {
		t.Fatal(err)
	}
	all["verdicts"] = j.Verdicts
	labels, err := d.Labels(ctx)
	if err != nil {
		t.Fatal(err)
	}
	var kinds []string
	for _, l := range labels.Labellings {
		kinds = append(kinds, fmt.Sprint(l.Name, " by ", l.Labeller, " ", l.From, " ", l.To, " ", l.Models))
	}
	all["labels"] = kinds
	return all, d
}

// TestSourceEqualsFiles reads a repository from an empty cache, again, and
// then without a network; what comes must be what the files hold.
func TestSourceEqualsFiles(t *testing.T) {
	dir, files := sampleFiles(t)
	s := newHub(t, files)
	want, _ := readAll(t, dir)
	got, d := readAll(t, testSource)
	for k := range want {
		if !reflect.DeepEqual(got[k], want[k]) {
			t.Errorf("%s from the Hub differs from the file's", k)
		}
	}
	if d.Commit() != testCommit || d.Source() != testSource+"@"+testCommit {
		t.Errorf("source %s at commit %s, want it pinned to %s", d.Source(), d.Commit(), testCommit)
	}
	for _, f := range d.Files() {
		if f.Verified || f.SHA256 != "" || f.OID != idOf(f.Name, files[f.Name]) {
			t.Errorf("%s read by range: %+v, want it unverified with the Hub's id", f.Name, f)
		}
	}
	if p, _ := d.Provenance(); p != loaders.Synthetic {
		t.Errorf("the sample from the Hub is %s, want synthetic", p)
	}
	for _, r := range s.requests() {
		if token := r.header.Get("Authorization"); (r.host == "hub") != (token != "") {
			t.Errorf("%s %s: token sent: %v", r.host, r.path, token != "")
		}
		if r.header.Get("Accept-Encoding") != "identity" || r.header.Get("Referer") != "" {
			t.Errorf("%s %s: Accept-Encoding %q, Referer %q", r.host, r.path, r.header.Get("Accept-Encoding"), r.header.Get("Referer"))
		}
	}

	again, _ := readAll(t, testSource)
	if !reflect.DeepEqual(again, got) {
		t.Error("read again, it differs")
	}
	if r := s.requests(); len(r) != 1 || !strings.HasSuffix(r[0].path, "/revision/main") {
		t.Errorf("reading again asked %d times, want once, which commit main is: %v", len(r), r)
	}
	pinned, _ := readAll(t, testSource+"@"+testCommit)
	if r := s.requests(); len(r) != 0 || !reflect.DeepEqual(pinned, got) {
		t.Errorf("reading a commit again asked %d times, want never", len(r))
	}
	t.Setenv("HF_HUB_OFFLINE", "1")
	offline, _ := readAll(t, testSource)
	if r := s.requests(); len(r) != 0 || !reflect.DeepEqual(offline, got) {
		t.Errorf("offline: %d requests, or other data", len(r))
	}
}

func TestOfflineSaysWhatIsMissing(t *testing.T) {
	_, files := sampleFiles(t)
	s := newHub(t, files)
	t.Setenv("HF_HUB_OFFLINE", "1")
	ctx := context.Background()
	_, err := loaders.Open(ctx, testSource, loaders.Options{})
	if !errors.Is(err, ErrOffline) || !strings.Contains(err.Error(), "specstress fetch") {
		t.Errorf("nothing cached: %v, want ErrOffline and what to do", err)
	}
	if r := s.requests(); len(r) != 0 {
		t.Errorf("offline: %d requests", len(r))
	}
}

// TestPackedWithoutNetwork: cells open the packed form by what the source
// was pinned to, and link no client.
func TestPackedWithoutNetwork(t *testing.T) {
	_, files := sampleFiles(t)
	s := newHub(t, files)
	ctx := context.Background()
	d, err := loaders.Open(ctx, testSource, loaders.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := loaders.OpenPacked(ctx, testSource, loaders.Options{}); !errors.Is(err, loaders.ErrNotPacked) {
		t.Fatalf("before packing: %v, want ErrNotPacked", err)
	}
	if _, err := d.Pack(ctx); err != nil {
		t.Fatal(err)
	}
	s.hub.Close()
	s.cdn.Close()
	p, err := loaders.OpenPacked(ctx, testSource, loaders.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if p.Source() != d.Source() || p.Commit() != d.Commit() || !reflect.DeepEqual(p.Files(), d.Files()) {
		t.Errorf("packed: %s %s, want %s %s and the same files", p.Source(), p.Commit(), d.Source(), d.Commit())
	}
	t.Setenv("HF_ENDPOINT", "")
	if _, err := loaders.OpenPacked(ctx, testSource, loaders.Options{}); !errors.Is(err, loaders.ErrNotPacked) {
		t.Errorf("packed from another Hub: %v, want ErrNotPacked", err)
	}
}

// TestPackNoticesNewCommit: packing again after the branch has moved makes
// a new file.
func TestPackNoticesNewCommit(t *testing.T) {
	csv := func(n string) []byte { return []byte("a_value1_position,a_value2_position\n" + n + ",2\n") }
	s := newHub(t, map[string][]byte{"data/all_models.csv": csv("1")})
	ctx := context.Background()
	revisions := map[string]bool{}
	for i, commit := range []string{testCommit, strings.Repeat("f", 40)} {
		s.mu.Lock()
		s.commit, s.files = commit, map[string][]byte{"data/all_models.csv": csv(string(rune('1' + i)))}
		s.mu.Unlock()
		d, err := loaders.Open(ctx, testSource, loaders.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := d.Pack(ctx); err != nil {
			t.Fatal(err)
		}
		p, err := loaders.OpenPacked(ctx, testSource, loaders.Options{})
		if err != nil {
			t.Fatal(err)
		}
		rows, err := p.Scenarios(ctx, "all_models")
		if err != nil {
			t.Fatal(err)
		}
		positions, err := rows.AllPositions()
		if err != nil {
			t.Fatal(err)
		}
		if score, _ := positions.Column(0, analysis.Value1)[0].Score(); p.Commit() != commit || score != 1+i {
			t.Errorf("packed: score %d of commit %s, want %d of %s", score, p.Commit(), 1+i, commit)
		}
		revisions[p.Revision()] = true
	}
	if len(revisions) != 2 {
		t.Errorf("%d states were packed, want 2", len(revisions))
	}
}

// TestLabelSets: sets that a repository declares are known when its labels
// are read.
func TestLabelSets(t *testing.T) {
	newHub(t, map[string][]byte{
		"data/all_models.csv":    []byte("a_value1_position,a_value2_position\n1,2\n"),
		"labels/mine.csv":        []byte("chunk_index,entry_idx,nudge_direction,model,label_set,label,labeller\n0,1,neutral,a,tone,warm,me\n"),
		"labels/label_sets.json": []byte(`[{"name": "tone", "labels": ["warm", "cold"]}]`),
	})
	ctx := context.Background()
	d, err := loaders.Open(ctx, testSource, loaders.Options{})
	if err != nil {
		t.Fatal(err)
	}
	labels, err := d.Labels(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if l := labels.Labellings; len(l) != 1 || l[0].Name != "tone" || l[0].Labeller != "me" {
		t.Errorf("labels %v, want those of tone by me", l)
	}
}
