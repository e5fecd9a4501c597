//go:build !amd64 || purego

package analysis

func addFast(*laneTallies, []Position) (done int) { return 0 }

func mergeFast(_, _ *laneTallies) bool { return false }

func completeFast(_, _ *laneTallies, _ int, _ []Spread) (done int) { return 0 }

func planesFast(*planes, []Position) bool { return false }

func productsFast(_, _ []Position) (sum int64, done int) { return 0, 0 }
