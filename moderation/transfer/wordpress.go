package transfer

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"time"
)

// wordpress reads WXR, the RSS 2.0 with elements of its own that WordPress writes under Tools, Export. Versions 1.0 to 1.2
// differ in their namespace only, so names are compared without it.
type wordpress struct {
	*document
	o      Options
	source string
	post   wordpressPost
	inItem bool
}

// wordpressPost is what an item says before its comments.
type wordpressPost struct {
	title, link, guid string
	open              bool // anybody could read it
}

type wordpressComment struct {
	ID       string `xml:"comment_id"`
	Author   string `xml:"comment_author"`
	Email    string `xml:"comment_author_email"`
	URL      string `xml:"comment_author_url"`
	DateGMT  string `xml:"comment_date_gmt"`
	Date     string `xml:"comment_date"`
	Content  string `xml:"comment_content"`
	Approved string `xml:"comment_approved"`
	Type     string `xml:"comment_type"`
	Parent   string `xml:"comment_parent"`
}

func newWordPress(in io.Reader, o Options) *wordpress {
	return &wordpress{document: newDocument(in), o: o, source: "wordpress"}
}

func (w *wordpress) Next() (Item, error) {
	for {
		e, err := w.start()
		if err != nil {
			return Item{}, w.over(err)
		}
		if e.Name.Local == "comment" && w.inItem {
			return w.comment(e)
		}
		if err := w.note(e); err != nil {
			return Item{}, err
		}
	}
}

// over is the end of the file, unless it was something else.
func (w *wordpress) over(err error) error {
	if errors.Is(err, io.EOF) && !w.inItem && w.source == "wordpress" {
		return errors.New("this is not an export of WordPress: it holds neither an address of a blog nor a post")
	}
	return err
}

// note keeps what an element says of the blog or of the post whose comments follow.
func (w *wordpress) note(e xml.StartElement) (err error) {
	set := func(to *string) { *to, err = w.text(e) }
	switch name := e.Name.Local; {
	case name == "item":
		w.post, w.inItem = wordpressPost{open: true}, true
	case name == "base_blog_url" && !w.inItem:
		var blog string
		set(&blog)
		w.source = "wordpress " + strings.TrimSuffix(blog, "/")
	case !w.inItem:
	case name == "title":
		set(&w.post.title)
	case name == "link":
		set(&w.post.link)
	case name == "guid":
		set(&w.post.guid)
	case name == "status":
		var status string
		set(&status)
		w.post.open = w.post.open && (status == "publish" || status == "inherit")
	case name == "post_password":
		var word string
		set(&word)
		w.post.open = w.post.open && word == ""
	case name == "encoded", name == "postmeta", name == "category":
		err = w.pass()
	}
	return err
}

func (w *wordpress) comment(e xml.StartElement) (Item, error) {
	line := w.line()
	var c wordpressComment
	if err := w.read(e, &c); err != nil {
		return Item{}, err
	}
	i := Item{Line: line, Source: w.source, Key: strings.TrimSpace(c.ID), Name: c.Author, Email: c.Email, URL: c.URL, Body: Markdown(c.Content, LineBreaks), State: w.state(c),
		Article: Article{Key: w.post.link, URL: w.post.link, Title: w.post.title}}
	if w.o.ByIdentifier {
		i.Article.Key = w.post.guid
	}
	if parent := strings.TrimSpace(c.Parent); parent != "0" {
		i.Parent = parent
	}
	if kind := strings.TrimSpace(c.Type); kind != "" && kind != "comment" {
		return Item{}, &Problem{line, i.Key, "it is a " + oneLine(kind) + ", not a comment"}
	}
	var err error
	if i.At, err = wordpressTime(c); err != nil {
		return Item{}, &Problem{line, i.Key, "its date cannot be read"}
	}
	return i, nil
}

// state is what a comment was. WXR 1.2: comment_approved is "1", "0", "spam", "trash" or "post-trashed".
func (w *wordpress) state(c wordpressComment) string {
	switch strings.TrimSpace(c.Approved) {
	case "1":
		if w.post.open {
			return Public
		}
	case "spam":
		return Spam
	case "trash", "post-trashed":
		return Deleted
	}
	return Waiting
}

func wordpressTime(c wordpressComment) (time.Time, error) {
	for _, text := range []string{c.DateGMT, c.Date} { // the first is "0000-00-00 00:00:00" in old blogs
		if at, err := time.Parse(time.DateTime, strings.TrimSpace(text)); err == nil {
			return at, nil
		}
	}
	return time.Time{}, errors.New("no date")
}

// oneLine is a text of the file as a problem may quote it.
func oneLine(s string) string {
	s = strings.Join(strings.Fields(strings.ToValidUTF8(s, "?")), " ")
	if runes := []rune(s); len(runes) > 40 {
		s = string(runes[:40]) + "…"
	}
	return s
}
