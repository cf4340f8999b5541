package markup

import (
	"strings"
	"unicode"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Excerpt is the beginning of what the author wrote himself, in one line of at most so many characters: quotes are left
// out, unless there is nothing else.
func Excerpt(body string, characters int) string {
	rendered, err := Render(body)
	if err != nil {
		return cut(Normalise(Clean(body)), characters)
	}
	nodes, err := html.ParseFragment(strings.NewReader(rendered), &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body})
	if err != nil { // as in TextOf
		return cut(Normalise(rendered), characters)
	}
	var own reader
	for _, n := range nodes {
		if n.DataAtom != atom.Blockquote {
			own.node(n)
		}
	}
	text := own.String()
	if text == "" {
		text = TextOf(rendered)
	}
	return cut(Normalise(text), characters)
}

// cut ends a text that is too long behind a whole word, where one ends in its second half.
func cut(text string, characters int) string {
	runes := []rune(text)
	if len(runes) <= characters {
		return text
	}
	short := string(runes[:characters-1])
	if end := strings.LastIndexFunc(short, unicode.IsSpace); end > len(short)/2 && !unicode.IsSpace(runes[characters-1]) {
		short = short[:end]
	}
	return strings.TrimRightFunc(short, unicode.IsSpace) + "…"
}
