package nb

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/janpfeifer/gonb/gonbui/protocol"

	"github.com/specstress/specstress/analysis"
	"github.com/specstress/specstress/analysis/figure"
	"github.com/specstress/specstress/analysis/paper"
	"github.com/specstress/specstress/internal/nbformat"
	"github.com/specstress/specstress/loaders"
	sampler "github.com/specstress/specstress/loaders/sample"
)

// TestData opens a source as a cell does: this test links no decoder, so
// the command must pack it.
func TestData(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the command; run without -short")
	}
	bin := filepath.Join(t.TempDir(), "specstress")
	if out, err := exec.Command("go", "build", "-o", bin, "../../cmd/specstress").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	t.Setenv("SPECSTRESS_BIN", bin)
	t.Setenv("SPECSTRESS_CACHE", t.TempDir())
	dir := filepath.Join(t.TempDir(), "a folder", "small")
	if err := sampler.Write(context.Background(), dir, sampler.Options{Rows: 3000}); err != nil {
		t.Fatal(err)
	}
	t.Setenv("SPECSTRESS_DATA", dir)
	cell := func() {
		d := Data()
		s := d.Split("all_models").Where(loaders.Nudge("neutral"))
		set := analysis.AllModels.Without("grok_4")
		dis := Must(analysis.MeasureDisagreement(s.Positions(set), set))
		Show(dis.ShareAtLeast(1.5))
		Show(figure.Disagreement([]*analysis.Disagreements{dis}, figure.DisagreementOptions{Bins: 12}))
		if n := d.Verdicts().Rows(); n == 0 {
			t.Error("no verdicts")
		}
		levels := s.Labels("refusal")
		Show(figure.Fig4a(Must(analysis.MeasureRefusals(levels.Labels, nil)), figure.Fig4aOptions{Source: s.Origin()}))
		if n := len(s.Labels("topic").Bearing("politics")); n != s.Rows() || !s.HasLabels("category") || s.HasLabels("tone") {
			t.Errorf("topics of %d rows, want %d; sets of labels", n, s.Rows())
		}
		texts := s.Text("query", 3, 1)
		if len(texts) != 2 || !strings.Contains(texts[0], "synthetic") || texts[0] == texts[1] {
			t.Errorf("texts %q", texts)
		}
		// Of all rows, then, from the file that is there now, of two.
		all, two := s.Vectors("", nil), s.Vectors("", []int{5, 2})
		if all.Rows() != s.Rows() || !all.Unit() || two.Rows() != 2 || two.Row(1)[0] != all.Row(2)[0] || two.Distance(0, 1) != all.Distance(5, 2) {
			t.Errorf("vectors of %d and %d rows, or of other rows", all.Rows(), two.Rows())
		}
		for want, bad := range map[string]struct {
			file string
			rows []int
		}{
			"want 0..":               {"", []int{-1}},
			"read vectors from .npy": {"vectors.parquet", nil},
			"5 vectors, want":        {filepath.Join("..", "..", "loaders", "embeddings", "testdata", "v1_f4.npy"), nil},
		} {
			if _, err := s.vectors(context.Background(), bad.file, bad.rows); err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("vectors of %q: %v, want %q", bad.file, err, want)
			}
		}
	}
	shown, ended := recorded(t, cell)
	if ended || len(shown) < 4 {
		t.Fatalf("%d outputs, ended %v", len(shown), ended)
	}
	if text := shown[0].plain(); !strings.HasPrefix(text, "SYNTHETIC SAMPLE") || !strings.Contains(text, "small") || !strings.Contains(text, "SPECSTRESS_DATA") {
		t.Errorf("banner %q", text)
	}
	for _, b := range shown[1:4] {
		if !strings.Contains(strings.ToLower(b.plain()), "synthetic sample") {
			t.Errorf("%q does not say that it is synthetic", b.plain())
		}
	}
	cards(t)
	damagePacks(t)
	if _, ended := recorded(t, func() { Data().Split("all_models") }); ended {
		t.Error("a damaged pack was not made again")
	}
	mine := filepath.Join(t.TempDir(), "mine.csv")
	if err := os.WriteFile(mine, []byte("variant,o3_value1_position,o3_value2_position\nneutral,1,2\nvalue1,3,4\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	shown, ended = recorded(t, func() {
		s := DataWith(loaders.Options{Columns: map[string]string{"nudge_direction": "variant"}}, mine).Split("mine")
		if n := s.Where(loaders.Nudge("neutral")).Rows(); n != 1 {
			t.Errorf("%d neutral rows through a column map, want 1", n)
		}
	})
	if ended || !strings.Contains(shown[len(shown)-1].plain(), "other data") {
		t.Errorf("a file of one's own with a column map: ended %v", ended)
	}
	ownData(t, mine)
	// Packed now: a command that cannot run is not missed.
	t.Setenv("SPECSTRESS_BIN", filepath.Join(t.TempDir(), "none"))
	if _, ended := recorded(t, func() { Data().Split("all_models") }); ended {
		t.Error("a packed source was not opened")
	}
	// A source that is not there is an error, whatever else is there.
	if _, ended := recorded(t, func() { Data(filepath.Join(dir, "nowhere")) }); !ended {
		t.Error("a missing source was replaced")
	}
	if _, ended := recorded(t, func() { Data("sample") }); !ended {
		t.Error("an unpacked sample was opened without the command")
	}
}

