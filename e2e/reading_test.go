package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// newsdesk writes and approves comments in an editor's name, through the API.
type newsdesk struct {
	*testing.T
	token, key string
}

func newNewsdesk(t *testing.T, key string) newsdesk {
	t.Helper()
	token, err := plenum.Command(t.Context(), "", "token", "create", weber, "--site", "stadtanzeiger")
	if err != nil {
		t.Fatal(err)
	}
	return newsdesk{t, strings.TrimSpace(token), key}
}

func (n newsdesk) call(path string, body any) (answer struct{ ID string }) {
	n.Helper()
	content, err := json.Marshal(body)
	if err != nil {
		n.Fatal(err)
	}
	q, err := http.NewRequestWithContext(n.Context(), http.MethodPost, plenum.base+"/api/v1/sites/stadtanzeiger"+path, bytes.NewReader(content))
	if err != nil {
		n.Fatal(err)
	}
	q.Header.Set("Content-Type", "application/json")
	q.Header.Set("Authorization", "Bearer "+n.token)
	got, err := http.DefaultClient.Do(q)
	if err != nil {
		n.Fatal(err)
	}
	defer got.Body.Close()
	if err := json.NewDecoder(got.Body).Decode(&answer); err != nil || got.StatusCode >= 300 {
		n.Fatalf("%s: %d, %v", path, got.StatusCode, err)
	}
	return answer
}

// public writes a comment and approves it; below answers one.
func (n newsdesk) public(name, text string) string { n.Helper(); return n.below("", name, text) }

func (n newsdesk) below(parent, name, text string) string {
	n.Helper()
	c := map[string]any{"article": map[string]string{"key": n.key}, "author": map[string]string{"name": name}, "body": text, "rules_version": 1}
	if parent != "" {
		c["parent_id"] = parent
	}
	id := n.call("/comments", c).ID
	n.call("/comments/"+id+"/decisions", map[string]any{"action": "approve", "version": 1})
	return id
}

func (n newsdesk) thread() string { return plenum.base + "/stadtanzeiger/thread?article=" + n.key }

// The budgets of a thread of fifty comments, from the browser's own log of what it loaded.
func TestFiftyCommentsComeInFourSmallRequests(t *testing.T) {
	n := newNewsdesk(t, "fuenfzig")
	for i := range 50 {
		n.public(fmt.Sprint("Leserin ", i), fmt.Sprint("Absatz ", i, ": die Breite steht im Plan auf Seite zwölf."))
	}
	reader := newTab(t)
	reader.open(n.thread())
	reader.see("#comments article")
	if got := eval[int](reader, `document.querySelectorAll("#comments article").length`); got != 50 {
		t.Fatalf("got %d comments, want 50", got)
	}
	type entry struct {
		Name                  string
		EncodedBody, Transfer int
	}
	loaded := eval[[]entry](reader, `performance.getEntriesByType("resource").filter(e => !e.name.endsWith(".svg"))
		.map(e => ({Name: new URL(e.name).pathname, EncodedBody: e.encodedBodySize, Transfer: e.transferSize}))`)
	if len(loaded) > 3 { // beside the page itself; the icon of a tab is nothing that a frame asks for
		t.Errorf("got %+v beside the page, want at most three", loaded)
	}
	sizes := map[string]int{}
	for _, e := range loaded {
		sizes[e.Name[strings.LastIndex(e.Name, ".")+1:]] += e.EncodedBody
	}
	t.Logf("scripts %d bytes, styles %d bytes, %d requests", sizes["js"], sizes["css"], len(loaded)+1)
	if sizes["js"] == 0 || sizes["js"] > 12<<10 || sizes["css"] == 0 || sizes["css"] > 8<<10 {
		t.Errorf("got %v bytes as they came, want at most 12 KiB of scripts and 8 KiB of styles", sizes)
	}
}

