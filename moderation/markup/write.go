package markup

import (
	"bytes"
	"html"
	"strconv"
	"strings"

	"github.com/yuin/goldmark/ast"
)

// writer writes a tree as HTML. Every tag is a constant of this package; all else goes through text, which escapes.
type writer struct {
	bytes.Buffer
	source  []byte
	depth   int  // of emphasis
	visible bool // whether anything but markup has been written
}

func (w *writer) blocks(parent ast.Node) {
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		w.block(n)
	}
}

func (w *writer) block(n ast.Node) {
	switch n := n.(type) {
	case *ast.Blockquote:
		w.quote(n)
	case *ast.List:
		w.list(n)
	case *ast.FencedCodeBlock:
		w.fence(n)
	case *ast.TextBlock: // the paragraph of an item in a list without blank lines
		w.inlines(n)
		w.WriteString("\n")
	default:
		w.WriteString("<p>")
		w.inlines(n)
		w.WriteString("</p>\n")
	}
}

// quote leaves out a quote of nothing.
func (w *writer) quote(n ast.Node) {
	start := w.Len()
	w.WriteString("<blockquote>\n")
	empty := w.Len()
	w.blocks(n)
	if w.Len() == empty {
		w.Truncate(start)
		return
	}
	w.WriteString("</blockquote>\n")
}

// list begins a new ol wherever the typed number is not the next one, so that the number shown is the number typed.
func (w *writer) list(list *ast.List) {
	tag, next := "ul", 1
	if list.IsOrdered() {
		tag = "ol"
	}
	for item := list.FirstChild(); item != nil; item = item.NextSibling() {
		number := numberOf(item, next)
		if item == list.FirstChild() || number != next {
			w.openList(tag, number)
		}
		w.WriteString("<li>")
		w.blocks(item)
		w.trimNewline()
		w.WriteString("</li>\n")
		next = number + 1
		if item.NextSibling() == nil || numberOf(item.NextSibling(), next) != next {
			w.WriteString("</" + tag + ">\n")
		}
	}
}

func (w *writer) openList(tag string, start int) {
	if start == 1 || tag == "ul" {
		w.WriteString("<" + tag + ">\n")
		return
	}
	w.WriteString(`<ol start="` + strconv.Itoa(start) + "\">\n")
}

// numberOf is the number typed before an item; bullets count on as expected.
func numberOf(item ast.Node, expected int) int {
	typed, ok := item.AttributeString(numberAttribute)
	if !ok {
		return expected
	}
	n, err := strconv.Atoi(typed.(string))
	if err != nil {
		return expected
	}
	return n
}

// fence shows the word behind ``` as the first line of the code: it was typed.
func (w *writer) fence(n *ast.FencedCodeBlock) {
	w.WriteString("<pre><code>")
	if n.Info != nil {
		w.text(string(n.Info.Segment.Value(w.source)) + "\n")
	}
	for i := range n.Lines().Len() {
		line := n.Lines().At(i)
		w.text(string(line.Value(w.source)))
	}
	w.WriteString("</code></pre>\n")
}

func (w *writer) text(s string) {
	w.visible = w.visible || !IsBlank(s)
	w.WriteString(html.EscapeString(s))
}

func (w *writer) trimNewline() {
	if bytes.HasSuffix(w.Bytes(), []byte("\n")) {
		w.Truncate(w.Len() - 1)
	}
}

// asTyped is a body as paragraphs of plain lines.
func asTyped(body string) string {
	if body == "" {
		return ""
	}
	return "<p>" + strings.ReplaceAll(html.EscapeString(body), "\n", "<br>\n") + "</p>\n"
}
