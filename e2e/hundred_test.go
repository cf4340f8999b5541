package e2e

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// task is a comment whose text says which key is right for it, and the status that this leads to.
type task struct {
	sent
	key, status string
}

// tasks makes a mixed day: what waits, edits, reports and appeals.
func (n *newsroom) tasks(pending, edited, reported, appealed int) (all []task) {
	n.Helper()
	add := func(kind, key, status string, s sent) { all = append(all, task{s, key, status}) }
	text := func(kind, key string, i int) string {
		return fmt.Sprintf("[%s] %s, Nummer %d: die Breite des Radwegs am Markt.", key, kind, i)
	}
	for i := range pending {
		choice := [][2]string{{"a", "approved"}, {"1", "rejected"}, {"a", "approved"}, {"2", "rejected"}, {"s", "spam"}}[i%5]
		add("Neu", choice[0], choice[1], n.post(text("Neu", choice[0], i)))
	}
	for i := range edited {
		key := [2]string{"a", "3"}[i%2]
		s := n.post(text("Erste Fassung", "-", i))
		n.decide(s, 1, "approve")
		n.edit(s, text("Neue Fassung", key, i))
		add("Änderung", key, "approved", s)
	}
	for i := range reported {
		choice := [2][2]string{{"b", "approved"}, {"2", "removed"}}[i%2]
		s := n.post(text("Gemeldet", choice[0], i))
		n.decide(s, 1, "approve")
		n.report(s, "Das geht zu weit.")
		add("Meldung", choice[0], choice[1], s)
	}
	for i := range appealed {
		choice := [2][2]string{{"a", "approved"}, {"b", "rejected"}}[i%2]
		s := n.post(text("Abgelehnt", choice[0], i))
		n.decide(s, 1, "reject", "topic")
		n.appeal(s, "Es geht doch um den Radweg.")
		add("Einspruch", choice[0], choice[1], s)
	}
	return all
}

// enter signs in at the desk by typing.
func (b *tab) enter(email, queue string) {
	b.Helper()
	b.open(plenum.base + "/desk/signin")
	b.see("#email")
	b.do(chromedp.SendKeys(chromedp.CSS("#email"), email), chromedp.SendKeys(chromedp.CSS("#password"), "plenum-demo"+kb.Enter))
	b.see(".lanes")
	b.open(plenum.base + queue)
	b.see(".lanes")
}

// A working day in German by keyboard alone: each comment's text says which key is right.
func TestAHundredMixedItemsAreWorkedByKeyboardAlone(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t, "hundert")
	all := n.tasks(70, 10, 10, 10)
	desk := newTab(t)
	desk.enter(n.moderator, "/desk/hundert/queue")
	for range all {
		desk.work()
	}
	for _, lane := range []string{"pending", "edited", "reported", "appealed"} {
		if left := n.waiting(lane); left != 0 {
			t.Errorf("got %d left in %s, want none", left, lane)
		}
	}
	for _, one := range all {
		if got := n.status(one.sent); got.Status != one.status {
			t.Errorf("%q: got %s, want %s", got.Body, got.Status, one.status)
		}
	}
}

// work decides the open comment by the key that its text names; where none is open, it opens the next, in the next lane
// where this one is empty.
func (b *tab) work() {
	b.Helper()
	for !eval[bool](b, `!!document.querySelector("article.item") && !!document.querySelector("form#decide, form#hear")`) {
		if eval[bool](b, `!!document.querySelector("[data-key~=n]")`) {
			b.turn("n")
		} else {
			b.turn("l")
		}
	}
	text := b.text("article.item .text")
	_, rest, _ := strings.Cut(text, "[")
	key, _, named := strings.Cut(rest, "]")
	if !named {
		b.Fatalf("the open comment names no key: %q", text)
	}
	b.turn(key)
}

// turn presses a key and waits until another page has come.
func (b *tab) turn(key string) {
	b.Helper()
	b.settled()
	b.leaves("after "+key, func() { b.do(strokes(key)) })
}

// leaves does something that leads to another page, and waits until that is there.
func (b *tab) leaves(what string, do func()) {
	b.Helper()
	eval[bool](b, `document.documentElement.dataset.old = "1", true`)
	do()
	until(b.T, "another page has come "+what, func() bool {
		came, err := chromedp.Run(b.ctx, chromedp.Evaluate[bool](`document.readyState === "complete" && !document.documentElement.dataset.old`))
		return err == nil && came // in between there is no page to ask
	})
}

// The same without scripts: by click, ten of them.
func TestTenMixedItemsAreWorkedWithoutScripts(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t, "zehn")
	all := n.tasks(4, 2, 2, 2)
	desk := newPlainTab(t)
	desk.enter(n.moderator, "/desk/zehn/queue")
	buttons := map[string]string{"a": `.actions [value=approve]`, "1": `.actions [data-key="1"]`, "2": `.actions [data-key="2"]`,
		"3": `.actions [data-key="3"]`, "s": `.actions [value=spam]`, "b": `.actions [value=keep]`}
	for i, one := range all {
		lane, button := "pending", buttons[one.key]
		switch {
		case i >= 8:
			lane, button = "appealed", map[string]string{"a": "#hear [value=overturn]", "b": "#hear [value=uphold]"}[one.key]
		case i >= 6:
			lane = "reported"
		case i >= 4:
			lane = "edited"
		}
		desk.open(plenum.base + "/desk/zehn/comments/" + one.ID + "?state=" + lane)
		if eval[bool](desk, `!!document.querySelector(".keys [data-key~=n]")`) { // not opened yet, as the next one after a decision is
			desk.click(`.keys [data-key~=n]`)
		}
		desk.see(button)
		desk.leaves("after the decision", func() { desk.click(button) })
		until(t, "the decision is made", func() bool { return n.status(one.sent).Status == one.status })
	}
}
