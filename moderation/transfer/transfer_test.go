package transfer_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"plenum/moderation/transfer"
)

// all reads a file to its end: its comments, and why others were passed over.
func all(format, file string, o transfer.Options) (items []transfer.Item, passed []string, err error) {
	r, err := transfer.Open(format, strings.NewReader(file), o)
	if err != nil {
		return nil, nil, err
	}
	for {
		i, err := r.Next()
		var p *transfer.Problem
		switch {
		case errors.Is(err, io.EOF):
			return items, passed, nil
		case errors.As(err, &p):
			passed = append(passed, p.Error())
		case err != nil:
			return items, passed, err
		default:
			items = append(items, i)
		}
	}
}

func read(t *testing.T, format, file string, o transfer.Options) ([]transfer.Item, []string) {
	t.Helper()
	items, passed, err := all(format, file, o)
	if err != nil {
		t.Fatal(err)
	}
	return items, passed
}

// said is a comment in one line.
func said(i transfer.Item) string {
	return fmt.Sprintf("%s<%s %s %s|%s|%s|%q|%s|%s", i.Key, i.Parent, i.State, i.Article.Key, i.Name, i.Email, i.Body, i.At.UTC().Format(time.DateTime), i.Source)
}

func same(t *testing.T, items []transfer.Item, want ...string) {
	t.Helper()
	var got []string
	for _, i := range items {
		got = append(got, said(i))
	}
	if g, w := strings.Join(got, "\n"), strings.Join(want, "\n"); g != w {
		t.Errorf("got\n%s\nwant\n%s", g, w)
	}
}

// wxr is an export of WordPress with these comments under a post of the status.
func wxr(status, comments string) string {
	return `<?xml version="1.0" encoding="UTF-8" ?>
<!-- generator="WordPress/6.4" -->
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:wp="http://wordpress.org/export/1.2/">
<channel><title>A blog</title><link>https://blog.example</link><wp:wxr_version>1.2</wp:wxr_version><wp:base_site_url>https://blog.example</wp:base_site_url><wp:base_blog_url>https://blog.example</wp:base_blog_url>
<wp:author><wp:author_login><![CDATA[ed]]></wp:author_login></wp:author>
<item><title><![CDATA[On & off]]></title><link>https://blog.example/on/</link><guid isPermaLink="false">https://blog.example/?p=7</guid>
<content:encoded><![CDATA[<p>The article.</p>]]></content:encoded><wp:post_id>7</wp:post_id><wp:comment_status><![CDATA[open]]></wp:comment_status>
<wp:status><![CDATA[` + status + `]]></wp:status><wp:post_password><![CDATA[]]></wp:post_password>
<wp:postmeta><wp:meta_key>k</wp:meta_key><wp:meta_value><![CDATA[v]]></wp:meta_value></wp:postmeta>
` + comments + `</item></channel></rss>`
}

func wpComment(id int, parent, approved, kind, content string) string {
	return fmt.Sprintf(`<wp:comment><wp:comment_id>%d</wp:comment_id><wp:comment_author><![CDATA[Ann]]></wp:comment_author><wp:comment_author_email><![CDATA[ann@reader.example]]></wp:comment_author_email>
<wp:comment_author_url>https://ann.example</wp:comment_author_url><wp:comment_author_IP><![CDATA[203.0.113.9]]></wp:comment_author_IP><wp:comment_date><![CDATA[2019-05-06 09:08:09]]></wp:comment_date>
<wp:comment_date_gmt><![CDATA[2019-05-06 07:08:09]]></wp:comment_date_gmt><wp:comment_content><![CDATA[%s]]></wp:comment_content><wp:comment_approved><![CDATA[%s]]></wp:comment_approved>
<wp:comment_type><![CDATA[%s]]></wp:comment_type><wp:comment_parent>%s</wp:comment_parent><wp:comment_user_id>0</wp:comment_user_id>
<wp:commentmeta><wp:meta_key>akismet</wp:meta_key><wp:meta_value><![CDATA[x]]></wp:meta_value></wp:commentmeta></wp:comment>`, id, content, approved, kind, parent)
}

