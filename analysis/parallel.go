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

// inBlocks calls work for every block of rows on all cores. Each worker has
// a work of its own from start, and ends with finish. The error is that of
// the first block that has one.
func inBlocks(rows int, start func() (work func(lo, hi int) error, finish func())) error {
	var finishers struct {
		sync.Mutex
		all []func()
	}
	err := parallelUntilError((rows+blockRows-1)/blockRows, func() func(i int) error {
		work, finish := start()
		finishers.Lock()
		defer finishers.Unlock()
		finishers.all = append(finishers.all, finish)
		return func(i int) error { return work(i*blockRows, min((i+1)*blockRows, rows)) }
	})
	for _, finish := range finishers.all {
		finish()
	}
	return err
}

// indexes are 0 to n-1.
func indexes(n int) []int {
	all := make([]int, n)
	for i := range all {
		all[i] = i
	}
	return all
}
