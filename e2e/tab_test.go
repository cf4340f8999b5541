package e2e

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// patience is how long a page may take for anything.
const patience = 15 * time.Second

// tab is a page in a browser session of its own: no cookie and no storage of another.
type tab struct {
	*testing.T
	*watch
	ctx context.Context
}

type action = chromedp.Action[chromedp.Void]

// newTab opens an empty page. Each answers to its own test, and is closed after it.
func newTab(t *testing.T) *tab { t.Helper(); return openTab(t, scripted) }

// newPlainTab opens an empty page whose scripts are turned off, and those of its frames too.
func newPlainTab(t *testing.T) *tab { t.Helper(); return openTab(t, scriptless) }

func openTab(t *testing.T, browser context.Context) *tab {
	t.Helper()
	b := &tab{T: t, watch: newWatch(t)}
	ctx, end := chromedp.NewContext(browser, chromedp.WithNewBrowserContext(), chromedp.WithListener(b.hear))
	t.Cleanup(end)
	if err := chromedp.Do(ctx, chromedp.Navigate("about:blank")); err != nil { // a tab lives as long as its first context
		t.Fatal(err)
	}
	b.ctx = ctx
	return b
}

// frame is the thread's frame in the page, which the browser runs as a page of its own.
func (b *tab) frame() *tab {
	b.Helper()
	b.do(chromedp.ScrollIntoView(chromedp.CSS("iframe, plenum-thread"))) // it loads when it comes near
	return b.inside(plenum.base)
}

// inside is the frame with an address that begins so.
func (b *tab) inside(address string) *tab {
	b.Helper()
	inner := &tab{T: b.T, watch: b.watch}
	until(b.T, "the frame is there", func() bool {
		infos, err := chromedp.Targets(b.ctx)
		if err != nil {
			b.Fatal(err)
		}
		for _, info := range infos {
			mine := info.BrowserContextID == chromedp.FromContext(b.ctx).BrowserContextID
			if mine && info.Type == "iframe" && strings.HasPrefix(info.URL, address) {
				ctx, end := chromedp.NewContext(b.ctx, chromedp.WithTargetID(info.TargetID), chromedp.WithListener(b.hear))
				b.Cleanup(end)
				inner.ctx = ctx
				return chromedp.Do(ctx, chromedp.WaitReady(chromedp.CSS("body"))) == nil
			}
		}
		return false
	})
	return inner
}

func (b *tab) do(actions ...action) {
	b.Helper()
	ctx, stop := context.WithTimeout(b.ctx, patience)
	defer stop()
	for _, a := range actions {
		err := chromedp.Do(ctx, a)
		for err != nil && replaced(err) {
			err = chromedp.Do(ctx, a)
		}
		if err != nil {
			b.Fatalf("%v", err)
		}
	}
}

func ask[T any](b *tab, question chromedp.Action[T]) T {
	b.Helper()
	ctx, stop := context.WithTimeout(b.ctx, patience)
	defer stop()
	answer, err := chromedp.Run(ctx, question)
	for err != nil && (replaced(err) || left(err)) {
		answer, err = chromedp.Run(ctx, question)
	}
	if err != nil {
		b.Fatalf("%v", err)
	}
	return answer
}

// replaced reports whether the page was drawn anew between looking for an element and asking it. Then one asks again,
// until the context ends.
func replaced(err error) bool { return strings.Contains(err.Error(), "Could not find node") }

// left reports whether the page went on to the next before it had answered: a question, which changes nothing, is put to that.
func left(err error) bool { return strings.Contains(err.Error(), "Execution context was destroyed") }

// eval asks the page for the value of an expression.
func eval[T any](b *tab, expression string) T {
	b.Helper()
	return ask(b, chromedp.Evaluate[T](expression))
}

func (b *tab) open(url string)       { b.Helper(); b.do(chromedp.Navigate(url)) }
func (b *tab) reload()               { b.Helper(); b.do(chromedp.Reload()) }
func (b *tab) click(selector string) { b.Helper(); b.do(chromedp.Click(chromedp.CSS(selector))) }
func (b *tab) see(selector string)   { b.Helper(); b.do(chromedp.WaitVisible(chromedp.CSS(selector))) }
func (b *tab) text(selector string) string {
	b.Helper()
	return ask(b, chromedp.Text(chromedp.CSS(selector)))
}
func (b *tab) value(selector string) string {
	b.Helper()
	return ask(b, chromedp.Value(chromedp.CSS(selector)))
}
func (b *tab) width(pixels int64) { b.Helper(); b.do(chromedp.EmulateViewport(pixels, 900)) }

// fill types a text in the place of what a field held.
func (b *tab) fill(selector, text string) {
	b.Helper()
	b.see(selector)
	eval[string](b, fmt.Sprintf("document.querySelector(%q).value = ''", selector))
	b.do(chromedp.SendKeys(chromedp.CSS(selector), text))
}

// press presses a key, once the desk listens.
func (b *tab) press(key string) {
	b.Helper()
	b.settled()
	b.do(strokes(key))
}

// strokes types as a keyboard does: what a page does not want to be typed is not. (chromedp's own sends the character
// even so.)
func strokes(keys string) action {
	return chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		for _, key := range keys {
			down := *kb.Encode(key)[0]
			up := down
			if up.Type = kb.KeyUp; unicode.IsPrint(key) {
				down.Text = string(key)
			}
			for _, stroke := range []input.DispatchKeyEventParams{down, up} {
				if _, err := cdp.Call(ctx, target, input.DispatchKeyEvent, stroke); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// settled waits until the desk listens to keys: for a moment after loading it does not, so that a second press meant for
// the comment before decides nothing.
func (b *tab) settled() {
	b.Helper()
	ask(b, chromedp.Poll[bool](`(load => load > 0 && performance.now() - load > 260)(performance.getEntriesByType("navigation")[0].loadEventEnd)`))
}

// scheme is what the reader's system prefers: light or dark.
func (b *tab) scheme(name string) {
	b.Helper()
	b.do(chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: name}}})
		return err
	}))
}

// isolates stand around names, which may be written in another direction than the sentence (Unicode UAX #9, 2.7).
var isolates = strings.NewReplacer("\u2068", "", "\u2069", "")

// sees waits until the page shows a text within the selector.
func (b *tab) sees(selector, want string) {
	b.Helper()
	until(b.T, selector+" shows "+want, func() bool {
		ctx, stop := context.WithTimeout(b.ctx, time.Second)
		defer stop()
		text, err := chromedp.Run(ctx, chromedp.Text(chromedp.CSS(selector)))
		return err == nil && strings.Contains(isolates.Replace(text), want)
	})
}

// until waits for a condition that pages and programs bring about.
func until(t *testing.T, what string, met func() bool) {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), patience)
	defer stop()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for !met() {
		select {
		case <-ctx.Done():
			t.Fatalf("waited in vain: %s", what)
		case <-tick.C:
		}
	}
}
