package sample

import (
	"fmt"

	"github.com/specstress/specstress/analysis"
	"github.com/specstress/specstress/loaders/sample/internal/latent"
)

// What label files say of who labelled, how and when. No label can have
// been given in that year.
const (
	labeller      = "synthetic labeller"
	promptVersion = "synthetic prompt"
	labelDate     = "2000-01-01"
)

// labelGroupRows is the number of rows in a row group of a label file,
// whose rows are narrow.
const labelGroupRows = 50_000

// labelShards is the number of files of categories, which have most rows.
const labelShards = 4

// labelFields are the columns of label files: docs/labels.md.
func labelFields() []field {
	return []field{
		{"chunk_index", typeInt, ",dict"}, number("entry_idx"), coded("nudge_direction"), coded("model"),
		coded("label_set"), coded("label"), coded("labeller"), coded("prompt_version"), coded("date"),
	}
}

// labelledSplit is the split whose scenarios have labels.
func labelledSplit(drawn latent.Realised) latent.Selected {
	for _, s := range drawn.Splits {
		if s.Name == analysis.AllModels.Name {
			return s
		}
	}
	return latent.Selected{}
}

// A labelRow is one row of a label file.
type labelRow struct {
	scenario int32
	model    int8 // -1: of the scenario
	label    int8 // -1: none applies
}

// labelJobs lists the label files, largest first.
func labelJobs(w *latent.World, scenarios []int32, l *latent.Labels) []job {
	var out []job
	for i := range labelShards {
		from, to := len(scenarios)*i/labelShards, len(scenarios)*(i+1)/labelShards
		rows := responseRows(scenarios[from:to], l.Categories[from:to])
		out = append(out, labelJob(w, fmt.Sprintf("category-%05d-of-%05d", i, labelShards), analysis.ValueLabels, rows))
	}
	var topics []labelRow
	for i, s := range l.Topics {
		topics = appendLabels(topics, labelRow{scenario: scenarios[i], model: -1}, s)
	}
	return append(out,
		labelJob(w, "refusal", analysis.RefusalLevels, responseRows(scenarios, l.Refusal)),
		labelJob(w, "topic", analysis.Topics, topics))
}

// responseRows are the rows of responses, by scenario and then in the order
// of the response columns.
func responseRows(scenarios []int32, sets [][latent.NumModels]latent.LabelSet) []labelRow {
	var rows []labelRow
	for i := range sets {
		for _, m := range responseOrder {
			rows = appendLabels(rows, labelRow{scenario: scenarios[i], model: int8(m)}, sets[i][m])
		}
	}
	return rows
}

// appendLabels appends a row per label, one without a label where none
// applies, and none where nobody looked.
func appendLabels(rows []labelRow, r labelRow, s latent.LabelSet) []labelRow {
	if !s.Labelled() {
		return rows
	}
	if r.label = -1; s.Empty() {
		return append(rows, r)
	}
	for label := range latent.NumCategories {
		if s.Has(label) {
			r.label = int8(label)
			rows = append(rows, r)
		}
	}
	return rows
}

func labelJob(w *latent.World, name string, scheme analysis.LabelScheme, rows []labelRow) job {
	fill := func(c *cells, row int) {
		r := rows[row]
		s := &w.Scenarios[r.scenario]
		c.number(s.Chunk())
		c.number(s.Entry())
		c.string(s.Nudge.String())
		if r.model < 0 {
			c.null()
		} else {
			c.string(latent.ModelIDs[r.model])
		}
		c.string(scheme.Name)
		if r.label < 0 {
			c.null()
		} else {
			c.string(scheme.Labels[r.label])
		}
		c.string(labeller)
		c.string(promptVersion)
		c.string(labelDate)
	}
	return job{"labels/" + name + ".parquet", labelFields(), len(rows), labelGroupRows, fill}
}
