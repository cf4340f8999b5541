package markup

import (
	"sync"

	"bytes"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// How much structure one body may have. What is beyond stays text, so nothing is refused and nothing is lost.
const (
	maxDepth  = 8   // quotes and lists inside each other; emphasis inside emphasis
	maxBlocks = 100 // quotes and lists in the whole body
	maxLinks  = 100 // links in the whole body
)

// parse reads a clean body.
func parse(source []byte) ast.Node {
	p := parsers.Get().(*counting)
	defer parsers.Put(p)
	p.blocks.left, p.links.left = maxBlocks, maxLinks
	return p.Parse(text.NewReader(source))
}

// counting is a parser that counts what it finds, and so reads one body at a time.
type counting struct {
	parser.Parser
	blocks, links *budget
}

// parsers are kept, because to make one takes as long as to read a short body.
var parsers = sync.Pool{New: func() any {
	blocks, links := &budget{}, &budget{}
	return &counting{parser.NewParser(
		parser.WithBlockParsers(
			util.Prioritized(lists{parser.NewListParser(), blocks}, 100),
			util.Prioritized(items{parser.NewListItemParser()}, 200),
			util.Prioritized(fences{parser.NewFencedCodeBlockParser()}, 300),
			util.Prioritized(quotes{parser.NewBlockquoteParser(), blocks}, 400),
			util.Prioritized(paragraphs{parser.NewParagraphParser()}, 500),
		),
		inlineParsers(links),
	), blocks, links}
}}

// budget counts down what may still be opened.
type budget struct{ left int }

func (b *budget) take() bool {
	b.left--
	return b.left >= 0
}

// depth counts the quotes and lists around what would be opened in parent.
func depth(parent ast.Node) int {
	n := 0
	for ; parent != nil; parent = parent.Parent() {
		switch parent.(type) {
		case *ast.Blockquote, *ast.List:
			n++
		}
	}
	return n
}

// quotes opens a quote unless it would be one too many.
type quotes struct {
	parser.BlockParser
	blocks *budget
}

func (q quotes) Open(parent ast.Node, reader text.Reader, pc parser.Context) (ast.Node, parser.State) {
	if depth(parent) >= maxDepth || q.blocks.left <= 0 {
		return nil, parser.NoChildren
	}
	node, state := q.BlockParser.Open(parent, reader, pc)
	if node != nil {
		q.blocks.take()
	}
	return node, state
}

// lists opens a list at a line that begins one, and closes it at a line that is no item by our rules.
type lists struct {
	parser.BlockParser
	blocks *budget
}

func (l lists) Open(parent ast.Node, reader text.Reader, pc parser.Context) (ast.Node, parser.State) {
	node, state := l.BlockParser.Open(parent, reader, pc) // first: it resets a mark left by the item before
	line, _ := reader.PeekLine()
	if node == nil || !markerOf(line).begins() || depth(parent) >= maxDepth || !l.blocks.take() {
		return nil, parser.NoChildren
	}
	return node, state
}

func (l lists) Continue(node ast.Node, reader text.Reader, pc parser.Context) parser.State {
	line, _ := reader.PeekLine()
	indent, _ := util.IndentWidth(line, reader.LineOffset())
	last, _ := node.LastChild().(*ast.ListItem)
	if m := markerOf(line); last != nil && indent < last.Offset && m.found() && !m.continues() {
		return parser.Close
	}
	return l.BlockParser.Continue(node, reader, pc)
}

// items remembers the number that was typed before an item, for the writer.
type items struct{ parser.BlockParser }

const numberAttribute = "number"

func (i items) Open(parent ast.Node, reader text.Reader, pc parser.Context) (ast.Node, parser.State) {
	line, _ := reader.PeekLine()
	number := markerOf(line).number
	node, state := i.BlockParser.Open(parent, reader, pc)
	if node != nil && number != "" {
		node.SetAttributeString(numberAttribute, number)
	}
	return node, state
}

// fences takes code between ``` only: ~~~ is an ornament that would turn the rest of a comment into code.
type fences struct{ parser.BlockParser }

func (fences) Trigger() []byte { return []byte{'`'} }

// paragraphs takes indented lines too: without indented code nobody else would, and the parser would stop there.
type paragraphs struct{ parser.BlockParser }

func (paragraphs) CanAcceptIndentedLine() bool { return true }

// marker is what stands before an item of a list: "-", "12.". It is zero where a line has none.
type marker struct{ bullet, number, end, rest string }

func markerOf(line []byte) marker {
	line = bytes.TrimLeft(bytes.TrimRight(line, "\n"), " ")
	digits := len(line) - len(bytes.TrimLeft(line, "0123456789"))
	if digits > 9 || digits == len(line) {
		return marker{}
	}
	sign, rest := string(line[digits]), string(line[digits+1:])
	if rest != "" && rest[0] != ' ' && rest[0] != '\t' {
		return marker{}
	}
	switch {
	case digits > 0 && strings.Contains(".)", sign):
		return marker{number: string(line[:digits]), end: sign, rest: rest}
	case digits == 0 && strings.Contains("-+*", sign):
		return marker{bullet: sign, rest: rest}
	}
	return marker{}
}

func (m marker) found() bool { return m.bullet != "" || m.number != "" }

// begins reports whether a list may begin here: at a bullet or at "1.". "1990. Das war schön" is a sentence.
func (m marker) begins() bool {
	return m.continues() && (m.number == "" || m.number == "1")
}

// continues reports whether this is an item once a list has begun. Not an item: one without text ("-", "* * *"), and what
// a list would show otherwise than typed: "2)", "007.", and "+", which says plus.
func (m marker) continues() bool {
	if !m.found() || m.bullet == "+" || m.end == ")" || strings.Trim(m.rest, "-+* \t") == "" {
		return false
	}
	return m.number == "" || m.number == "0" || m.number[0] != '0'
}
