package main

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"

	"github.com/specstress/specstress/analysis"
	"github.com/specstress/specstress/loaders"
)

// disagreements measures the split's own models.
func disagreements(s *loaders.Scenarios) (*analysis.Disagreements, error) {
	set := s.ModelSet()
	p, err := s.Positions(set)
	if err != nil {
		return nil, err
	}
	return analysis.MeasureDisagreement(p, set)
}

// weigh fills in the weights.
func (f *selectFlags) weigh(c *chosen) error {
	switch f.weights {
	case "":
		return nil
	case "disagreement":
		d, err := disagreements(c.scenarios)
		if err != nil {
			return err
		}
		c.weights = make([]float64, d.Len())
		for row := range c.weights {
			if spread, ok := d.At(row); ok {
				c.weights[row] = spread.StdDev()
			} else {
				c.without++
			}
		}
		return nil
	}
	var err error
	if c.weights, err = readWeights(f.weights, c); err != nil {
		return fmt.Errorf("select: %s: %w", f.weights, err)
	}
	return nil
}

// readWeights reads a CSV file with a header and a column weight. With a
// column key, and a dataset, its rows are found by key; else they are in the
// order of the vectors.
func readWeights(path string, c *chosen) ([]float64, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	in := csv.NewReader(f)
	header, err := in.Read()
	if errors.Is(err, io.EOF) {
		return nil, errors.New("is empty, want a header with a column weight")
	}
	if err != nil {
		return nil, err
	}
	weightAt, keyAt := slices.Index(header, "weight"), slices.Index(header, "key")
	if weightAt < 0 {
		return nil, fmt.Errorf("no column weight among %q", header)
	}
	var weights []float64
	var keys []loaders.Key
	for {
		record, err := in.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		w, err := strconv.ParseFloat(record[weightAt], 64)
		if err != nil {
			return nil, fmt.Errorf("row %d: weight %q is no number", len(weights), record[weightAt])
		}
		weights = append(weights, w)
		if keyAt >= 0 && c.scenarios != nil {
			k, err := loaders.ParseKey(record[keyAt])
			if err != nil {
				return nil, fmt.Errorf("row %d: %w", len(weights)-1, err)
			}
			keys = append(keys, k)
		}
	}
	if keys == nil {
		if len(weights) != c.vectors.Rows() {
			return nil, fmt.Errorf("%d weights, want %d, one for each vector in its order", len(weights), c.vectors.Rows())
		}
		return weights, nil
	}
	m, err := mapKeys(keys, c.scenarios.Rows(), c.scenarios.Key)
	if err != nil {
		return nil, err
	}
	out := make([]float64, len(m.rows))
	for row, at := range m.rows {
		out[row] = weights[at]
	}
	return out, nil
}
