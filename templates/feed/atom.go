package feed

import (
	"encoding/xml"
	"time"
)

type atomFeed struct {
	XMLName xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
	Lang    string      `xml:"xml:lang,attr"`
	Thread  string      `xml:"xmlns:thr,attr"`
	ID      string      `xml:"id"`
	Title   string      `xml:"title"`
	Updated string      `xml:"updated"`
	Links   []atomLink  `xml:"link"`
	Entries []atomEntry `xml:"entry"`
}

type atomLink struct {
	Rel  string `xml:"rel,attr"`
	Type string `xml:"type,attr"`
	Href string `xml:"href,attr"`
}

type atomEntry struct {
	ID        string       `xml:"id"`
	Title     string       `xml:"title"`
	Published string       `xml:"published"`
	Updated   string       `xml:"updated"`
	Link      atomLink     `xml:"link"`
	Author    atomAuthor   `xml:"author"`
	Answers   *atomAnswers `xml:"thr:in-reply-to"` // RFC 4685 §3
	Content   atomContent  `xml:"content"`
}

type atomAuthor struct {
	Name string `xml:"name"`
	URI  string `xml:"uri,omitempty"`
}

type atomAnswers struct {
	Ref  string `xml:"ref,attr"`
	Href string `xml:"href,attr"`
	Type string `xml:"type,attr"`
}

type atomContent struct {
	Type string `xml:"type,attr"`
	HTML string `xml:",chardata"`
}

func atom(f Feed) any {
	a := atomFeed{Lang: f.Locale, Thread: "http://purl.org/syndication/thread/1.0", ID: f.ID, Title: f.Title, Updated: rfc3339(f.Updated),
		Links: []atomLink{{"self", "application/atom+xml", f.Self}, {"alternate", "text/html", f.Home}}}
	for _, e := range f.Entries {
		entry := atomEntry{ID: e.ID, Title: e.Title, Published: rfc3339(e.Published), Updated: rfc3339(e.Updated),
			Link: atomLink{"alternate", "text/html", e.URL}, Author: atomAuthor{e.Name, e.NameURL}, Content: atomContent{"html", e.HTML}}
		if e.AnswersID != "" {
			entry.Answers = &atomAnswers{Ref: e.AnswersID, Href: e.AnswersURL, Type: "text/html"}
		}
		a.Entries = append(a.Entries, entry)
	}
	return a
}

func rfc3339(t time.Time) string { return t.UTC().Format(time.RFC3339) }
