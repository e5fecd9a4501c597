package embed

import (
	"context"
	"errors"
	"fmt"
	"math"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"unicode"
)

// NGrams embeds a text by the n-grams that it is made of: words, pairs of
// neighbouring words, and pieces of 3 to 5 characters within words with the
// space around them, all in lower case. An n-gram weighs
// (1+ln times)*(1+ln((1+N)/(1+n))), where it occurs in n of the N texts, and
// goes, with a sign, to one of Dim elements that its hash names; the vector
// is scaled to length 1. Two texts are near when they share rare n-grams.
// It is not a neural embedding: paraphrases in other words are far apart.
//
// The vectors of a text depend on the other texts through the weights. The
// same texts give the same bytes on any number of cores.
//
// Source: Weinberger et al. 2009, "Feature hashing for large scale multitask
// learning" (signed hashing); Salton and Buckley 1988 (weights), in the
// smoothed form of scikit-learn's TfidfTransformer with sublinear_tf.
type NGrams struct {
	Dim int // elements of a vector; 0 means 1024
}

// The n-grams are counted by the lowest bits of their hashes. Several of
// 411,000 queries' some millions of n-grams share a counter, which makes a
// rare one look a little less rare.
const counterBits = 22

const (
	shortest, longest = 3, 5 // characters of a piece
	defaultDim        = 1024
)

func (g NGrams) dim() int {
	if g.Dim == 0 {
		return defaultDim
	}
	return g.Dim
}

// Name implements Embedder.
func (g NGrams) Name() string {
	return fmt.Sprintf("hashed n-grams, not a neural embedding (%d dimensions)", g.dim())
}

// Embed implements Embedder. A text without any character but spaces is an
// error.
func (g NGrams) Embed(ctx context.Context, texts []string, progress func(done, total int)) (Vectors, error) {
	if g.Dim < 0 {
		return Vectors{}, fmt.Errorf("embed: %d dimensions, want 1 or more", g.Dim)
	}
	if len(texts) == 0 {
		return Vectors{}, errors.New("embed: no texts")
	}
	for i, text := range texts {
		if strings.TrimSpace(text) == "" {
			return Vectors{}, fmt.Errorf("embed: text %d is empty", i)
		}
	}
	counts, err := countTexts(ctx, texts)
	if err != nil {
		return Vectors{}, err
	}
	dim := g.dim()
	v := Vectors{make([]float32, len(texts)*dim), dim}
	var done atomic.Int64
	err = share(ctx, len(texts), progress, &done, func() func(i int) {
		var grams []uint64
		sums := make([]float64, dim)
		return func(i int) {
			grams = appendGrams(grams[:0], texts[i])
			slices.Sort(grams)
			clear(sums)
			for len(grams) > 0 {
				times := 1
				for times < len(grams) && grams[times] == grams[0] {
					times++
				}
				hash := grams[0]
				grams = grams[times:]
				in := float64(counts[hash&(1<<counterBits-1)].Load())
				weight := (1 + math.Log(float64(times))) * (1 + math.Log(float64(1+len(texts))/(1+in)))
				if hash>>63 == 1 {
					weight = -weight
				}
				sums[hash>>counterBits&(1<<40-1)%uint64(dim)] += weight
			}
			scale(v.Data[i*dim:(i+1)*dim], sums)
		}
	})
	return v, err
}

// scale writes sums with length 1. That all n-grams of a text cancel each
// other out takes very few of them and dimensions; the text then has a
// direction of its own rather than none.
func scale(dst []float32, sums []float64) {
	length := 0.0
	for _, s := range sums {
		length += float64(s * s)
	}
	if length == 0 {
		dst[0] = 1
		return
	}
	length = math.Sqrt(length)
	for i, s := range sums {
		dst[i] = float32(s / length)
	}
}

// countTexts counts, by counter, the texts that have an n-gram of it.
func countTexts(ctx context.Context, texts []string) ([]atomic.Int32, error) {
	counts := make([]atomic.Int32, 1<<counterBits)
	var done atomic.Int64
	err := share(ctx, len(texts), nil, &done, func() func(i int) {
		var grams []uint64
		return func(i int) {
			grams = appendGrams(grams[:0], texts[i])
			for j := range grams {
				grams[j] &= 1<<counterBits - 1
			}
			slices.Sort(grams)
			for _, counter := range slices.Compact(grams) {
				counts[counter].Add(1)
			}
		}
	})
	return counts, err
}

// share calls task(0) to task(n-1) on all cores.
func share(ctx context.Context, n int, progress func(done, total int), done *atomic.Int64, start func() func(i int)) error {
	const step = 256
	var next atomic.Int64
	var workers sync.WaitGroup
	var telling sync.Mutex
	for range min(runtime.GOMAXPROCS(0), (n+step-1)/step) {
		workers.Go(func() {
			task := start()
			for ctx.Err() == nil {
				lo := int(next.Add(step)) - step
				if lo >= n {
					return
				}
				hi := min(lo+step, n)
				for i := lo; i < hi; i++ {
					task(i)
				}
				if now := done.Add(int64(hi - lo)); progress != nil {
					telling.Lock()
					progress(int(now), n)
					telling.Unlock()
				}
			}
		})
	}
	workers.Wait()
	return ctx.Err()
}

// Kinds of n-grams, which start their hashes so that a word and a piece of
// the same letters differ.
const (
	oneWord  = 'w'
	twoWords = 'b'
	piece    = 'c'
)

// appendGrams appends the hashes of a text's n-grams, in its order.
func appendGrams(dst []uint64, text string) []uint64 {
	lower := strings.ToLower(text)
	before := ""
	for word := range strings.FieldsFuncSeq(lower, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		dst = append(dst, hash(oneWord, word, ""))
		if before != "" {
			dst = append(dst, hash(twoWords, before, word))
		}
		before = word
	}
	var at []int // where the characters of a padded word start
	var padded []byte
	for word := range strings.FieldsSeq(lower) {
		padded = append(append(append(padded[:0], ' '), word...), ' ')
		at = at[:0]
		for i := range string(padded) {
			at = append(at, i)
		}
		at = append(at, len(padded))
		for first := 0; first+shortest < len(at); first++ {
			h := start(piece) // goes on from piece to longer piece
			for n := 1; n <= longest && first+n < len(at); n++ {
				h = extend(h, padded[at[first+n-1]:at[first+n]])
				if n >= shortest {
					dst = append(dst, finish(h))
				}
			}
		}
	}
	return dst
}

// hash is FNV-1a of 64 bits over the kind and the words, with the finalizer
// of MurmurHash3, as FNV leaves the high bits of short texts much alike.
func hash(kind byte, a, b string) uint64 {
	h := extend(start(kind), a)
	if b != "" {
		h = extend(extend(h, " "), b)
	}
	return finish(h)
}

const prime = 1099511628211

func start(kind byte) uint64 { return (uint64(14695981039346656037) ^ uint64(kind)) * prime }

func extend[T string | []byte](h uint64, text T) uint64 {
	for i := range len(text) {
		h = (h ^ uint64(text[i])) * prime
	}
	return h
}

func finish(h uint64) uint64 {
	h ^= h >> 33
	h *= 0xff51afd7ed558ccd
	h ^= h >> 33
	h *= 0xc4ceb9fe1a85ec53
	return h ^ h>>33
}
