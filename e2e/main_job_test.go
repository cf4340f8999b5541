package e2e

import (
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// A reader posts in the frame on the article page, nobody sees it, a moderator approves it by key, everybody sees it.
func TestACommentIsHeldThenApprovedByKeyThenPublic(t *testing.T) {
	const text = "Wann fangen die Bauarbeiten vor der Bäckerei denn nun wirklich an?"
	before := counted(t)
	page := newTab(t)
	page.open(plenum.article)
	frame := page.frame()
	frame.fill("input[name=email]", "erika@example.org")
	own := frame.write("Erika Beispiel", text)
	frame.see("#comments article")
	nowhere(t, text)
	if got := counted(t); got != before {
		t.Errorf("got %d comments counted while one waits, want %d", got, before)
	}

	desk := newTab(t).signIn(vogt)
	desk.pick(text)
	desk.press("a")
	published(t, text)
	everywhere(t, text)
	if got := counted(t); got != before+1 {
		t.Errorf("got %d comments counted after the approval, want %d", got, before+1)
	}
	for _, reader := range []*tab{newTab(t), newPlainTab(t)} {
		reader.open(plenum.article)
		reader.frame().sees("#comments", text)
	}
	newTab(t).status(own, "Veröffentlicht")
	for _, kind := range []string{"received", "published"} {
		until(t, "the mail folder has the letter "+kind, func() bool { return mailTo("erika@example.org", kind) })
	}
}

// A refusal by key names its rule to the author, and u takes it back.
func TestARefusalNamesTheRuleAndIsUndoneByKey(t *testing.T) {
	const text = "Der Stadtrat besteht aus Leuten, die noch nie auf einem Rad saßen."
	const statement = "Bitte ohne das über die Leute, dann gern."
	reader := newTab(t)
	reader.open(plenum.base + thread)
	own := reader.write("Gast", text)

	desk := newTab(t).signIn(vogt)
	desk.pick(text)
	desk.press("m")
	desk.see("#statement:focus")
	desk.do(strokes(statement), strokes(kb.Escape))
	desk.press("2")
	desk.see("form.undo")
	reader.status(own, "Nicht veröffentlicht")
	if rule, said := reader.text(".why h2"), reader.text(".why .statement"); rule != "Regel 2: Respekt" || said != statement {
		t.Errorf("got the grounds %q, %q, want rule 2 and the statement", rule, said)
	}
	desk.press("u")
	desk.sees("main article", text)
	desk.sees(".item .tag", "wartet")
	desk.sees(".list .here", text[:30])
	reader.status(own, "Wartet auf Prüfung")
	nowhere(t, text)
}

// The keys walk through the queue: n opens the next, j and k the neighbours, Escape puts back.
func TestTheQueueIsWalkedThroughByKeys(t *testing.T) {
	desk := newTab(t).signIn(vogt)
	desk.press("n")
	desk.see(".list .here")
	first, at := desk.address(), desk.opened()
	desk.press("j")
	until(t, "j opens a later one", func() bool { return desk.opened() > at })
	desk.press("k")
	until(t, "k goes back to "+first, func() bool { return desk.address() == first })
	desk.press("?")
	desk.sees("dialog[open]", "Freigeben")
	desk.sees("dialog[open]", "Nächste Warteschlange")
	if bare := eval[[]string](desk, `[...document.querySelectorAll("#keys dd")].filter(d => !d.textContent.trim()).map(d => d.previousSibling.textContent)`); len(bare) > 0 {
		t.Errorf("the help does not say what these keys do: %q", bare)
	}
	desk.do(strokes(kb.Escape), chromedp.WaitNotVisible(chromedp.CSS("dialog")))
	desk.press(kb.Escape)
	desk.see(".calm")
}

// opened is the place of the open comment in the list.
func (b *tab) opened() int {
	b.Helper()
	return eval[int](b, `[...document.querySelectorAll(".list li")].findIndex(item => item.classList.contains("here"))`)
}
