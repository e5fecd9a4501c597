package parquet

import "syscall"

// boundMemory lets this process take no more address space than n bytes.
func boundMemory(n uint64) error {
	return syscall.Setrlimit(syscall.RLIMIT_AS, &syscall.Rlimit{Cur: n, Max: n})
}
