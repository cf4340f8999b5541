package templates

import (
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// item is a thing that a page describes: HTML Standard, §5.2, microdata.
type item struct {
	kind       string
	properties map[string][]string
	items      map[string][]*item
}

// items reads what a search engine finds in a page.
func (d document) items() (found []*item) {
	var walk func(n *html.Node, in *item)
	walk = func(n *html.Node, in *item) {
		name, named := attribute(n, "itemprop")
		_, scope := attribute(n, "itemscope")
		if scope {
			kind, _ := attribute(n, "itemtype")
			it := &item{strings.TrimPrefix(kind, "https://schema.org/"), map[string][]string{}, map[string][]*item{}}
			if named && in != nil {
				in.items[name] = append(in.items[name], it)
			} else if named {
				d.t.Errorf("%s is a property of nothing", name)
			} else {
				found = append(found, it)
			}
			in = it
		} else if named && in == nil {
			d.t.Errorf("%s is a property of nothing", name)
		} else if named {
			in.properties[name] = append(in.properties[name], propertyValue(n))
		}
		for child := range n.ChildNodes() {
			walk(child, in)
		}
	}
	walk(d.root, nil)
	return found
}

func propertyValue(n *html.Node) string {
	for _, name := range []string{"content", "href", "datetime"} {
		if value, ok := attribute(n, name); ok {
			return value
		}
	}
	return text(n)
}

// A search engine reads who said what, when, and in answer to whom: on the thread's own page and in the fragment.
func TestAThreadIsADiscussionToSearchEngines(t *testing.T) {
	page := fullThread()
	page.BaseURL = "https://plenum.example"
	for _, template := range []string{"public/thread", "public/fragment"} {
		found := read(t, render(t, "de", template, page)).items()
		if len(found) != 1 || found[0].kind != "DiscussionForumPosting" {
			t.Fatalf("%s: got %+v, want one discussion", template, found)
		}
		posting := found[0]
		for name, want := range map[string]string{"commentCount": "1204", "isPartOf": article.URL,
			"url": "https://plenum.example/stadtanzeiger/thread?article=radweg%2fam%20markt%3f"} {
			if got := posting.properties[name]; !slices.Equal(got, []string{want}) {
				t.Errorf("%s: got %s %q, want %q", template, name, got, want)
			}
		}
		if got := posting.properties["headline"]; len(got) != 1 || !strings.Contains(got[0], article.Title) {
			t.Errorf("%s: got the headline %q, want one with %q", template, got, article.Title)
		}
		roots := posting.items["comment"]
		if len(roots) != 2 || len(roots[0].items["comment"]) != 2 { // the answer below a gap stands under what is above the gap
			t.Fatalf("%s: got %d comments, want 2, the first with 2 answers", template, len(roots))
		}
		first, edited := roots[0], roots[0].items["comment"][1]
		if by := first.items["author"]; len(by) != 1 || by[0].kind != "Person" || by[0].properties["name"][0] != "Jana Reuter" {
			t.Errorf("%s: got the author %+v, want Jana Reuter", template, by)
		}
		if first.kind != "Comment" || first.properties["datePublished"][0] != "2026-11-23T09:02:00Z" ||
			!strings.HasSuffix(first.properties["url"][0], "#c-"+id(1).String()) || !strings.HasPrefix(first.properties["text"][0], "Ich fahre die Strecke") {
			t.Errorf("%s: got the comment %+v", template, first)
		}
		if got := edited.properties["dateModified"]; !slices.Equal(got, []string{"2026-11-23T10:32:00Z"}) {
			t.Errorf("%s: got the edit of %q, want its time", template, got)
		}
	}
	if found := read(t, render(t, "en", "public/fragment", Thread{})).items(); len(found) != 1 || len(found[0].items) != 0 {
		t.Errorf("got %+v of an empty thread, want an empty discussion", found)
	}
}
