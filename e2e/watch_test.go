package e2e

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
)

// watch hears what a browser reports while a test runs. Errors in the console, refusals by a page's policy and requests
// to a third party fail the test.
type watch struct {
	mu         sync.Mutex
	complaints []string
	expected   []string
}

func newWatch(t *testing.T) *watch {
	w := &watch{}
	t.Cleanup(func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		for _, c := range w.complaints {
			t.Error("the browser reports: " + c)
		}
	})
	return w
}

// expect lets an answer with the given status pass, which the browser reports as an error.
func (w *watch) expect(status int) { w.expectWords(fmt.Sprintf("with a status of %d", status)) }

// expectWords lets a report with these words pass.
func (w *watch) expectWords(words string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.expected = append(w.expected, words)
}

// hear takes an event of a page or of a frame. Violations of the Content-Security-Policy are entries of the log.
func (w *watch) hear(event any) {
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		w.add("exception", e.ExceptionDetails.Text, e.ExceptionDetails.URL)
	case *runtime.EventConsoleAPICalled:
		w.add("console", string(e.Type), fmt.Sprint(len(e.Args), " arguments")) // our scripts write nothing there
	case *log.EventEntryAdded:
		if e.Entry.Level == log.EntryLevelError || e.Entry.Level == log.EntryLevelWarning {
			w.add(string(e.Entry.Source), e.Entry.Text, e.Entry.URL)
		}
	case *network.EventRequestWillBeSent:
		if address, err := url.Parse(e.Request.URL); err != nil || foreign(address) {
			w.add("request", e.Request.URL, e.DocumentURL)
		}
	}
}

// foreign reports whether an address leads to another host than the two names of this machine.
func foreign(address *url.URL) bool {
	return strings.HasPrefix(address.Scheme, "http") && address.Hostname() != "localhost" && address.Hostname() != "127.0.0.1"
}

func (w *watch) add(source, text, where string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if slices.ContainsFunc(w.expected, func(e string) bool { return strings.Contains(text, e) }) {
		return
	}
	w.complaints = append(w.complaints, source+": "+text+" ("+where+")")
}
