package e2e

import (
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// However often two moderators ask for the next comment at the same moment, they are never given the same one.
func TestTwoDesksNeverOpenTheSameComment(t *testing.T) {
	desks := [2]*tab{newTab(t).signIn(vogt), newTab(t).signIn(weber)}
	for range 3 {
		var pressing sync.WaitGroup
		for _, desk := range desks {
			desk.settled()
			pressing.Go(func() {
				if err := chromedp.Do(desk.ctx, strokes("n")); err != nil {
					t.Error(err)
				}
			})
		}
		pressing.Wait()
		var opened [2]string
		for i, desk := range desks {
			desk.see("#decide")
			opened[i] = eval[string](desk, "location.pathname")
		}
		if opened[0] == opened[1] || !strings.Contains(opened[0], "/comments/") {
			t.Fatalf("got the desks at %v, want a comment each", opened)
		}
		desks[1].reload()
		desks[1].sees(".list", "bei M. Vogt")
		for _, desk := range desks {
			desk.press(kb.Escape)
			desk.see(".calm")
		}
	}
}

// Who reads along sees by whom a comment is held, and has nothing to decide with.
func TestACommentHeldByAnotherCanOnlyBeRead(t *testing.T) {
	const text = "Am Samstag stehen dort immer die Lieferwagen vom Markt."
	p := post(t, "Gast", text)
	holder, other := newTab(t).signIn(weber), newTab(t).signIn(vogt)
	holder.pick(text)
	other.open(plenum.base + "/desk/stadtanzeiger/comments/" + p.ID)
	other.sees(".notice", "A. Weber hat diesen Kommentar geöffnet")
	if n := eval[int](other, `document.querySelectorAll("main [name=action], .keys [name=action]").length`); n != 0 {
		t.Errorf("got %d buttons to decide what another holds, want none", n)
	}
}

// A decision that comes second changes nothing: it says what the other did, and what was typed is still there.
func TestASecondDecisionIsToldOfTheFirst(t *testing.T) {
	const text = "Die Poller am Brunnen stehen seit Wochen schief, wer räumt sie weg?"
	const statement = "Das gehört leider nicht zu diesem Artikel."
	post(t, "Gast", text)
	late := newTab(t).signIn(vogt)
	late.expect(409)
	late.pick(text)
	late.press("m")
	late.see("#statement:focus")
	late.do(strokes(statement), strokes(kb.Escape))
	const elsewhere = `fetch(location.pathname + "/release", {method: "POST", body: new URLSearchParams}).then(answer => answer.ok)`
	if released := ask(late, chromedp.Evaluate[bool](elsewhere, chromedp.EvalAwaitPromise)); !released {
		t.Fatal("the comment was not put back from another window")
	}

	early := newTab(t).signIn(weber)
	early.pick(text)
	early.press("a")
	published(t, text)

	late.press("1")
	late.sees(".notice.refused", "Inzwischen ist mit diesem Kommentar etwas geschehen")
	late.sees(".notice.refused li", "freigegeben von A. Weber")
	if got := late.value("#statement"); got != statement {
		t.Errorf("got %q in the field, want what was typed", got)
	}
	late.sees(".history", "freigegeben von A. Weber")
	everywhere(t, text)
}

// Whoever has to sign in again while they write finds what they wrote; once it is sent it is gone.
func TestWordsOutliveTheSessionAndGoOnceTheyAreSent(t *testing.T) {
	const text, statement = "Am Bahnhof fehlen seit Monaten die Bänke, auch im Regen.", "Das gehört nicht hierher."
	post(t, "Gast", text)
	desk := newTab(t).signIn(vogt)
	desk.expect(401)
	desk.pick(text)
	item := desk.address()
	desk.press("m")
	desk.see("#statement:focus")
	desk.do(strokes(statement), strokes(kb.Escape))
	const signOut = `fetch("/desk/signout", {method: "POST", body: new URLSearchParams}).then(answer => answer.ok)`
	if out := ask(desk, chromedp.Evaluate[bool](signOut, chromedp.EvalAwaitPromise)); !out {
		t.Fatal("the session did not end")
	}
	desk.press("1")
	desk.click(`a[href^="/desk/signin"]`)
	desk.fill("#email", vogt)
	desk.fill("#password", "plenum-demo")
	desk.click("form button.primary")
	desk.see("#decide")
	if got := desk.address(); got != item {
		t.Errorf("got to %s after signing in, want %s", got, item)
	}
	if got := desk.value("#statement"); got != statement {
		t.Errorf("got %q in the field, want what was typed", got)
	}
	desk.press("1")
	desk.see("form[data-left]")
	if got := desk.stored(); strings.Contains(got, statement) {
		t.Errorf("got %s on the device, want nothing that was sent", got)
	}
}
