package transfer

import (
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// What a line end in a text means.
type Breaks int

const (
	Paragraphs Breaks = iota // space: paragraphs and breaks are elements
	LineBreaks               // a new line, as WordPress reads it; an empty one ends a paragraph
)

// maxElements bounds how deep elements stand inside each other; what is deeper is read as text.
const maxElements = 60

// Markdown is HTML of another system as our comments write it: what moderation/markup renders like it, as far as it can.
// Every other sign is escaped, so that it is shown as it was. Scripts and frames are left out, of a picture its address
// stays; nothing is fetched.
func Markdown(source string, breaks Breaks) string {
	body := &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body}
	nodes, err := html.ParseFragment(strings.NewReader(source), body)
	if err != nil {
		return escape(source) // too deep for the parser
	}
	w := &mdWriter{breaks: breaks}
	for _, n := range nodes {
		w.node(n, 0)
	}
	return strings.TrimSpace(w.String())
}

// mdWriter writes Markdown. prefix stands before each line: of quotes and items.
type mdWriter struct {
	strings.Builder
	breaks Breaks
	prefix string
	due    int  // line ends before the next text
	space  bool // before the next text
	tight  bool // the next text follows at once, whatever is due
	within bool // a line, after its prefix
}

func (w *mdWriter) node(n *html.Node, depth int) {
	if n.Type == html.TextNode {
		w.text(n.Data)
		return
	}
	if n.Type != html.ElementNode || depth > maxElements {
		return
	}
	switch n.DataAtom {
	case atom.Script, atom.Style, atom.Iframe, atom.Object, atom.Template, atom.Noscript, atom.Svg, atom.Math, atom.Title, atom.Textarea:
	case atom.Br:
		w.due = max(w.due, 1)
	case atom.P, atom.Div, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Table:
		w.block(n, depth)
	case atom.Tr:
		w.due = max(w.due, 1)
		w.children(n, depth)
	case atom.Blockquote:
		w.indented(n, depth, "> ", "> ")
	case atom.Ul, atom.Ol:
		w.list(n, depth)
	case atom.Pre:
		w.code(n)
	case atom.Em, atom.I, atom.Cite:
		w.marked(n, depth, "*")
	case atom.Strong, atom.B:
		w.marked(n, depth, "**")
	case atom.Del, atom.S, atom.Strike:
		w.marked(n, depth, "~~")
	case atom.Code, atom.Tt, atom.Kbd:
		w.inlineCode(textOf(n))
	case atom.A:
		w.link(n)
	case atom.Img:
		w.picture(n)
	default:
		w.children(n, depth)
	}
}

func (w *mdWriter) children(n *html.Node, depth int) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		w.node(c, depth+1)
	}
}

// block stands apart from what is around it.
func (w *mdWriter) block(n *html.Node, depth int) {
	w.due = max(w.due, 2)
	w.children(n, depth)
	w.due = max(w.due, 2)
}

// indented is a block whose first line begins with one sign and whose others with another.
func (w *mdWriter) indented(n *html.Node, depth int, first, rest string) {
	w.due = max(w.due, 2)
	w.inside(first, rest, func() { w.children(n, depth) })
	w.due = max(w.due, 2)
}

func (w *mdWriter) inside(first, rest string, write func()) {
	w.flush()
	outer := w.prefix
	w.raw(first)
	w.prefix, w.tight, w.within = outer+rest, true, false
	write()
	w.prefix, w.space, w.tight = outer, false, false
}

func (w *mdWriter) list(n *html.Node, depth int) {
	number := 0
	w.due = max(w.due, 2)
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.DataAtom != atom.Li {
			continue
		}
		sign := "- "
		if number++; n.DataAtom == atom.Ol {
			sign = strconv.Itoa(number) + ". "
		}
		w.inside(sign, strings.Repeat(" ", len(sign)), func() { w.children(c, depth+1) })
		w.due = 1
	}
	w.due = 2
}

func (w *mdWriter) code(n *html.Node) {
	text := strings.Trim(textOf(n), "\n")
	fence := "```"
	for strings.Contains(text, fence) {
		fence += "`"
	}
	w.due = max(w.due, 2)
	for line := range strings.SplitSeq(fence+"\n"+text+"\n"+fence, "\n") {
		w.flush()
		w.raw(line)
		w.due = 1
	}
}

// marked is a text between marks, which must stand close to it.
func (w *mdWriter) marked(n *html.Node, depth int, mark string) {
	if strings.TrimSpace(textOf(n)) == "" {
		w.children(n, depth)
		return
	}
	w.flush()
	w.raw(mark)
	w.tight, w.within = true, true
	w.children(n, depth)
	w.raw(mark)
}

