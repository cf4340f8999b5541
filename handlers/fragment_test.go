package handlers_test

import (
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// What a publisher puts into a page of their own can do nothing there: it holds no script, form, style or file, its
// links lead to Plenum or to what an author linked, and a hostile comment is text.
func TestTheFragmentCanDoNothingOnThePublishersPage(t *testing.T) {
	w := newWorld(t)
	for _, body := range []string{"<script>alert(1)</script> <img src=x onerror=alert(1)>", "[a](javascript:alert(1)) ![b](https://evil.example/b.png)",
		"<form action=https://evil.example><input name=q></form><style>*{}</style>", "[gut](https://example.org/) **fett**"} {
		w.approve(w.send(newDraft(body).by(`"><b onclick=alert(1)>`, "")))
	}
	a := w.get("/zeitung/thread?fragment=1&article=" + article).want(200)
	if a.header.Get("ETag") == "" {
		t.Error("got no ETag, want one to ask again with")
	}
	root, err := html.Parse(strings.NewReader(string(a.body)))
	if err != nil {
		t.Fatal(err)
	}
	allowed := " html head body section h2 ol ul li article header footer b bdi span a time div p meta link strong em blockquote pre code del br "
	comments := 0
	for n := range root.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		if !strings.Contains(allowed, " "+n.Data+" ") {
			t.Errorf("holds <%s>", n.Data)
		}
		if n.Data == "article" {
			comments++
		}
		for _, at := range n.Attr {
			if strings.HasPrefix(at.Key, "on") || at.Key == "style" || at.Key == "src" {
				t.Errorf("holds %s=%q", at.Key, at.Val)
			}
			if n.Data == "link" && at.Key == "rel" {
				t.Errorf("loads a file: rel=%q", at.Val)
			}
			if at.Key == "href" && !strings.HasPrefix(at.Val, "#c-") && !strings.HasPrefix(at.Val, "https://") && !strings.HasPrefix(at.Val, "http://") {
				t.Errorf("leads to %q, which is another place on the publisher's page", at.Val)
			}
		}
	}
	if comments != 4 {
		t.Errorf("got %d comments, want 4", comments)
	}
}
