package e2e

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// first has each page that is opened from now on run a script before its own.
func (b *tab) first(script string) {
	b.Helper()
	b.do(chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: script})
		return err
	}))
}

// hurry makes timers run twenty times as fast.
const hurry = `(later => { setTimeout = (f, wait, ...args) => later(f, wait / 20, ...args) })(setTimeout)`

// A browser connects again by itself where it got no answer, but not where the answer was that nobody is there.
func TestAReaderIsToldOfNewCommentsAfterNobodyWasThere(t *testing.T) {
	n, f := newNewsdesk(t, "stille"), newFront(t)
	n.public("Jana", "Das stand schon da.")
	reader := newTab(t)
	reader.first(hurry)
	reader.expect(http.StatusServiceUnavailable)
	f.refuse("/events")
	reader.open(f.in(n.thread()))
	until(t, "listening is refused", func() bool { return f.refused.Load() > 0 })
	f.refuseNothing()
	n.public("Kai", "Das kam danach.")
	reader.sees(".fresh", "neuer Kommentar")
}

// What a device keeps is the only way to edit, withdraw or appeal without an address. A page that says nothing of the
// comment, as where the database is away, takes it from nobody.
func TestADeviceForgetsNoOwnCommentWhileNobodyIsThere(t *testing.T) {
	const text = "Der Steg ist seit gestern gesperrt, warum steht nirgends."
	n, f := newNewsdesk(t, "steg"), newFront(t)
	reader := newTab(t)
	reader.open(f.in(n.thread()))
	own := reader.write("Gast", text)
	reader.click(tick)
	_, secret, _ := strings.Cut(own, "token=")
	if got := reader.stored(); secret == "" || !strings.Contains(got, secret) {
		t.Fatalf("got %s on the device, want the address %s", got, own)
	}
	reader.expect(http.StatusServiceUnavailable)
	f.refuse("/stadtanzeiger/comments/")
	reader.reload()
	until(t, "the author's own page is refused", func() bool {
		return eval[bool](reader, `performance.getEntriesByType("resource").some(e => e.responseStatus === 503)`)
	})
	if got := reader.stored(); !strings.Contains(got, secret) {
		t.Errorf("got %s on the device after an answer that nobody is there, want the address %s", got, own)
	}
	f.refuseNothing()
	reader.reload()
	reader.sees(mine, text)
}
