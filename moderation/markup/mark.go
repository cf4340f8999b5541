package markup

import (
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Passage is a numbered range of runes in TextOf(rendered), To not included.
type Passage struct{ Number, From, To int }

// place is a piece of visible text: where it stands in the whole, in bytes, and the text node it came from.
type place struct {
	node *html.Node
	at   int
	text string
}

// piece is a part of one text node that one passage marks, in bytes.
type piece struct{ passage, from, to int }

// Mark puts <mark>text<sup>number</sup></mark> around each passage in HTML that Render has made. A passage that reaches
// over several elements is marked and numbered in each of them. Where passages overlap, the first of the list has the
// runes. Numbers of list items stay unmarked.
func Mark(rendered string, passages []Passage) (string, error) {
	body := &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body}
	nodes, err := html.ParseFragment(strings.NewReader(rendered), body)
	if err != nil {
		return "", fmt.Errorf("mark: %w", err)
	}
	for _, n := range nodes {
		body.AppendChild(n)
	}
	var r reader
	r.children(body)
	owners := owned(r.String(), passages)
	for i := 0; i < len(r.places); {
		j := i
		for j < len(r.places) && r.places[j].node == r.places[i].node {
			j++
		}
		split(r.places[i].node, pieces(r.places[i:j], owners), passages)
		i = j
	}
	var out strings.Builder
	for n := body.FirstChild; n != nil; n = n.NextSibling {
		if err := html.Render(&out, n); err != nil {
			return "", fmt.Errorf("mark: %w", err)
		}
	}
	return out.String(), nil
}

// owned gives each byte of the text the number in the list of the passage that has it, or -1.
func owned(text string, passages []Passage) []int {
	owners, runes := make([]int, len(text)), 0
	starts := make([]int, 0, len(text)+1)
	for i := range text {
		starts = append(starts, i)
		runes++
	}
	starts = append(starts, len(text))
	for i := range owners {
		owners[i] = -1
	}
	for k, p := range passages {
		for i := starts[min(max(p.From, 0), runes)]; i < starts[min(max(p.To, 0), runes)]; i++ {
			if owners[i] < 0 {
				owners[i] = k
			}
		}
	}
	return owners
}

// pieces finds what is marked in one text node. White space between two words of a passage is marked with them.
func pieces(places []place, owners []int) (all []piece) {
	data, cursor := places[0].node.Data, 0
	for _, p := range places {
		start := cursor + strings.Index(data[cursor:], p.text)
		cursor = start + len(p.text)
		for i := range len(p.text) {
			owner, n := owners[p.at+i], len(all)
			between := n > 0 && i == 0 && strings.TrimFunc(data[all[n-1].to:start], isBlankSpace) == ""
			switch {
			case owner < 0:
			case n > 0 && all[n-1].passage == owner && (all[n-1].to == start+i || between):
				all[n-1].to = start + i + 1
			default:
				all = append(all, piece{owner, start + i, start + i + 1})
			}
		}
	}
	return all
}

// split replaces a text node by its unmarked and marked parts.
func split(n *html.Node, all []piece, passages []Passage) {
	done := 0
	put := func(c *html.Node) { n.Parent.InsertBefore(c, n) }
	for _, p := range all {
		if p.from > done {
			put(&html.Node{Type: html.TextNode, Data: n.Data[done:p.from]})
		}
		mark := &html.Node{Type: html.ElementNode, Data: "mark", DataAtom: atom.Mark}
		sup := &html.Node{Type: html.ElementNode, Data: "sup", DataAtom: atom.Sup}
		sup.AppendChild(&html.Node{Type: html.TextNode, Data: strconv.Itoa(passages[p.passage].Number)})
		mark.AppendChild(&html.Node{Type: html.TextNode, Data: n.Data[p.from:p.to]})
		mark.AppendChild(sup)
		put(mark)
		done = p.to
	}
	n.Data = n.Data[done:]
}