// ownData reads what somebody's own file has and has not. What the paper's
// dataset would have is a lack, which is marked; a name that nobody knows is
// a mistake, which is not.
func ownData(t *testing.T, file string) {
	t.Helper()
	for _, c := range []struct {
		name     string
		cell     func()
		ends     bool
		lacks    string // "" where the end, if any, is a mistake
		mentions string // in the last output
	}{
		{"the only split", func() { Show(Data(file).Split("").Rows()) }, false, "", "2"},
		{"a split of the paper's", func() { Data(file).Split("all_models") }, true, "no split all_models; splits here: mine", ""},
		{"a split of nobody's", func() { Data(file).Split("al_models") }, true, "", ""},
		{"verdicts", func() { Data(file).Verdicts() }, true, "no verdicts", ""},
		{"a model of the paper's", func() { Data(file).Split("mine").Positions(analysis.ClaudeModels) }, true, "no model claude_opus_3", ""},
		{"a model of nobody's", func() {
			Data(file).Split("mine").Positions(analysis.ModelSet{Name: "x", Models: []string{"o3", "o5"}})
		}, true, "", ""},
		{"texts", func() { Data(file).Split("mine").Text("query", 0) }, true, "no texts query", ""},
		{"texts of nobody's", func() { Data(file).Split("mine").Text("qeury", 0) }, true, "", ""},
		{"a taxonomy", func() { Data(file).Split("mine").Categories(analysis.Value1) }, true, "taxonomy", ""},
		{"labels", func() { Data(file).Split("mine").Labels("refusal") }, true, "no labels", ""},
		{"whether there are labels", func() { Show(Data(file).Split("mine").HasLabels("refusal")) }, false, "", "false"},
		{"nudges", func() { Data(file).Split("mine").Where(loaders.Nudge("neutral")) }, true, "no column nudge_direction", ""},
		{"models enough", func() {
			s := Data(file).Split("mine")
			Must(analysis.MeasureOutliers(s.AllPositions(), s.ModelSet(), analysis.SameValue))
		}, true, "want at least 4", ""},
		{"what a cell needs", func() { Needs(false, "scenarios with a rank") }, true, "no scenarios with a rank", ""},
	} {
		shown, ended := recorded(t, c.cell)
		if ended != c.ends {
			t.Errorf("%s: ended is %v, want %v", c.name, ended, c.ends)
		}
		marked := ""
		for _, b := range shown {
			if reason, ok := b.data[protocol.MIMEType(nbformat.Lacking)].(string); ok {
				marked = reason
			}
		}
		if (marked == "") != (c.lacks == "") || !strings.Contains(marked, c.lacks) {
			t.Errorf("%s: marked as lacking %q, want %q", c.name, marked, c.lacks)
		}
		if c.mentions != "" && !strings.Contains(shown[len(shown)-1].plain(), c.mentions) {
			t.Errorf("%s: shows %q, want %q", c.name, shown[len(shown)-1].plain(), c.mentions)
		}
	}
	shown, _ := recorded(t, func() { Data(file).Split(""); Data(file).Split("") })
	if len(shown) != 2 || !strings.Contains(shown[1].plain(), "Split: mine, the only one") {
		t.Errorf("opened twice: %d outputs, want the source and the split, once", len(shown))
	}
}