func (w *mdWriter) inlineCode(text string) {
	text = strings.Join(strings.Fields(text), " ")
	if text == "" {
		return
	}
	mark := "`"
	for strings.Contains(text, mark) {
		mark += "`"
	}
	w.flush()
	if len(mark) > 1 {
		text = " " + text + " "
	}
	w.raw(mark + text + mark)
}

func (w *mdWriter) link(n *html.Node) {
	text, address := strings.Join(strings.Fields(textOf(n)), " "), attribute(n, "href")
	if text == "" {
		text = address
	}
	w.flush()
	switch {
	case !strings.HasPrefix(address, "http://") && !strings.HasPrefix(address, "https://") || strings.ContainsAny(address, " \t\n<>"):
		w.raw(escape(text))
	case text == address:
		w.raw(address)
	default:
		w.raw("[" + escape(text) + "](<" + address + ">)")
	}
}

// picture leaves of a picture what it is called, and where it is.
func (w *mdWriter) picture(n *html.Node) {
	address := attribute(n, "src")
	if alt := strings.Join(strings.Fields(attribute(n, "alt")), " "); alt != "" {
		w.text(alt + " ")
	}
	if strings.HasPrefix(address, "http://") || strings.HasPrefix(address, "https://") {
		w.flush()
		w.raw(strings.Map(unspaced, address))
	}
}

func unspaced(r rune) rune {
	if strings.ContainsRune(" \t\n<>", r) {
		return -1
	}
	return r
}

// text writes what is shown, with its line ends as the source means them.
func (w *mdWriter) text(s string) {
	if w.breaks == Paragraphs {
		w.words(s)
		return
	}
	for i, line := range strings.Split(strings.ReplaceAll(s, "\r\n", "\n"), "\n") {
		if i > 0 {
			w.due = min(w.due+1, 2)
			w.space = false
		}
		w.words(line)
	}
}

func (w *mdWriter) words(s string) {
	fields := strings.FieldsFunc(s, isSpace)
	for i, word := range fields {
		w.space = w.space || i > 0 || isSpace(rune(s[0]))
		w.flush()
		w.raw(w.escaped(word))
	}
	if s != "" && isSpace(rune(s[len(s)-1])) {
		w.space = true
	}
}

func isSpace(r rune) bool { return r == ' ' || r == '\t' || r == '\n' || r == '\r' || r == '\f' }

// flush writes what is due before the next text.
func (w *mdWriter) flush() {
	switch {
	case w.Len() == 0, w.tight:
	case w.due > 0:
		for range w.due {
			w.WriteString("\n")
			w.WriteString(strings.TrimRight(w.prefix, " "))
		}
		if rest := w.prefix[len(strings.TrimRight(w.prefix, " ")):]; rest != "" {
			w.WriteString(rest)
		}
		w.within = false
	case w.space && w.within:
		w.WriteString(" ")
	}
	w.due, w.space, w.tight = 0, false, false
}

func (w *mdWriter) raw(s string) {
	w.WriteString(s)
	w.within = true
}

// escaped is a word whose signs mean nothing; at the start of a line more signs would.
func (w *mdWriter) escaped(word string) string {
	text := escape(word)
	if w.within || text == "" {
		return text
	}
	switch digits := strings.TrimLeft(text, "0123456789"); {
	case strings.ContainsRune("->", rune(text[0])):
		return `\` + text
	case len(digits) < len(text) && (strings.HasPrefix(digits, ".") || strings.HasPrefix(digits, ")")):
		return text[:len(text)-len(digits)] + `\` + digits
	}
	return text
}

var signs = strings.NewReplacer("*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`, "`", "\\`", "~", `\~`)

// escape makes signs of Markdown mean nothing. An address is left alone, or it would not be one any more.
func escape(text string) string {
	words := strings.Split(text, " ")
	for i, word := range words {
		if !strings.HasPrefix(word, "http://") && !strings.HasPrefix(word, "https://") {
			words[i] = signs.Replace(word)
		}
	}
	return strings.Join(words, " ")
}

func textOf(n *html.Node) string {
	if n.Type == html.TextNode {
		return n.Data
	}
	var b strings.Builder
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.DataAtom == atom.Br {
			b.WriteString("\n")
		}
		b.WriteString(textOf(c))
	}
	return b.String()
}

func attribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return strings.TrimSpace(a.Val)
		}
	}
	return ""
}
