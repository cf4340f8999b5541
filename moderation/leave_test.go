package moderation_test

import (
	"testing"
	"time"

	"plenum/moderation"
)

func TestALeftClaimEndsSoonUnlessItsPageComesBack(t *testing.T) {
	w := newWorld(t)
	id := w.submit(w.submission()).ID
	holds := func(actor moderation.Actor) bool {
		t.Helper()
		claimed, err := w.flow.ClaimOne(t.Context(), w.site, actor, id)
		w.must(err)
		return claimed
	}
	if !holds(w.moderator) {
		t.Fatal("got no claim on what is free")
	}
	w.must(w.flow.Leave(t.Context(), w.site, w.other, id)) // not theirs
	w.must(w.flow.Leave(t.Context(), w.site, w.moderator, id))
	if holds(w.other) {
		t.Error("the claim ended at once: a page that is loaded again has lost it")
	}
	if !holds(w.moderator) {
		t.Error("the page that came back has lost its claim")
	}
	w.now = w.now.Add(time.Minute)
	if holds(w.other) {
		t.Error("the renewed claim ended")
	}
	w.must(w.flow.Leave(t.Context(), w.site, w.moderator, id))
	w.now = w.now.Add(time.Minute)
	if !holds(w.other) {
		t.Error("a claim that was left a minute ago still holds")
	}
}
