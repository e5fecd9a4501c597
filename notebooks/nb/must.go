package nb

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/janpfeifer/gonb/gonbui"

	"github.com/specstress/specstress/internal/label"
)

// exit ends the cell; tests replace it.
var exit = os.Exit

// Must returns value, or ends the cell with the error.
func Must[T any](value T, err error) T {
	if err != nil {
		fail(err)
	}
	return value
}

// Must0 ends the cell where there is an error.
func Must0(err error) {
	if err != nil {
		fail(err)
	}
}

// fail prints an error and the line of the cell, in one piece, so that the
// kernel can tell cell and line from it, and ends the cell. What was shown
// before has arrived by then.
//
// What the data lack is shown as such, too.
func fail(err error) {
	if lacking(err) {
		show(lackBundle(err))
	}
	message := "error: " + label.Plain(err.Error()) + "\n"
	if at := cellLine(); at != "" {
		message += "\tat " + at + "\n"
	}
	gonbui.Sync()
	fmt.Fprint(os.Stderr, message)
	exit(1)
}

// cellLine is where the cell called this package: the innermost caller in
// the cell's own file.
func cellLine() string {
	dir := os.Getenv("GONB_TMP_DIR")
	if dir == "" {
		return ""
	}
	calls := make([]uintptr, 64)
	frames := runtime.CallersFrames(calls[:runtime.Callers(2, calls)])
	for {
		frame, more := frames.Next()
		if strings.HasPrefix(frame.File, dir+string(filepath.Separator)) {
			return fmt.Sprintf("%s:%d", frame.File, frame.Line)
		}
		if !more {
			return ""
		}
	}
}
