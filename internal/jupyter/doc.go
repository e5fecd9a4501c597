// Package jupyter speaks the Jupyter messaging protocol 5.3 with a kernel,
// without Python.
//
// [Start] starts a kernel as its own process group and connects to it;
// [Client.Execute] runs one cell and tells a [Handler] what it shows;
// [Client.Interrupt] ends a running cell; [Kernel.Close] asks the kernel to
// leave and ends whatever is left of it.
//
// Source: "Messaging in Jupyter", jupyter-client.readthedocs.io; the wire
// below it is ZeroMQ's ZMTP 3.
package jupyter