func TestWordPressIsRead(t *testing.T) {
	items, passed := read(t, "wordpress", wxr("publish", wpComment(1, "0", "1", "", "Hello <em>you</em>\n\nand you")+wpComment(2, "1", "0", "comment", "waits")+
		wpComment(3, "0", "spam", "comment", "spam")+wpComment(4, "0", "trash", "comment", "gone")+wpComment(5, "0", "1", "pingback", "[...]")+wpComment(6, "0", "?", "comment", "who knows")), transfer.Options{})
	rest := "|2019-05-06 07:08:09|wordpress https://blog.example"
	same(t, items, `1< public https://blog.example/on/|Ann|ann@reader.example|"Hello *you*\n\nand you"`+rest, `2<1 waiting https://blog.example/on/|Ann|ann@reader.example|"waits"`+rest,
		`3< spam https://blog.example/on/|Ann|ann@reader.example|"spam"`+rest, `4< deleted https://blog.example/on/|Ann|ann@reader.example|"gone"`+rest, `6< waiting https://blog.example/on/|Ann|ann@reader.example|"who knows"`+rest)
	if len(passed) != 1 || !strings.Contains(passed[0], "comment 5: it is a pingback") || !strings.HasPrefix(passed[0], "line ") {
		t.Errorf("got %q passed over, want the pingback", passed)
	}
	if items[0].Article.Title != "On & off" || items[0].Article.URL != "https://blog.example/on/" || items[0].URL != "https://ann.example" {
		t.Errorf("got %+v", items[0])
	}
	items, _ = read(t, "wordpress", wxr("publish", wpComment(1, "0", "1", "", "x")), transfer.Options{ByIdentifier: true})
	if got := items[0].Article.Key; got != "https://blog.example/?p=7" {
		t.Errorf("got the key %q, want the guid", got)
	}
}

// Under a post that nobody could read nothing was public, whatever the comment says.
func TestUnderAPostThatWasNotPublicNothingWas(t *testing.T) {
	for _, status := range []string{"draft", "private", "pending", "trash", ""} {
		if items, _ := read(t, "wordpress", wxr(status, wpComment(1, "0", "1", "", "x")), transfer.Options{}); items[0].State != transfer.Waiting {
			t.Errorf("%s: got %s, want it waiting", status, items[0].State)
		}
	}
	locked := strings.Replace(wxr("publish", wpComment(1, "0", "1", "", "x")), "<wp:post_password><![CDATA[]]>", "<wp:post_password><![CDATA[word]]>", 1)
	if items, _ := read(t, "wordpress", locked, transfer.Options{}); items[0].State != transfer.Waiting {
		t.Errorf("with a password: got %s, want it waiting", items[0].State)
	}
}

const disqusHead = `<?xml version="1.0" encoding="utf-8"?>
<disqus xmlns="http://disqus.com" xmlns:dsq="http://disqus.com/disqus-internals">
<category dsq:id="1"><forum>blog</forum><title>General</title><isDefault>true</isDefault></category>
<thread dsq:id="10"><id>post-7</id><forum>blog</forum><category dsq:id="1" /><link>https://blog.example/on/</link><title>On &amp; off</title><message /><createdAt>2019-01-01T00:00:00Z</createdAt>
<author><name>Ed</name><isAnonymous>false</isAnonymous><username>ed</username></author><isClosed>false</isClosed><isDeleted>false</isDeleted></thread>
<thread dsq:id="11"><id>post-8</id><forum>blog</forum><link>https://blog.example/off/</link><title>Off</title><isDeleted>true</isDeleted></thread>
`

