//go:build race

package reliability

// Slowdown is how many times slower than promised work may be here: the race
// detector costs a factor of 2 to 20 (go.dev/doc/articles/race_detector), and
// a promise about time is made for programs without it.
const Slowdown = 20
