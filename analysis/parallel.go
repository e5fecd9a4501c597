package analysis

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// parallelUntilError calls task(0) to task(n-1) on all cores and returns the error
// of the lowest index that has one. Each worker has a task of its own from
// start, with room to work in.
//
// An error ends the whole early: no index is handed out after it. As they
// are handed out in ascending order, every index below a failed one has
// run, so the error is the same on any number of cores.
func parallelUntilError(n int, start func() func(i int) error) error {
	var next atomic.Int64
	var failed atomic.Bool
	var lowest struct {
		sync.Mutex
		i   int
		err error
	}
	var workers sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), n) {
		workers.Go(func() {
			task := start()
			for !failed.Load() {
				i := int(next.Add(1)) - 1
				if i >= n {
					return
				}
				err := task(i)
				if err == nil {
					continue
				}
				failed.Store(true)
				lowest.Lock()
				if lowest.err == nil || i < lowest.i {
					lowest.i, lowest.err = i, err
				}
				lowest.Unlock()
			}
		})
	}
	workers.Wait()
	return lowest.err
}
