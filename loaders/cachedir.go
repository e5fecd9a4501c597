package loaders

import (
	"fmt"
	"os"
	"path/filepath"
)

// CacheDir is the folder for everything that can be made again: the
// environment variable SPECSTRESS_CACHE, else specstress in the user's
// cache folder. It need not exist yet.
func CacheDir() (string, error) {
	if dir := os.Getenv("SPECSTRESS_CACHE"); dir != "" {
		return filepath.Abs(dir)
	}
	base, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("loaders: no cache folder: %w; set SPECSTRESS_CACHE", err)
	}
	return filepath.Join(base, "specstress"), nil
}
