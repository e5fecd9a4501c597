package hub

import (
	"cmp"
	"slices"

	"github.com/specstress/specstress/loaders"
)

const (
	maxGap     = 64 << 10 // between two ranges that go into one request: cheaper to fetch than to ask again
	maxRequest = 16 << 20 // bytes of one request, so that one that is cut costs little
)

// A span is bytes start to end of a file.
type span struct{ start, end int64 }

// plan says which requests fetch the wanted ranges of a file of some size,
// when the spans in have, which are sorted and disjoint, are there already.
// The requests are sorted and disjoint, and from have too.
func plan(wanted []loaders.Range, size int64, have []span) []span {
	var spans []span
	for _, r := range wanted {
		s := span{max(r.Offset, 0), size}
		if r.Length < size-r.Offset { // else it reaches the end, or beyond
			s.end = r.Offset + r.Length
		}
		if s.start < s.end {
			spans = append(spans, s)
		}
	}
	missing := subtract(join(spans, 0), have)
	// Joining over a gap may cover again what is there.
	missing = subtract(join(missing, maxGap), have)
	var requests []span
	for _, s := range missing {
		for ; s.end-s.start > maxRequest; s.start += maxRequest {
			requests = append(requests, span{s.start, s.start + maxRequest})
		}
		requests = append(requests, s)
	}
	return requests
}

// join sorts spans and makes one of those with at most gap bytes between
// them.
func join(spans []span, gap int64) []span {
	slices.SortFunc(spans, func(a, b span) int { return cmp.Compare(a.start, b.start) })
	var out []span
	for _, s := range spans {
		if n := len(out); n > 0 && s.start-out[n-1].end <= gap {
			out[n-1].end = max(out[n-1].end, s.end)
		} else {
			out = append(out, s)
		}
	}
	return out
}

// subtract takes the spans of b out of those of a; both are sorted and
// disjoint.
func subtract(a, b []span) []span {
	var out []span
	for _, s := range a {
		i, _ := slices.BinarySearchFunc(b, s.start, func(h span, at int64) int { return cmp.Compare(h.end, at+1) })
		for ; i < len(b) && b[i].start < s.end; i++ {
			if s.start < b[i].start {
				out = append(out, span{s.start, b[i].start})
			}
			s.start = max(s.start, b[i].end)
		}
		if s.start < s.end {
			out = append(out, s)
		}
	}
	return out
}
