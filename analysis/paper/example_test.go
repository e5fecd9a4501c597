package paper_test

import (
	"fmt"

	"github.com/specstress/specstress/analysis"
	"github.com/specstress/specstress/analysis/paper"
)

func ExampleLookup() {
	n, ok := paper.Lookup("judges.flag_rate.o3") // the public column is gpt41_decision
	lo, hi := n.Range()
	fmt.Println(n, ok, "p.", n.Page, "prints", lo.FloatString(4), "to", hi.FloatString(4))
	_, ok = paper.Lookup("judges.fleiss.three")
	fmt.Println(ok)
	// Output:
	// 0.355 true p. 6 prints 0.3545 to 0.3555
	// false
}

func ExampleNotes() {
	for _, x := range paper.Notes("values.fig11a.professional-and-technical-excellence.methodical-rigor") {
		fmt.Println(x.Where+":", x.Finding)
	}
	// Output:
	// p. 26: It is P(X | X), which is 1 by definition.
	// p. 27: That cell of Figure 11a is 0.47; 0.45 is efficiency to methodical rigor.
}

func ExampleClaim_Beside() {
	c := paper.Claim{ID: "judges.fleiss.binary", Unit: "kappa", Estimate: analysis.Estimate{Value: 0.4246}}
	for _, origin := range []paper.Origin{paper.PaperOrigin, paper.SyntheticOrigin, paper.OtherOrigin} {
		status, n := c.Beside(origin)
		fmt.Println(status, n)
	}
	// Output:
	// match 0.42
	// synthetic 0.42
	// other data 0.42
}