func dsqPost(id, thread, parent, flags string) string {
	if parent != "" {
		parent = `<parent dsq:id="` + parent + `" />`
	}
	return `<post dsq:id="` + id + `"><id /><message><![CDATA[<p>Post <b>` + id + `</b></p>]]></message><createdAt>2019-05-06T07:08:09Z</createdAt>` + flags +
		`<author><name>Ann</name><isAnonymous>true</isAnonymous></author><thread dsq:id="` + thread + `" />` + parent + `</post>`
}

func TestDisqusIsRead(t *testing.T) {
	fine := `<isDeleted>false</isDeleted><isSpam>false</isSpam>`
	file := disqusHead + dsqPost("1", "10", "", fine) + dsqPost("2", "10", "1", fine+`<isApproved>false</isApproved>`) + dsqPost("3", "10", "", `<isDeleted>false</isDeleted><isSpam>true</isSpam>`) +
		dsqPost("4", "10", "", `<isDeleted>true</isDeleted><isSpam>false</isSpam>`) + dsqPost("5", "11", "", fine) + dsqPost("6", "99", "", fine) + dsqPost("7", "10", "", "") + `</disqus>`
	items, passed := read(t, "disqus", file, transfer.Options{})
	line := func(id, parent, state, article string) string {
		return id + "<" + parent + " " + state + " " + article + `|Ann||"Post **` + id + `**"|2019-05-06 07:08:09|disqus blog`
	}
	on, off := "https://blog.example/on/", "https://blog.example/off/"
	same(t, items, line("1", "", "public", on), line("2", "1", "waiting", on), line("3", "", "spam", on), line("4", "", "deleted", on), line("5", "", "deleted", off), line("7", "", "waiting", on))
	if len(passed) != 1 || !strings.Contains(passed[0], "comment 6: its thread is not in the file") {
		t.Errorf("got %q passed over, want the post without a thread", passed)
	}
	items, _ = read(t, "disqus", file, transfer.Options{ByIdentifier: true})
	if items[0].Article.Key != "post-7" || items[0].Article.Title != "On & off" {
		t.Errorf("got %+v, want the identifier", items[0].Article)
	}
}

const remarkLines = `{"version":1,"users":[],"posts":[]}
{"id":"a","pid":"","text":"<p>Hello <em>you</em></p>","orig":"Hello *you*","user":{"name":"Ann","id":"x","picture":"https://img.example/a.png","ip":"ab12","admin":false},"locator":{"site":"blog","url":"https://blog.example/on/"},"score":3,"votes":{"y":true},"time":"2019-05-06T09:08:09+02:00","title":"On"}

{"id":"b","pid":"a","text":"<p>no source</p>","user":{"name":"Bo"},"locator":{"site":"blog","url":"https://blog.example/on/"},"time":"2019-05-06T07:08:09Z"}
{"id":"c","pid":"","text":"","orig":"","user":{"name":"deleted"},"locator":{"site":"blog","url":"https://blog.example/on/"},"time":"2019-05-06T07:08:09Z","delete":true}
not JSON
{"pid":"x"}
{"id":"d","locator":{"site":"blog","url":"https://blog.example/on/"}}`

func TestRemark42IsRead(t *testing.T) {
	for name, file := range map[string]string{"as it is": remarkLines, "with the line ends of Windows": strings.ReplaceAll(remarkLines, "\n", "\r\n"), "compressed": compressed(t, remarkLines)} {
		items, passed := read(t, "remark42", file, transfer.Options{})
		rest := "|2019-05-06 07:08:09|remark42 blog"
		same(t, items, `a< public https://blog.example/on/|Ann||"Hello *you*"`+rest, `b<a public https://blog.example/on/|Bo||"no source"`+rest, `c< deleted https://blog.example/on/|deleted||""`+rest)
		if want := []string{"line 6: this is not a comment as JSON", "line 7: it has no id", "line 8: comment d: its date cannot be read"}; strings.Join(passed, "\n") != strings.Join(want, "\n") {
			t.Errorf("%s: got %q passed over, want %q", name, passed, want)
		}
	}
}

func compressed(t *testing.T, text string) string {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := io.WriteString(w, text); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}
