package loaders_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/specstress/specstress/analysis"
	"github.com/specstress/specstress/loaders"
	_ "github.com/specstress/specstress/loaders/parquet"
	"github.com/specstress/specstress/loaders/sample"
)

// smallSample writes a small synthetic source and points the cache to a
// folder of the test's own.
func smallSample(t testing.TB) string {
	t.Helper()
	t.Setenv("SPECSTRESS_CACHE", t.TempDir())
	dir := filepath.Join(t.TempDir(), "small")
	if err := sample.Write(ctx, dir, sample.Options{Rows: 3000}); err != nil {
		t.Fatal(err)
	}
	return dir
}

// packed packs a source and opens it again.
func packed(t testing.TB, source string, opt loaders.Options) (fromFiles, fromPack *loaders.Dataset, file string) {
	t.Helper()
	d, err := loaders.Open(ctx, source, opt)
	if err != nil {
		t.Fatal(err)
	}
	if file, err = d.Pack(ctx); err != nil {
		t.Fatal(err)
	}
	p, err := loaders.OpenPacked(ctx, source, opt)
	if err != nil {
		t.Fatal(err)
	}
	return d, p, file
}

// TestPackedEqualsFiles holds the promise of OpenPacked: whatever is asked
// of a dataset, its packed form gives the same answer.
func TestPackedEqualsFiles(t *testing.T) {
	d, p, _ := packed(t, smallSample(t), loaders.Options{})
	same := func(what string, got, want any) {
		t.Helper()
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s differs:\n got %.300v\nwant %.300v", what, got, want)
		}
	}
	same("files", p.Files(), d.Files())
	same("source", p.Source(), d.Source())
	same("taxonomy", p.Taxonomy(), d.Taxonomy())
	same("warnings", p.Warnings(), d.Warnings())
	for _, config := range []string{loaders.ConfigDefault, loaders.ConfigComplete, loaders.ConfigJudges, loaders.ConfigLabels} {
		same("splits", p.Splits(config), d.Splits(config))
	}
	for _, split := range append(d.Splits(loaders.ConfigDefault), d.Splits(loaders.ConfigComplete)...) {
		want, err := d.Scenarios(ctx, split)
		if err != nil {
			t.Fatal(err)
		}
		got, err := p.Scenarios(ctx, split)
		if err != nil {
			t.Fatal(err)
		}
		sameScenarios(t, split, got, want)
		for _, cond := range []loaders.Condition{loaders.Nudge("neutral"), loaders.Models(analysis.OpenAIModels)} {
			w, err1 := want.Where(cond)
			g, err2 := got.Where(cond)
			if err1 != nil || err2 != nil {
				t.Fatal(err1, err2)
			}
			sameScenarios(t, split+" where "+cond.Name, g, w)
		}
	}
	want, err := d.Verdicts(ctx)
	if err != nil {
		t.Fatal(err)
	}
	got, err := p.Verdicts(ctx)
	if err != nil {
		t.Fatal(err)
	}
	sameVerdicts(t, got, want)
	same("verdicts' info", got.Info(), want.Info())
	g, err1 := got.Where(loaders.Nudge("neutral"))
	w, err2 := want.Where(loaders.Nudge("neutral"))
	if err1 != nil || err2 != nil {
		t.Fatal(err1, err2)
	}
	sameVerdicts(t, g, w)
	gl, err1 := p.Labels(ctx)
	wl, err2 := d.Labels(ctx)
	if err1 != nil || err2 != nil {
		t.Fatal(err1, err2)
	}
	same("labels", gl, wl)
	if len(wl.Labellings) != 3 {
		t.Errorf("%d labellings, want 3", len(wl.Labellings))
	}
	gp, gwhy := p.Provenance()
	wp, wwhy := d.Provenance()
	same("provenance", gp, wp)
	same("reason", gwhy, wwhy)
}

func sameScenarios(t *testing.T, what string, got, want *loaders.Scenarios) {
	t.Helper()
	if !loaders.Same(got, want) {
		t.Errorf("%s: a field differs:\n got %.300v\nwant %.300v", what, *got, *want)
	}
	if !reflect.DeepEqual(got.Info(), want.Info()) {
		t.Errorf("%s: info differs:\n got %+v\nwant %+v", what, got.Info(), want.Info())
	}
	if !reflect.DeepEqual(got.Clusters(), want.Clusters()) {
		t.Errorf("%s: clusters differ", what)
	}
	gp, err1 := got.AllPositions()
	wp, err2 := want.AllPositions()
	if err1 != nil || err2 != nil || !reflect.DeepEqual(gp, wp) {
		t.Errorf("%s: positions differ (%v, %v)", what, err1, err2)
	}
}

func sameVerdicts(t *testing.T, got, want *loaders.Judged) {
	t.Helper()
	if !loaders.Same(got, want) {
		t.Errorf("verdicts: a field differs:\n got %.300v\nwant %.300v", *got, *want)
	}
}

