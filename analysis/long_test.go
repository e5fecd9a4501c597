package analysis_test

import "flag"

var long = flag.Bool("long", false, "full simulations and counts")
