//go:build !amd64 || purego

package sqdist

func rowsFast(out, x, rows []float32) { rowsGo(out, x, rows) }
