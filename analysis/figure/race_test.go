//go:build race

package figure_test

import "testing"

// processors are what TestSameBytes draws on.
var processors = []int{2}

// skipUnderRace skips a test that draws everything again and again in one
// goroutine: the race detector would take minutes over it and see nothing.
// TestSameBytes draws in several.
func skipUnderRace(t *testing.T) {
	t.Helper()
	t.Skip("draws in one goroutine, for minutes under the race detector")
}