// cards shows scenarios of the source at hand, whose texts the command reads.
func cards(t *testing.T) {
	t.Helper()
	shown, ended := recorded(t, func() {
		v := Data().Verdicts()
		s := Data().Split("all_models").Where(loaders.Nudge("value1"))
		set := s.ModelSet()
		d := Must(analysis.MeasureDisagreement(s.Positions(set), set))
		wide := Must(analysis.DisagreementIn(d, 2, 3))
		found := analysis.Find(s.Rows(), analysis.FindOptions{First: d.Wider}, wide)
		Show(s.CardsOf(2, found).WithResponses())
		Show(s.CardsOf(2, nil)) // nothing found is nothing shown
		Show(v.Cards(1))
		t1 := figure.Table1([]figure.Example{s.Example(found[0].Row)}, figure.ExampleOptions{})
		spread, _ := d.At(found[0].Row)
		if got := t1.Rows[0][4]; got != strconv.FormatFloat(spread.StdDev(), 'g', -1, 64) {
			t.Errorf("disagreement %s in Table 1, want %v", got, spread.StdDev())
		}
		for _, row := range Must(analysis.AtOdds(v.Table(), "gpt41", "claude_4")) {
			o := v.AtOdds(row)
			if !slices.Contains(o.Passes, "gpt41") || !slices.Contains(o.Flags, "claude_4") || o.Key == "" {
				t.Errorf("row %d: %+v", row, o)
			}
		}
		if s.PaperOrigin() != paper.SyntheticOrigin || v.PaperOrigin() != paper.SyntheticOrigin {
			t.Error("the sample is not told to be synthetic")
		}
	})
	if ended || len(shown) < 4 {
		t.Fatalf("%d outputs, ended %v", len(shown), ended)
	}
	shown = shown[len(shown)-3:] // after the banner and warnings of a small sample
	page, _ := shown[0].data[protocol.MIMETextHTML].(string)
	for _, want := range []string{"SYNTHETIC SAMPLE", "<details><summary>Query (content warning", "found for: disagreement 2.", "more scenarios of split all_models are not shown"} {
		if !strings.Contains(page, want) {
			t.Errorf("cards do not say %q:\n%s", want, page)
		}
	}
	if n := strings.Count(page, "<details><summary>12 responses"); n != 2 {
		t.Errorf("responses of %d cards, want 2", n)
	}
	if text := shown[1].plain(); !strings.Contains(text, "None of the scenarios") {
		t.Errorf("nothing found shows %q", text)
	}
	if text := shown[2].plain(); !strings.Contains(text, "verdict of") || !strings.Contains(text, "position on") {
		t.Errorf("card of a judged scenario:\n%s", text)
	}
}

// damagePacks changes a byte in the middle of every packed file, where
// columns are.
func damagePacks(t *testing.T) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(os.Getenv("SPECSTRESS_CACHE"), "packed", "*.pack"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no packed files (%v)", err)
	}
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for at := 64; at < len(b)/2; at += 64 {
			b[at] ^= 1
		}
		if err := os.Remove(f); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(f, b, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// TestChosen: the banner blames the one who chose.
func TestChosen(t *testing.T) {
	for _, test := range []struct{ source, by, want string }{
		{"", "", "as no source was named"},
		{"sample", "", "from SPECSTRESS_DATA"},
		{"sample", "nobody sample", "as no source was named"},
		{"/my data", "--data /my data", "from --data"},
		{"other", "--data /my data", "from SPECSTRESS_DATA"},
		{"", "--data /my data", "as no source was named"},
	} {
		t.Setenv("SPECSTRESS_DATA_BY", test.by)
		if got := chosen(test.source); got != test.want {
			t.Errorf("%q by %q is chosen %q, want %q", test.source, test.by, got, test.want)
		}
	}
}
