//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package provider

import (
	"errors"
	"os"
	"syscall"
)

// lock keeps a second program off the journal. The system drops the lock
// when this one ends, however it ends.
func lock(f *os.File) error {
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		return errors.New("another program is writing it")
	}
	return nil
}
