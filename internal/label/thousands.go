package label

import "strings"

// Thousands puts a comma between the groups of three digits of a number
// before its point: -1234.5 is -1,234.5. The number is a plain one, without
// an exponent; Inf and NaN stay.
func Thousands(number string) string {
	whole, rest, point := strings.Cut(number, ".")
	start := strings.IndexFunc(whole, func(r rune) bool { return r >= '0' && r <= '9' })
	if start < 0 {
		return number
	}
	for i := len(whole) - 3; i > start; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if point {
		whole += "." + rest
	}
	return whole
}
