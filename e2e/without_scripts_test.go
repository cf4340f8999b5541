package e2e

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// What is wrong stands beside its field, and everything typed is still there.
func TestWithoutScriptsAnErrorKeepsWhatWasTyped(t *testing.T) {
	const text = "Drei Meter sind drei Meter, egal wie man sie aufteilt."
	page := newPlainTab(t)
	page.expect(422)
	page.open(plenum.article)
	reader := page.frame()
	reader.fill(bodyField, text)
	reader.fill(nameField, "   ")
	reader.fill("input[name=email]", "gast@example.org")
	reader.expectWords("Blocked autofocusing") // in another site's frame the browser leaves the focus where it is
	reader.click(submit)
	reader.sees("#name-error", "darf nicht leer")
	if got := eval[string](reader, `document.querySelector("input[name=name]").getAttribute("aria-describedby")`); got != "name-error" {
		t.Errorf("got a name described by %q, want the message beside it", got)
	}
	if got := reader.value(bodyField); got != text {
		t.Errorf("got %q in the form after the error, want what was typed", got)
	}
	if got := reader.value("input[name=email]"); got != "gast@example.org" {
		t.Errorf("got the address %q after the error, want what was typed", got)
	}
	reader.fill(nameField, "Gast")
	reader.click(submit)
	reader.sees("h1", "Wartet auf Prüfung")
	nowhere(t, text)
}

// The main job with scripts off on both sides: an answer is written, refused by click, and the author reads why.
func TestWithoutScriptsARefusalIsExplained(t *testing.T) {
	const text = "Wer so etwas schreibt, sollte lieber gar nichts schreiben."
	const statement = "Das richtet sich nur gegen die Person."
	reader := newPlainTab(t)
	reader.open(plenum.base + thread)
	reader.click(".comment footer a")
	reader.sees(".answering", "Ihre Antwort an Jana Reuter")
	own := reader.write("Gast", text)
	reader.status(own, "Wartet auf Prüfung")

	desk := newPlainTab(t).signIn(weber)
	desk.pick(text)
	desk.sees(".parent", "Antwort auf Jana Reuter")
	desk.click(".words summary")
	desk.fill("#statement", statement)
	desk.click(`.actions button[value="reject:respect"]`)
	desk.sees("form.undo", "abgelehnt (Respekt)")
	reader.status(own, "Nicht veröffentlicht")
	if why := reader.text(".why"); !strings.Contains(why, "Regel 2: Respekt") || !strings.Contains(why, statement) {
		t.Errorf("got the grounds %q, want rule 2 and the statement", why)
	}
	nowhere(t, text)
}

// An answer that is approved stands below what it answers; its edit waits while the old text stays; withdrawn, it is gone.
func TestWithoutScriptsAnEditWaitsWhileTheOldTextStays(t *testing.T) {
	const first = "Die Breite steht im Plan auf Seite zwölf, rechts unten."
	const second = "Berichtigung: die Breite steht auf Seite vierzehn, links oben."
	reader := newPlainTab(t)
	reader.open(plenum.base + thread)
	reader.click(".comment footer a")
	own := reader.write("Gast", first)
	desk := newPlainTab(t).signIn(weber)
	desk.pick(first)
	desk.click(`.actions button[value="approve"]`)
	published(t, first)
	reader.open(plenum.base + thread)
	reader.sees(".thread > li > ol", first)

	reader.status(own, "Veröffentlicht")
	reader.click("#edit summary")
	reader.fill("#edit textarea", second)
	reader.click("#edit button")
	reader.sees("h1", "Veröffentlicht, Änderung wartet")
	everywhere(t, first)
	nowhere(t, second)

	desk.do(chromedp.Click(chromedp.Search(`//ul[@class="lanes"]//a[contains(., "Bearbeitet")]`)))
	desk.pick(second)
	desk.sees(".diff", "zwölf")
	desk.sees(".diff", "vierzehn")
	desk.click(`.actions button[value="approve"]`)
	published(t, second)
	everywhere(t, second)
	nowhere(t, first)

	reader.status(own, "Veröffentlicht")
	reader.click("#withdraw summary")
	reader.click("#withdraw button")
	reader.sees("h1", "Zurückgezogen")
	nowhere(t, second)
}
