package reproduce

// Version is the release that made a result. It is written by hand, so that
// the same sources give the same bytes wherever they are built.
const Version = "0.1.0"
