package main

import (
	"context"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"plenum/moderation/markup"
)

// newestCount is how many of the newest comments a feed and the overview hold at least.
const newestCount = 20

var uuidPattern = regexp.MustCompile(`[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}`)

// Entry is one comment in a feed of whichever format: what names it, most telling first, and its text as HTML.
type Entry struct {
	Names []string
	HTML  string
}

// atomFeed is RFC 4287. A text construct is text, escaped HTML, or XHTML in place.
type atomFeed struct {
	XMLName xml.Name `xml:"http://www.w3.org/2005/Atom feed"`
	Entries []struct {
		ID    string `xml:"id"`
		Links []struct {
			Href string `xml:"href,attr"`
		} `xml:"link"`
		Content atomText `xml:"content"`
		Summary atomText `xml:"summary"`
	} `xml:"entry"`
}

type atomText struct {
	Type  string `xml:"type,attr"`
	Text  string `xml:",chardata"`
	Inner string `xml:",innerxml"`
}

func (t atomText) html() string {
	switch t.Type {
	case "html":
		return t.Text
	case "xhtml":
		return t.Inner
	}
	return escapeHTML(t.Text)
}

// rssFeed is RSS 2.0, with content:encoded where the description is not all of it.
type rssFeed struct {
	XMLName xml.Name `xml:"rss"`
	Items   []struct {
		GUID        string `xml:"guid"`
		Link        string `xml:"link"`
		Description string `xml:"description"`
		Encoded     string `xml:"http://purl.org/rss/1.0/modules/content/ encoded"`
	} `xml:"channel>item"`
}

// jsonFeed is JSON Feed 1.1.
type jsonFeed struct {
	Version string `json:"version"`
	Items   []struct {
		ID   string  `json:"id"`
		URL  string  `json:"url"`
		HTML *string `json:"content_html"`
		Text string  `json:"content_text"`
	} `json:"items"`
}

// formats are the three feeds by the ending of their address.
var formats = map[string]func([]byte) ([]Entry, error){"atom": parseAtom, "rss": parseRSS, "json": parseJSONFeed}

func parseAtom(body []byte) (entries []Entry, err error) {
	var feed atomFeed
	if err := xml.Unmarshal(body, &feed); err != nil {
		return nil, err
	}
	for _, e := range feed.Entries {
		entry := Entry{Names: []string{e.ID}, HTML: e.Content.html()}
		for _, link := range e.Links {
			entry.Names = append(entry.Names, link.Href)
		}
		if entry.HTML == "" {
			entry.HTML = e.Summary.html()
		}
		entries = append(entries, entry)
	}
	return entries, nil
}

func parseRSS(body []byte) (entries []Entry, err error) {
	var feed rssFeed
	if err := xml.Unmarshal(body, &feed); err != nil {
		return nil, err
	}
	for _, item := range feed.Items {
		text := item.Encoded
		if text == "" {
			text = item.Description
		}
		entries = append(entries, Entry{[]string{item.GUID, item.Link}, text})
	}
	return entries, nil
}

func parseJSONFeed(body []byte) (entries []Entry, err error) {
	var feed jsonFeed
	if err := json.Unmarshal(body, &feed); err != nil {
		return nil, err
	}
	if !strings.HasPrefix(feed.Version, "https://jsonfeed.org/version/") {
		return nil, fmt.Errorf("version %q is no JSON feed", feed.Version)
	}
	for _, item := range feed.Items {
		text := escapeHTML(item.Text)
		if item.HTML != nil {
			text = *item.HTML
		}
		entries = append(entries, Entry{[]string{item.ID, item.URL}, text})
	}
	return entries, nil
}

var escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

func escapeHTML(text string) string { return escaper.Replace(text) }

// feed compares one feed: its entries are approved ones with their texts, and the newest are all there in order.
func (a *audit) feed(ctx context.Context, format string, shelf Shelf) []Fault {
	path := page("/feed.%s", format)
	if shelf.Key != "" {
		path += "?article=" + url.QueryEscape(shelf.Key)
	}
	answer, faults := a.read(ctx, path)
	if answer.Status != http.StatusOK {
		return faults
	}
	entries, err := formats[format](answer.Body)
	if err != nil {
		return append(faults, wrong("%s: %v", path, err))
	}
	shown := a.shownBy(entries)
	faults = append(faults, onlyThese(shown, shelf.Items)...)
	return append(faults, newest(shown, shelf.Items, newestCount)...)
}

// shownBy finds the comment that each entry is: the first id of a posted one among what names it.
func (a *audit) shownBy(entries []Entry) (shown []Shown) {
	for _, e := range entries {
		s := Shown{ID: strings.Join(e.Names, " "), Text: markup.Normalise(markup.TextOf(e.HTML))}
		for _, id := range uuidPattern.FindAllString(strings.Join(e.Names, " "), -1) {
			if a.posted[id] {
				s.ID = id
				break
			}
		}
		shown = append(shown, s)
	}
	return shown
}
