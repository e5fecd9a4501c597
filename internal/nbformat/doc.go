// Package nbformat reads and writes Jupyter notebooks of format 4.
//
// [Read] accepts any 4.x, keeps what it does not know, and [Notebook.Bytes]
// writes 4.5 as Jupyter itself does: keys sorted, one space of indent, text
// as lists of lines. A notebook that Jupyter wrote comes out with the same
// bytes.
//
// Source: the notebook format 4.5 of the Jupyter project, nbformat.readthedocs.io.
package nbformat
