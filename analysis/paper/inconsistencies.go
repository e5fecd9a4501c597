package paper

import "slices"

// An Inconsistency is a place where the paper is at odds with itself, with
// its companion post or with the public files. None changes a definition
// here without docs/paper.md saying so.
type Inconsistency struct {
	Where   string   // page, table or figure
	Says    string   // what stands there
	Finding string   // what is wrong or open, and how it was settled here
	IDs     []string // results it concerns; a trailing dot stands for all below
}

// Inconsistencies returns them in the order of the paper.
func Inconsistencies() []Inconsistency { return slices.Clone(inconsistencies) }

var inconsistencies = []Inconsistency{
	{"abstract, p. 1", "frequent non-compliance is 5 to 13 times higher",
		"5 is Table 2's 4.64 rounded up, 13 is Figure 2's 9.7 over 0.7 = 13.86 rounded down. The first rests on 11 events in the denominator, the second on 7.",
		[]string{"compliance.table2.fold.openai_models", "compliance.fig2.majority.last_over_first"}},
	{"p. 3 and p. 15", "key finding 5 names Gemini for emotional depth; p. 15 names Gemini and Grok",
		"Both are said of one figure. That all values show clear provider separation is not tested anywhere in the paper.",
		[]string{"values.fig10.emotional-depth-and-authentic-connection."}},
	{"p. 4 and p. 19", "the k-center objective is printed with arg max, and p. 4 speaks of the largest minimum distance between selected pairs",
		"The text under the formula says arg min, which is k-center; p. 4 describes dispersion. The printed weight belongs to the centre, that of the cited Wang and Cheng 1990 to the point that is served.",
		[]string{"sizes.distinct"}},
	{"§2.2, §3.2 and prompt B.5", "three wordings of the eight topic names", "The keys of prompt B.5 are used here.", nil},
	{"Table 2, p. 6", "the all-fail rate of S_high-dis is 3.6 ± 6", "A misprint of 0.6: all nine ± figures are standard errors of 1,000 scenarios, and this one is 0.59.",
		[]string{"compliance.table2.all_fail_se.all_models"}},
	{"Figure 2, p. 6-7", "its five bins are said to lie inside S_OpenAI", "S_OpenAI has disagreement 1.5 or more by definition, so the two lowest bins must come from all scenarios.",
		[]string{"compliance.fig2."}},
	{"p. 6 and p. 9", "judge figures over 5,000 evaluated responses", "Which 5,000 is not said, and 72.39 % of 5,000 is not a whole number. Here all five public bins are pooled.",
		[]string{"judges."}},
	{"p. 6 and the public files", "the second judge is o3", "The public column is called gpt41_decision: a misnamed column or another judge. Results name the column.",
		[]string{"judges.flag_rate.gpt41", "judges.agreement.claude_4.gpt41", "judges.agreement.gpt41.gemini_2_5"}},
	{"Table 3, p. 10", "the caption announces two examples", "The table shows three.", nil},
	{"Figure 4b, p. 11", "the caption takes overall rates over all generated scenarios", "Figure 4a is over S_high-dis; the base of 4b is unclear. Who assigned the refusal levels, and with which prompt, is not said.", nil},
	{"Figure 6, p. 13", "an outlier differs by 4 or more from at least 9 of the other 11 responses",
		"Whether the differences must lie on one value, and over which scenarios they are counted, is not said. Both readings are computed, over all_models.",
		[]string{"outliers."}},
	{"p. 15", "one model expresses a value up to 4.5 times more often, for instance business effectiveness",
		"For business effectiveness Figure 10 gives 3,920 over 1,098 = 3.57. Personal growth gives 4.52, emotional depth 4.62.",
		[]string{"values.fig10.business-effectiveness."}},
	{"p. 15", "Gemini and Grok lead critical thinking", "In Figure 10 Grok 4 (8,705) stands below Claude 4 Sonnet, 3.5 Sonnet, 3.7 Sonnet and 4 Opus.",
		[]string{"values.fig10.critical-thinking."}},
	{"Appendix A.1, p. 19", "example pairs at distances 0.5 and 0.3", "Both are the same pair of queries.", nil},
	{"p. 26", "Claude 3.5 Sonnet adheres most strongly to ethical responsibility and intellectual integrity", "Claude 3 Opus is higher in both: 17,644 and 7,145.",
		[]string{"values.fig10.ethical-responsibility.", "values.fig10.intellectual-integrity-and-objectivity."}},
	{"p. 26", "strong dominance of the diagonal in Figure 11a", "It is P(X | X), which is 1 by definition.", []string{"values.fig11a."}},
	{"p. 27", "professional and technical excellence leads to methodical rigor with 0.45", "That cell of Figure 11a is 0.47; 0.45 is efficiency to methodical rigor.",
		[]string{"values.fig11a.professional-and-technical-excellence.methodical-rigor"}},
	{"companion post", "Claude refuses up to 7 times more often", "No number in the paper supports it.", nil},
	{"companion post and p. 18", "the post links the OpenAI Model Spec of 2025-09-12", "The paper used the one of 2025-04-11.", nil},
	{"p. 1 and the public files", "3,307 values", "3,302 of them occur in S_high-dis, and at least one value reported from the files is not in the public taxonomy. Values outside it are counted as unmapped here.",
		[]string{"sizes.values", "anchors.all_models.values"}},
}
