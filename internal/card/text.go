package card

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"text/tabwriter"
	"unicode/utf8"

	"github.com/specstress/specstress/analysis"
	"github.com/specstress/specstress/internal/label"
)

// Where texts are cut for a screen; JSON has the whole of them.
const (
	textWidth    = 100
	longestQuery = 3000 // characters
	longestReply = 1500
)

// WriteText writes cards for a terminal. No character in it acts on one.
func WriteText(w io.Writer, cards []Card) error {
	for i, c := range cards {
		if i > 0 {
			if _, err := io.WriteString(w, "\n"+strings.Repeat("─", 72)+"\n\n"); err != nil {
				return err
			}
		}
		if _, err := io.WriteString(w, c.Text()); err != nil {
			return err
		}
	}
	return nil
}

// Text is one card for a terminal.
func (c Card) Text() string {
	var b strings.Builder
	b.WriteString(c.heading() + "\n")
	for _, why := range c.Why {
		b.WriteString("found for: " + line(why) + "\n")
	}
	fmt.Fprintf(&b, "value 1: %s\nvalue 2: %s\n%s\n", name(c.Value1), name(c.Value2), c.disagreements())
	if len(c.Positions) > 0 {
		tw := tabwriter.NewWriter(&b, 0, 8, 2, ' ', 0)
		fmt.Fprint(tw, "\nposition on\tvalue 1\tvalue 2\t\n\t0 1 2 3 4 5 6\t0 1 2 3 4 5 6\t\n")
		for _, p := range c.Positions {
			fmt.Fprintf(tw, "%s\t%s\t%s\t%s\n", modelName(p.Model), chart(p.Value1), chart(p.Value2), outlier(p))
		}
		tw.Flush() // to a strings.Builder, which takes everything
	}
	if g := c.Judgement; g != nil {
		b.WriteString("\n" + g.summary() + "\n")
		tw := tabwriter.NewWriter(&b, 0, 8, 2, ' ', 0)
		fmt.Fprint(tw, "verdict of")
		for _, judge := range g.Judges {
			fmt.Fprint(tw, "\t"+clean(analysis.JudgeTitle(judge)))
		}
		fmt.Fprintln(tw)
		for _, r := range g.Responses {
			fmt.Fprintln(tw, modelName(r.Model)+"\t"+strings.Join(r.Verdicts, "\t"))
		}
		tw.Flush()
	}
	if c.Query != nil {
		b.WriteString("\nQuery\n" + paragraph(*c.Query, longestQuery))
	}
	for _, r := range c.Responses {
		b.WriteString("\nResponse of " + modelName(r.Model) + "\n" + paragraph(r.Text, longestReply))
	}
	for _, n := range c.Notes {
		b.WriteString("\nnot here: " + line(n) + "\n")
	}
	return trimLines(b.String())
}

// heading names the scenario on one line.
func (c Card) heading() string {
	parts := []string{"scenario without a key"}
	if c.Key != "" {
		parts[0] = "scenario " + clean(c.Key)
	}
	parts = append(parts, fmt.Sprintf("%s, row %d", clean(c.Split), c.Row))
	if c.Rank != nil {
		parts = append(parts, fmt.Sprintf("rank %d", *c.Rank))
	}
	if c.Nudge != "" {
		parts = append(parts, "nudge: "+clean(c.Nudge))
	}
	if c.Generator != "" {
		parts = append(parts, "query by "+clean(c.Generator))
	}
	return strings.Join(parts, " · ")
}

func (c Card) disagreements() string {
	var parts []string
	for _, d := range c.Disagreement {
		value := "not computable"
		if d.Value != nil {
			value = strconv.FormatFloat(*d.Value, 'f', 2, 64)
		}
		parts = append(parts, value+" over "+clean(d.Title))
	}
	if g := c.Judgement; g != nil && g.Disagreement != nil {
		parts = append(parts, strconv.FormatFloat(*g.Disagreement, 'f', 2, 64)+" as published beside the verdicts")
	}
	if parts == nil {
		return "disagreement: not known"
	}
	return "disagreement: " + strings.Join(parts, ", ")
}

func (g *Judgement) summary() string {
	if g.Majority == g.Any {
		return fmt.Sprintf("judges, bin %s: by most judges and by any %s (%s)", clean(g.Bin), g.Any, clean(g.Set.Title))
	}
	return fmt.Sprintf("judges, bin %s: by most judges %s, by any judge %s (%s)", clean(g.Bin), g.Majority, g.Any, clean(g.Set.Title))
}

// chart is a score on a line of seven places, the score being its own mark,
// so that nothing hangs on a colour or on counting dots.
func chart(score *int) string {
	places := []string{"·", "·", "·", "·", "·", "·", "·"}
	if score == nil {
		return "missing"
	}
	places[*score] = strconv.Itoa(*score)
	return strings.Join(places, " ")
}

func outlier(p Position) string {
	if p.Outlier {
		return "outlier"
	}
	return ""
}

func modelName(id string) string { return clean(analysis.LookupModel(id).Name) }

// name is a value's name.
func name(s string) string {
	if s == "" {
		return "(none)"
	}
	return clean(s)
}

func clean(s string) string { return label.Clean(s) }

// line is a sentence of ours, whose names may add up to more than one name
// may have.
func line(s string) string { return strings.Join(strings.Fields(label.Plain(s)), " ") }

// paragraph is a text of the dataset, wrapped, indented and cut.
func paragraph(text string, longest int) string {
	text = label.Plain(text)
	if strings.TrimSpace(text) == "" {
		return "  (empty)\n"
	}
	shown, cut := shorten(text, longest)
	var b strings.Builder
	for line := range strings.Lines(shown) {
		wrap(&b, strings.TrimRight(line, "\n"))
	}
	if cut {
		fmt.Fprintf(&b, "  … (cut after %d of %d characters; --json has all)\n", longest, utf8.RuneCountInString(text))
	}
	return b.String()
}

// shorten cuts a text to some characters.
func shorten(text string, longest int) (shown string, cut bool) {
	n := 0
	for i := range text {
		if n++; n > longest {
			return text[:i], true
		}
	}
	return text, false
}

// wrap writes a line in pieces that fit, words whole where they can be.
func wrap(b *strings.Builder, line string) {
	const indent = "  "
	width := 0
	b.WriteString(indent)
	for i, word := range strings.Fields(line) {
		n := utf8.RuneCountInString(word)
		if i > 0 && width+1+n > textWidth {
			b.WriteString("\n" + indent)
			width = 0
		} else if i > 0 {
			b.WriteByte(' ')
			width++
		}
		for n > textWidth { // no honest word
			head, _ := shorten(word, textWidth)
			b.WriteString(head + "\n" + indent)
			word, n, width = word[len(head):], n-textWidth, 0
		}
		b.WriteString(word)
		width += n
	}
	b.WriteByte('\n')
}

// trimLines takes the blanks off the ends of lines that a table leaves.
func trimLines(s string) string {
	lines := strings.Split(s, "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	return strings.Join(lines, "\n")
}
