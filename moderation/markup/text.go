package markup

import (
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Text is what Render(body) shows, as plain text: for mails, feeds and comparison. Lines end where lines and list items
// end, a blank line stands between paragraphs, numbered items keep their number. It is TextOf(Render(body)) by
// construction; a body that Render refuses comes back cleaned, as typed.
func Text(body string) string {
	rendered, err := Render(body)
	if err != nil {
		return Clean(body)
	}
	return TextOf(rendered)
}

// TextOf is the visible text of HTML that Render has made, with the same line ends as Text. Of other HTML it gives the
// text without scripts and styles.
func TextOf(rendered string) string {
	body := &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body}
	nodes, err := html.ParseFragment(strings.NewReader(rendered), body)
	if err != nil { // a reader of a string does not fail, and the parser takes any text
		return rendered
	}
	var r reader
	for _, n := range nodes {
		r.node(n)
	}
	return r.String()
}

// Normalise makes texts comparable: every run of white space is one space, none around the whole.
func Normalise(s string) string {
	return strings.Join(strings.Fields(s), " ")
}

// reader collects what a page shows.
type reader struct {
	strings.Builder
	breaks int        // line ends due before the next text
	space  bool       // whether a space is due before the next text
	number int        // of the list item being read
	source *html.Node // the text being read; nil for what the reader adds itself
	places []place
}

func (r *reader) node(n *html.Node) {
	r.source = n
	switch {
	case n.Type == html.TextNode && inPre(n):
		r.verbatim(n.Data)
	case n.Type == html.TextNode:
		r.words(n.Data)
	case n.DataAtom == atom.Script, n.DataAtom == atom.Style, n.DataAtom == atom.Template:
	case n.DataAtom == atom.Br:
		r.breaks++
	case n.DataAtom == atom.Li:
		r.item(n)
	case n.DataAtom == atom.Ol:
		r.numbered(n)
	case isBlock(n) && n.DataAtom != atom.Ul:
		r.between(2, n)
	case n.DataAtom == atom.Ul:
		r.between(listGap(n), n)
	default:
		r.children(n)
	}
}

func (r *reader) children(n *html.Node) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		r.node(c)
	}
}

// between reads a block that stands apart from its neighbours by so many line ends.
func (r *reader) between(gap int, n *html.Node) {
	r.breaks = max(r.breaks, gap)
	r.children(n)
	r.breaks = max(r.breaks, gap)
}

func (r *reader) numbered(n *html.Node) {
	outer := r.number
	r.number = startOf(n)
	r.between(listGap(n), n)
	r.number = outer
}

func (r *reader) item(n *html.Node) {
	r.breaks = max(r.breaks, 1)
	if n.Parent != nil && n.Parent.DataAtom == atom.Ol {
		r.source = nil
		r.write(strconv.Itoa(r.number) + ".")
		r.number++
		r.space = true
	}
	// The paragraph of an item stands beside its number.
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.DataAtom == atom.P && c == firstElement(n) {
			r.children(c)
			r.breaks = max(r.breaks, 2)
			continue
		}
		r.node(c)
	}
	r.breaks = max(r.breaks, 1)
}

func (r *reader) words(s string) {
	for i, word := range strings.FieldsFunc(s, isBlankSpace) {
		r.space = r.space || i > 0 || isBlankSpace(rune(s[0]))
		r.write(word)
	}
	if s != "" && isBlankSpace(rune(s[len(s)-1])) {
		r.space = true
	}
}

func (r *reader) verbatim(s string) {
	r.write(strings.TrimRight(s, "\n"))
}

func (r *reader) write(s string) {
	switch {
	case s == "":
		return
	case r.Len() == 0:
	case r.breaks > 0:
		r.WriteString(strings.Repeat("\n", min(r.breaks, 2)))
	case r.space:
		r.WriteString(" ")
	}
	r.breaks, r.space = 0, false
	if r.source != nil {
		r.places = append(r.places, place{node: r.source, at: r.Len(), text: s})
	}
	r.WriteString(s)
}

// isBlankSpace reports what HTML folds into one space; a no-break space is not among it.
func isBlankSpace(r rune) bool {
	return r == ' ' || r == '\n' || r == '\t' || r == '\r' || r == '\f'
}

func isBlock(n *html.Node) bool {
	switch n.DataAtom {
	case atom.P, atom.Blockquote, atom.Pre, atom.Ul, atom.Ol:
		return true
	}
	return false
}

func inPre(n *html.Node) bool {
	for p := n.Parent; p != nil; p = p.Parent {
		if p.DataAtom == atom.Pre {
			return true
		}
	}
	return false
}

// listGap keeps a list inside an item close to it.
func listGap(n *html.Node) int {
	if n.Parent != nil && n.Parent.DataAtom == atom.Li {
		return 1
	}
	return 2
}

func startOf(n *html.Node) int {
	for _, a := range n.Attr {
		if start, err := strconv.Atoi(a.Val); a.Key == "start" && err == nil {
			return start
		}
	}
	return 1
}

func firstElement(n *html.Node) *html.Node {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == html.ElementNode || strings.TrimSpace(c.Data) != "" {
			return c
		}
	}
	return nil
}
