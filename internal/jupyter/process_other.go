//go:build !unix

package jupyter

import "os/exec"

func ownGroup(*exec.Cmd) {}

// terminate kills: there is no gentler way that every program hears.
func terminate(cmd *exec.Cmd) { cmd.Process.Kill() }

func sweep(cmd *exec.Cmd, _ string) { cmd.Process.Kill() }
