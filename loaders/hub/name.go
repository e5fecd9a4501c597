package hub

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// errName marks a file name that a repository must not use.
var errName = errors.New("unsafe file name")

const (
	maxName    = 1024 // bytes of a path in a repository
	maxSegment = 255  // of one part of it: the limit of common file systems
)

// checkName refuses names of files that could leave the cache folder, stand
// for a device or another file on any system, or show themselves as what
// they are not. The rules are those of all systems at once, so that a
// repository is read everywhere or nowhere.
func checkName(name string) error {
	bad := func(why string) error { return fmt.Errorf("%w %.80q: %s", errName, name, why) }
	switch {
	case name == "":
		return bad("it is empty")
	case len(name) > maxName:
		return bad(fmt.Sprintf("it has %d bytes, want at most %d", len(name), maxName))
	case !utf8.ValidString(name) || strings.ContainsRune(name, utf8.RuneError):
		return bad("it is not UTF-8")
	case name[0] == '/':
		return bad("it starts at the root")
	}
	for _, r := range name {
		switch {
		case unicode.IsControl(r) || r == '\u2028' || r == '\u2029':
			return bad("it holds a control character")
		case r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069' || r == '\u200e' || r == '\u200f':
			return bad("it holds a mark that changes the direction of writing")
		case strings.ContainsRune(`\:*?"<>|`, r):
			return bad(fmt.Sprintf("it holds %q, which means something to some systems", r))
		}
	}
	for _, part := range strings.Split(name, "/") {
		switch {
		case part == "":
			return bad("a part of it is empty")
		case part == "." || part == "..":
			return bad("it climbs")
		case len(part) > maxSegment:
			return bad(fmt.Sprintf("a part of it has %d bytes, want at most %d", len(part), maxSegment))
		case strings.HasSuffix(part, ".") || strings.HasSuffix(part, " ") || strings.HasPrefix(part, " "):
			return bad("a part of it starts or ends with a space or ends with a dot, which some systems drop")
		case isDevice(part):
			return bad("it names a device")
		}
	}
	return nil
}

// isDevice tells the names that Windows keeps for devices, with any ending.
func isDevice(part string) bool {
	base, _, _ := strings.Cut(strings.ToUpper(part), ".")
	base = strings.TrimRight(base, " ")
	switch base {
	case "CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$":
		return true
	}
	if len(base) < 4 || base[:3] != "COM" && base[:3] != "LPT" {
		return false
	}
	switch base[3:] {
	case "0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "¹", "²", "³":
		return true
	}
	return false
}

// checkTwins refuses names that are one file on systems that do not tell
// upper from lower case.
func checkTwins(names []string) error {
	seen := make(map[string]string, len(names))
	for _, n := range names {
		fold := strings.ToLower(n)
		if before, ok := seen[fold]; ok {
			return fmt.Errorf("%w %.80q: on some systems it is the same file as %.80q", errName, n, before)
		}
		seen[fold] = n
	}
	return nil
}
