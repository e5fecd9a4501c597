package loaders

import (
	"context"
	"fmt"
	"slices"
	"sort"
	"strings"
	"unicode"
)

// Text reads a text column, such as query or response_o3, for some rows:
// only the row groups that hold them are read. Texts come in the order of
// the rows; NULL is "". The texts are untrusted and may be offensive.
//
// The error names a column that is not there, with its nearest names, or a
// row outside the table.
func (s *Scenarios) Text(ctx context.Context, column string, rows ...int) ([]string, error) {
	t, err := s.texts()
	if err != nil {
		return nil, err
	}
	return t.read(ctx, column, rows)
}

// SearchText tests a text column against match, which several goroutines
// call at once, and returns the rows that match, in the order of rows; nil
// rows means all. Scanned is how many texts were looked at, NULL not being
// one.
//
// Only that column is decoded, and only row groups that hold some of the
// rows; one chunk of the column for each worker is in memory at a time, and
// no text is kept. Errors: as Text.
func (s *Scenarios) SearchText(ctx context.Context, column string, rows []int, match func(text string) bool) (hits []int, scanned int, err error) {
	t, err := s.texts()
	if err != nil {
		return nil, 0, err
	}
	return t.search(ctx, column, rows, match)
}

// HasText reports whether every file of the split has a text column of that
// name.
func (s *Scenarios) HasText(column string) bool {
	t, err := s.texts()
	return err == nil && t.has(column)
}

// Stored is the row of the whole split that a row of this table came from:
// what specstress text takes as a row.
func (s *Scenarios) Stored(row int) int { return storedRow(s.origin, row) }

func (s *Scenarios) texts() (texts, error) {
	files, err := s.dataset.filesOf(s.split)
	return texts{s.dataset, s.split, files, scenarioColumns, s.origin, s.Rows()}, err
}

// Text is Scenarios.Text for the texts beside the verdicts: prompt, which
// is the query, and response.
func (j *Judged) Text(ctx context.Context, column string, rows ...int) ([]string, error) {
	return j.texts().read(ctx, column, rows)
}

// SearchText is Scenarios.SearchText for the texts beside the verdicts.
func (j *Judged) SearchText(ctx context.Context, column string, rows []int, match func(text string) bool) (hits []int, scanned int, err error) {
	return j.texts().search(ctx, column, rows, match)
}

// HasText reports whether every file with verdicts has a text column of
// that name.
func (j *Judged) HasText(column string) bool { return j.texts().has(column) }

// Stored is Scenarios.Stored, of the verdicts of all bins.
func (j *Judged) Stored(row int) int { return storedRow(j.origin, row) }

func (j *Judged) texts() texts {
	return texts{j.dataset, ConfigJudges, j.dataset.judgeFiles(), judgeColumns, j.origin, j.Rows()}
}

// storedRow is the row as it is stored; a nil origin means all rows.
func storedRow(origin []int32, row int) int {
	if origin != nil {
		return int(origin[row])
	}
	return row
}

// Words returns a test for SearchText: whether all of the words stand
// somewhere in a text, in any case and with either kind of apostrophe.
// Words are apart by spaces; a word also matches as part of a longer one.
// The error is that there are none.
func Words(query string) (func(text string) bool, error) {
	words := strings.Fields(foldText(query))
	if len(words) == 0 {
		return nil, fmt.Errorf("loaders: search for no words")
	}
	return func(text string) bool {
		text = foldText(text)
		return !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(text, w) })
	}, nil
}

// foldText takes out what nobody means to tell apart in a search.
func foldText(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '\u2019' || r == '\u2018' {
			return '\''
		}
		return unicode.ToLower(r)
	}, s)
}

// texts reads the text columns of one table by row.
type texts struct {
	dataset *Dataset
	split   string
	files   []*dataFile
	specs   []ColumnSpec
	origin  []int32 // by row of the table: row as it is stored; nil for all
	rows    int
}