// TestPackedStale: a source that has changed, or is asked for in another
// way, is never answered from what was packed before.
func TestPackedStale(t *testing.T) {
	dir := smallSample(t)
	if _, err := loaders.OpenPacked(ctx, dir, loaders.Options{}); !errors.Is(err, loaders.ErrNotPacked) {
		t.Fatalf("nothing packed yet: %v", err)
	}
	_, p, file := packed(t, dir, loaders.Options{})
	before := p.Revision()
	if _, err := loaders.OpenPacked(ctx, dir, loaders.Options{Columns: map[string]string{"rank": "rank2"}}); !errors.Is(err, loaders.ErrNotPacked) {
		t.Errorf("other column map: %v", err)
	}
	stamp, err := os.Stat(file)
	if err != nil {
		t.Fatal(err)
	}
	packed(t, dir, loaders.Options{})
	if again, err := os.Stat(file); err != nil || !again.ModTime().Equal(stamp.ModTime()) {
		t.Errorf("a good pack was written again (%v)", err)
	}
	// Touch one file: same bytes, another time.
	data := filepath.Join(dir, p.Files()[0].Name)
	later := time.Now().Add(time.Hour)
	if err := os.Chtimes(data, later, later); err != nil {
		t.Fatal(err)
	}
	if _, err := loaders.OpenPacked(ctx, dir, loaders.Options{}); !errors.Is(err, loaders.ErrNotPacked) {
		t.Errorf("changed file: %v", err)
	}
	_, p, _ = packed(t, dir, loaders.Options{})
	if p.Revision() == before {
		t.Error("the revision did not change with the file")
	}
	// One more file.
	if err := os.WriteFile(filepath.Join(dir, "extra.csv"), []byte("o3_value1_position,o3_value2_position\n1,2\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := loaders.OpenPacked(ctx, dir, loaders.Options{}); !errors.Is(err, loaders.ErrNotPacked) {
		t.Errorf("one more file: %v", err)
	}
}

// TestPackedDamaged flips single bytes all over a packed file, and cuts it:
// either opening or reading says so, or what is read is what it was.
func TestPackedDamaged(t *testing.T) {
	dir := smallSample(t)
	_, _, file := packed(t, dir, loaders.Options{})
	whole, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	read := func() error {
		p, err := loaders.OpenPacked(ctx, dir, loaders.Options{})
		if err != nil {
			return err
		}
		for _, split := range append(p.Splits(loaders.ConfigDefault), p.Splits(loaders.ConfigComplete)...) {
			if _, err := p.Scenarios(ctx, split); err != nil {
				return err
			}
		}
		if _, err := p.Verdicts(ctx); err != nil {
			return err
		}
		_, err = p.Labels(ctx)
		return err
	}
	replace := func(b []byte) {
		t.Helper()
		// A new file each time: packed files are never changed in place.
		tmp := file + ".new"
		if err := os.WriteFile(tmp, b, 0o644); err != nil {
			t.Fatal(err)
		}
		if err := os.Rename(tmp, file); err != nil {
			t.Fatal(err)
		}
	}
	for at := 0; at < len(whole); at += len(whole)/97 + 1 {
		b := append([]byte(nil), whole...)
		b[at] ^= 0x10
		replace(b)
		// Padding between two tables is in no sum and means nothing.
		if err := read(); err == nil && whole[at] != 0 {
			t.Errorf("a flipped bit in byte %d was not noticed", at)
		} else if err != nil && !errors.Is(err, loaders.ErrNotPacked) {
			t.Errorf("byte %d: %v, want ErrNotPacked", at, err)
		}
	}
	for _, n := range []int{0, 1, 63, 64, 1000, len(whole) / 2, len(whole) - 1} {
		replace(whole[:n])
		if err := read(); !errors.Is(err, loaders.ErrNotPacked) {
			t.Errorf("cut to %d bytes: %v, want ErrNotPacked", n, err)
		}
	}
	// Packing repairs it.
	d, err := loaders.Open(ctx, dir, loaders.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Pack(ctx); err != nil {
		t.Fatal(err)
	}
	if err := read(); err != nil {
		t.Errorf("packed again: %v", err)
	}
}

// TestPackedText: texts are not in the pack; they come from the files, for
// which this test links the decoder.
func TestPackedText(t *testing.T) {
	d, p, _ := packed(t, smallSample(t), loaders.Options{})
	text := func(d *loaders.Dataset) []string {
		s, err := d.Scenarios(ctx, "all_models")
		if err != nil {
			t.Fatal(err)
		}
		texts, err := s.Text(ctx, "query", 2, 0)
		if err != nil {
			t.Fatal(err)
		}
		return texts
	}
	if got, want := text(p), text(d); !reflect.DeepEqual(got, want) {
		t.Errorf("texts %q, want %q", got, want)
	}
}

// TestPackedOddSources: what a source of one's own may be like.
func TestPackedOddSources(t *testing.T) {
	t.Setenv("SPECSTRESS_CACHE", t.TempDir())
	var header, row strings.Builder
	const models = 300
	for m := range models {
		fmt.Fprintf(&header, ",m%d_value1_position,m%d_value2_position", m, m)
		fmt.Fprintf(&row, ",%d,%d", m%7, (m+1)%7)
	}
	header.WriteString("\n")
	dir := folder(t, map[string]string{
		"many.csv":   "rank" + header.String() + "1" + row.String() + "\n2" + row.String() + "\n",
		"empty.csv":  "o3_value1_position,o3_value2_position\n",
		"bad.csv":    "value1,o3_value1_position,o3_value2_position\n\"\x1b[31m<b>\",nonsense,9\n",
		"nulls.csv":  "rank,value1,value2,o3_value1_position,o3_value2_position\n,,,,\n,,,,\n",
		"judges.csv": "model,prompt,bin_name,a_decision\no3,hello,odd,compliant\nx,hello,,maybe\n",
	})
	d, p, _ := packed(t, dir, loaders.Options{})
	for _, split := range d.Splits(loaders.ConfigDefault) {
		want, err1 := d.Scenarios(ctx, split)
		got, err2 := p.Scenarios(ctx, split)
		if (err1 == nil) != (err2 == nil) || err1 != nil && !strings.Contains(err2.Error(), err1.Error()) {
			t.Errorf("%s: error %v, from the files %v", split, err2, err1)
		}
		if errors.Is(err1, analysis.ErrTooFew) != errors.Is(err2, analysis.ErrTooFew) {
			t.Errorf("%s: sentinel lost: %v", split, err2)
		}
		if err1 == nil && err2 == nil {
			sameScenarios(t, split, got, want)
		}
	}
	want, err1 := d.Verdicts(ctx)
	got, err2 := p.Verdicts(ctx)
	if err1 != nil || err2 != nil {
		t.Fatal(err1, err2)
	}
	sameVerdicts(t, got, want)
	if s, err := p.Scenarios(ctx, "many"); err != nil || len(s.Models()) != models {
		t.Errorf("%d models wanted: %v", models, err)
	}
	if _, err := p.Scenarios(ctx, "mny"); err == nil || !strings.Contains(err.Error(), "nearest: many") {
		t.Errorf("a misspelt split: %v, want the nearest name", err)
	}
	if _, err := loaders.OpenPacked(ctx, filepath.Join(dir, "no"), loaders.Options{}); !errors.Is(err, fs.ErrNotExist) || errors.Is(err, loaders.ErrNotPacked) {
		t.Errorf("no such source: %v", err)
	}
}

// TestPackAtOnce: several packers and readers of one source do not meet a
// half-written file.
func TestPackAtOnce(t *testing.T) {
	dir := smallSample(t)
	d, _, file := packed(t, dir, loaders.Options{})
	errs := make(chan error)
	const workers = 4
	for range workers {
		go func() {
			var all error
			for range 5 {
				// Gone from under the others, who made it or have it open.
				os.Remove(file)
				_, err := d.Pack(ctx)
				all = errors.Join(all, err)
				p, err := loaders.OpenPacked(ctx, dir, loaders.Options{})
				if errors.Is(err, loaders.ErrNotPacked) {
					continue // removed by another worker
				}
				if err == nil {
					_, err = p.Scenarios(ctx, "all_models")
				}
				all = errors.Join(all, err)
			}
			errs <- all
		}()
	}
	for range workers {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
	left, err := filepath.Glob(filepath.Join(filepath.Dir(file), ".pack-*"))
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
}

func ExampleOpenPacked() {
	dir, err := os.MkdirTemp("", "")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	os.Setenv("SPECSTRESS_CACHE", filepath.Join(dir, "cache"))
	defer os.Unsetenv("SPECSTRESS_CACHE")
	source := filepath.Join(dir, "mine.csv")
	if err := os.WriteFile(source, []byte("a_value1_position,a_value2_position\n0,6\n3,\n"), 0o644); err != nil {
		fmt.Println(err)
		return
	}
	d, err := loaders.OpenPacked(ctx, source, loaders.Options{})
	fmt.Println(errors.Is(err, loaders.ErrNotPacked))
	if d, err = loaders.Open(ctx, source, loaders.Options{}); err != nil {
		fmt.Println(err)
		return
	}
	if _, err := d.Pack(ctx); err != nil {
		fmt.Println(err)
		return
	}
	if d, err = loaders.OpenPacked(ctx, source, loaders.Options{}); err != nil {
		fmt.Println(err)
		return
	}
	s, err := d.Scenarios(ctx, "mine")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(s.Rows(), s.Models())
	// Output:
	// true
	// 2 [a]
}
