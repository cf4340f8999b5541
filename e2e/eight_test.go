package e2e

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// Over HTTP/1.1 a browser opens six connections to a host, and each event stream keeps one. Eight threads on a page leave
// them to all else, and tell what came while nobody looked.
func TestOnlyAThreadThatIsSeenListens(t *testing.T) {
	first, f := newNewsdesk(t, "acht-1"), newFront(t)
	first.public("Jana", "Das stand schon da.")
	var page strings.Builder
	page.WriteString(`<!doctype html><html lang="de"><link rel="icon" href="data:,"><title>Acht</title>`)
	address := func(i int) string { return f.base + "/stadtanzeiger/thread?article=acht-" + fmt.Sprint(i) }
	for i := 1; i <= 8; i++ {
		fmt.Fprintf(&page, `<iframe id="f%d" src="%s" style="width:100%%;height:60rem;margin:40rem 0"></iframe>`, i, address(i))
	}
	f.pages["/acht"] = page.String()
	reader := newTab(t)
	reader.open("http://localhost" + f.port + "/acht")
	until(t, "the first thread listens", func() bool { return f.listening("acht-1") })
	for i := 2; i <= 8; i++ {
		reader.do(chromedp.ScrollIntoView(chromedp.CSS(fmt.Sprint("#f", i))))
	}
	last := reader.inside(address(8))
	last.write("Gast", "Ich habe bis zum Ende geblättert.")
	until(t, "only the last thread listens", func() bool { return f.listening("acht-8") })
	first.public("Kai", "Das kam, als niemand hinsah.")
	if f.most > 3 {
		t.Errorf("got %d streams at once, want one, and what is about to end", f.most)
	}
	reader.do(chromedp.ScrollIntoView(chromedp.CSS("#f1")))
	reader.inside(address(1)).sees(".fresh", "neuer Kommentar")
}

func TestWhereABrowserCannotTellWhatIsSeenAThreadListens(t *testing.T) {
	f := newFront(t)
	reader := newTab(t)
	reader.first("delete window.IntersectionObserver")
	reader.open(f.in(plenum.base + thread))
	until(t, "the thread listens", func() bool { return f.listening("radweg") })
}
