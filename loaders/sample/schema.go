package sample

import (
	"fmt"
	"reflect"

	"github.com/parquet-go/parquet-go"
	"github.com/specstress/specstress/loaders/sample/internal/latent"
)

// A field is one column of a file. All columns may be NULL, as in the
// published files.
type field struct {
	name string
	kind reflect.Type
	tags string // after "name,optional"
}

var (
	typeText  = reflect.TypeFor[string]()
	typeInt   = reflect.TypeFor[int64]()
	typeFloat = reflect.TypeFor[float64]()
)

func text(name string) field   { return field{name, typeText, ""} }
func coded(name string) field  { return field{name, typeText, ",dict"} }
func number(name string) field { return field{name, typeInt, ""} }

// responseOrder lists the models as the response columns do. The position
// columns have gpt_4_1_mini before gpt_4_1, these the reverse.
var responseOrder = [latent.NumModels]int{0, 1, 2, 3, 4, 5, 7, 6, 8, 9, 10, 11}

// defaultFields are the 44 columns of the splits.
func defaultFields() []field {
	fields := []field{number("rank"), coded("query_generator"), coded("value1"), coded("value2"), coded("nudge_direction"), text("query")}
	for _, m := range responseOrder {
		fields = append(fields, text("response_"+latent.ModelIDs[m]))
	}
	for _, id := range latent.ModelIDs {
		for v := 1; v <= 2; v++ {
			fields = append(fields, field{fmt.Sprintf("%s_value%d_position", id, v), typeInt, ",dict"})
		}
	}
	return append(fields, number("chunk_index"), number("entry_idx"))
}

// completeFields are the columns of complete: those of the splits without
// rank, and the spectra.
func completeFields() []field {
	return append(defaultFields()[1:], coded("value1_bias_spectrum"), coded("value2_bias_spectrum"))
}

// judgeFields are the columns of judge_evaluations.
func judgeFields() []field {
	fields := []field{
		coded("prompt"), coded("model"), coded("bin_name"), coded("std_range"),
		{"max_pop_std_openai", typeFloat, ",dict"}, number("chunk_idx"), number("entry_idx"),
		coded("query_key"), coded("value1"), coded("value2"), text("response"),
	}
	for _, id := range latent.JudgeIDs {
		fields = append(fields, coded(id+"_decision"))
	}
	return fields
}

// schemaOf builds the parquet schema, columns in the order given, which a
// parquet.Group would sort.
func schemaOf(fields []field) *parquet.Schema {
	row := make([]reflect.StructField, len(fields))
	for i, f := range fields {
		row[i] = reflect.StructField{
			Name: fmt.Sprintf("Column%d", i),
			Type: f.kind,
			Tag:  reflect.StructTag(fmt.Sprintf("parquet:%q", f.name+",optional"+f.tags)),
		}
	}
	return parquet.NewSchema("schema", parquet.SchemaOf(reflect.New(reflect.StructOf(row)).Interface()))
}
