package attacks

import (
	"bytes"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// written is what a comment may hold: element, then its attributes.
var written = map[string][]string{
	"p": nil, "br": nil, "em": nil, "strong": nil, "del": nil, "blockquote": nil, "ul": nil, "ol": {"start"}, "li": nil,
	"pre": nil, "code": nil, "a": {"href", "rel", "target"}, "mark": nil, "sup": nil,
}

// never are elements that no page of ours has.
var never = []string{"base", "object", "embed", "applet", "frame", "frameset", "iframe", "math", "style", "video", "audio", "marquee"}

// parsePage reads a page as a browser does.
func parsePage(t *testing.T, where string, page []byte) *html.Node {
	t.Helper()
	root, err := html.Parse(bytes.NewReader(page))
	if err != nil {
		t.Fatalf("%s: %v", where, err)
	}
	return root
}

// inspect holds every node of a page to what we write, and those within texts of comments to what a comment may hold.
func inspect(t *testing.T, where string, root *html.Node) {
	t.Helper()
	for n := range root.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		if slices.Contains(never, n.Data) || n.Namespace == "math" {
			t.Errorf("%s: a <%s>", where, n.Data)
		}
		if n.Data == "img" && !strings.HasPrefix(attribute(n, "src"), "/static/") {
			t.Errorf("%s: a picture that is none of ours", where)
		}
		if n.Data == "script" && (attribute(n, "src") == "" || n.FirstChild != nil) && attribute(n, "type") != "application/ld+json" {
			t.Errorf("%s: a script that is no file of ours", where)
		}
		for _, a := range n.Attr {
			inspectAttribute(t, where, n, a)
		}
		if within(n) {
			inspectText(t, where, n)
		}
	}
}

func inspectAttribute(t *testing.T, where string, n *html.Node, a html.Attribute) {
	t.Helper()
	if strings.HasPrefix(a.Key, "on") || a.Key == "style" || a.Key == "srcdoc" {
		t.Errorf("%s: <%s %s=%q>", where, n.Data, a.Key, a.Val)
	}
	if !slices.Contains([]string{"href", "src", "action", "formaction", "data"}, a.Key) {
		return
	}
	u, err := url.Parse(strings.TrimSpace(a.Val))
	if err != nil || !slices.Contains([]string{"", "http", "https", "mailto"}, u.Scheme) {
		t.Errorf("%s: <%s %s=%q>", where, n.Data, a.Key, a.Val)
	} else if foreign := u.Host != "" && "http://"+u.Host != plenum.Base; foreign && n.Data != "a" {
		t.Errorf("%s: <%s> leads to %q", where, n.Data, u.Host)
	}
}

func inspectText(t *testing.T, where string, n *html.Node) {
	t.Helper()
	attributes, ok := written[n.Data]
	if !ok || n.Namespace != "" {
		t.Errorf("%s: a <%s> in a comment", where, n.Data)
	}
	for _, a := range n.Attr {
		if ok && !slices.Contains(attributes, a.Key) {
			t.Errorf("%s: <%s %s=%q> in a comment", where, n.Data, a.Key, a.Val)
		}
	}
}

// within reports whether a node stands in the rendered text of a comment.
func within(n *html.Node) bool {
	for p := range n.Ancestors() {
		if p.Type == html.ElementNode && isText(p) {
			return true
		}
	}
	return false
}

func isText(n *html.Node) bool {
	return slices.Contains(strings.Fields(attribute(n, "class")), "text")
}

func attribute(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func unfolds(n *html.Node) bool { return attribute(n, "class") == "unfold" }

// warns reports whether a node is the page's own word that a name only looks like the newsroom's.
func warns(n *html.Node) bool { return attribute(n, "class") == "tag waiting" }

// skeleton is a page without the texts of comments, the switch that unfolds a long one, the warning of a name, and what
// differs by id: element, class and name of each node.
func skeleton(root *html.Node) string {
	var b strings.Builder
	for n := range root.Descendants() {
		if n.Type == html.ElementNode && !within(n) && !unfolds(n) && !unfolds(n.Parent) && !warns(n) {
			class := strings.TrimSuffix(attribute(n, "class"), " long")
			fmt.Fprintf(&b, "%s.%s#%s\n", n.Data, class, attribute(n, "name"))
		}
	}
	return b.String()
}

// stable reports whether a text of a comment, written again, is read as the same: the way of mutation attacks.
func stable(t *testing.T, where string, root *html.Node) {
	t.Helper()
	for n := range root.Descendants() {
		if n.Type != html.ElementNode || !isText(n) {
			continue
		}
		once := serialise(t, n)
		nodes, err := html.ParseFragment(strings.NewReader(once), n.Parent)
		if err != nil || len(nodes) == 0 {
			t.Errorf("%s: %v", where, err)
			continue
		}
		if again := serialise(t, nodes[0]); again != once {
			t.Errorf("%s: written again, a text is read as\n%q, not\n%q", where, again, once)
		}
	}
}

func serialise(t *testing.T, n *html.Node) string {
	t.Helper()
	var b strings.Builder
	if err := html.Render(&b, n); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// visible is the text of a page, with its white space folded.
func visible(root *html.Node) string {
	var b strings.Builder
	for n := range root.Descendants() {
		if n.Type == html.TextNode {
			b.WriteString(n.Data + " ")
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}
