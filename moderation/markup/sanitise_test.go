package markup

import (
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// TestSanitiseHoldsAlone gives the sanitiser what the parser would never let through: each wall must hold without the other.
func TestSanitiseHoldsAlone(t *testing.T) {
	for _, row := range hostile {
		checkSanitised(t, row.body)
	}
	for _, row := range []struct{ in, want string }{
		{`<p class="x" id="y" style="color:red" onclick="a()">a</p>`, `<p>a</p>`},
		{`<a href="javascript:a()">a</a>`, `a`},
		{`<a href=" jAvAsCrIpT&#58;a()">a</a>`, `a`},
		{`<a href="data:text/html,x">a</a><a href="/x">b</a><a href="//x.de">c</a><a href="mailto:a@b.de">d</a>`, `abcd`},
		{`<ol start="3" type="a"><li value="7">a</li></ol><ol start="-1"></ol>`, `<ol start="3"><li>a</li></ol><ol></ol>`},
		{`<img src=x onerror=a()><script>a()</script><style>b</style><iframe>c</iframe>d`, `d`},
		{`<a href="https://a.de/\">a</a>`, `<a href="https://a.de/%5C" rel="nofollow noreferrer noopener" target="_blank">a</a>`},
		{`<h1>a</h1><table><tr><td>b</td></tr></table>`, `ab`},
	} {
		if got := sanitise(row.in); got != row.want {
			t.Errorf("sanitise(%q)\ngot  %q\nwant %q", row.in, got, row.want)
		}
	}
}

func TestSanitiseMakesALinkWhatItMustBe(t *testing.T) {
	got := sanitise(`<a href="https://example.org" rel="opener" target="_top">a</a>`)
	if want := `<a href="https://example.org" rel="nofollow noreferrer noopener" target="_blank">a</a>`; got != want {
		t.Errorf("\ngot  %s\nwant %s", got, want)
	}
}

// checkSanitised looks at elements, attributes and schemes alone: foreign HTML need not be well formed.
func checkSanitised(t failer, foreign string) {
	t.Helper()
	for _, root := range parseHTML(t, "<div>"+sanitise(foreign)+"</div>") {
		for n := range root.Descendants() {
			if attributes, ok := allowed[n.Data]; n.Type == html.ElementNode && (!ok || len(n.Attr) > len(attributes)) {
				t.Errorf("sanitise(%q) lets %s %v through", foreign, n.Data, n.Attr)
			}
		}
	}
	for _, target := range hrefs(t, sanitise(foreign)) {
		if !strings.HasPrefix(target, "http://") && !strings.HasPrefix(target, "https://") {
			t.Errorf("sanitise(%q) links to %q", foreign, target)
		}
	}
}

// hrefs are the addresses of all links.
func hrefs(t failer, rendered string) []string {
	t.Helper()
	var found []string
	for _, root := range parseHTML(t, "<div>"+rendered+"</div>") {
		for n := range root.Descendants() {
			for _, a := range n.Attr {
				if a.Key == "href" {
					found = append(found, a.Val)
				}
			}
		}
	}
	return found
}
