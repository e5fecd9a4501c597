package paper

// A Reanalysis is a number that somebody other than the paper has published
// of the same data. It is never a status: what agrees with it has met
// another reader of the files and not the paper.
type Reanalysis struct {
	Value  float64
	Spread float64 // printed in brackets behind the value
	Source string
}

const rankingReanalysis = "independent re-analysis of split all_models, not the paper (github.com/tim-hua-01/values_2_misalignment, 2026): 50 random splits by contest, values in 5 contests or more"

// heldOut is the out-of-sample accuracy of Bradley-Terry with a nudge term
// by model, as that re-analysis prints it.
var heldOut = map[string]Reanalysis{
	"claude_3_5_sonnet": {.8563, .0044, rankingReanalysis},
	"claude_3_7_sonnet": {.6805, .0082, rankingReanalysis},
	"claude_opus_3":     {.7633, .0060, rankingReanalysis},
	"claude_opus_4":     {.6382, .0073, rankingReanalysis},
	"claude_sonnet_4":   {.6497, .0071, rankingReanalysis},
	"gemini_2_5_pro":    {.7502, .0061, rankingReanalysis},
	"gpt_4_1":           {.7012, .0071, rankingReanalysis},
	"gpt_4_1_mini":      {.7372, .0061, rankingReanalysis},
	"gpt_4o":            {.6394, .0082, rankingReanalysis},
	"grok_4":            {.8812, .0046, rankingReanalysis},
	"o3":                {.6256, .0084, rankingReanalysis},
	"o4_mini":           {.6244, .0081, rankingReanalysis},
}
