// Package e2e plays Plenum in a real browser: the program as it is shipped, with its demo, in Debian's Chromium.
package e2e

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"testing"

	"github.com/chromedp/chromedp"
)

var screenshots = flag.String("screenshots", "", "folder for article.png and desk.png, the README's pictures")

var (
	plenum     *demo           // the program
	scripted   context.Context // a browser
	scriptless context.Context // and one that runs no scripts, in frames neither
)

func TestMain(m *testing.M) {
	flag.Parse()
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
	defer func() { err = errors.Join(err, plenum.Stop()) }()
	for _, b := range []struct {
		browser *context.Context
		more    []chromedp.ExecAllocatorOption
	}{
		{&scripted, nil},
		{&scriptless, []chromedp.ExecAllocatorOption{chromedp.Flag("blink-settings", "scriptEnabled=false")}},
	} {
		ctx, end := startBrowser(path, b.more...)
		defer end()
		if err := chromedp.Do(ctx, chromedp.Navigate("about:blank")); err != nil {
			return 1, fmt.Errorf("start Chromium: %w", err)
		}
		*b.browser = ctx
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

// startBrowser describes a headless browser with a profile of its own, which knows this machine and no other: a page
// that asks for anything elsewhere gets an error, and the test that opened it fails.
func startBrowser(path string, more ...chromedp.ExecAllocatorOption) (context.Context, context.CancelFunc) {
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path),
		chromedp.Flag("no-sandbox", os.Geteuid() == 0), chromedp.Flag("disable-gpu", true), chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("lang", "de"), chromedp.WindowSize(1280, 900),
		chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND , EXCLUDE localhost , EXCLUDE 127.0.0.1"))
	allocator, stop := chromedp.NewExecAllocator(context.Background(), append(options, more...)...)
	ctx, end := chromedp.NewContext(allocator)
	return ctx, func() { end(); stop() }
}
