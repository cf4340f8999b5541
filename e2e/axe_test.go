package e2e

import (
	"os"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

const axeSource = "node_modules/axe-core/axe.min.js"

// violations runs axe-core's rules of WCAG 2.2 A and AA, and its best practices, and names what it finds.
const violations = `axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]})
	.then(r => r.violations.map(v => v.id + ": " + v.help + ": " + v.nodes.map(n => n.target.join(" ")).join(", ")))`

// axe looks at what the tab shows, by day and by night, wide and on a phone.
func (b *tab) axe(what string) {
	b.Helper()
	source, err := os.ReadFile(axeSource)
	if err != nil {
		b.Fatalf("axe-core is not here, run make deps: %v", err)
	}
	b.do(chromedp.Evaluate[chromedp.Void](string(source) + "; undefined"))
	for _, width := range []int64{1280, 390} {
		b.width(width)
		for _, scheme := range []string{"light", "dark"} {
			b.scheme(scheme)
			found := ask(b, chromedp.Evaluate[[]string](violations, chromedp.EvalAwaitPromise))
			if len(found) > 0 {
				b.Errorf("%s at %d px, %s:\n  %s", what, width, scheme, strings.Join(found, "\n  "))
			}
		}
	}
	b.width(1280)
	b.scheme("light")
}

func TestAxeFindsNothingOnTheDesk(t *testing.T) {
	t.Parallel()
	door := newTab(t)
	door.open(plenum.base + "/desk/signin")
	door.see("form")
	door.axe("the door")
	desk := newTab(t).signIn(weber)
	desk.axe("an idle desk")
	desk.press("f")
	desk.axe("the filter")
	desk.do(strokes(kb.Escape))
	desk.press("n")
	desk.see("#decide")
	desk.axe("an open comment")
	desk.press("m")
	desk.see("#statement:focus")
	desk.axe("the words to a decision")
	desk.open(plenum.base + "/desk/stadtanzeiger/queue?state=edited")
	desk.press("n")
	desk.see("#decide")
	desk.axe("an edit")
	desk.press("?")
	desk.see("dialog[open]")
	desk.axe("the list of keys")
	for _, page := range []string{"statistics", "log", "rules", "words", "articles", "queue?state=decided", "queue?state=all&q=Ampel"} {
		desk.open(plenum.base + "/desk/stadtanzeiger/" + page)
		desk.see("main")
		desk.axe(page)
	}
	desk.open(plenum.base + "/desk/stadtanzeiger/queue?state=decided")
	desk.click(".list li button")
	desk.see(".context a")
	desk.axe("a decided comment")
	desk.click(".context a")
	desk.see("main form")
	desk.axe("an author")
}

func TestAxeFindsNothingOnReadersPages(t *testing.T) {
	t.Parallel()
	p := post(t, "Gast", "Ein Kommentar, damit es eine Seite des Verfassers gibt.")
	reader := newTab(t)
	for what, address := range map[string]string{"a thread": plenum.base + thread, "the report": plenum.base + "/stadtanzeiger/transparency", "the overview": plenum.base + "/stadtanzeiger/",
		"the rules": plenum.base + "/stadtanzeiger/rules", "an author's page": p.URL} {
		reader.open(address)
		reader.see("main")
		reader.axe(what)
	}
}
