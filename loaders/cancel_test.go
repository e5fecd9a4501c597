package loaders_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/specstress/specstress/internal/reliability"
	"github.com/specstress/specstress/loaders"
)

// TestCancelledAtOnce cancels reading and packing at many moments. Each must
// come back within 100 ms, with the context's error, and leave no goroutine
// and no file. A machine under load may stretch a moment: the best of three
// counts.
func TestCancelledAtOnce(t *testing.T) {
	var b strings.Builder
	b.WriteString("chunk_index,entry_idx,nudge_direction,value1,value2")
	for m := range 12 {
		fmt.Fprintf(&b, ",m%d_value1_position,m%d_value2_position", m, m)
	}
	line := strings.Repeat(",3,4", 12) + "\n"
	for row := range 20_000 {
		fmt.Fprintf(&b, "\n1,%d,neutral,tact,candor%s", row, strings.TrimSuffix(line, "\n"))
	}
	files := map[string]string{}
	for i := range 4 {
		files[fmt.Sprintf("mine-%05d-of-00004.csv", i)] = b.String() + "\n"
	}
	dir := folder(t, files)
	cache := t.TempDir()
	t.Setenv("SPECSTRESS_CACHE", cache)
	before := runtime.NumGoroutine()
	const limit = 100 * time.Millisecond * reliability.Slowdown

	start := time.Now()
	d := open(t, dir, loaders.Options{Workers: 2})
	scenarios(t, d, "mine")
	whole := time.Since(start)

	works := map[string]func(context.Context) error{
		"reading": func(ctx context.Context) error { _, err := d.Scenarios(ctx, "mine"); return err },
		"packing": func(ctx context.Context) error { _, err := d.Pack(ctx); return err },
		"opening": func(ctx context.Context) error {
			_, err := loaders.Open(ctx, dir, loaders.Options{Workers: 2})
			return err
		},
	}
	stopped := 0
	for name, work := range works {
		for moment := range 8 {
			best := time.Hour
			for range 3 {
				ctx, cancel := context.WithCancel(context.Background())
				at := make(chan time.Time, 1)
				timer := time.AfterFunc(whole*time.Duration(moment)/16, func() { at <- time.Now(); cancel() })
				err := work(ctx)
				back := time.Now()
				if timer.Stop() || err == nil {
					cancel()
					best = 0 // it was done before
					break
				}
				if !errors.Is(err, context.Canceled) {
					t.Errorf("%s, moment %d: %v", name, moment, err)
				}
				stopped++
				best = min(best, back.Sub(<-at))
			}
			if best > limit {
				t.Errorf("%s, moment %d: back after %v, want %v", name, moment, best, limit)
			}
		}
	}
	for wait := 0; runtime.NumGoroutine() > before; wait++ {
		if wait == 200 {
			t.Fatalf("%d goroutines, %d before", runtime.NumGoroutine(), before)
		}
		time.Sleep(10 * time.Millisecond)
	}
	left, err := filepath.Glob(filepath.Join(cache, "packed", "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range left {
		if filepath.Ext(file) != ".pack" {
			t.Errorf("left %s", file)
		}
	}
	if stopped < 10 {
		t.Errorf("only %d times was anything stopped", stopped)
	}
	reliability.Record(t, "reading, packing and opening cancelled at 24 moments: back within 100 ms, nothing left")
}

// TestPackReadOnly: where nothing can be written the error says what helps,
// and reading goes on.
func TestPackReadOnly(t *testing.T) {
	if os.Getuid() == 0 {
		// The root user may write anywhere; a file in place of the folder stops all.
		cache := filepath.Join(t.TempDir(), "cache")
		if err := os.WriteFile(cache, nil, 0o644); err != nil {
			t.Fatal(err)
		}
		t.Setenv("SPECSTRESS_CACHE", cache)
	} else {
		cache := t.TempDir()
		if err := os.Chmod(cache, 0o555); err != nil {
			t.Fatal(err)
		}
		t.Setenv("SPECSTRESS_CACHE", cache)
	}
	d := open(t, folder(t, map[string]string{"mine.csv": small}), loaders.Options{})
	if _, err := d.Pack(context.Background()); err == nil || !strings.Contains(err.Error(), "set SPECSTRESS_CACHE to a folder that can be written") {
		t.Errorf("packing into a folder that cannot be written: %v", err)
	}
	scenarios(t, d, "mine") // reading goes on
}
