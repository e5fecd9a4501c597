package figure_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/specstress/specstress/analysis"
	"github.com/specstress/specstress/analysis/figure"
)

type manyOptions struct {
	figure.Source
	Bins              int
	MinShare          float64
	Models            []string
	Edges             []float64
	Sideways          figure.Orientation
	ShowLabels        bool
	PublishedMajority []float64
	Format            func(float64) string
}

func TestSetOption(t *testing.T) {
	want := []string{"bins", "min-share", "models", "edges", "sideways", "show-labels"}
	if got := figure.OptionNames(manyOptions{}); !slices.Equal(got, want) {
		t.Errorf("names %q, want %q", got, want)
	}
	var o manyOptions
	for name, value := range map[string]string{"bins": "12", "min-share": "0.25", "models": "o3, grok_4", "edges": "0,1.5,3", "sideways": "horizontal", "show-labels": "true"} {
		if err := figure.SetOption(&o, name, value); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if got := fmt.Sprintf("%d %v %q %v %d %v", o.Bins, o.MinShare, o.Models, o.Edges, o.Sideways, o.ShowLabels); got != `12 0.25 ["o3" "grok_4"] [0 1.5 3] 1 true` {
		t.Error(got)
	}
	for _, c := range []struct{ name, value, says string }{
		{"bin", "3", "nearest: bins"},
		{"published-majority", "3", "no option"},
		{"source", "3", "no option"},
		{"bins", "many", "want a whole number"},
		{"bins", "1e3", "want a whole number"},
		{"min-share", "NaN", "want a number"},
		{"edges", "0,x", "want a number"},
		{"sideways", "up", "want vertical or horizontal"},
		{"show-labels", "maybe", "true or false"},
	} {
		err := figure.SetOption(&o, c.name, c.value)
		if !errors.Is(err, figure.ErrOption) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s=%s: %v, want %q", c.name, c.value, err, c.says)
		}
		if unknown := strings.Contains(c.says, "nearest") || c.says == "no option"; unknown != errors.Is(err, analysis.ErrUnknownName) {
			t.Errorf("%s=%s: %v is an unknown name: %v", c.name, c.value, err, !unknown)
		}
	}
	for _, bad := range []any{nil, o, new(int), (*manyOptions)(nil)} {
		if err := figure.SetOption(bad, "bins", "3"); err == nil {
			t.Errorf("%T: no error", bad)
		}
	}
}

func ExampleSetOption() {
	var opt figure.PreferenceOptions
	fmt.Println(figure.OptionNames(opt))
	fmt.Println(figure.SetOption(&opt, "order", "by-name"), opt.Order == figure.ByName)
	fmt.Println(figure.SetOption(&opt, "topp", "5"))
	// Output:
	// [order top]
	// <nil> true
	// figure option: unknown name: no option "topp"; nearest: top, order
}