// shifts is how far the page's layout moved by itself, by web.dev/cls: 0 is not at all.
const shifts = `new Promise(done => {
	const moved = [];
	new PerformanceObserver(list => {
		for (const e of list.getEntries()) if (!e.hadRecentInput) moved.push(e.value + ": " + e.sources.map(s => (s.node?.nodeName ?? "") + " " + s.previousRect.top + " to " + s.currentRect.top));
	}).observe({type: "layout-shift", buffered: true});
	requestAnimationFrame(() => requestAnimationFrame(() => done(moved)));
})`

func TestTheArticleAroundTheFrameDoesNotMove(t *testing.T) {
	for _, width := range []int64{1280, 390} {
		page := newTab(t)
		page.width(width)
		page.open(plenum.article)
		frame := page.frame()
		frame.see("#comments article")
		asHighAsItsContent(page, frame)
		if moved := ask(page, chromedp.Evaluate[[]string](shifts, chromedp.EvalAwaitPromise)); len(moved) > 0 {
			t.Errorf("at %d px the page moved by %v", width, moved)
		}
	}
	script := eval[int](newEmbedded(t), `performance.getEntriesByType("resource").find(e => e.name.endsWith("/embed.js")).encodedBodySize`)
	if script == 0 || script > 3<<10 {
		t.Errorf("got an embed.js of %d bytes, want at most 3 KiB", script)
	}
}

// newEmbedded is a tab with the script of the embedding on it, from Plenum's own origin, where its size is told.
func newEmbedded(t *testing.T) *tab {
	t.Helper()
	page := newTab(t)
	page.open(plenum.base + "/demo/radweg")
	page.see("iframe")
	until(t, "the script has come", func() bool {
		return eval[bool](page, `performance.getEntriesByType("resource").some(e => e.name.endsWith("/embed.js"))`)
	})
	return page
}

func TestAReaderAgrees(t *testing.T) {
	n := newNewsdesk(t, "zustimmung")
	id := n.public("Jana", "Drei Meter sind drei Meter.")
	button := `button[value="` + id + `"]`
	reader := newTab(t)
	reader.open(n.thread())
	reader.click(button)
	reader.sees(button, "Zugestimmt")
	reader.sees(button, "· 1")
	reader.sees("#agree [role=status]", "Zugestimmt")
	if !eval[bool](reader, `document.activeElement.value === "`+id+`"`) {
		t.Error("the button lost the focus")
	}
	reader.open(n.thread())
	reader.sees(button, "· 1")
	reader.click(button)
	reader.sees("#agree [role=status]", "heute schon")
	reader.leavesNothing()

	plain := newPlainTab(t)
	plain.open(n.thread())
	plain.click(button)
	plain.sees("#c-"+id+" .agreed", "Zugestimmt · 1") // the same browser on the same machine
	plain.see("#c-" + id + `[aria-current="true"]`)
}

func TestTheRestOfALongBranchOpensInItsPlace(t *testing.T) {
	t.Parallel()
	n := newNewsdesk(t, "strang")
	root := n.public("Jana", "Wer war bei der Sitzung?")
	var last, shown string
	for i := range 110 {
		last = n.below(root, fmt.Sprint("Leser ", i), fmt.Sprint("Ich, in Reihe ", i, "."))
		if i == 95 { // still on the first page of the branch
			shown = last
		}
	}
	n.public("Kai", "Etwas anderes.")
	reader := newTab(t)
	reader.open(n.thread())
	reader.sees(".thread > li > .more", "31 weitere Antworten zeigen")
	reader.do(chromedp.ScrollIntoView(chromedp.CSS("[data-rest]")))
	before := eval[float64](reader, "scrollY")
	reader.click("[data-rest]")
	reader.see("#c-" + shown)
	if got := eval[string](reader, `document.activeElement.querySelector("b").textContent`); !strings.Contains(got, "Leser 79") {
		t.Errorf("got the focus on %q, want the first that came", got)
	}
	if after := eval[float64](reader, "scrollY"); after != before || strings.Contains(reader.address(), "branch=") {
		t.Errorf("the page went to %s, from %v to %v", reader.address(), before, after)
	}
	reader.axe("an opened branch")

	plain := newPlainTab(t)
	plain.open(n.thread())
	plain.click("[data-rest]")
	plain.see("#c-" + shown)
	plain.open(n.thread() + "&comment=" + last)
	plain.see("#c-" + last + `[aria-current="true"]`)
	for _, address := range []string{"&comment=" + last, "&branch=" + root, "&sort=top"} {
		reader.open(n.thread() + address)
		reader.axe("the thread with " + address)
	}
	reader.expect(404)
	reader.open(n.thread() + "&comment=00000000-0000-7000-8000-000000000000")
	reader.sees(".notice", "nicht mehr")
	reader.axe("a permalink to nothing")
}

