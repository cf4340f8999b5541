package transfer

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"time"
)

// disqus reads the XML that Disqus sends after Moderation, Export: threads first, which are our articles, then posts, which
// are our comments.
type disqus struct {
	*document
	o       Options
	threads map[string]disqusThread
	known   bool // that the file is one of Disqus
}

// maxThreads bounds what is remembered of a file.
const maxThreads = 500_000

type disqusThread struct {
	ID         string `xml:"http://disqus.com/disqus-internals id,attr"`
	Identifier string `xml:"id"`
	Forum      string `xml:"forum"`
	Link       string `xml:"link"`
	Title      string `xml:"title"`
	Deleted    string `xml:"isDeleted"`
}

type disqusPost struct {
	ID       string `xml:"http://disqus.com/disqus-internals id,attr"`
	Message  string `xml:"message"`
	Created  string `xml:"createdAt"`
	Deleted  string `xml:"isDeleted"`
	Spam     string `xml:"isSpam"`
	Approved string `xml:"isApproved"` // not in every export
	Author   struct {
		Name  string `xml:"name"`
		Email string `xml:"email"`
	} `xml:"author"`
	Thread disqusRef `xml:"thread"`
	Parent disqusRef `xml:"parent"`
}

type disqusRef struct {
	ID string `xml:"http://disqus.com/disqus-internals id,attr"`
}

func newDisqus(in io.Reader, o Options) *disqus {
	return &disqus{document: newDocument(in), o: o, threads: map[string]disqusThread{}}
}

func (d *disqus) Next() (Item, error) {
	for {
		e, err := d.start()
		switch {
		case errors.Is(err, io.EOF) && !d.known:
			return Item{}, errors.New("this is not an export of Disqus: no element disqus is in it")
		case err != nil:
			return Item{}, err
		case e.Name.Local == "disqus":
			d.known = true
		case d.depth != 2:
		case e.Name.Local == "thread":
			if err := d.thread(e); err != nil {
				return Item{}, err
			}
		case e.Name.Local == "post":
			return d.post(e)
		}
	}
}

func (d *disqus) thread(e xml.StartElement) error {
	line := d.line()
	var t disqusThread
	if err := d.read(e, &t); err != nil {
		return err
	}
	if len(d.threads) >= maxThreads {
		return &Problem{line, "", "the file has too many threads: this one's comments are passed over"}
	}
	d.threads[t.ID] = t
	return nil
}

func (d *disqus) post(e xml.StartElement) (Item, error) {
	line := d.line()
	var p disqusPost
	if err := d.read(e, &p); err != nil {
		return Item{}, err
	}
	t, ok := d.threads[p.Thread.ID]
	if !ok {
		return Item{}, &Problem{line, oneLine(p.ID), "its thread is not in the file"}
	}
	i := Item{Line: line, Source: "disqus " + oneLine(t.Forum), Key: p.ID, Parent: p.Parent.ID, Name: p.Author.Name, Email: p.Author.Email,
		Body: Markdown(p.Message, Paragraphs), State: p.state(t), Article: Article{Key: strings.TrimSpace(t.Link), URL: strings.TrimSpace(t.Link), Title: t.Title}}
	if d.o.ByIdentifier {
		i.Article.Key = strings.TrimSpace(t.Identifier)
	}
	var err error
	if i.At, err = time.Parse(time.RFC3339, strings.TrimSpace(p.Created)); err != nil {
		return Item{}, &Problem{line, oneLine(p.ID), "its date cannot be read"}
	}
	return i, nil
}

// state is what a post was. One whose marks are not as we know them was nothing that we may show.
func (p disqusPost) state(t disqusThread) string {
	flag := func(s string) string { return strings.TrimSpace(s) }
	switch {
	case flag(p.Deleted) == "true" || flag(t.Deleted) == "true":
		return Deleted
	case flag(p.Spam) == "true":
		return Spam
	case flag(p.Deleted) == "false" && flag(p.Spam) == "false" && (flag(p.Approved) == "" || flag(p.Approved) == "true"):
		return Public
	}
	return Waiting
}
