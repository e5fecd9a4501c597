//go:build linux || darwin || freebsd

package hub

import "golang.org/x/sys/unix"

// freeSpace is how many bytes the user may still write to a folder's disk.
func freeSpace(dir string) (uint64, bool) {
	var s unix.Statfs_t
	if err := unix.Statfs(dir, &s); err != nil || int64(s.Bavail) < 0 { // negative where root may still write
		return 0, false
	}
	return uint64(s.Bavail) * uint64(s.Bsize), true
}
