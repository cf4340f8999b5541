package e2e

import (
	"bytes"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/mail"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// letter is a mail in the folder, with its header and its plain text.
type letter struct {
	mail.Header
	text string
}

// mailed waits for the mail of a kind to an address.
func mailed(t *testing.T, kind, to string) (l letter) {
	t.Helper()
	until(t, "a mail "+kind+" to "+to+" is in the folder", func() bool {
		paths, err := filepath.Glob(filepath.Join(plenum.mail, "*-"+kind+".*.eml"))
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range paths {
			if l = readLetter(t, path); strings.Contains(l.Get("To"), to) {
				return true
			}
		}
		return false
	})
	return l
}

func readLetter(t *testing.T, path string) letter {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	m, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	_, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	plain, err := multipart.NewReader(m.Body, params["boundary"]).NextPart() // the first one; quoted-printable is decoded
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(plain)
	if err != nil {
		t.Fatal(err)
	}
	return letter{m.Header, string(text)}
}

var mailedLink = regexp.MustCompile(`https?://\S+`)

// prefetch opens every link of a mail a hundred times, as scanners and previews do, before anybody reads it.
func (l letter) prefetch(t *testing.T) (links []string) {
	t.Helper()
	links = mailedLink.FindAllString(l.text, -1)
	for _, link := range links {
		for n := range 100 {
			method := []string{http.MethodGet, http.MethodHead}[n%2]
			request, err := http.NewRequestWithContext(t.Context(), method, link, nil)
			if err != nil {
				t.Fatal(err)
			}
			answer, err := http.DefaultClient.Do(request)
			if err != nil {
				t.Fatal(err)
			}
			if answer.Body.Close(); answer.StatusCode != http.StatusOK {
				t.Fatalf("%s %s: got %d", method, link, answer.StatusCode)
			}
		}
	}
	return links
}

// With scripts off: asked for in the thread, confirmed and ended by the buttons behind mailed links, and by nothing else.
func TestWithoutScriptsAnArticleIsFollowedConfirmedAndEnded(t *testing.T) {
	const fay = "fay@folge.example.org"
	n, reader := newNewsroom(t, "folge"), newPlainTab(t)
	reader.open(plenum.base + "/folge/thread?article=hundert")
	reader.click(`footer a[href*="subscriptions"]`)
	reader.fill("#follow-email", fay)
	reader.click("form.follow button")
	reader.sees("h1", "Postfach")

	links := mailed(t, "subscription", fay).prefetch(t)
	early := n.post("Zu früh, noch ist nichts bestätigt.")
	n.decide(early, 1, "approve")
	reader.open(links[0])
	reader.sees("h1", "Möchten Sie das per E-Mail bekommen?")
	reader.click("main form button")
	reader.sees("[role=status]", "Bestätigt")

	const text = "Das kommt per E-Mail, und nur einmal."
	late := n.post(text)
	n.decide(late, 1, "approve")
	n.decide(late, 2, "reopen")
	n.decide(late, 3, "approve")
	told := mailed(t, "follow-up", fay)
	if !strings.Contains(told.text, text) || strings.Contains(told.text, "Zu früh") {
		t.Errorf("got\n%s\nwant what was published after it was confirmed", told.text)
	}
	way := strings.Trim(told.Get("List-Unsubscribe"), "<>")
	if told.Get("List-Unsubscribe-Post") != "List-Unsubscribe=One-Click" || !strings.Contains(told.text, way) {
		t.Errorf("got the way out %s, %s", way, told.Get("List-Unsubscribe-Post"))
	}
	links = told.prefetch(t)
	reader.open(links[0])
	reader.sees(".thread", text)
	reader.open(links[2])
	reader.sees(".following", "Neue Kommentare zu")
	reader.click(`.following button[value="daily"]`)
	reader.sees(".following", "Einmal am Tag")
	reader.open(way)
	reader.click("main form button")
	reader.sees("[role=status]", "Beendet")
	reader.open(links[2])
	reader.sees("main", "Nichts.")
}

func TestAxeFindsNothingWhereOneFollows(t *testing.T) {
	const fay = "fay@achse.example.org"
	newNewsroom(t, "achse")
	reader := newTab(t)
	reader.open(plenum.base + "/achse/subscriptions?article=x")
	reader.axe("the form to follow")
	reader.fill("#follow-email", fay)
	reader.click("form.follow button")
	reader.sees("h1", "Postfach")
	reader.open(mailedLink.FindString(mailed(t, "subscription", fay).text))
	reader.axe("the page that confirms")
	reader.click("main form button")
	reader.see(".following")
	reader.axe("all that one follows")
}
