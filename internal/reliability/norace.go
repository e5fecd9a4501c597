//go:build !race

package reliability

// Slowdown is how many times slower than promised work may be here.
const Slowdown = 1
