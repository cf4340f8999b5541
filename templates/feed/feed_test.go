package feed

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

var update = flag.Bool("update", false, "write the golden files")

// formats, by the ending of their golden file.
var formats = map[string]Format{"atom": Atom, "rss": RSS, "json": JSON}

func at(hour int) time.Time {
	return time.Date(2026, 11, 2, hour, 30, 0, 0, time.FixedZone("elsewhere", 3*60*60))
}

// full has everything that a feed can have, and text that means something to XML, JSON and HTML.
func full() Feed {
	return Feed{ID: "https://plenum.example/news/", Title: `News & <Views>`, Locale: "de", Self: "https://plenum.example/news/feed.atom?article=a&b=c",
		Home: "https://plenum.example/news/", Updated: at(8), Entries: []Entry{
			{ID: "urn:uuid:0193e000-0000-7000-8000-000000000002", URL: "https://plenum.example/news/thread?article=a#c-2", Title: `Jürgen "J" <b> zu: A & B`,
				Name: `Jürgen "J" <b>`, NameURL: "https://j.example/?a=1&b=2", HTML: "<p>]]> &amp; <em>grün</em> \U0001f44d</p>\n", Published: at(9), Updated: at(10),
				AnswersID: "urn:uuid:0193e000-0000-7000-8000-000000000001", AnswersURL: "https://plenum.example/news/thread?article=a#c-1"},
			{ID: "urn:uuid:0193e000-0000-7000-8000-000000000001", URL: "https://plenum.example/news/thread?article=a#c-1", Title: "Ann",
				Name: "Ann", HTML: "<p>first</p>\n", Published: at(7), Updated: at(7)},
		}}
}

func write(t *testing.T, f Format, feed Feed) []byte {
	t.Helper()
	body, err := f.Write(feed)
	if err != nil {
		t.Fatal(err)
	}
	return body
}

