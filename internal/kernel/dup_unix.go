//go:build unix && !linux

package kernel

import "syscall"

func dup(from, to int) error { return syscall.Dup2(from, to) }
