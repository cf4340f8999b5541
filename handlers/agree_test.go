package handlers_test

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"plenum/models"
	"plenum/moderation"
)

// agreed is what an agreement is answered.
type agreed struct {
	Agreed  int
	Counted bool
}

// agree agrees with a comment by a browser.
func (w *world) agree(p posted, browser string) agreed {
	w.Helper()
	return read[agreed](w.do("POST", w.api("/comments/"+p.ID+"/agreements"), nil, header("User-Agent", browser)).want(200))
}

func TestAnAgreementIsCountedOncePerPersonAndDay(t *testing.T) {
	w := newWorld(t)
	p := w.published("a text")
	for _, want := range []struct {
		browser string
		agreed
	}{{"one", agreed{1, true}}, {"one", agreed{1, false}}, {"two", agreed{2, true}}, {"one", agreed{2, false}}} {
		if got := w.agree(p, want.browser); got != want.agreed {
			t.Errorf("%s: got %+v, want %+v", want.browser, got, want.agreed)
		}
	}
	if got := w.thread("article=" + article).Comments[0].Agreed; got != 2 {
		t.Errorf("got %d in the thread, want 2", got)
	}
	w.pass(24 * time.Hour)
	w.must(w.flow.Store.Sweep(t.Context(), models.Cutoffs{Now: w.flow.Now()}))
	if got := w.agree(p, "one"); got != (agreed{3, true}) {
		t.Errorf("got %+v on the next day, want one more", got)
	}
}

// Who agreed is forgotten with the day, and what was hashed can't be hashed again.
func TestWhoAgreedIsForgottenAndTheCountStays(t *testing.T) {
	w := newWorld(t)
	p := w.published("a text")
	w.agree(p, "one")
	rows := func(table string) (n int) {
		w.must(w.flow.Store.Pool().QueryRow(t.Context(), "select count(*) from "+table).Scan(&n))
		return n
	}
	w.must(w.flow.Store.Sweep(t.Context(), models.Cutoffs{Now: w.flow.Now()}))
	if rows("agreement_marks") != 1 || rows("agreement_salts") != 1 {
		t.Error("the day is not over: a second click would be counted")
	}
	w.pass(24 * time.Hour)
	w.must(w.flow.Store.Sweep(t.Context(), models.Cutoffs{Now: w.flow.Now()}))
	if rows("agreement_marks") != 0 || rows("agreement_salts") != 0 || rows("agreements") != 1 {
		t.Error("got marks or a salt of yesterday, or lost the count")
	}
}

func TestOnlyWhatIsPublicCanBeAgreedWith(t *testing.T) {
	w := newWorld(t)
	for _, state := range states {
		p := w.state(state)
		want := 404
		if state == "approved" || state == "edited" {
			want = 200
		}
		w.do("POST", w.api("/comments/"+p.ID+"/agreements"), nil).want(want)
		w.do("POST", w.abroad().api("/comments/"+p.ID+"/agreements"), nil).want(404)
	}
}

func TestASiteWithoutTheReactionShowsNoneAndTakesNone(t *testing.T) {
	w := newWorld(t)
	first, second := w.published("first"), w.published("second")
	w.agree(second, "one")
	none := "none"
	_, err := w.flow.SetSite(t.Context(), w.site, moderation.SiteChange{Reaction: &none})
	w.must(err)
	w.do("POST", w.api("/comments/"+first.ID+"/agreements"), nil).refused(403)
	top := w.thread("sort=top&article=" + article)
	if got, want := ids(top.Comments), []string{first.ID, second.ID}; !slices.Equal(got, want) || top.Comments[1].Agreed != 0 {
		t.Errorf("got %v, %d agreeing, want %v and none", got, top.Comments[1].Agreed, want)
	}
	page := string(w.get("/zeitung/thread?article=" + url.QueryEscape(article)).want(200).body)
	if strings.Contains(page, `form="agree"`) || strings.Contains(page, "sort=top") {
		t.Error("the page offers what the site does not have")
	}
}

// Readers are told that a thread changed when something was said in it, not when somebody agreed.
func TestAnAgreementRaisesNoVersion(t *testing.T) {
	w := newWorld(t)
	p := w.published("a text")
	before := w.thread("article=" + article).Version
	w.agree(p, "one")
	if after := w.thread("article=" + article).Version; after != before {
		t.Errorf("got version %d, want %d", after, before)
	}
}

