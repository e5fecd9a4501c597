package notebook

import (
	"bytes"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// mathParser keeps TeX between dollars as it was written: a page without
// scripts cannot typeset it, and Markdown would eat its backslashes.
type mathParser struct{}

func (mathParser) Trigger() []byte { return []byte{'$'} }

// Parse takes $...$ on one line and $$...$$ within one paragraph. As in
// Jupyter, $5 and $6 are prices: no space may stand inside a single dollar
// and no digit behind it.
func (mathParser) Parse(_ ast.Node, block text.Reader, _ parser.Context) ast.Node {
	line, segment := block.PeekLine()
	fence := []byte("$")
	if bytes.HasPrefix(line, []byte("$$")) {
		fence = []byte("$$")
	}
	n := len(fence)
	node := ast.NewCodeSpan()
	if n == 1 {
		end := bytes.IndexByte(line[1:], '$')
		if end <= 0 || isSpace(line[1]) || isSpace(line[end]) || len(line) > end+2 && line[end+2] >= '0' && line[end+2] <= '9' {
			return nil
		}
		node.AppendChild(node, ast.NewTextSegment(text.NewSegment(segment.Start+1, segment.Start+1+end)))
		block.Advance(end + 2)
		return node
	}
	at, position := block.Position()
	block.Advance(n)
	for {
		line, segment = block.PeekLine()
		if line == nil { // never closed
			block.SetPosition(at, position)
			return nil
		}
		end := bytes.Index(line, fence)
		if end >= 0 {
			node.AppendChild(node, ast.NewTextSegment(text.NewSegment(segment.Start, segment.Start+end)))
			block.Advance(end + n)
			return node
		}
		node.AppendChild(node, ast.NewTextSegment(segment))
		block.AdvanceLine()
	}
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\n' }
