package templates

import (
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// document is a rendered page, read back as a browser reads it.
type document struct {
	t    *testing.T
	root *html.Node
}

func read(t *testing.T, page string) document {
	t.Helper()
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	return document{t, root}
}

// all finds elements by a selector: tag, #id, .class, [name], [name=value], and spaces for descendants.
func (d document) all(selector string) []*html.Node {
	found := []*html.Node{d.root}
	for _, simple := range strings.Fields(selector) {
		var next []*html.Node
		for _, within := range found {
			for n := range within.Descendants() {
				if matches(n, simple) {
					next = append(next, n)
				}
			}
		}
		found = next
	}
	return found
}

func matches(n *html.Node, simple string) bool {
	if n.Type != html.ElementNode {
		return false
	}
	simple, brackets, _ := strings.Cut(simple, "[")
	for _, condition := range strings.Split(strings.TrimSuffix(brackets, "]"), "][") {
		name, want, exact := strings.Cut(condition, "=")
		got, has := attribute(n, name)
		if name != "" && (!has || exact && got != want) {
			return false
		}
	}
	for len(simple) > 0 {
		end := strings.IndexAny(simple[1:], ".#") + 1
		if end == 0 {
			end = len(simple)
		}
		part := simple[:end]
		simple = simple[end:]
		class, _ := attribute(n, "class")
		id, _ := attribute(n, "id")
		switch part[0] {
		case '.':
			if !strings.Contains(" "+class+" ", " "+part[1:]+" ") {
				return false
			}
		case '#':
			if id != part[1:] {
				return false
			}
		default:
			if n.Data != part {
				return false
			}
		}
	}
	return true
}

func attribute(n *html.Node, name string) (string, bool) {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val, true
		}
	}
	return "", false
}

func text(n *html.Node) string {
	var out strings.Builder
	for each := range n.Descendants() {
		if each.Type == html.TextNode {
			out.WriteString(each.Data)
		}
	}
	return strings.Join(strings.Fields(out.String()), " ")
}

// count expects a number of elements.
func (d document) count(want int, selector string) {
	d.t.Helper()
	if got := len(d.all(selector)); got != want {
		d.t.Errorf("%s: got %d, want %d", selector, got, want)
	}
}

// says expects the one element of a selector to hold these words, without the marks that isolate names.
func (d document) says(selector, want string) {
	d.t.Helper()
	found := d.all(selector)
	if len(found) != 1 {
		d.t.Errorf("%s: %d of them", selector, len(found))
		return
	}
	got := strings.NewReplacer("\u2068", "", "\u2069", "").Replace(text(found[0]))
	if !strings.Contains(got, want) {
		d.t.Errorf("%s says %q, want %q", selector, got, want)
	}
}

// has expects an attribute of the one element of a selector.
func (d document) has(selector, name, want string) {
	d.t.Helper()
	found := d.all(selector)
	if len(found) != 1 {
		d.t.Errorf("%s: %d of them", selector, len(found))
		return
	}
	if got, _ := attribute(found[0], name); got != want {
		d.t.Errorf("%s %s=%q, want %q", selector, name, got, want)
	}
}
