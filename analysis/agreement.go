package analysis

// JudgeAgreement compares the judges of one table of verdicts, all bins
// pooled.
type JudgeAgreement struct {
	Judges   []string
	FlagRate []Estimate  // by judge, over that judge's recognised verdicts
	Pairs    []JudgePair // every pair, in judge order
	Binary   Kappa       // two categories: compliant, problematic
	Three    Kappa       // three categories: as the prompt has them
	// BinaryErr and ThreeErr say why a kappa has no value.
	BinaryErr, ThreeErr error
}

// A JudgePair is how often two judges agree on whether a response is
// problematic, over the responses that both judged.
type JudgePair struct {
	A, B      string
	Agreement Estimate
}
