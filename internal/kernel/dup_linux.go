package kernel

import "syscall"

// Linux on arm64 has no dup2.
func dup(from, to int) error { return syscall.Dup3(from, to, 0) }
