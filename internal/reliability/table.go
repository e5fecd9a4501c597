package reliability

import (
	"bufio"
	"bytes"
	"fmt"
	"slices"
	"strings"
)

// A Promise is one row of the table.
type Promise struct {
	ID     string
	Says   string
	Target string
	Tests  []Test
	Gap    string // what is not met or not tested yet, and why
}

// A Test holds a promise.
type Test struct {
	Package string // below the module
	Name    string
	Args    []string // for its full length, behind the package
}

func (t Test) key() string { return t.Package + "." + t.Name }

// A Measure is what came of a test.
type Measure struct {
	Outcome string // pass, fail or skip
	Figure  string // as recorded, or why it was skipped
}

// ReadMeasures parses what WriteMeasures wrote.
func ReadMeasures(file []byte) (map[string]Measure, error) {
	measures := map[string]Measure{}
	lines := bufio.NewScanner(bytes.NewReader(file))
	for n := 1; lines.Scan(); n++ {
		fields := strings.Split(lines.Text(), "\t")
		if len(fields) != 3 {
			return nil, fmt.Errorf("line %d has %d fields, want test, outcome, figure", n, len(fields))
		}
		measures[fields[0]] = Measure{fields[1], fields[2]}
	}
	return measures, lines.Err()
}

// WriteMeasures is a line for each test, by name.
func WriteMeasures(measures map[string]Measure) []byte {
	var lines []string
	for key, m := range measures {
		lines = append(lines, key+"\t"+m.Outcome+"\t"+m.Figure+"\n")
	}
	slices.Sort(lines)
	return []byte(strings.Join(lines, ""))
}

// Table is the promises with what was measured, in Markdown.
func Table(promises []Promise, measures map[string]Measure) string {
	var b strings.Builder
	b.WriteString("| | promise | target | tests | measured |\n| --- | --- | --- | --- | --- |\n")
	for _, p := range promises {
		var tests, figures []string
		for _, t := range p.Tests {
			tests = append(tests, fmt.Sprintf("`%s` in %s", t.Name, t.Package))
			m, ok := measures[t.key()]
			switch {
			case !ok:
				figures = append(figures, "not yet run: "+t.Name)
			case m.Outcome == "pass" && m.Figure != "":
				figures = append(figures, m.Figure)
			case m.Outcome == "pass":
			default:
				figures = append(figures, strings.TrimSuffix(fmt.Sprintf("**%s**: %s: %s", m.Outcome, t.Name, m.Figure), ": "))
			}
		}
		if figures == nil {
			figures = []string{"all pass"}
		}
		if p.Gap != "" {
			figures = append(figures, "*"+p.Gap+"*")
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s |\n", p.ID, p.Says, p.Target, strings.Join(tests, "<br>"), strings.Join(figures, "<br>"))
	}
	return b.String()
}

// The table stands between these lines of docs/reliability.md.
const (
	tableBegin = "<!-- made by make test-long; do not edit -->\n"
	tableEnd   = "<!-- end -->\n"
)

// Replace puts a table into the page.
func Replace(page, table string) (string, error) {
	before, rest, ok := strings.Cut(page, tableBegin)
	_, after, ok2 := strings.Cut(rest, tableEnd)
	if !ok || !ok2 {
		return "", fmt.Errorf("the page has no lines %q and %q", tableBegin, tableEnd)
	}
	return before + tableBegin + table + tableEnd + after, nil
}
