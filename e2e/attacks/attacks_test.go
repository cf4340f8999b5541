package attacks

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"strings"
	"testing"
)

// Every row goes through every field that takes it; then every sink is read, parsed again and opened in a browser: while
// it waits, while it is public and reported, and after it was taken down with the row's text as its grounds.
func TestHostileTextStaysText(t *testing.T) {
	rows := corpus(t)
	var plants []*plant
	for n, r := range rows {
		plants = append(plants, sow(t, n, r))
	}
	control := sow(t, len(rows), row{ID: "control", Fields: []string{"none"}})
	linked := sow(t, len(rows)+1, row{ID: "linked", Payload: "https://reader.example/", Fields: []string{"author_url"}})
	everything := append(plants, control, linked)

	t.Run("waiting", func(t *testing.T) { readDesk(t, plants, "pending") })
	for _, p := range everything {
		p.decide(t, "approve", 1)
		p.report(t)
	}
	t.Run("public", func(t *testing.T) { readPublic(t, plants, control, linked) })
	t.Run("reported", func(t *testing.T) { readDesk(t, plants, "reported") })
	for _, p := range everything {
		p.decide(t, "remove", 2)
	}
	t.Run("refused", func(t *testing.T) { readRefused(t, plants) })
	t.Run("mails", func(t *testing.T) { readMails(t) })
	t.Run("log", func(t *testing.T) { readLog(t, plants) })
	refused := 0
	for _, p := range plants {
		refused += p.refused
	}
	t.Logf("%d rows: %d fields refused their text, the rest was taken, shown and read again", len(rows), refused)
}

// readPublic reads what everybody sees.
func readPublic(t *testing.T, plants []*plant, control, linked *plant) {
	browser := newBrowser(t)
	reader := caller{T: t}
	want := map[bool]string{false: shape(reader, control), true: shape(reader, linked)}
	for n, p := range plants {
		page := reader.get(p.page())
		root := parsePage(t, p.ID, page.body)
		inspect(t, p.ID, root)
		stable(t, p.ID, root)
		if got := skeleton(root); got != want[p.taken["author.url"] != ""] {
			t.Errorf("%s: the page around the comment is another:\n%s", p.ID, got)
		}
		if seen := visible(root); p.Visible != "" && !strings.Contains(seen, p.Visible) {
			t.Errorf("%s: %q is not to be seen in %s", p.ID, p.Visible, seen)
		}
		inspect(t, p.ID+" as a fragment", parsePage(t, p.ID, reader.get(p.page()+"&fragment=1").body))
		inspect(t, p.ID+", own page", parsePage(t, p.ID, reader.get(p.status()).body))
		if a := reader.get(query(api("thread"), "article", p.article)); !json.Valid(a.body) {
			t.Errorf("%s: the thread is no JSON", p.ID)
		}
		if n%sampled() == 0 {
			browser.visit(p.ID, p.page())
			browser.visit(p.ID+", own page", p.status())
		}
	}
	readOverview(t, browser)
	readFeeds(t, reader)
}

// shape is the skeleton of a page with a harmless comment.
func shape(reader caller, p *plant) string {
	reader.Helper()
	return skeleton(parsePage(reader.T, p.ID, reader.get(p.page()).body))
}

// readOverview follows the overview of recent comments to its end.
func readOverview(t *testing.T, browser *browser) {
	t.Helper()
	for at := "/" + site + "/"; at != ""; {
		root := parsePage(t, at, caller{T: t}.get(at).body)
		inspect(t, "overview", root)
		browser.visit("overview", at)
		at = next(root)
	}
}

// readFeeds holds the feeds to their formats.
func readFeeds(t *testing.T, reader caller) {
	t.Helper()
	for _, name := range []string{"feed.atom", "feed.rss"} {
		for d := xml.NewDecoder(bytes.NewReader(reader.get("/" + site + "/" + name).body)); ; {
			if _, err := d.Token(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
		}
	}
	if !json.Valid(reader.get("/" + site + "/feed.json").body) {
		t.Error("feed.json is no JSON")
	}
}

// readRefused reads the authors' pages with the grounds, and the desk's pages of what was decided.
func readRefused(t *testing.T, plants []*plant) {
	browser := newBrowser(t)
	for n, p := range plants {
		root := parsePage(t, p.ID, caller{T: t}.get(p.status()).body)
		inspect(t, p.ID+", own page", root)
		if n%sampled() == 0 {
			browser.visit(p.ID+", own page", p.status())
		}
	}
	readDesk(t, plants, "decided")
}

// readLog looks for texts in what the program logged.
func readLog(t *testing.T, plants []*plant) {
	log, err := os.ReadFile(plenum.log)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range plants {
		if text := strings.TrimSpace(p.text()); len(text) > 20 && bytes.Contains(log, []byte(text)) {
			t.Errorf("%s: the log holds %q", p.ID, text)
		}
	}
	if bytes.Contains(log, []byte("reader@example.org")) {
		t.Error("the log holds an address")
	}
}
