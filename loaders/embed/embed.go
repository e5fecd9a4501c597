// Package embed turns texts into vectors, which package analysis selects
// from: scenarios whose queries say nearly the same should lie close
// together.
//
// Its own Embedder, NGrams, needs no network and no model, and is named as
// what it is: it sees which words and pieces of words two texts share, not
// what they mean. Package provider has one that asks an embedding API. They
// are apart so that a notebook cell links no HTTP.
//
// It stands among the loaders as it makes input for the statistics from
// data; nothing in analysis knows of texts.
package embed

import "context"

// An Embedder turns texts into vectors of one length.
type Embedder interface {
	// Name says what made the vectors, for captions and manifests.
	Name() string

	// Embed returns one vector per text, row after row. It calls progress,
	// unless nil, with the number of texts that are done, from one goroutine
	// at a time. The error names the first text that cannot be embedded by
	// its place; no text is quoted, since texts may be offensive.
	Embed(ctx context.Context, texts []string, progress func(done, total int)) (Vectors, error)
}

// Vectors are rows of Dim numbers, one after the other.
type Vectors struct {
	Data []float32
	Dim  int
}
