package hub_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/specstress/specstress/analysis"
	"github.com/specstress/specstress/internal/hubtest"
	"github.com/specstress/specstress/loaders"
	_ "github.com/specstress/specstress/loaders/hub"
	_ "github.com/specstress/specstress/loaders/parquet"
	"github.com/specstress/specstress/loaders/sample"
)

const source = "hf://datasets/jifanz/stress_testing_model_spec"

// published makes a small sample with texts as the published repository.
func published(t *testing.T) (folder string, repo *hubtest.Repo) {
	t.Helper()
	folder = t.TempDir()
	if err := sample.Write(context.Background(), folder, sample.Options{Rows: 300, Seed: 1, Text: true}); err != nil {
		t.Fatal(err)
	}
	files, err := hubtest.Folder(folder)
	if err != nil {
		t.Fatal(err)
	}
	repo = hubtest.NewRepo("jifanz/stress_testing_model_spec")
	repo.Commit("files", files...)
	return folder, repo
}

func environment(t *testing.T, endpoint, dir, offline string) {
	for name, value := range map[string]string{
		"HF_ENDPOINT": endpoint, "HF_TOKEN": "hf_secret", "HF_HOME": filepath.Join(dir, "hf"), "HF_HUB_CACHE": "", "HF_TOKEN_PATH": "",
		"HUGGINGFACE_HUB_CACHE": "", "SPECSTRESS_CACHE": filepath.Join(dir, "own"), "HF_HUB_OFFLINE": offline,
		"HF_HUB_DOWNLOAD_TIMEOUT": "2", "SPECSTRESS_RETRY_PAUSE": "0.001",
		"HTTP_PROXY": "", "HTTPS_PROXY": "", "http_proxy": "", "https_proxy": "", "NO_PROXY": "",
	} {
		t.Setenv(name, value)
	}
}

// figures reads scenarios, verdicts and some texts, and says in one string
// what was read.
func figures(from string) (string, error) {
	ctx := context.Background()
	d, err := loaders.Open(ctx, from, loaders.Options{})
	if err != nil {
		return "", err
	}
	s, err := d.Scenarios(ctx, analysis.AllModels.Name)
	if err != nil {
		return "", err
	}
	p, err := s.AllPositions()
	if err != nil {
		return "", err
	}
	var out strings.Builder
	for i, m := range p.Models() {
		fmt.Fprintln(&out, m, p.Column(i, analysis.Value1), p.Column(i, analysis.Value2))
	}
	v, err := d.Verdicts(ctx)
	if err != nil {
		return "", err
	}
	fmt.Fprintf(&out, "%v\n", v.Verdicts)
	texts, err := s.Text(ctx, "response_o3", 1, 7, 5)
	if err != nil {
		return "", err
	}
	fmt.Fprintf(&out, "%q\n", texts)
	if d.Taxonomy() == nil {
		return "", errors.New("no taxonomy")
	}
	fmt.Fprintln(&out, s.Bad(), s.Doubts())
	return out.String(), nil
}

// TestDataset: the Hub, the cache without a network, and the folder itself
// give the same rows, verdicts and texts.
func TestDataset(t *testing.T) {
	folder, repo := published(t)
	want, err := figures(folder)
	if err != nil {
		t.Fatal(err)
	}
	s, err := hubtest.Start(hubtest.Options{Page: 10, Token: "hf_secret"}, repo)
	if err != nil {
		t.Fatal(err)
	}
	repo.Private = true
	dir := t.TempDir()
	for _, offline := range []string{"", "1"} {
		environment(t, s.Endpoint, dir, offline)
		got, err := figures(source)
		if err != nil {
			t.Fatalf("offline %q: %v", offline, err)
		}
		if got != want {
			t.Errorf("offline %q: the Hub gives other data than the folder", offline)
		}
		if leaks := s.Leaks("hf_secret"); leaks != nil {
			t.Errorf("leaks: %q", leaks)
		}
		s.Close() // for the second time round
	}
}

// TestDatasetSpoiled: with a flipped bit, or other bytes under the same
// name, reading ends in an error that names the file, or in the right rows
// where the bit does not matter; our own files carry checksums. Nothing
// panics, nothing wrong comes out.
func TestDatasetSpoiled(t *testing.T) {
	folder, repo := published(t)
	want, err := figures(folder)
	if err != nil {
		t.Fatal(err)
	}
	runs := 12
	if testing.Short() {
		runs = 4
	}
	outcomes := map[string]int{}
	for seed := range uint64(runs) {
		kinds := [][]hubtest.Kind{{hubtest.FlipBit}, {hubtest.ChangedBytes}, {hubtest.Changed}, {hubtest.LyingRange}}[seed%4]
		plan := hubtest.Plan{Seed: seed, Rate: 0.1, Kinds: kinds, Hosts: []hubtest.Host{hubtest.CDN}}
		s, err := hubtest.Start(hubtest.Options{Fault: plan.Fault}, repo)
		if err != nil {
			t.Fatal(err)
		}
		environment(t, s.Endpoint, t.TempDir(), "")
		got, err := figures(source)
		met := slices.ContainsFunc(s.Requests(), func(r hubtest.Request) bool { return r.Fault.Kind != hubtest.None })
		switch {
		case err != nil && !met:
			t.Errorf("seed %d: an error without a fault: %v", seed, err)
		case err != nil:
			outcomes[kinds[0].String()+": error"]++
			if !strings.Contains(err.Error(), ".parquet") && !strings.Contains(err.Error(), ".csv") {
				t.Errorf("seed %d: the error names no file: %v", seed, err)
			}
		case got != want:
			outcomes[kinds[0].String()+": OTHER DATA"]++
			t.Errorf("seed %d, %v: other data without an error", seed, kinds)
		case met:
			outcomes[kinds[0].String()+": right, the spoiled bytes were not read"]++
		}
		s.Close()
	}
	for _, k := range slices.Sorted(maps.Keys(outcomes)) {
		t.Logf("%3d %s", outcomes[k], k)
	}
}
