package markup

import (
	"bytes"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

func inlineParsers(budget *budget) parser.Option {
	return parser.WithInlineParsers(
		util.Prioritized(codes{parser.NewCodeSpanParser()}, 100),
		util.Prioritized(links{parser.NewLinkParser(), budget}, 200),
		util.Prioritized(addresses{budget}, 300),
		util.Prioritized(emphases{parser.NewEmphasisParser()}, 400),
		util.Prioritized(strikes{extension.NewStrikethroughParser()}, 500),
	)
}

// codes takes code that does not begin inside a word: there, a backtick is an apostrophe (hab`s).
type codes struct{ parser.InlineParser }

func (c codes) Parse(parent ast.Node, block text.Reader, pc parser.Context) ast.Node {
	if before := block.PrecendingCharacter(); isWord(before) || before == '`' {
		return nil
	}
	return c.InlineParser.Parse(parent, block, pc)
}

// emphases takes emphasis around words, never inside one: Leser*innen, f**k and 5*3*2 keep their stars.
type emphases struct{ parser.InlineParser }

func (e emphases) Parse(parent ast.Node, block text.Reader, pc parser.Context) ast.Node {
	before := block.PrecendingCharacter()
	node := e.InlineParser.Parse(parent, block, pc)
	if mark, ok := node.(*parser.Delimiter); ok {
		mark.CanOpen = mark.CanOpen && !isWord(before)
		mark.CanClose = mark.CanClose && !isWord(following(block))
	}
	return node
}

// following is the character that is read next, or a space at the end.
func following(block text.Reader) rune {
	line, _ := block.PeekLine()
	if len(line) == 0 {
		return ' '
	}
	r, _ := utf8.DecodeRune(line)
	return r
}

// strikes takes two tildes; one says "about" (~5 km).
type strikes struct{ parser.InlineParser }

func (s strikes) Parse(parent ast.Node, block text.Reader, pc parser.Context) ast.Node {
	line, _ := block.PeekLine()
	if !bytes.HasPrefix(line, []byte("~~")) { // three and more are refused behind this
		return nil
	}
	return s.InlineParser.Parse(parent, block, pc)
}
