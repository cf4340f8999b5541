package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// A reader posts in the frame on the article page, nobody sees it, a moderator approves it by key, everybody sees it.
func TestACommentIsHeldThenApprovedByKeyThenPublic(t *testing.T) {
	const text = "Wann fangen die Bauarbeiten vor der Bäckerei denn nun wirklich an?"
	page := newTab(t)
	page.open(plenum.article)
	page.do(chromedp.ScrollIntoView(chromedp.CSS("iframe")))
	frame := page.frame()
	frame.fill("textarea[name=body]", text)
	frame.fill("input[name=name]", "Erika Beispiel")
	frame.fill("input[name=email]", "erika@example.org")
	frame.click("form button.primary")
	frame.untilText("h1", "Wartet")
	nowhere(t, text)

	desk := signIn(t, "vogt@example.org")
	openItem(desk, text)
	desk.press("a")
	until(t, "the thread shows the comment", func() bool { return strings.Contains(get(t, plenum.base+"/stadtanzeiger/thread?article=radweg"), text) })
	everywhere(t, text)

	again := newTab(t)
	again.open(plenum.article)
	again.do(chromedp.ScrollIntoView(chromedp.CSS("iframe")))
	again.frame().untilText("main", text)
	plain := newTab(t).withoutJavaScript()
	plain.open(plenum.base + "/stadtanzeiger/thread?article=radweg")
	plain.untilText("main", text)
	own := newTab(t)
	own.open(ask(frame, chromedp.Evaluate[string]("location.href")))
	own.untilText("h1", "Veröffentlicht")
	until(t, "the receipt is in the mail folder", func() bool { return mailTo("erika@example.org", "received") })
}

// The whole job once more with scripts off on both sides, and a refusal this time.
func TestWithoutJavaScriptAReaderIsToldWhyACommentWasRefused(t *testing.T) {
	const text = "Wer so etwas schreibt, sollte lieber gar nichts schreiben."
	reader := newTab(t).withoutJavaScript()
	reader.open(plenum.base + "/stadtanzeiger/thread?article=radweg&title=Radweg")
	reader.fill("textarea[name=body]", text)
	reader.fill("input[name=name]", "   ")
	reader.click("form button.primary")
	reader.untilText("form", "darf nicht leer")
	if got := reader.value("textarea[name=body]"); got != text {
		t.Errorf("got %q in the form after the error, want what was typed", got)
	}
	reader.do(chromedp.SetValue(chromedp.CSS("input[name=name]"), "Gast"))
	reader.click("form button.primary")
	reader.untilText("h1", "Wartet")

	desk := newTab(t).withoutJavaScript()
	enter(desk, "weber@example.org")
	openItem(desk, text)
	desk.click(`button[value="reject:respect"]`)
	until(t, "the author's page shows the rule", func() bool {
		reader.do(chromedp.Reload())
		return strings.Contains(reader.text("main"), "Respekt")
	})
	nowhere(t, text)
}

// nowhere fails if the text is on any public surface.
func nowhere(t *testing.T, text string) {
	t.Helper()
	for _, url := range plenum.surfaces() {
		if strings.Contains(get(t, url), text) {
			t.Errorf("%s shows %q", url, text)
		}
	}
}

// everywhere fails if a public surface lacks the text.
func everywhere(t *testing.T, text string) {
	t.Helper()
	for _, url := range plenum.surfaces() {
		if !strings.Contains(get(t, url), text) {
			t.Errorf("%s does not show %q", url, text)
		}
	}
}

func signIn(t *testing.T, email string) *tab {
	t.Helper()
	desk := newTab(t)
	enter(desk, email)
	return desk
}

func enter(desk *tab, email string) {
	desk.Helper()
	desk.open(plenum.base + "/desk")
	desk.fill("#email", email)
	desk.fill("#password", "plenum-demo")
	desk.click("form button.primary")
	desk.see(".list")
}

// openItem opens the item of the list that begins with the text.
func openItem(desk *tab, text string) {
	desk.Helper()
	desk.do(chromedp.Click(chromedp.Search(`//ol[contains(@class,"list")]//button[contains(., "` + text[:30] + `")]`)))
	desk.untilText("main", text)
}

// mailTo reports whether the mail folder has a letter of the kind to the address.
func mailTo(address, kind string) bool {
	letters, err := filepath.Glob(filepath.Join(plenum.mail, "*-"+kind+".*.eml"))
	if err != nil {
		return false
	}
	for _, path := range letters {
		if letter, err := os.ReadFile(path); err == nil && strings.Contains(string(letter), address) {
			return true
		}
	}
	return false
}
