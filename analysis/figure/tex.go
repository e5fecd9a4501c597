package figure

import (
	"fmt"
	"strings"

	"github.com/specstress/specstress/internal/label"
)

// texCharacters are those that LaTeX takes for commands, and those that
// pdfLaTeX knows by a command only.
var texCharacters = map[rune]string{
	'\\': `\textbackslash{}`, '{': `\{`, '}': `\}`, '$': `\$`, '%': `\%`, '&': `\&`, '#': `\#`, '_': `\_`,
	'^': `\textasciicircum{}`, '~': `\textasciitilde{}`, '<': `\ensuremath{<}`, '>': `\ensuremath{>}`, '|': `\ensuremath{|}`,
	'"': `\char34{}`, '\u00a0': `~`, '–': `--`, '—': `---`, '‘': "`", '’': `'`, '“': "``", '”': `''`, '…': `\ldots{}`,
	// A hyphen and quotes must not join with a neighbour of their kind.
	'-': `{-}`, '\'': `{'}`, '`': "{`}", ',': `{,}`, '?': `{?}`, '!': `{!}`,
	// These would be options of the \\ before them.
	'[': `{[}`, ']': `{]}`, '*': `{*}`,
	'−': `\ensuremath{-}`, '±': `\ensuremath{\pm}`, '×': `\ensuremath{\times}`, '÷': `\ensuremath{\div}`, '·': `\ensuremath{\cdot}`,
	'≤': `\ensuremath{\leq}`, '≥': `\ensuremath{\geq}`, '≠': `\ensuremath{\neq}`, '≈': `\ensuremath{\approx}`, '∞': `\ensuremath{\infty}`,
	'→': `\ensuremath{\rightarrow}`, '←': `\ensuremath{\leftarrow}`, '∈': `\ensuremath{\in}`, '√': `\ensuremath{\surd}`, '∑': `\ensuremath{\sum}`,
	'²': `\ensuremath{^2}`, '³': `\ensuremath{^3}`, '¹': `\ensuremath{^1}`, '°': `\ensuremath{^\circ}`, 'µ': `\ensuremath{\mu}`,
	'α': `\ensuremath{\alpha}`, 'β': `\ensuremath{\beta}`, 'γ': `\ensuremath{\gamma}`, 'δ': `\ensuremath{\delta}`, 'ε': `\ensuremath{\epsilon}`,
	'ζ': `\ensuremath{\zeta}`, 'η': `\ensuremath{\eta}`, 'θ': `\ensuremath{\theta}`, 'ι': `\ensuremath{\iota}`, 'κ': `\ensuremath{\kappa}`,
	'λ': `\ensuremath{\lambda}`, 'μ': `\ensuremath{\mu}`, 'ν': `\ensuremath{\nu}`, 'ξ': `\ensuremath{\xi}`, 'π': `\ensuremath{\pi}`,
	'ρ': `\ensuremath{\rho}`, 'σ': `\ensuremath{\sigma}`, 'τ': `\ensuremath{\tau}`, 'φ': `\ensuremath{\phi}`, 'χ': `\ensuremath{\chi}`,
	'ψ': `\ensuremath{\psi}`, 'ω': `\ensuremath{\omega}`, 'Γ': `\ensuremath{\Gamma}`, 'Δ': `\ensuremath{\Delta}`, 'Θ': `\ensuremath{\Theta}`,
	'Λ': `\ensuremath{\Lambda}`, 'Π': `\ensuremath{\Pi}`, 'Σ': `\ensuremath{\Sigma}`, 'Φ': `\ensuremath{\Phi}`, 'Ψ': `\ensuremath{\Psi}`, 'Ω': `\ensuremath{\Omega}`,
}

// texLetters are letters that pdfLaTeX sets in every font encoding.
const texLetters = "ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜÝßàáâãäåæçèéêëìíîïñòóôõöøùúûüýÿ" +
	"ČčĆćĚěĞğŁłŃńŇňŒœŐőŘřŠšŞşŮůŰűŹźŻżŽž"

// texEscape makes any text one that LaTeX prints and does not run.
func texEscape(s string) string {
	var b strings.Builder
	for _, r := range label.Clean(s) {
		command, ok := texCharacters[r]
		switch {
		case ok:
			b.WriteString(command)
		case r >= ' ' && r < 0x7f || strings.ContainsRune(texLetters, r):
			b.WriteRune(r)
		default:
			// \Uchar is known to LuaTeX and XeTeX only.
			fmt.Fprintf(&b, `{\ifdefined\Uchar\Uchar"%X \else[U+%04X]\fi}`, r, r)
		}
	}
	return b.String()
}

// maxComment is where a comment is cut: TeX gives up on a line of 200,000
// bytes, and no honest caption has so many.
const maxComment = 20_000

// texComment is a text as one line of comment.
func texComment(s string) string {
	if s = oneLine(s); s == "" {
		return ""
	}
	if len(s) > maxComment {
		s = strings.ToValidUTF8(s[:maxComment], "") + " ..."
	}
	// TeX ends a comment at a byte that a document may have made active,
	// and older ones stumble over what is not ASCII.
	return "% " + strings.Map(func(r rune) rune {
		if r < ' ' || r == '^' {
			return ' '
		}
		return r
	}, s) + "\n"
}
