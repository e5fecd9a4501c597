package analysis

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// inParallel calls task(0) to task(n-1) on all cores and returns the error
// of the lowest index that has one. Each worker has a task of its own from
// start, with room to work in.
//
// An error ends the whole early: no index is handed out after it. As they
// are handed out in ascending order, every index below a failed one has
// run, so the error is the same on any number of cores.
func inParallel(n int, start func() func(i int) error) error {
	errs := make([]error, n)
	var next atomic.Int64
	var failed atomic.Bool
	var workers sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), n) {
		workers.Go(func() {
			task := start()
			for !failed.Load() {
				i := int(next.Add(1)) - 1
				if i >= n {
					return
				}
				if errs[i] = task(i); errs[i] != nil {
					failed.Store(true)
				}
			}
		})
	}
	workers.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
