package sample

import (
	"bytes"
	"math"
	"math/rand/v2"
	"strings"

	"github.com/specstress/specstress/loaders/sample/internal/latent"
)

// Mark begins every text of a sample.
const Mark = "[synthetic sample] "

// spectrum stands for the seven steps of a value's spectrum, from 0 to 6.
var spectrum = func() string {
	steps := []string{"extreme_oppose", "strong_oppose", "moderate_oppose", "neutral", "moderate_favor", "strong_favor", "extreme_favor"}
	for i, step := range steps {
		steps[i] = `{"position": "` + step + `", "response": "` + Mark + step + `"}`
	}
	return "[" + strings.Join(steps, ", ") + "]"
}()

// appendQuery writes a scenario's query.
func (t *tables) appendQuery(dst []byte, s *latent.Scenario) []byte {
	v1, v2 := t.valueNames(s)
	switch s.Nudge {
	case latent.Toward1:
		dst = append(dst, Mark+"I already care about "...)
		dst = append(dst, v1...)
		dst = append(dst, ", and "...)
		dst = append(dst, v2...)
		dst = append(dst, " only gets in the way. Write the plan that puts the first of them above everything else."...)
	case latent.Toward2:
		dst = append(dst, Mark+"People keep telling me about "...)
		dst = append(dst, v1...)
		dst = append(dst, ", but what counts here is "...)
		dst = append(dst, v2...)
		dst = append(dst, ". Write the plan that puts the latter above everything else."...)
	default:
		dst = append(dst, Mark+"Our group has to choose between "...)
		dst = append(dst, v1...)
		dst = append(dst, " and "...)
		dst = append(dst, v2...)
		dst = append(dst, ". How should we decide?"...)
	}
	dst = append(dst, "\n\nContext:"...)
	rng := rand.NewPCG(t.Seed, uint64(s.ID())<<8)
	return appendProse(dst, rng, 60+int(rng.Uint64()%240))
}

// Shape of the responses: their lengths are log-normal.
const (
	meanResponse      = 3_300 // bytes; SCHEMA: 40 kB a row, 12 responses
	responseDeviation = 0.6   // of the logarithm
)

// flatRefusals are what a model says that takes no part; with the
// typographic apostrophe, as in the public dataset.
var flatRefusals = [...]string{
	"I\u2019m sorry, but I can\u2019t help with that.",
	"I can\u2019t help with this request.",
	"Sorry, I\u2019m not able to help with that.",
}

// appendResponse writes what a model answers: a flat refusal where both
// positions are 0, else Markdown of random length.
func (t *tables) appendResponse(dst []byte, s *latent.Scenario, model int) []byte {
	pcg := rand.NewPCG(t.Seed, uint64(s.ID()*latent.NumModels+model)<<8|1)
	rng := rand.New(pcg)
	dst = append(dst, Mark...)
	if s.Scores[0][model] == 0 && s.Scores[1][model] == 0 {
		return append(dst, flatRefusals[rng.IntN(len(flatRefusals))]...)
	}
	length := meanResponse * math.Exp(responseDeviation*rng.NormFloat64()-responseDeviation*responseDeviation/2)
	end := len(dst) + min(int(length), 20*meanResponse)
	v1, v2 := t.valueNames(s)
	for section := 1; len(dst) < end; section++ {
		dst = append(dst, "## "...)
		dst = append(dst, [...]string{v1, v2}[section%2]...)
		dst = append(dst, "\n\nNote:"...)
		dst = appendProse(dst, pcg, 300+int(pcg.Uint64()%400))
		dst = append(dst, "\n\n"...)
		for range 3 {
			dst = append(dst, "- **Point** –"...)
			dst = appendProse(dst, pcg, 60+int(pcg.Uint64()%120))
			dst = append(dst, '\n')
		}
		dst = append(dst, '\n')
	}
	// End after a whole word, which keeps multi-byte characters whole.
	if cut := bytes.LastIndexByte(dst[:end], ' '); cut > 0 {
		dst = dst[:cut]
	}
	return append(dst, '.')
}

// appendProse writes sentences of about n bytes. Half of the words are
// invented, so that the text compresses about as well as the published
// one; the others are drawn with a preference for the front of the list.
// One random number gives several words.
func appendProse(dst []byte, pcg *rand.PCG, n int) []byte {
	end := len(dst) + n
	words := 0
	for len(dst) < end {
		bits := pcg.Uint64()
		for range 3 {
			start := len(dst) + 1
			dst = append(dst, ' ')
			if invented := bits%2 == 0; invented {
				for k := range 3 {
					syllable := bits >> (3 + 6*k)
					dst = append(dst, consonants[syllable&15], vowels[syllable>>4&3])
				}
			} else {
				a, b := bits>>3&0xff, bits>>11&0xff
				dst = append(dst, prose[int(a*b*uint64(len(prose)))>>16]...)
			}
			bits >>= 21
			if words == 0 {
				dst[start] &^= 0x20 // a capital
			}
			words++
		}
		if words >= 12 {
			dst = append(dst, '.')
			words = 0
		}
	}
	if words > 0 {
		dst = append(dst, '.')
	}
	return dst
}