func (t texts) read(ctx context.Context, column string, rows []int) ([]string, error) {
	out := make([]string, len(rows))
	err := t.each(ctx, column, rows, func(i int, text string) { out[i] = text })
	return out, err
}

func (t texts) search(ctx context.Context, column string, rows []int, match func(string) bool) (hits []int, scanned int, err error) {
	if rows == nil {
		rows = make([]int, t.rows)
		for i := range rows {
			rows[i] = i
		}
	}
	const looked, hit = 1, 2
	found := make([]uint8, len(rows)) // written by index, so that the workers' order does not matter
	err = t.each(ctx, column, rows, func(i int, text string) {
		found[i] = looked
		if match(text) {
			found[i] = hit
		}
	})
	if err != nil {
		return nil, 0, err
	}
	for i, f := range found {
		if f != 0 {
			scanned++
		}
		if f == hit {
			hits = append(hits, rows[i])
		}
	}
	return hits, scanned, nil
}

// each calls yield with the index into rows and the text of each row that
// has one, on several goroutines and in no order.
func (t texts) each(ctx context.Context, column string, rows []int, yield func(i int, text string)) error {
	parts := partsOf(t.files)
	starts := make([]int, len(parts)) // row of the split at which each part starts
	for i := 1; i < len(parts); i++ {
		starts[i] = starts[i-1] + parts[i-1].Rows
	}
	wanted := map[int][]int{} // by part: indexes into rows
	for i, row := range rows {
		if row < 0 || row >= t.rows {
			return fmt.Errorf("loaders: split %s: row %d, want 0..%d", t.split, row, t.rows-1)
		}
		stored := storedRow(t.origin, row)
		part := sort.Search(len(starts), func(p int) bool { return starts[p] > stored }) - 1
		wanted[part] = append(wanted[part], i)
	}
	tables := map[*dataFile]*openOnce{}
	var locations []location
	var work []int // parts
	for p, part := range parts {
		if wanted[p] == nil {
			continue
		}
		work = append(work, p)
		o := tables[part.file]
		if o == nil {
			name, err := t.column(part.file, column)
			if err != nil {
				return err
			}
			o = &openOnce{at: part.file.location, columns: []string{name}}
			tables[part.file] = o
			locations = append(locations, o.at)
		}
		o.groups = append(o.groups, part.Group)
		o.parts++
	}
	defer func() {
		for _, o := range tables {
			o.close()
		}
	}()
	return parallel(ctx, t.dataset.workersFor(locations...), len(work), func(w int) error {
		p := work[w]
		at := map[int][]int{} // by row of the group: indexes into rows
		var inGroup []int
		for _, i := range wanted[p] {
			row := storedRow(t.origin, rows[i]) - starts[p]
			if at[row] == nil {
				inGroup = append(inGroup, row)
			}
			at[row] = append(at[row], i)
		}
		slices.Sort(inGroup)
		o := tables[parts[p].file]
		file, err := o.open(ctx)
		if err != nil {
			return err
		}
		defer o.release()
		err = file.ReadText(ctx, parts[p].Group, o.columns[0], inGroup, func(row int, text string, ok bool) {
			if ok {
				for _, i := range at[row] {
					yield(i, text)
				}
			}
		})
		if err != nil {
			return fmt.Errorf("loaders: %w", err)
		}
		return nil
	})
}

// column is the name of a text column in a file.
func (t texts) column(f *dataFile, column string) (string, error) {
	sc, err := newSchema(f.name, f.columns, t.dataset.opt.Columns, t.specs)
	if err != nil {
		return "", err
	}
	c, ok, err := sc.find(column)
	if err != nil {
		return "", err
	}
	if !ok {
		return "", sc.missing(column)
	}
	return c.Name, nil
}

func (t texts) has(column string) bool {
	for _, f := range t.files {
		sc, err := newSchema(f.name, f.columns, t.dataset.opt.Columns, t.specs)
		if err != nil {
			return false
		}
		if _, ok, err := sc.find(column); err != nil || !ok {
			return false
		}
	}
	return len(t.files) > 0
}
