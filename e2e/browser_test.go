package e2e

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

var (
	plenum  *demo
	browser context.Context
)

// patience is how long a page may take for anything.
const patience = 15 * time.Second

func TestMain(m *testing.M) {
	code, err := run(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

func run(m *testing.M) (code int, err error) {
	path, err := chromium()
	if err != nil {
		return 1, err
	}
	if plenum, err = startDemo(context.Background()); err != nil {
		return 1, err
	}
	defer func() { err = errors.Join(err, plenum.stop()) }()
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.Flag("disable-gpu", true),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-sync", true), chromedp.Flag("no-sandbox", os.Geteuid() == 0), chromedp.Flag("lang", "de"), chromedp.WindowSize(1280, 900))
	allocator, stop := chromedp.NewExecAllocator(context.Background(), options...)
	defer stop()
	var end context.CancelFunc
	browser, end = chromedp.NewContext(allocator)
	defer end()
	if err := chromedp.Do(browser, chromedp.Navigate("about:blank")); err != nil {
		return 1, fmt.Errorf("start Chromium: %w", err)
	}
	return m.Run(), nil
}

func chromium() (string, error) {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", errors.New("the browser tests need Chromium: install Debian's package chromium")
}

// tab is a page in a browser of its own: no cookie and no storage of another.
type tab struct {
	*testing.T
	ctx context.Context
}

type action = chromedp.Action[chromedp.Void]

// newTab opens an empty page. Each answers to its own test, and is closed after it.
func newTab(t *testing.T) *tab {
	t.Helper()
	ctx, end := chromedp.NewContext(browser, chromedp.WithNewBrowserContext())
	t.Cleanup(end)
	ctx, stop := context.WithTimeout(ctx, 2*time.Minute)
	t.Cleanup(stop)
	if err := chromedp.Do(ctx, chromedp.Navigate("about:blank")); err != nil { // a tab lives as long as its first context
		t.Fatal(err)
	}
	return &tab{t, ctx}
}

// withoutJavaScript turns the page's scripts off.
func (b *tab) withoutJavaScript() *tab {
	b.Helper()
	b.do(chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
		return err
	}))
	return b
}

func (b *tab) do(actions ...action) {
	b.Helper()
	ctx, stop := context.WithTimeout(b.ctx, patience)
	defer stop()
	if err := chromedp.Do(ctx, actions...); err != nil {
		b.Fatalf("%v", err)
	}
}

func (b *tab) open(url string)       { b.Helper(); b.do(chromedp.Navigate(url)) }
func (b *tab) click(selector string) { b.Helper(); b.do(chromedp.Click(chromedp.CSS(selector))) }
func (b *tab) see(selector string)   { b.Helper(); b.do(chromedp.WaitVisible(chromedp.CSS(selector))) }

// press presses a key, once the desk listens: for a moment after loading it does not, so that a second press meant for
// the comment before decides nothing.
func (b *tab) press(key string) {
	b.Helper()
	ask(b, chromedp.Poll[bool]("performance.now() > 1000"))
	b.do(chromedp.KeyEvent(key))
}

func (b *tab) fill(selector, text string) {
	b.Helper()
	b.do(chromedp.SendKeys(chromedp.CSS(selector), text))
}

// text is what the first element that the selector finds shows.
func (b *tab) text(selector string) string {
	b.Helper()
	return ask(b, chromedp.Text(chromedp.CSS(selector)))
}

// value is what a field holds.
func (b *tab) value(selector string) string {
	b.Helper()
	return ask(b, chromedp.Value(chromedp.CSS(selector)))
}

func ask[T any](b *tab, question chromedp.Action[T]) T {
	b.Helper()
	ctx, stop := context.WithTimeout(b.ctx, patience)
	defer stop()
	answer, err := chromedp.Run(ctx, question)
	if err != nil {
		b.Fatalf("%v", err)
	}
	return answer
}

// until waits for a condition that pages and programs bring about.
func until(t *testing.T, what string, met func() bool) {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), patience)
	defer stop()
	for tick := time.NewTicker(50 * time.Millisecond); !met(); {
		select {
		case <-ctx.Done():
			t.Fatalf("waited in vain: %s", what)
		case <-tick.C:
		}
	}
}

// untilText waits until the page shows a text within the selector.
func (b *tab) untilText(selector, want string) {
	b.Helper()
	until(b.T, selector+" shows "+want, func() bool {
		ctx, stop := context.WithTimeout(b.ctx, time.Second)
		defer stop()
		text, err := chromedp.Run(ctx, chromedp.Text(chromedp.CSS(selector)))
		return err == nil && strings.Contains(text, want)
	})
}

// frame is the thread's frame in the page, which the browser runs as a page of its own.
func (b *tab) frame() *tab {
	b.Helper()
	var inner *tab
	until(b.T, "the frame is there", func() bool {
		infos, err := chromedp.Targets(b.ctx)
		if err != nil {
			b.Fatal(err)
		}
		for _, info := range infos {
			if info.Type == "iframe" && strings.HasPrefix(info.URL, plenum.base) {
				ctx, end := chromedp.NewContext(b.ctx, chromedp.WithTargetID(info.TargetID))
				b.Cleanup(end)
				if err := chromedp.Do(ctx, chromedp.WaitReady(chromedp.CSS("body"))); err != nil {
					b.Fatal(err)
				}
				inner = &tab{b.T, ctx}
				return true
			}
		}
		return false
	})
	return inner
}
