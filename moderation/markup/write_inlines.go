package markup

import (
	"html"
	"strings"

	"github.com/yuin/goldmark/ast"
	east "github.com/yuin/goldmark/extension/ast"
)

// linkEnd closes the tag of every link: readers' links vouch for nobody (nofollow ugc), learn nothing of the page and
// open outside the frame that the comments stand in.
const (
	linkRel    = "nofollow ugc noopener noreferrer"
	linkTarget = "_blank"
	linkEnd    = `" rel="` + linkRel + `" target="` + linkTarget + `">`
)

func (w *writer) inlines(parent ast.Node) {
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		w.inline(n)
	}
}

func (w *writer) inline(n ast.Node) {
	switch n := n.(type) {
	case *ast.Text:
		w.line(n)
	case *ast.Emphasis:
		w.emphasis([]string{"em", "strong"}[n.Level-1], n)
	case *east.Strikethrough:
		w.emphasis("del", n)
	case *ast.CodeSpan:
		w.code(n)
	case *ast.Link:
		w.WriteString(`<a href="` + html.EscapeString(string(n.Destination)) + linkEnd)
		w.inlines(n)
		w.WriteString("</a>")
	case *ast.AutoLink:
		label := string(n.Label(w.source))
		target, _ := href(label) // it was asked when the node was made
		w.WriteString(`<a href="` + html.EscapeString(target) + linkEnd)
		w.text(label)
		w.WriteString("</a>")
	}
}

// line writes a piece of a line, and the break behind it. A backslash that ends a line is text.
func (w *writer) line(n *ast.Text) {
	w.text(unescape(string(n.Value(w.source))))
	if stop := n.Segment.Stop; n.HardLineBreak() && w.source[stop] == '\\' {
		w.text(`\`)
	}
	if n.SoftLineBreak() || n.HardLineBreak() {
		w.WriteString("<br>\n")
	}
}

// emphasis writes the content alone where tags would be nested too deep.
func (w *writer) emphasis(tag string, n ast.Node) {
	if w.depth >= maxDepth {
		w.inlines(n)
		return
	}
	w.depth++
	w.WriteString("<" + tag + ">")
	w.inlines(n)
	w.WriteString("</" + tag + ">")
	w.depth--
}

func (w *writer) code(n *ast.CodeSpan) {
	w.WriteString("<code>")
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		w.text(strings.ReplaceAll(string(c.(*ast.Text).Value(w.source)), "\n", " "))
	}
	w.WriteString("</code>")
}

// escapable are our marks: before one of them a backslash takes away its meaning and goes. Elsewhere it is text (C:\neu).
const escapable = "*_~`[]()<>-.!"

func unescape(s string) string {
	if !strings.Contains(s, `\`) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+1 < len(s) {
			if !strings.Contains(escapable, s[i+1:i+2]) {
				b.WriteByte('\\')
			}
			i++
		}
		b.WriteByte(s[i])
	}
	return b.String()
}
