package nb

import (
	"cmp"
	"os"
)

// Out is the folder for files that the notebook saves: the one given, else
// that of the environment variable SPECSTRESS_OUT, which specstress run
// sets, else "out" beside the notebook. It is made where it is missing; a
// folder that cannot be made ends the cell.
func Out(folder string) string {
	folder = cmp.Or(folder, os.Getenv("SPECSTRESS_OUT"), "out")
	Must0(os.MkdirAll(folder, 0o777))
	return folder
}
