package reproduce

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/specstress/specstress/loaders"
)

// Without labels, on the paper's own dataset, Figures 7, 10 and 11 show the
// published numbers, marked as such, and Figure 4 nothing; on any other data
// none of them shows anything.
func TestPublishedAlone(t *testing.T) {
	dir := t.TempDir()
	csv := "chunk_index,entry_idx,nudge_direction,o3_value1_position,o3_value2_position,o4_mini_value1_position,o4_mini_value2_position\n1,1,neutral,0,6,3,3\n"
	if err := os.WriteFile(filepath.Join(dir, "all_models.csv"), []byte(csv), 0o644); err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	d, err := loaders.Open(ctx, dir, loaders.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, beside := range []bool{true, false} {
		for _, id := range []string{"fig4a", "fig4b", "fig7", "fig10", "fig10b", "fig11a", "fig11d"} {
			w := sections[id](newSource(ctx, d, nil), Options{})
			for _, task := range w.tasks {
				if err := task.run(ctx); err != nil {
					t.Fatal(err)
				}
			}
			b, err := w.finish(backdrop{beside: beside})
			if err != nil {
				t.Fatal(err)
			}
			if draws := beside && !strings.HasPrefix(id, "fig4"); !draws {
				if len(b.figures) > 0 || !strings.Contains(b.noFigure, "never published") {
					t.Errorf("%s, beside %v: %d figures, %q", id, beside, len(b.figures), b.noFigure)
				}
				continue
			}
			if len(b.figures) != 1 || b.noFigure != "" {
				t.Fatalf("%s: %d figures, %q", id, len(b.figures), b.noFigure)
			}
			f := b.figures[0]
			if f.ID != id || f.Panels[0].Mark != "published" || !strings.Contains(f.Caption, "none of this project") || !strings.Contains(strings.Join(b.notes, " "), "published numbers alone") {
				t.Errorf("%s: id %s, mark %q, caption %q, notes %q", id, f.ID, f.Panels[0].Mark, f.Caption, b.notes)
			}
			for _, c := range b.claims {
				if c.Err == nil {
					t.Errorf("%s: %s has a value", id, c.ID)
				}
			}
		}
	}
}
