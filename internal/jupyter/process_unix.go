//go:build unix

package jupyter

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
)

// ownGroup makes the process the first of a new group: Ctrl-C at the
// terminal then reaches us alone, and we end the group.
func ownGroup(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }

// terminate asks the group to end.
func terminate(cmd *exec.Cmd) { syscall.Kill(-cmd.Process.Pid, syscall.SIGTERM) }

// sweep kills the group and, where /proc tells (Linux), every process that
// carries the mark in its environment.
func sweep(cmd *exec.Cmd, mark string) {
	syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
	environs, _ := filepath.Glob("/proc/[0-9]*/environ")
	for _, path := range environs {
		env, err := os.ReadFile(path)
		if err != nil { // gone, or not ours
			continue
		}
		for v := range bytes.SplitSeq(env, []byte{0}) {
			if string(v) != mark {
				continue
			}
			if pid, err := strconv.Atoi(filepath.Base(filepath.Dir(path))); err == nil && pid != os.Getpid() {
				syscall.Kill(pid, syscall.SIGKILL)
			}
		}
	}
}
