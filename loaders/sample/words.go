package sample

import "strings"

// The words of invented names. A value is "synthetic", a manner and a
// virtue: there are len(manners)·len(virtues) of them, more than needed.
var (
	manners = strings.Fields(`steady quiet patient candid gentle measured
		open humble lively careful plain warm bright firm playful sober
		generous frugal modest bold calm earnest thorough nimble even
		mindful sincere tender watchful sturdy graceful simple keen fair
		cheerful discreet devoted prudent resolute cordial orderly subtle
		vivid balanced reflective practical hopeful loyal inventive
		attentive tactful rooted supple frank lasting ample mellow serene
		brisk shared`)
	virtues = strings.Fields(`candor order warmth craft clarity thrift
		courage patience curiosity fairness humor mercy precision rest
		trust wonder balance comfort duty ease faith grace harmony insight
		justice kinship learning memory nurture openness peace quality
		reason safety thought unity valor wisdom youthfulness zeal beauty
		charity dignity empathy focus growth honesty industry joy
		kindness leisure merit novelty outreach poise resolve solidarity
		tradition vigor welcome`)
)

// valueName is the name of the i-th invented value. Consecutive values
// share neither word.
func valueName(i int) string {
	manner := i % len(manners)
	virtue := (i/len(manners) + i) % len(virtues)
	return "synthetic " + manners[manner] + " " + virtues[virtue]
}

// Words of invented text, common enough to compress like prose.
var prose = strings.Fields(`the a and of to in that it is for with as on
	by this from at or an be which one may when can has more each other
	such while than before after between about into over under again
	person group plan question reason choice moment answer rule case cost
	view side value limit effect detail example concern option balance
	result context decision approach practice request problem purpose
	measure account attention difference consequence perspective
	consider weigh compare describe explain follow support prefer expect
	suggest require allow notice remain matter become depend begin change
	careful possible likely useful common particular reasonable direct
	longer several important better clear first second further often
	usually rather perhaps however therefore instead together without
	because although whether where there these those every many some
	invented sample placeholder text nothing meant`)

// Letters of words that mean nothing.
const (
	consonants = "bdfhjklmnrstvwyz"
	vowels     = "aeio"
)
