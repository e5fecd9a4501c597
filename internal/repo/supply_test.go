package repo

import (
	"os/exec"
	"strings"
	"testing"

	"github.com/specstress/specstress/internal/reliability"
)

// TestModulesVerify: the modules on this disk are those of go.sum.
func TestModulesVerify(t *testing.T) {
	if testing.Short() {
		t.Skip("hashes every module on the disk; make lint does it as well")
	}
	cmd := exec.Command("go", "mod", "verify")
	cmd.Dir = "../.."
	out, err := cmd.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "all modules verified") {
		t.Errorf("%v: %s", err, out)
	}
	reliability.Record(t, "go mod verify: all modules verified")
}

// govulncheck is the version with which the minimums were found.
const govulncheck = "golang.org/x/vuln/cmd/govulncheck@v1.1.4"

// TestVulnerabilities asks the Go vulnerability database, at full length and
// where it can be reached. TestPins holds what it said last.
func TestVulnerabilities(t *testing.T) {
	if !reliability.Long() {
		t.Skip("asks a database on the network; make test-long does")
	}
	cmd := exec.Command("go", "run", govulncheck, "./...")
	cmd.Dir = "../.."
	out, err := cmd.CombinedOutput()
	text := string(out)
	switch {
	case err == nil && strings.Contains(text, "No vulnerabilities found"):
		reliability.Record(t, "govulncheck: no vulnerabilities found")
	case strings.Contains(text, "Your code is affected by"):
		t.Errorf("govulncheck: %s", text)
	default:
		lines := strings.Split(strings.TrimSpace(text), "\n")
		t.Skipf("the vulnerability database was not reached; the pinned minimums are of 2026-08-21 (%.120s)", lines[len(lines)-1])
	}
}
