//go:build unix

package main

import (
	"os"
	"os/exec"
	"syscall"
	"time"
)

// GoNB v0.11.5 starts gopls with the kernel but first looks for it after
// twelve seconds, and until then a request for completion holds up every
// cell behind it, unless gopls has ended: then completion has no answers
// yet and nothing waits. So this gopls ends at once. The real one, started
// by a child that outlives it, is there when GoNB looks.
//
// settle is how long GoNB is given to notice the end, as it then removes
// the socket; idle is how long the real one waits for GoNB, or stays when
// the kernel was killed.
const (
	settle = 2 * time.Second
	idle   = "60s"
	child  = "SPECSTRESS_GOPLS_CHILD"
)

func gopls(args []string) error {
	real := os.Getenv("SPECSTRESS_GOPLS")
	if real == "" {
		return nil
	}
	if os.Getenv(child) != "" {
		time.Sleep(settle)
		os.Unsetenv(child)
		// The go that gopls calls to load packages sees go.mod as it is.
		env := append(os.Environ(), "GOPROXY=off", "GOWORK=off", "CGO_ENABLED=0")
		return syscall.Exec(real, append([]string{real, "-listen.timeout=" + idle}, args...), env)
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	cmd := exec.Command(self)
	cmd.Args = append([]string{"gopls"}, args...)
	cmd.Env = append(os.Environ(), child+"=1")
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	return cmd.Start()
}
