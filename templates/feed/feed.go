// Package feed writes published comments as Atom (RFC 4287, with the threading of RFC 4685), RSS 2.0 and JSON Feed 1.1.
package feed

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"time"
)

// Feed is a list of published comments, newest publication first. Addresses are absolute.
type Feed struct {
	ID, Title, Locale string
	Self, Home        string
	Updated           time.Time // at least; an entry may be newer
	Entries           []Entry
}

// Entry is one published comment.
type Entry struct {
	ID, URL, Title        string
	Name, NameURL         string
	HTML                  string // sanitised
	Published, Updated    time.Time
	AnswersID, AnswersURL string // the comment that it answers; empty: none
}

// Format is one way to write a feed.
type Format struct {
	Type  string // media type
	write func(Feed) any
	xml   bool
}

// The formats.
var (
	Atom = Format{Type: "application/atom+xml; charset=utf-8", write: atom, xml: true}
	RSS  = Format{Type: "application/rss+xml; charset=utf-8", write: rss, xml: true}
	JSON = Format{Type: "application/feed+json; charset=utf-8", write: jsonFeed}
)

// Write writes the feed.
func (f Format) Write(feed Feed) ([]byte, error) {
	for _, e := range feed.Entries {
		if e.Updated.After(feed.Updated) {
			feed.Updated = e.Updated
		}
	}
	marshal := json.Marshal
	if f.xml {
		marshal = xml.Marshal
	}
	body, err := marshal(f.write(feed))
	if err != nil {
		return nil, fmt.Errorf("write a feed: %w", err)
	}
	if f.xml {
		body = append([]byte(xml.Header), body...)
	}
	return body, nil
}