// Only for readers who ticked the box, and forgotten with the tick.
func TestWhatIsNewSinceTheLastVisit(t *testing.T) {
	n := newNewsdesk(t, "besuch")
	n.public("Jana", "Das war schon da.")
	reader := newTab(t)
	reader.open(n.thread())
	reader.see("#comments article")
	reader.leavesNothing()
	reader.click("#remember")
	id := n.public("Kai", "Das ist neu.")
	reader.open(n.thread())
	reader.sees("#c-"+id+" .tag", "neu")
	if got := eval[int](reader, `document.querySelectorAll(".fresh-tag").length`); got != 1 {
		t.Errorf("got %d marked as new, want the one that is", got)
	}
	reader.click("#remember")
	reader.leavesNothing()
}

// What is written to break the page or to pass for something else does neither, on a small phone.
func TestHostileTextStaysInItsPlace(t *testing.T) {
	n := newNewsdesk(t, "zeichen")
	zalgo := "Z" + strings.Repeat("\u0300\u0316\u0336", 60) + "algo"
	word := strings.Repeat("w", 9990)
	for name, text := range map[string]string{"Wort": word, "Zalgo\u0300\u0316": zalgo, "\u202enoitkadeR": "x", "Re\u200bdaktion": "x"} {
		if strings.ContainsAny(name, "\u202e\u200b") { // refused: only looks like the newsroom
			n.refused(name)
			continue
		}
		n.public(name, text)
	}
	n.public("\u202eanaJ", "Mitten im \u202eSatz dreht es sich, und \u200bes bleibt in diesem.")
	n.public(strings.Repeat("W", 80), "**"+strings.Repeat("m", 400)+"**\n\n> "+strings.Repeat("q", 300)+"\n\n`"+strings.Repeat("c", 300)+"`")
	n.public("Redaktion", "Ich heiße nur so.")
	reader := newTab(t)
	reader.open(n.thread())
	reader.see("#comments article")
	reader.fits(reader, "de")
	reader.width(320)
	wide := eval[[]string](reader, `[...document.querySelectorAll("#comments :is(article, article *)")]
		.filter(e => getComputedStyle(e).position !== "absolute" && e.getBoundingClientRect().right > innerWidth).map(e => e.outerHTML.slice(0, 80))`)
	if len(wide) > 0 {
		t.Errorf("got %q beyond the edge", wide)
	}
	if high := eval[float64](reader, `document.querySelector(".long").getBoundingClientRect().height`); high > 400 {
		t.Errorf("got %v px of the long word, want its beginning", high)
	}
	reader.sees("#comments", "Leser, nicht Redaktion")
	reader.axe("hostile text")
	reader.width(320)
	reader.click(".unfold")
	if grown := eval[float64](reader, `document.querySelector(".long").getBoundingClientRect().height`); grown < 1000 {
		t.Errorf("got %v px of the long text, want all of it", grown)
	}
}

// refused expects that nobody may write under a name.
func (n newsdesk) refused(name string) {
	n.Helper()
	content, err := json.Marshal(map[string]any{"article": map[string]string{"key": n.key}, "author": map[string]string{"name": name}, "body": "x", "rules_version": 1})
	if err != nil {
		n.Fatal(err)
	}
	answer, err := http.Post(plenum.base+"/api/v1/sites/stadtanzeiger/comments", "application/json", bytes.NewReader(content))
	if err != nil {
		n.Fatal(err)
	}
	if err := answer.Body.Close(); err != nil || answer.StatusCode != http.StatusUnprocessableEntity {
		n.Errorf("%q: got %d, %v, want it refused", name, answer.StatusCode, err)
	}
}
