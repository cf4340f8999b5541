package feed

import (
	"encoding/xml"
	"time"
)

type rssFeed struct {
	XMLName xml.Name   `xml:"rss"`
	Version string     `xml:"version,attr"`
	Atom    string     `xml:"xmlns:atom,attr"`
	DC      string     `xml:"xmlns:dc,attr"`
	Channel rssChannel `xml:"channel"`
}

type rssChannel struct {
	Title       string    `xml:"title"`
	Link        string    `xml:"link"`
	Description string    `xml:"description"`
	Language    string    `xml:"language"`
	Built       string    `xml:"lastBuildDate"`
	Self        atomLink  `xml:"atom:link"`
	Items       []rssItem `xml:"item"`
}

type rssItem struct {
	Title       string  `xml:"title"`
	Link        string  `xml:"link"`
	GUID        rssGUID `xml:"guid"`
	Creator     string  `xml:"dc:creator"` // author would have to be an e-mail address
	Published   string  `xml:"pubDate"`
	Description string  `xml:"description"`
}

type rssGUID struct {
	Permalink bool   `xml:"isPermaLink,attr"`
	ID        string `xml:",chardata"`
}

func rss(f Feed) any {
	r := rssFeed{Version: "2.0", Atom: "http://www.w3.org/2005/Atom", DC: "http://purl.org/dc/elements/1.1/", Channel: rssChannel{
		Title: f.Title, Link: f.Home, Description: f.Title, Language: f.Locale, Built: rfc822(f.Updated),
		Self: atomLink{"self", "application/rss+xml", f.Self},
	}}
	for _, e := range f.Entries {
		r.Channel.Items = append(r.Channel.Items, rssItem{Title: e.Title, Link: e.URL, GUID: rssGUID{ID: e.ID}, Creator: e.Name,
			Published: rfc822(e.Published), Description: e.HTML})
	}
	return r
}

func rfc822(t time.Time) string { return t.UTC().Format(time.RFC1123Z) }