func TestFeedsLookAsTheyDid(t *testing.T) {
	for ending, format := range formats {
		for name, feed := range map[string]Feed{"full": full(), "empty": {ID: "i", Title: "t", Locale: "en", Self: "s", Home: "h", Updated: at(8)}} {
			path, got := filepath.Join("testdata", name+"."+ending), append(write(t, format, feed), '\n')
			if *update {
				if err := os.WriteFile(path, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if want, err := os.ReadFile(path); err != nil || !bytes.Equal(got, want) {
				t.Errorf("%s has changed (%v); look at the difference, then run with -update", path, err)
			}
		}
	}
}

// read is what another program makes of an entry.
type read struct {
	ID, URL, Title, Name, NameURL, HTML, Published, Updated, AnswersID, AnswersURL string
}

// wanted is an entry in the words of one format.
func wanted(e Entry, layout string) read {
	return read{e.ID, e.URL, e.Title, e.Name, e.NameURL, e.HTML, e.Published.UTC().Format(layout), e.Updated.UTC().Format(layout), e.AnswersID, e.AnswersURL}
}

func TestAnAtomFeedIsReadBackAsItWas(t *testing.T) {
	var f struct {
		XMLName xml.Name `xml:"http://www.w3.org/2005/Atom feed"`
		Lang    string   `xml:"http://www.w3.org/XML/1998/namespace lang,attr"`
		ID      string   `xml:"id"`
		Title   string   `xml:"title"`
		Updated string   `xml:"updated"`
		Links   []struct {
			Rel  string `xml:"rel,attr"`
			Href string `xml:"href,attr"`
		} `xml:"link"`
		Entries []struct {
			ID        string `xml:"id"`
			Title     string `xml:"title"`
			Published string `xml:"published"`
			Updated   string `xml:"updated"`
			Link      struct {
				Href string `xml:"href,attr"`
			} `xml:"link"`
			Name    string `xml:"author>name"`
			URI     string `xml:"author>uri"`
			Answers struct {
				Ref  string `xml:"ref,attr"`
				Href string `xml:"href,attr"`
			} `xml:"http://purl.org/syndication/thread/1.0 in-reply-to"`
			Content struct {
				Type string `xml:"type,attr"`
				HTML string `xml:",chardata"`
			} `xml:"content"`
		} `xml:"entry"`
	}
	if err := xml.Unmarshal(write(t, Atom, full()), &f); err != nil {
		t.Fatal(err)
	}
	if got, want := fmt.Sprint(f.Lang, f.ID, f.Title, f.Links, f.Updated), fmt.Sprint("de", full().ID, full().Title,
		[]any{"{self " + full().Self + "}", "{alternate " + full().Home + "}"}, "2026-11-02T07:30:00Z"); got != want {
		t.Errorf("got the head %s, want %s", got, want)
	}
	for i, e := range f.Entries {
		got := read{e.ID, e.Link.Href, e.Title, e.Name, e.URI, e.Content.HTML, e.Published, e.Updated, e.Answers.Ref, e.Answers.Href}
		if want := wanted(full().Entries[i], time.RFC3339); got != want || e.Content.Type != "html" {
			t.Errorf("got %q as %s, want %q as html", got, e.Content.Type, want)
		}
	}
	if len(f.Entries) != 2 {
		t.Errorf("got %d entries, want 2", len(f.Entries))
	}
}

func TestAnRSSFeedIsReadBackAsItWas(t *testing.T) {
	var f struct {
		Version string `xml:"version,attr"`
		Channel struct {
			Title    string `xml:"title"`
			Language string `xml:"language"`
			Items    []struct {
				Title       string `xml:"title"`
				Link        string `xml:"link"`
				GUID        string `xml:"guid"`
				Creator     string `xml:"http://purl.org/dc/elements/1.1/ creator"`
				Published   string `xml:"pubDate"`
				Description string `xml:"description"`
			} `xml:"item"`
		} `xml:"channel"`
	}
	if err := xml.Unmarshal(write(t, RSS, full()), &f); err != nil {
		t.Fatal(err)
	}
	if f.Version != "2.0" || f.Channel.Title != full().Title || f.Channel.Language != "de" || len(f.Channel.Items) != 2 {
		t.Fatalf("got the channel %+v", f)
	}
	for i, item := range f.Channel.Items {
		e := wanted(full().Entries[i], time.RFC1123Z)
		got, want := fmt.Sprintf("%q", item), fmt.Sprintf("%q", []string{e.Title, e.URL, e.ID, e.Name, e.Published, e.HTML})
		if strings.Trim(got, "{}") != strings.Trim(want, "[]") {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func TestAJSONFeedIsReadBackAsItWas(t *testing.T) {
	var f struct {
		Version, Title, Language string
		Items                    []struct {
			ID, URL, Title string
			HTML           string `json:"content_html"`
			Published      string `json:"date_published"`
			Modified       string `json:"date_modified"`
			Authors        []struct{ Name, URL string }
			Answers        struct {
				ID  string `json:"in_reply_to"`
				URL string `json:"in_reply_to_url"`
			} `json:"_plenum"`
		}
	}
	if err := json.Unmarshal(write(t, JSON, full()), &f); err != nil {
		t.Fatal(err)
	}
	if f.Version != "https://jsonfeed.org/version/1.1" || f.Title != full().Title || f.Language != "de" || len(f.Items) != 2 {
		t.Fatalf("got the feed %+v", f)
	}
	for i, e := range f.Items {
		got := read{e.ID, e.URL, e.Title, e.Authors[0].Name, e.Authors[0].URL, e.HTML, e.Published, e.Modified, e.Answers.ID, e.Answers.URL}
		if want := wanted(full().Entries[i], time.RFC3339); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestAnEmptyJSONFeedHasAListOfItems(t *testing.T) {
	if got := string(write(t, JSON, Feed{})); !strings.Contains(got, `"items":[]`) {
		t.Errorf("got %s, want an empty list and not null", got)
	}
}

func TestWritingAFeedLeavesItAsItWas(t *testing.T) {
	feed := full()
	write(t, Atom, feed)
	if got, want := feed.Updated, full().Updated; !got.Equal(want) {
		t.Errorf("got the feed's time %s, want %s", got, want)
	}
}
