package main

import (
	"reflect"
	"testing"
)

const someID = "01890000-0000-7000-8000-000000000001"

func TestFeedsAreReadInTheirFormats(t *testing.T) {
	page := "http://127.0.0.1:1/replay/thread#c-" + someID
	for name, c := range map[string]struct{ format, body string }{
		"Atom": {"atom", `<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><id>urn:x</id><entry><id>urn:uuid:` + someID + `</id>
			<link href="` + page + `"/><content type="html">&lt;p&gt;Eins &amp;amp; &lt;em&gt;zwei&lt;/em&gt;&lt;/p&gt;</content></entry></feed>`},
		"Atom in place": {"atom", `<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>` + someID + `</id>
			<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Eins &amp; <em>zwei</em></p></div></content></entry></feed>`},
		"Atom summary": {"atom", `<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>` + someID + `</id><summary>Eins &amp; zwei</summary></entry></feed>`},
		"RSS":          {"rss", `<rss version="2.0"><channel><item><guid>` + page + `</guid><description>&lt;p&gt;Eins &amp;amp; zwei</description></item></channel></rss>`},
		"RSS with all of it": {"rss", `<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><item><link>` + page + `</link>
			<description>Eins</description><content:encoded><![CDATA[<p>Eins &amp; zwei</p>]]></content:encoded></item></channel></rss>`},
		"JSON":      {"json", `{"version":"https://jsonfeed.org/version/1.1","items":[{"id":"` + someID + `","content_html":"<p>Eins &amp; zwei</p>"}]}`},
		"JSON text": {"json", `{"version":"https://jsonfeed.org/version/1.1","items":[{"id":"x","url":"` + page + `","content_text":"Eins & zwei"}]}`},
	} {
		entries, err := formats[c.format]([]byte(c.body))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		a := &audit{posted: map[string]bool{someID: true}}
		if got, want := a.shownBy(entries), []Shown{{someID, "Eins & zwei"}}; !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got %+v, want %+v", name, got, want)
		}
	}
}

func TestWhatIsNoFeedIsRefused(t *testing.T) {
	for format, body := range map[string]string{"atom": `<rss version="2.0"></rss>`, "rss": `<feed xmlns="http://www.w3.org/2005/Atom"/>`, "json": `{"items":[]}`} {
		if entries, err := formats[format]([]byte(body)); err == nil {
			t.Errorf("%s: got %v, want an error", format, entries)
		}
	}
}

func TestAnEntryWithoutAKnownIDIsNamedAsItStands(t *testing.T) {
	a := &audit{posted: map[string]bool{}}
	got := a.shownBy([]Entry{{Names: []string{someID, "http://x"}, HTML: "y"}})
	if want := []Shown{{someID + " http://x", "y"}}; !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
}
