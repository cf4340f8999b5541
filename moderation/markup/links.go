package markup

import (
	"net/url"
	"regexp"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// links takes [text](address) where the address may be followed. Anything else (another scheme, a title, no text, an
// image) stays as typed, for the address would be lost otherwise.
type links struct {
	parser.InlineParser
	budget *budget
}

func (links) Trigger() []byte { return []byte{'[', ']'} }

// promising is the end of a label with an address behind it that href might take.
var promising = regexp.MustCompile(`^\]\([ \t]*<?(?i:https?://|www\.)`)

func (l links) Parse(parent ast.Node, block text.Reader, pc parser.Context) ast.Node {
	if line, _ := block.PeekLine(); line[0] == ']' && !promising.Match(line) {
		block = blind{block}
	}
	node := l.InlineParser.Parse(parent, block, pc)
	link, ok := node.(*ast.Link)
	if !ok {
		return node
	}
	if target, ok := href(string(link.Destination)); ok && honest(link, target, block.Source()) && l.budget.take() {
		link.Destination = []byte(target)
		flatten(link)
		return link
	}
	ast.MergeOrAppendTextSegment(parent, text.NewSegment(link.Pos(), link.Pos()+1))
	adopt(parent, link)
	return nil
}

// blind shows nothing behind a label, so that the parser gives it up at once: it would read a whole line in search of an
// address, at each of a thousand brackets.
type blind struct{ text.Reader }

func (blind) Peek() byte { return 0 }

// CloseBlock gives unclosed brackets back to the text.
func (l links) CloseBlock(parent ast.Node, block text.Reader, pc parser.Context) {
	l.InlineParser.(parser.CloseBlocker).CloseBlock(parent, block, pc)
}

// honest reports whether the link shows something, hides no title, is no image, and does not show the address of another host.
func honest(link *ast.Link, target string, source []byte) bool {
	if len(link.Title) > 0 || link.Pos() > 0 && source[link.Pos()-1] == '!' {
		return false
	}
	shown, same := false, true
	_ = ast.Walk(link, func(n ast.Node, entering bool) (ast.WalkStatus, error) { // our function returns no error
		switch n := n.(type) {
		case *ast.Text:
			shown = shown || !IsBlank(string(n.Value(source)))
		case *ast.AutoLink:
			label, _ := href(string(n.Label(source)))
			shown, same = true, same && hostOf(label) == hostOf(target)
		}
		return ast.WalkContinue, nil
	})
	return shown && same
}

func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return strings.TrimPrefix(u.Hostname(), "www.")
}

// flatten turns the addresses inside a link back into text: HTML has no link in a link.
func flatten(n ast.Node) {
	for c := n.FirstChild(); c != nil; {
		next := c.NextSibling()
		if inner, ok := c.(*ast.AutoLink); ok {
			n.ReplaceChild(n, inner, inner.FirstChild())
		} else {
			flatten(c)
		}
		c = next
	}
}

// adopt moves the children of a node that is not to be to the end of parent.
func adopt(parent, node ast.Node) {
	for c := node.FirstChild(); c != nil; {
		next := c.NextSibling()
		node.RemoveChild(node, c)
		parent.AppendChild(parent, c)
		c = next
	}
}
