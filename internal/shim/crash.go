package shim

// crashFunc is deferred by the main of every cell.
const crashFunc = "specstress_crash"

// crashFile is where [Crash] is.
const crashFile = crashFunc + ".go"

// Crash is a file that goes into every cell's program. The runtime writes
// a panic's trace piece by piece, and GoNB, which translates lines of
// main.go to lines of cells, sees pieces; this writes it at once, and less
// of it: runtime's own frames say nothing about the cell.
//
// A panic in a goroutine is out of reach and looks as in any Go program.
const Crash = `package main

import (
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
)

func ` + crashFunc + `() {
	p := recover()
	if p == nil {
		return
	}
	var b strings.Builder
	b.WriteString("panic: " + fmt.Sprint(p) + "\n")
	pc := make([]uintptr, 64)
	frames := runtime.CallersFrames(pc[:runtime.Callers(2, pc)])
	for {
		f, more := frames.Next()
		if f.Function != "" && !strings.HasPrefix(f.Function, "runtime.") && !strings.HasSuffix(f.Function, "` + crashFunc + `") {
			b.WriteString("  " + f.Function + "\n    " + f.File + ":" + strconv.Itoa(f.Line) + "\n")
		}
		if !more {
			break
		}
	}
	os.Stderr.WriteString(b.String())
	os.Exit(2)
}
`
