package markup

import (
	"net/url"
	"strings"
	"unicode"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// allowed is the whole of what rendered HTML may hold, written down a second time: element, then its attributes.
var allowed = map[string][]string{
	"p": nil, "br": nil, "em": nil, "strong": nil, "del": nil, "blockquote": nil, "ul": nil, "ol": {"start"}, "li": nil,
	"pre": nil, "code": nil, "a": {"href", "rel", "target"},
}

// mustRender renders a body that has to be accepted and holds the result to every promise of the package.
func mustRender(t failer, body string) string {
	t.Helper()
	rendered, err := Render(body)
	if err != nil {
		t.Fatalf("Render(%.200q): %v", body, err)
	}
	checkAllowed(t, rendered)
	checkStable(t, rendered)
	if got, want := draft(Clean(body)), rendered; got != want {
		t.Errorf("the sanitiser had something to do for %.200q:\ngot  %s\nwant %s", body, got, want)
	}
	if got, want := Normalise(TextOf(rendered)), Normalise(Text(body)); got != want {
		t.Errorf("TextOf(Render(%.200q)): got %q, want %q", body, got, want)
	}
	if Clean(body) != "" && strings.TrimSpace(TextOf(rendered)) == "" {
		t.Errorf("Render(%.200q) shows nothing: %s", body, rendered)
	}
	if got, want := plainText(t, rendered), Normalise(TextOf(rendered)); got != want {
		t.Errorf("text of the nodes of %s: got %q, want %q", rendered, got, want)
	}
	return rendered
}

func parseHTML(t failer, rendered string) []*html.Node {
	t.Helper()
	nodes, err := html.ParseFragment(strings.NewReader(rendered), &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body})
	if err != nil {
		t.Fatalf("parse %q: %v", rendered, err)
	}
	return nodes
}

// checkAllowed fails for any node that is not on the list.
func checkAllowed(t failer, rendered string) {
	t.Helper()
	for _, root := range parseHTML(t, rendered) {
		checkNode(t, root)
		for n := range root.Descendants() {
			checkNode(t, n)
		}
	}
}

func checkNode(t failer, n *html.Node) {
	t.Helper()
	if n.Type == html.TextNode {
		return
	}
	attributes, ok := allowed[n.Data]
	if n.Type != html.ElementNode || n.Namespace != "" || !ok {
		t.Errorf("node %q of type %d in namespace %q", n.Data, n.Type, n.Namespace)
	}
	for _, a := range n.Attr {
		if !strings.Contains(" "+strings.Join(attributes, " ")+" ", " "+a.Key+" ") {
			t.Errorf("attribute %s=%q on %s", a.Key, a.Val, n.Data)
		}
	}
	if n.Data == "a" {
		checkLink(t, n)
	}
}

func checkLink(t failer, n *html.Node) {
	t.Helper()
	is := map[string]string{}
	for _, a := range n.Attr {
		is[a.Key] = a.Val
	}
	u, err := url.Parse(is["href"])
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil || !strings.HasPrefix(is["href"], u.Scheme+"://") {
		t.Errorf("link to %q: %v", is["href"], err)
	}
	if is["rel"] != "nofollow ugc noopener noreferrer" || is["target"] != "_blank" {
		t.Errorf("link with rel %q, target %q", is["rel"], is["target"])
	}
}

// checkStable fails where a parser reads other nodes than were written: the way of mutation attacks.
func checkStable(t failer, rendered string) {
	t.Helper()
	if got := serialise(t, rendered); got != rendered {
		t.Errorf("parsed and written again:\ngot  %q\nwant %q", got, rendered)
	}
}

func serialise(t failer, rendered string) string {
	t.Helper()
	var b strings.Builder
	for _, n := range parseHTML(t, rendered) {
		if err := html.Render(&b, n); err != nil {
			t.Fatal(err)
		}
	}
	return strings.ReplaceAll(b.String(), "<br/>", "<br>")
}

// plainText is the text of the nodes, with the numbers that a browser draws, found in another way than TextOf finds it.
func plainText(t failer, rendered string) string {
	t.Helper()
	var b strings.Builder
	for _, root := range parseHTML(t, "<div>"+numbered(rendered)+"</div>") {
		for n := range root.Descendants() {
			if n.Type == html.TextNode {
				b.WriteString(n.Data)
			}
		}
	}
	return Normalise(b.String())
}

// typed is what of a body must be seen: all but white space and our marks.
func typed(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || strings.ContainsRune("*_~`>-\\", r) {
			return -1
		}
		return r
	}, s)
}

// checkTyped fails where something typed cannot be seen. Bodies with links are out of its reach: their addresses are in href.
func checkTyped(t failer, body string) {
	t.Helper()
	if strings.Contains(body, "](") {
		return
	}
	if got, want := typed(Text(body)), typed(body); got != want {
		t.Errorf("typed in %.300q and not seen:\ngot  %.300q\nwant %.300q", body, got, want)
	}
}

// failer is a test, a benchmark, a fuzz target or a rapid check.
type failer interface {
	Helper()
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
	Fatal(args ...any)
}
