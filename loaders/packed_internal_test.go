package loaders

import (
	"context"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"

	"github.com/specstress/specstress/analysis"
)

// hostileCSV is a source small enough for a fuzzer's seed, with every kind
// of column that a pack holds.
func hostileCSV(t testing.TB) []byte {
	t.Helper()
	t.Setenv("SPECSTRESS_CACHE", t.TempDir())
	dir := t.TempDir()
	for name, text := range map[string]string{
		"all_models.csv": "rank,chunk_index,entry_idx,nudge_direction,query_generator,value1,value2,o3_value1_position,o3_value2_position\n" +
			"1,1,1,neutral,o3,honesty,care,0,6\n2,1,1,value1,,honesty,wit,9,3\n3,2,1,value2,o3,wit,,,1\n",
		"judges.csv": "model,chunk_index,entry_idx,nudge_direction,value1,value2,max_pop_std_openai,a_decision,b_decision\n" +
			"o3,1,1,neutral,honesty,care,0.5,compliant,nonsense\no3,1,2,neutral,wit,care,2.25,ambiguous,\n",
		"labels.csv": "chunk_index,entry_idx,nudge_direction,model,label_set,label\n" +
			"1,1,neutral,o3,refusal,Full Compliance\n1,1,value1,o3,refusal,Complete Rejection\n1,1,neutral,,topic,politics\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	d, err := Open(context.Background(), dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	file, err := d.Pack(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// FuzzPacked gives the reader hostile manifests and sections with all
// checksums in order, as a clever enemy would. Whatever comes out must be
// safe to compute with.
func FuzzPacked(f *testing.F) {
	whole := hostileCSV(f)
	p, err := parsePack(whole)
	if err != nil {
		f.Fatal(err)
	}
	manifest, err := json.Marshal(p.manifest)
	if err != nil {
		f.Fatal(err)
	}
	body := whole[packHeader : len(whole)-len(manifest)]
	f.Add(body, manifest)
	f.Add(body[:len(body)/2], manifest)
	f.Add([]byte{}, []byte(`{"Tables":[{"Config":"default","Split":"x","Rows":1,"End":-1}]}`))
	f.Fuzz(func(t *testing.T, body, manifest []byte) {
		at := uint64(packHeader + len(body))
		size := at + uint64(len(manifest))
		data := append(append(header(size, at, manifest), body...), manifest...)
		use(t, data)
	})
}

// use opens a packed file and computes with all of it.
func use(t *testing.T, data []byte) {
	p, err := parsePack(data)
	if err != nil {
		return
	}
	p.trusted = true
	d, err := p.dataset()
	if err != nil {
		return
	}
	d.Provenance()
	d.Files()
	for _, split := range append(d.Splits(ConfigDefault), d.Splits(ConfigComplete)...) {
		s, err := d.Scenarios(context.Background(), split)
		if err != nil {
			continue
		}
		s.Info()
		s.Doubts()
		s.DataFrame()
		s.Categories(analysis.Value1)
		s.Where(Nudge("neutral"))
		if p, err := s.AllPositions(); err == nil {
			for m := range p.Models() {
				for _, position := range p.Column(m, analysis.Value2) {
					if score, ok := position.Score(); ok && (score < 0 || score > analysis.MaxScore) {
						t.Fatalf("a position of %d came out", score)
					}
				}
			}
		}
	}
	if j, err := d.Verdicts(context.Background()); err == nil {
		j.Info()
		j.Doubts()
		j.Where(Nudge("neutral"))
	}
	if t, err := d.Labels(context.Background()); err == nil {
		for _, l := range t.Labellings {
			l.Labelled()
			for _, split := range d.Splits(ConfigDefault) {
				s, err := d.Scenarios(context.Background(), split)
				if err != nil {
					continue
				}
				if m, err := l.Match(s); err == nil {
					analysis.MeasureRefusals(m.Labels, nil)
					analysis.CountValues(m.Labels)
				}
			}
		}
	}
}

// TestHostileSections changes single bytes of the body with checksums in
// order: no panic, and no value that its type could not make.
func TestHostileSections(t *testing.T) {
	whole := hostileCSV(t)
	for at := packHeader; at < len(whole); at++ {
		for _, value := range []byte{0x00, 0x7f, 0xff} {
			b := append([]byte(nil), whole...)
			b[at] = value
			manifest := b[len(b)-manifestBytes(whole):]
			copy(b, header(uint64(len(b)), uint64(len(b)-len(manifest)), manifest))
			use(t, b)
		}
	}
}

func manifestBytes(b []byte) int {
	n := 0
	for i := 7; i >= 0; i-- {
		n = n<<8 | int(b[32+i])
	}
	return n
}

// TestPositionBytes: a position in the file is its score plus one, as
// docs/cache.md says, and what is outside that range is refused.
func TestPositionBytes(t *testing.T) {
	b := []byte{0, 1, 4, 7, 0, 1, 2, 3, 7}
	column, err := bytesAs[analysis.Position](b, analysis.MaxScore+1)
	if err != nil {
		t.Fatal(err)
	}
	for row, p := range column {
		if score, ok := p.Score(); ok != (b[row] != 0) || ok && score != int(b[row])-1 {
			t.Errorf("byte %d is position %v", b[row], p)
		}
	}
	for row := range b {
		bad := append([]byte(nil), b...)
		bad[row] = 8
		if _, err := bytesAs[analysis.Position](bad, analysis.MaxScore+1); err == nil {
			t.Errorf("byte 8 in row %d was taken for a position", row)
		}
	}
}

// Same reports whether two tables are equal in every field, but for the
// dataset that they came from and what is computed when asked for. NaN
// equals NaN.
func Same(a, b any) bool {
	switch a := a.(type) {
	case *Scenarios:
		x, y := *a, *b.(*Scenarios)
		x.dataset, y.dataset, x.clusters, y.clusters = nil, nil, nil, nil
		return reflect.DeepEqual(x, y)
	case *Judged:
		x, y := *a, *b.(*Judged)
		if !slices.EqualFunc(x.std, y.std, func(v, w float64) bool { return math.Float64bits(v) == math.Float64bits(w) }) {
			return false
		}
		x.dataset, y.dataset, x.std, y.std = nil, nil, nil, nil
		return reflect.DeepEqual(x, y)
	}
	return false
}
