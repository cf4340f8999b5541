package handlers_test

import (
	"encoding/json"
	"encoding/xml"
	"net/url"
	"strings"
	"testing"
)

// aboutFeed is what a feed says of itself and of where it can be read.
type aboutFeed struct{ self, home string }

// readFeed reads a feed as programs do; what is not well-formed fails.
func readFeed(t *testing.T, a answer) (f aboutFeed) {
	t.Helper()
	type link struct {
		Rel  string `xml:"rel,attr"` // Atom's
		Href string `xml:"href,attr"`
		Text string `xml:",chardata"` // RSS's
	}
	var atom struct {
		Links []link `xml:"http://www.w3.org/2005/Atom link"`
	}
	var rss struct {
		Channel struct {
			Links []link `xml:"link"`
		} `xml:"channel"`
	}
	switch kind := a.header.Get("Content-Type"); {
	case strings.HasPrefix(kind, "application/feed+json"):
		var v struct {
			Self string `json:"feed_url"`
			Home string `json:"home_page_url"`
		}
		if err := json.Unmarshal(a.body, &v); err != nil {
			t.Fatal(err)
		}
		return aboutFeed{v.Self, v.Home}
	case strings.HasPrefix(kind, "application/rss+xml"):
		if err := xml.Unmarshal(a.body, &rss); err != nil {
			t.Fatal(err)
		}
		atom.Links = rss.Channel.Links
	default:
		if err := xml.Unmarshal(a.body, &atom); err != nil {
			t.Fatal(err)
		}
	}
	for _, l := range atom.Links {
		switch l.Rel {
		case "self":
			f.self = l.Href
		case "alternate", "":
			f.home = l.Href + l.Text
		}
	}
	return f
}

func TestEachFeedNamesItsOwnAddressAndItsPageAndIsSentOnce(t *testing.T) {
	w := newWorld(t)
	w.published("Text & <b>mehr</b>")
	for _, ending := range []string{"atom", "rss", "json"} {
		for _, query := range []string{"", "?locale=en", "?article=" + url.QueryEscape(article), "?article=" + url.QueryEscape(article) + "&locale=en", "?article=unknown"} {
			path := "/zeitung/feed." + ending + query
			a := w.get(path).want(200)
			f := readFeed(t, a)
			if f.self != w.server.URL+path {
				t.Errorf("%s: got the address %s of itself", path, f.self)
			}
			if home := w.get(strings.TrimPrefix(f.home, w.server.URL)); home.status != 200 || !strings.HasPrefix(home.header.Get("Content-Type"), "text/html") {
				t.Errorf("%s: got %d %s at %q, want a page", path, home.status, home.header.Get("Content-Type"), f.home)
			}
			for _, encoding := range []string{"identity", "gzip", "br"} {
				first := w.get(path, header("Accept-Encoding", encoding)).want(200)
				again := w.get(path, header("Accept-Encoding", encoding), header("If-None-Match", first.header.Get("ETag"))).want(304)
				if len(again.body) > 0 || first.header.Get("ETag") == "" || strings.HasPrefix(first.header.Get("ETag"), "W/") {
					t.Errorf("%s, %s: got %d bytes after the tag %s, want none", path, encoding, len(again.body), first.header.Get("ETag"))
				}
			}
		}
		before := w.get("/zeitung/feed." + ending).header.Get("ETag")
		w.published("noch ein Text in " + ending)
		w.get("/zeitung/feed."+ending, header("If-None-Match", before)).want(200)
	}
}
