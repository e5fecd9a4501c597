package reproduce_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/specstress/specstress/internal/reliability"
	"github.com/specstress/specstress/internal/reproduce"
	"github.com/specstress/specstress/loaders"
)

// TestCancelledAtOnce cancels a run at many points. It must come back within
// 100 ms of processor time, leave no goroutine for longer than the statistic
// at hand takes, and no file.
func TestCancelledAtOnce(t *testing.T) {
	parent := t.TempDir()
	source := filepath.Join(parent, "source")
	shards(t, source, [3]int{0, 1, 2})
	out := filepath.Join(parent, "out")
	before := runtime.NumGoroutine()
	stopped := 0
	for point := range 20 {
		ctx, cancel := context.WithCancel(context.Background())
		d := open(t, source, loaders.Options{})
		steps := 0
		var at time.Time
		opt := reproduce.Options{Workers: 2, Progress: func(string, int, int) {
			if steps++; steps == point+1 {
				at = time.Now()
				cancel()
			}
		}}
		r, err := reproduce.Compute(ctx, d, opt)
		if err == nil {
			if at.IsZero() {
				cancel() // fewer steps than that
			}
			err = r.Write(ctx, out)
		}
		if !at.IsZero() {
			stopped++
			// A loaded machine may take its time; the work itself is microseconds.
			if late := time.Since(at); late > 2*time.Second {
				t.Errorf("step %d: came back %v after it was cancelled", point, late)
			}
		}
		if !errors.Is(err, context.Canceled) {
			t.Errorf("step %d: %v", point, err)
		}
		cancel()
	}
	if stopped < 3 {
		t.Errorf("only %d runs were cancelled on their way", stopped)
	}
	for wait := 0; runtime.NumGoroutine() > before; wait++ {
		if wait == 500 {
			t.Fatalf("%d goroutines, %d before", runtime.NumGoroutine(), before)
		}
		time.Sleep(10 * time.Millisecond)
	}
	entries, err := os.ReadDir(parent)
	if err != nil || len(entries) != 1 {
		t.Errorf("left %v, %v", entries, err)
	}
	reliability.Record(t, "%d runs of reproduce cancelled on their way: 0 files, 0 goroutines left", stopped)
}

// TestDoesNotWaitForAStatistic: a statistic in the middle of its work is not
// waited for.
func TestDoesNotWaitForAStatistic(t *testing.T) {
	source := filepath.Join(t.TempDir(), "source")
	shards(t, source, [3]int{0, 1, 2})
	d := open(t, source, loaders.Options{})
	ctx, cancel := context.WithCancel(context.Background())
	release := make(chan struct{})
	defer close(release)
	entered := make(chan struct{}, 100)
	// A condition stands in for the statistic that takes long.
	slow := loaders.Matching("slow", func(loaders.Row) bool {
		entered <- struct{}{}
		<-release
		return true
	})
	done := make(chan error, 1)
	go func() {
		_, err := reproduce.Compute(ctx, d, reproduce.Options{Where: []loaders.Condition{slow}, Workers: 1})
		done <- err
	}()
	<-entered
	start := time.Now()
	cancel()
	select {
	case err := <-done:
		if !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
		reliability.Record(t, "a statistic at work is not waited for")
		t.Logf("back after %v", time.Since(start))
	case <-time.After(5 * time.Second):
		t.Error("waits for the statistic")
	}
}
