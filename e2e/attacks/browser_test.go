package attacks

import (
	"context"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// patience is how long a page may take for anything.
const patience = 15 * time.Second

// sampled is of how many rows one is opened in a browser; all are parsed.
func sampled() int {
	if *all {
		return 5
	}
	return 12
}

// provoke goes over everything that a comment holds as a person would, links aside, which lead away.
const provoke = `(() => {
	for (const e of document.querySelectorAll("main *")) {
		for (const name of ["mouseover", "mouseenter", "pointerover", "focusin"]) e.dispatchEvent(new MouseEvent(name, {bubbles: true}));
		if (e.closest(".text") && !e.closest("a")) e.click();
		if (e.matches("[tabindex]")) e.focus();
	}
	return window.ran?.length ?? 0;
})()`

// hooks count calls of what a payload calls to show that it runs.
const hooks = `window.ran = []; for (const name of ["alert", "confirm", "prompt", "print"]) window[name] = () => { window.ran.push(name); };`

// browser is a Chromium that reports whatever a page does beyond showing text.
type browser struct {
	*testing.T
	ctx  context.Context
	mu   sync.Mutex
	seen []string
	open string // the address that is meant to be open
}

func newBrowser(t *testing.T) *browser {
	t.Helper()
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.Flag("no-sandbox", os.Geteuid() == 0),
		chromedp.Flag("disable-gpu", true), chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND , EXCLUDE localhost , EXCLUDE 127.0.0.1"))
	allocator, stop := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(stop)
	b := &browser{T: t}
	ctx, end := chromedp.NewContext(allocator, chromedp.WithListener(b.hear))
	t.Cleanup(end)
	b.ctx = ctx
	b.do(chromedp.Navigate("about:blank"), chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: hooks})
		return err
	}))
	return b
}

type action = chromedp.Action[chromedp.Void]

func (b *browser) do(actions ...action) {
	b.Helper()
	for _, a := range actions {
		if err := chromedp.Do(b.ctx, a); err != nil {
			b.Fatalf("%s: %v", b.open, err)
		}
	}
}

// hear notes dialogs, ways to elsewhere, requests to anybody else, and what the page's policy refused.
func (b *browser) hear(event any) {
	switch e := event.(type) {
	case *page.EventJavascriptDialogOpening:
		b.note("a dialog: " + e.Message)
	case *page.EventWindowOpen:
		b.note("a window: " + e.URL)
	case *network.EventRequestWillBeSent:
		if u, err := url.Parse(e.Request.URL); err != nil || strings.HasPrefix(u.Scheme, "http") && "http://"+u.Host != plenum.Base {
			b.note("a request to " + e.Request.URL)
		}
	case *log.EventEntryAdded:
		if e.Entry.Level == log.EntryLevelError || e.Entry.Source == log.EntrySourceSecurity {
			b.note(string(e.Entry.Source) + ": " + e.Entry.Text)
		}
	}
}

func (b *browser) note(what string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.seen = append(b.seen, what)
}

// signIn lets the browser in to the desk.
func (b *browser) signIn(c *http.Cookie) {
	b.Helper()
	secure := true
	b.do(chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, network.SetCookie, network.SetCookieParams{Name: c.Name, Value: c.Value, URL: plenum.Base, Path: "/", Secure: &secure, HTTPOnly: &secure})
		return err
	}))
}

// visit opens a page, goes over everything in it, and fails for whatever happened beside.
func (b *browser) visit(where, address string) {
	b.Helper()
	b.open = plenum.Base + address
	ctx, stop := context.WithTimeout(b.ctx, patience)
	defer stop()
	if err := chromedp.Do(ctx, chromedp.Navigate(b.open)); err != nil {
		b.Fatalf("%s: open %s: %v", where, b.open, err)
	}
	ran, err := chromedp.Run(ctx, chromedp.Evaluate[int](provoke))
	if err != nil {
		b.Fatalf("%s: %v", where, err)
	}
	at, err := chromedp.Run(ctx, chromedp.Evaluate[string]("location.origin + location.pathname"))
	if want, _, _ := strings.Cut(b.open, "?"); err != nil || at != want {
		b.Errorf("%s: the page went to %s, %v", where, at, err)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if ran > 0 || len(b.seen) > 0 {
		b.Errorf("%s: %d calls, %q", where, ran, b.seen)
	}
	b.seen = nil
}
