package e2e

import (
	"context"
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/storage"
	"github.com/chromedp/chromedp"
)

// asHighAsItsContent waits until nothing scrolls inside the frame and nothing is left over.
func asHighAsItsContent(page, frame *tab) {
	page.Helper()
	until(page.T, "the frame is as high as its content", func() bool {
		outer := eval[float64](page, `(document.querySelector("plenum-thread")?.shadowRoot ?? document).querySelector("iframe").clientHeight`)
		content := eval[float64](frame, `document.documentElement.getBoundingClientRect().height`)
		scrolls := eval[bool](frame, `document.documentElement.scrollHeight > innerHeight`)
		return outer > 700 && outer >= content && outer-content < 3 && !scrolls
	})
}

// The frame is as high as its content, at once and when the content grows: nothing scrolls inside of it.
func TestTheFrameGrowsWithItsContent(t *testing.T) {
	page := newTab(t)
	page.open(plenum.article)
	frame := page.frame()
	frame.see("#comments article")
	asHighAsItsContent(page, frame)
	before := eval[float64](page, `document.querySelector("iframe").clientHeight`)
	frame.fill(bodyField, strings.Repeat("Zeile\n", 12))
	asHighAsItsContent(page, frame)
	if after := eval[float64](page, `document.querySelector("iframe").clientHeight`); after <= before {
		t.Errorf("got a frame of %v px around a longer text, want more than %v", after, before)
	}
}

func TestTheFrameKeepsItsHeightWithoutScripts(t *testing.T) {
	page := newPlainTab(t)
	page.open(plenum.article)
	if box := ask(page, chromedp.Dimensions(chromedp.CSS("iframe"))); box.Height != 640 { // 40rem
		t.Errorf("got a frame of %d px, want 640", box.Height)
	}
	page.frame().see("#comments article")
}

// The thread is made of lists, and so may a comment be: its own keep their numbers.
func TestListsInCommentsKeepTheirNumbers(t *testing.T) {
	page := newTab(t)
	page.open(plenum.base + thread)
	page.see(".text ol li")
	if got := eval[string](page, `getComputedStyle(document.querySelector(".text ol li")).listStyleType`); got != "decimal" {
		t.Errorf("got a numbered list marked by %q, want decimal", got)
	}
}

func TestTheElementShowsTheThread(t *testing.T) {
	page := newTab(t)
	page.open(plenum.article)
	eval[bool](page, `(() => {
		const thread = document.createElement("plenum-thread");
		for (const [name, value] of [["site", "stadtanzeiger"], ["article", "wehr"], ["scheme", "dark"]]) thread.setAttribute(name, value);
		document.querySelector("iframe").replaceWith(thread);
		return true;
	})()`)
	until(t, "the old frame is gone", func() bool { return !strings.Contains(page.frame().address(), "radweg") })
	frame := page.frame()
	frame.sees("#comments", "Heiko Lammers")
	asHighAsItsContent(page, frame)
	until(t, "the frame is dark", frame.dark)
}

func TestTheFrameFollowsDarkMode(t *testing.T) {
	page := newTab(t)
	page.open(plenum.article)
	frame := page.frame()
	frame.see("#comments article")
	for _, scheme := range []string{"dark", "light"} {
		page.scheme(scheme)
		frame.scheme(scheme)
		until(t, "the frame is "+scheme, func() bool { return frame.dark() == (scheme == "dark") })
	}
}

// Reading leaves nothing on the reader's machine and goes to no third party.
func TestReadingLeavesNothingBehind(t *testing.T) {
	page := newTab(t)
	page.open(plenum.article)
	frame := page.frame()
	frame.see("#comments article")
	page.leavesNothing()
	frame.leavesNothing()
	for _, path := range []string{"/stadtanzeiger/", "/stadtanzeiger/rules", "/stadtanzeiger/transparency", "/stadtanzeiger/privacy", "/demo", "/desk/signin"} {
		page.open(plenum.base + path)
		page.see("main")
		page.leavesNothing()
	}
}

func (b *tab) leavesNothing() {
	b.Helper()
	if kept := eval[string](b, `document.cookie + Object.keys(localStorage) + Object.keys(sessionStorage)`); kept != "" {
		b.Errorf("%s keeps %q", b.address(), kept)
	}
	session := chromedp.FromContext(b.ctx).BrowserContextID
	cookies, err := chromedp.CallBrowser(b.ctx, storage.GetCookies, storage.GetCookiesParams{BrowserContextID: session})
	if err != nil || len(cookies.Cookies) > 0 {
		b.Errorf("%s sets the cookies %v, %v", b.address(), cookies.Cookies, err)
	}
	for _, loaded := range eval[[]string](b, `performance.getEntriesByType("resource").map(e => e.name)`) {
		if address, err := url.Parse(loaded); err != nil || foreign(address) {
			b.Errorf("%s loads %s", b.address(), loaded)
		}
	}
}

// address is where the page is now.
func (b *tab) address() string {
	ctx, stop := context.WithTimeout(b.ctx, patience)
	defer stop()
	address, err := chromedp.Run(ctx, chromedp.Location())
	if err != nil {
		return err.Error()
	}
	return address
}

// dark reports whether the page stands on a dark ground.
func (b *tab) dark() bool {
	return eval[bool](b, `getComputedStyle(document.body).backgroundColor.match(/\d+/g).slice(0, 3).every(n => n < 80)`)
}
