package e2e

import (
	"context"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// The frame is as high as its content: nothing scrolls inside of it.
func TestTheFrameGrowsWithItsContent(t *testing.T) {
	page := newTab(t)
	page.open(plenum.article)
	page.do(chromedp.ScrollIntoView(chromedp.CSS("iframe")))
	frame := page.frame()
	frame.see("article")
	until(t, "the frame is as high as its content", func() bool {
		outer := ask(page, chromedp.Evaluate[float64](`document.querySelector("iframe").clientHeight`))
		inner := ask(frame, chromedp.Evaluate[float64](`document.documentElement.scrollHeight`))
		return outer > 700 && inner-outer < 2 && outer-inner < 2
	})
	plain := newTab(t).withoutJavaScript()
	plain.open(plenum.article)
	box := ask(plain, chromedp.Dimensions(chromedp.CSS("iframe")))
	if box.Height != 640 { // 40rem
		t.Errorf("got a frame of %d px without JavaScript, want 640", box.Height)
	}
}

func TestTheFrameFollowsDarkMode(t *testing.T) {
	for scheme, want := range map[string]bool{"light": false, "dark": true} {
		page := newTab(t)
		page.do(media(scheme))
		page.open(plenum.base + "/stadtanzeiger/thread?article=radweg")
		page.see("main")
		dark := ask(page, chromedp.Evaluate[bool](`getComputedStyle(document.body).backgroundColor.match(/\d+/g).slice(0, 3).every(n => n < 80)`))
		if dark != want {
			t.Errorf("%s: got a dark page %v, want %v", scheme, dark, want)
		}
	}
}

// Reading leaves nothing on the reader's machine.
func TestReadingSetsNoCookieAndNoStorage(t *testing.T) {
	for _, path := range []string{"/stadtanzeiger/thread?article=radweg", "/stadtanzeiger/", "/stadtanzeiger/rules"} {
		page := newTab(t)
		page.open(plenum.base + path)
		page.see("main")
		kept := ask(page, chromedp.Evaluate[string](`document.cookie + Object.keys(localStorage) + Object.keys(sessionStorage)`))
		if kept != "" {
			t.Errorf("%s keeps %q", path, kept)
		}
		foreign := ask(page, chromedp.Evaluate[string](`performance.getEntriesByType("resource").map(e => e.name).filter(n => !n.startsWith(location.origin + "/")).join()`))
		if foreign != "" {
			t.Errorf("%s loads %s", path, foreign)
		}
	}
}

// Nothing runs over at the width of a small phone, nor on a desk.
func TestPagesFitNarrowAndWide(t *testing.T) {
	desk := signIn(t, "vogt@example.org")
	desk.do(chromedp.Click(chromedp.CSS(".list li:last-child button")))
	desk.see(".work, main")
	reader := newTab(t)
	for _, width := range []int64{320, 1280} {
		for _, path := range []string{"/stadtanzeiger/thread?article=radweg", "/stadtanzeiger/", "/stadtanzeiger/rules?locale=en", "/demo/radweg"} {
			reader.do(chromedp.EmulateViewport(width, 900))
			reader.open(plenum.base + path)
			fits(reader, path, width)
		}
		desk.do(chromedp.EmulateViewport(width, 900))
		fits(desk, "the desk", width)
	}
}

func fits(b *tab, what string, width int64) {
	b.Helper()
	if over := ask(b, chromedp.Evaluate[float64](`document.scrollingElement.scrollWidth - innerWidth`)); over > 0 {
		b.Errorf("%s is %v px too wide at %d", what, over, width)
	}
	const unlabelled = `[...document.querySelectorAll("input:not([type=hidden]), textarea, select")].filter(e => !e.labels?.length && !e.getAttribute("aria-label")).length`
	if n := ask(b, chromedp.Evaluate[float64](unlabelled)); n > 0 {
		b.Errorf("%s has %v fields without a label", what, n)
	}
}

func media(scheme string) action {
	return chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}})
		return err
	})
}

var screenshots = flag.String("screenshots", "", "folder for article.png and desk.png, the README's pictures")

// The README's pictures are made here: go test -run Pictures -screenshots ../docs/images
func TestPicturesOfTheReadme(t *testing.T) {
	page := newTab(t)
	page.do(chromedp.EmulateViewport(1100, 1250))
	page.open(plenum.article)
	page.do(chromedp.ScrollIntoView(chromedp.CSS("iframe")))
	page.frame().see("article")
	until(t, "the frame has grown", func() bool {
		return ask(page, chromedp.Evaluate[float64](`document.querySelector("iframe").clientHeight`)) > 1500
	})
	ask(page, chromedp.Evaluate[float64](`scrollTo({top: document.querySelector("iframe").getBoundingClientRect().top + scrollY - 150, behavior: "instant"}), scrollY`))
	keep(page, "article.png")

	desk := signIn(t, "weber@example.org")
	desk.do(chromedp.EmulateViewport(1360, 850))
	openItem(desk, "kontrollieren, sonst bringt alles")
	keep(desk, "desk.png")
}

// keep writes what the page shows, where a folder is given for it.
func keep(b *tab, name string) {
	b.Helper()
	picture := ask(b, chromedp.CaptureScreenshot())
	if *screenshots == "" || len(picture) == 0 {
		return
	}
	if err := os.WriteFile(filepath.Join(*screenshots, name), picture, 0o644); err != nil {
		b.Fatal(err)
	}
}
