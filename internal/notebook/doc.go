// Package notebook executes notebooks and makes pages of them.
//
// [Inject] puts parameters given on a command line into a notebook,
// [Execute] has a kernel run its cells, and [Page] makes one HTML file that
// needs no other, no script and no network.
//
// Whatever a cell shows may hold text of a dataset that nobody vetted. In a
// page it is text, a picture that cannot act, or a table rebuilt from a short
// list of elements.
package notebook
