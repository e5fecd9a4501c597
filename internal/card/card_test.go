package card_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"

	"github.com/specstress/specstress/analysis"
	"github.com/specstress/specstress/internal/card"
	"github.com/specstress/specstress/loaders"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// hostile is what a text may hold: markup that runs, a terminal escape in
// both forms, a link of a terminal, marks that turn the direction of text,
// NUL, bytes that are not UTF-8, and a start that a spreadsheet runs.
const hostile = "=HYPERLINK(1)</summary></details><script>alert(1)</script><img src=x onerror=alert(1)>\x1b[31m\u009b31m\x1b]8;;http://x\x07\u202egnp\u2066\x00\xff \"'&amp; ${x} `rm`\r\nsecond line\u2028third"

// source is two scenarios of four models, one of them judged, with the given
// text wherever the data have one.
func source(t *testing.T, text string) *loaders.Dataset {
	t.Helper()
	models := []string{"gpt_4_1", "o3", "claude_opus_4", "my_model"}
	head := []string{"rank", "value1", "value2", "nudge_direction", "query_generator", "chunk_index", "entry_idx", "query"}
	for _, m := range models {
		head = append(head, m+"_value1_position", m+"_value2_position", "response_"+m)
	}
	first := []string{"1", text, "tact", "neutral", text, "7", "12", text}
	for i := range models {
		first = append(first, strconv.Itoa(6*min(i, 1)), []string{"3", ""}[i/3], text)
	}
	second := []string{"2", "candor", "tact", "value1", "o3", "7", "13", "A plain question?"}
	for range models {
		second = append(second, "2", "4", "A plain answer.")
	}
	dir := t.TempDir()
	write(t, filepath.Join(dir, "all_models.csv"), head, first, second)
	verdict := []string{"7", "12", "neutral", "o3", "0.5", "compliant", "non-compliant", text, text}
	other := append([]string{}, verdict...)
	other[3], other[5] = "my_model", "nonsense"
	low := []string{"9", "1", "value2", "o3", "0.5", "ambiguous", "compliant", "Not in a split.", "An answer."}
	write(t, filepath.Join(dir, "std_0.0_to_1.0.csv"), []string{"chunk_idx", "entry_idx", "query_key", "model", "max_pop_std_openai", "strict_decision", "gpt41_decision", "prompt", "response"}, verdict, other, low)
	d, err := loaders.Open(context.Background(), dir, loaders.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func write(t *testing.T, path string, rows ...[]string) {
	t.Helper()
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	if err := w.WriteAll(rows); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}

func scenarios(t *testing.T, d *loaders.Dataset) *loaders.Scenarios {
	t.Helper()
	s, err := d.Scenarios(context.Background(), "all_models")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func verdicts(t *testing.T, d *loaders.Dataset) *loaders.Judged {
	t.Helper()
	j, err := d.Verdicts(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return j
}

func make2(t *testing.T, m card.Maker, rows ...int) []card.Card {
	t.Helper()
	var found []analysis.Found
	for _, row := range rows {
		found = append(found, analysis.Found{Row: row, Why: []string{"a reason"}})
	}
	cards, err := m.Make(context.Background(), found)
	if err != nil {
		t.Fatal(err)
	}
	return cards
}

// hostileCards are cards of both kinds with hostile text everywhere.
func hostileCards(t *testing.T, text string) []card.Card {
	d := source(t, text)
	cards := make2(t, card.Maker{Dataset: d, Scenarios: scenarios(t, d), Judged: verdicts(t, d), Responses: true}, 0, 1)
	cards = append(cards, make2(t, card.Maker{Dataset: d, Judged: verdicts(t, d), Responses: true}, 0, 1)...)
	for i := range cards {
		cards[i].Why = append(cards[i].Why, text)
	}
	return cards
}

func TestHostileOnATerminal(t *testing.T) {
	var b bytes.Buffer
	if err := card.WriteText(&b, hostileCards(t, hostile)); err != nil {
		t.Fatal(err)
	}
	for _, r := range b.String() {
		if r != '\n' && unicode.In(r, unicode.Cc, unicode.Cf) {
			t.Fatalf("character %U is written to a terminal:\n%q", r, b.String())
		}
	}
	if !utf8.Valid(b.Bytes()) || !strings.Contains(b.String(), "<script>alert(1)</script>") || !strings.Contains(b.String(), "\n  second line") {
		t.Errorf("the text is not there, or not by its lines:\n%s", b.String())
	}
}

// A parser is asked what it makes of the page: nothing but what this package
// writes, however the text tries to break out.
func TestHostileInHTML(t *testing.T) {
	var b bytes.Buffer
	if err := card.WriteHTML(&b, hostileCards(t, hostile), hostile, []string{hostile}); err != nil {
		t.Fatal(err)
	}
	doc, err := html.Parse(&b)
	if err != nil {
		t.Fatal(err)
	}
	ours := regexp.MustCompile(`^(html|head|meta|title|style|body|div|p|strong|ul|li|table|thead|tbody|tr|th|td|code|details|summary|pre)$`)
	details, outside := 0, ""
	var walk func(n *html.Node, folded bool)
	walk = func(n *html.Node, folded bool) {
		switch n.Type {
		case html.ElementNode:
			if !ours.MatchString(n.Data) {
				t.Errorf("element %s", n.Data)
			}
			for _, a := range n.Attr {
				if strings.HasPrefix(a.Key, "on") || a.Key == "href" || a.Key == "src" || a.Key == "open" {
					t.Errorf("attribute %s of %s", a.Key, n.Data)
				}
			}
			if n.Data == "details" {
				details++
				folded = true
				if first := n.FirstChild; first == nil || first.Data != "summary" || !strings.Contains(first.FirstChild.Data, "content warning") {
					t.Error("what is folded has no content warning")
				}
			}
			if n.Data == "style" {
				return
			}
		case html.TextNode:
			for _, r := range n.Data {
				if r != '\n' && unicode.In(r, unicode.Cc, unicode.Cf) {
					t.Errorf("character %U", r)
				}
			}
			if !folded {
				outside += n.Data
			}
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c, folded)
		}
	}
	walk(doc, false)
	if details != 8 { // query and responses of four cards
		t.Errorf("%d folded texts, want 8", details)
	}
	if strings.Contains(outside, "A plain question?") || strings.Contains(outside, "An answer.") {
		t.Error("a text stands outside what is folded")
	}
}

func TestHostileInJSON(t *testing.T) {
	cards := hostileCards(t, hostile)
	var b bytes.Buffer
	if err := card.WriteJSON(&b, cards); err != nil {
		t.Fatal(err)
	}
	for _, r := range b.String() {
		if r != '\n' && unicode.In(r, unicode.Cc, unicode.Cf) {
			t.Fatalf("character %U stands in JSON as it is", r)
		}
	}
	var back []card.Card
	if err := json.Unmarshal(b.Bytes(), &back); err != nil {
		t.Fatal(err)
	}
	// Go's csv makes a line feed of the carriage return and line feed.
	want := strings.ReplaceAll(strings.ToValidUTF8(hostile, "\ufffd"), "\r\n", "\n")
	if *back[0].Query != want || back[0].Responses[0].Text != want {
		t.Errorf("query %q, want %q", *back[0].Query, want)
	}
}

func TestEscapeBeyondTheBasicPlane(t *testing.T) {
	got := string(card.Escape([]byte("\"a\U000e0041\u00ad\u0085é\"")))
	if want := `"a\udb40\udc41\u00ad\u0085é"`; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

func TestOneMebibyteOnOneLine(t *testing.T) {
	start := time.Now()
	long := strings.Repeat("x", 1<<20)
	cards := hostileCards(t, long)
	var text, page, whole bytes.Buffer
	for _, err := range []error{card.WriteText(&text, cards), card.WriteHTML(&page, cards, "", nil), card.WriteJSON(&whole, cards)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	// The reason is a line of ours, and not cut; 4 cards have it.
	if n := text.Len() - 4*(1<<20); n > 64<<10 || !strings.Contains(text.String(), "cut after 3000 of 1048576 characters") {
		t.Errorf("%d bytes on a terminal", n)
	}
	for line := range strings.Lines(text.String()) {
		if !strings.HasPrefix(line, "found for:") && utf8.RuneCountInString(line) > 400 {
			t.Errorf("a line of %d characters", utf8.RuneCountInString(line))
		}
	}
	if n := page.Len() - 4*(1<<20); n > 2<<20 {
		t.Errorf("%d bytes of HTML", n)
	}
	if whole.Len() < 10<<20 {
		t.Errorf("JSON of %d bytes does not have the whole texts", whole.Len())
	}
	if d := time.Since(start); d > 20*time.Second {
		t.Errorf("took %v", d)
	}
}

func TestWithoutTexts(t *testing.T) {
	d := source(t, "text")
	cards := make2(t, card.Maker{Dataset: d, Scenarios: scenarios(t, d), Judged: verdicts(t, d)}, 0)
	if cards[0].Responses != nil {
		t.Errorf("responses %v that nobody asked for", cards[0].Responses)
	}
	path := filepath.Join(t.TempDir(), "mine.csv")
	write(t, path, []string{"o3_value1_position", "o3_value2_position"}, []string{"1", "9"})
	mine, err := loaders.Open(context.Background(), path, loaders.Options{})
	if err != nil {
		t.Fatal(err)
	}
	s, err := mine.Scenarios(context.Background(), "mine")
	if err != nil {
		t.Fatal(err)
	}
	c := make2(t, card.Maker{Dataset: mine, Scenarios: s, Responses: true}, 0)[0]
	if c.Key != "" || c.Query != nil || c.Judgement != nil || c.Positions[0].Value2 != nil || c.Disagreement[0].Value != nil || c.Disagreement[0].Reason == "" {
		t.Errorf("card of a source with next to nothing: %+v", c)
	}
	if text := c.Text(); !strings.Contains(text, "no column query, response_o3") || !strings.Contains(text, "not computable") || !strings.Contains(text, "without a key") {
		t.Errorf("%s", text)
	}
}

// Golden files, read by eye when they were made: of positions 0 6 6 6 on
// value 1 the population standard deviation is 2.60.
func TestGolden(t *testing.T) {
	d := source(t, "A question of <b>two</b> lines.\n\n- one\n- two")
	m := card.Maker{Dataset: d, Scenarios: scenarios(t, d), Judged: verdicts(t, d), Responses: true}
	cards := append(make2(t, m, 0), make2(t, card.Maker{Dataset: d, Judged: verdicts(t, d)}, 1)...)
	for name, write := range map[string]func(*bytes.Buffer) error{
		"cards.txt":  func(b *bytes.Buffer) error { return card.WriteText(b, cards) },
		"cards.html": func(b *bytes.Buffer) error { return card.WriteHTML(b, cards, "synthetic sample", []string{"head"}) },
		"cards.json": func(b *bytes.Buffer) error { return card.WriteJSON(b, cards) },
	} {
		var b bytes.Buffer
		if err := write(&b); err != nil {
			t.Fatal(err)
		}
		golden := filepath.Join("testdata", name)
		if *update {
			if err := os.WriteFile(golden, b.Bytes(), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatalf("%v; make it with go test -update", err)
		}
		if !bytes.Equal(b.Bytes(), want) {
			t.Errorf("%s is now\n%s", name, b.String())
		}
	}
}
