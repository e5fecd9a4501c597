//go:build !linux

package parquet

import "errors"

func boundMemory(uint64) error { return errors.New("not on this system") }