// Without scripts the button leads to the comment, with the new number in its place.
func TestAgreeingOnThePageLeadsToTheComment(t *testing.T) {
	w := newWorld(t)
	p := w.published("a text")
	if page := w.page("article=" + url.QueryEscape(article)); !strings.Contains(page, `<form id="agree" method="post" action="/zeitung/agreements"`) ||
		!strings.Contains(page, `<button form="agree" name="comment" value="`+p.ID+`">`) {
		t.Error("got a page without the form, or without its button")
	}
	form := url.Values{"comment": {p.ID}, "article": {article}}.Encode()
	typed := header("Content-Type", "application/x-www-form-urlencoded")
	a := w.do("POST", "/zeitung/agreements", form, typed).want(303)
	location := a.header.Get("Location")
	if !strings.HasSuffix(location, "#c-"+p.ID) || a.header.Get("Set-Cookie") != "" {
		t.Errorf("got %s with the cookie %q", location, a.header.Get("Set-Cookie"))
	}
	address, _, _ := strings.Cut(location, "#")
	page := string(w.get(address).want(200).body)
	if !strings.Contains(page, `role="status">Zugestimmt · 1</span>`) || !strings.Contains(page, `id="c-`+p.ID+`" class="comment" aria-current="true"`) {
		t.Errorf("got a page that does not say so: %s", page)
	}
	w.do("POST", "/zeitung/agreements", form, typed, header("Sec-Fetch-Site", "cross-site")).want(403)
	w.do("POST", "/zeitung/agreements", "comment=1", typed).want(404)
}

// A root stands where its own count puts it; its answers stay in their order, whoever agrees with them.
func TestTopPutsTheRootsFirstThatMostAgreeWith(t *testing.T) {
	w := newWorld(t)
	a, b, c, d := w.published("a"), w.published("b"), w.published("c"), w.published("d")
	c1, c2 := w.approve(w.send(newDraft("c1").below(c))), w.approve(w.send(newDraft("c2").below(c)))
	for i := range 3 {
		w.agree(b, fmt.Sprint(i))
		w.agree(c2, fmt.Sprint(i))
		w.agree(c2, fmt.Sprint("more", i))
	}
	w.agree(c, "one")
	want := []string{b.ID, c.ID, c1.ID, c2.ID, a.ID, d.ID}
	if got := ids(w.thread("sort=top&article=" + article).Comments); !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	for limit := 1; limit < 6; limit++ {
		if got := ids(w.pages("sort=top&article="+url.QueryEscape(article), limit)); !slices.Equal(got, want) {
			t.Errorf("pages of %d: got %v, want %v", limit, got, want)
		}
	}
}

// Counts go on while one reads: nothing is shown twice, and the branch that was begun is read to its end.
func TestWhoReadsByTopSeesNothingTwiceWhateverIsAgreedWithMeanwhile(t *testing.T) {
	w := newWorld(t)
	a, b, c := w.published("a"), w.published("b"), w.published("c")
	b1 := w.approve(w.send(newDraft("b1").below(b)))
	w.agree(a, "one")
	w.agree(a, "two")
	w.agree(b, "one")
	first := w.thread("sort=top&limit=2&article=" + article)
	for i := range 5 {
		w.agree(b, fmt.Sprint(i))
		w.agree(a, fmt.Sprint(i))
	}
	second := w.thread("sort=top&article=" + article + "&cursor=" + *first.Next)
	if got, want := append(ids(first.Comments), ids(second.Comments)...), []string{a.ID, b.ID, b1.ID, c.ID}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// What a rendered page is made of has changed: whoever keeps one is told, though the version is the same.
func TestAnAgreementIsHintedAt(t *testing.T) {
	w := newWorld(t)
	p := w.published("a text")
	heard, up := make(chan models.Hint, 8), make(chan struct{})
	go w.flow.Store.Listen(t.Context(), models.Listener{Up: func() { close(up) }, Down: func() {}, Hear: func(h models.Hint) { heard <- h }})
	<-up
	w.agree(p, "one")
	if h := <-heard; h.SiteID != w.site.ID || h.Article != article {
		t.Errorf("got %+v, want a hint at the thread", h)
	}
}
