package moderation_test

import (
	"testing"
	"time"

	"plenum/moderation"
)

// usual is what the site says after a measurement.
func (w *world) usual() string {
	w.Helper()
	w.must(w.flow.MeasureWaits(w.Context()))
	site, err := w.flow.Store.SiteByID(w.Context(), w.site.ID)
	w.must(err)
	return site.UsualWait
}

// decideAfter sends so many comments and decides each after the same time.
func (w *world) decideAfter(n int, wait time.Duration) {
	w.Helper()
	for range n {
		id := w.submit(w.submission()).ID
		w.now = w.now.Add(wait)
		w.must(w.decide(w.moderator, id, moderation.Approve))
	}
}

func TestTheUsualWaitIsTheMedianOfTheNewestDecisionsInCoarseSteps(t *testing.T) {
	w := newWorld(t)
	w.decideAfter(9, time.Minute)
	if got := w.usual(); got != "unknown" {
		t.Errorf("after nine decisions: got %q, want that nothing is said", got)
	}
	w.decideAfter(2, time.Minute)
	if got := w.usual(); got != "hour" {
		t.Errorf("got %q, want within the hour", got)
	}
	w.decideAfter(12, 3*time.Hour) // the eleven quick ones are fewer now
	if got := w.usual(); got != "hours" {
		t.Errorf("got %q, want a few hours", got)
	}
	w.decideAfter(12, 20*time.Hour) // ten days: the median stays in the middle of all thirty-five
	w.decideAfter(12, 20*time.Hour)
	if got := w.usual(); got != "day" {
		t.Errorf("got %q, want by the next day", got)
	}
	w.now = w.now.Add(15 * 24 * time.Hour)
	if got := w.usual(); got != "unknown" {
		t.Errorf("after two weeks without a decision: got %q", got)
	}
}

func TestASlowDeskPromisesDaysAndAVerySlowOneNothing(t *testing.T) {
	w := newWorld(t)
	var sent []moderation.Receipt
	for range 22 {
		sent = append(sent, w.submit(w.submission()))
	}
	w.now = w.now.Add(3 * 24 * time.Hour)
	for _, r := range sent[:11] {
		w.must(w.decide(w.moderator, r.ID, moderation.Reject, "topic"))
	}
	if got := w.usual(); got != "days" {
		t.Errorf("got %q, want days", got)
	}
	w.now = w.now.Add(6 * 24 * time.Hour)
	for _, r := range sent[11:] {
		w.must(w.decide(w.moderator, r.ID, moderation.Spam))
	}
	w.now = w.now.Add(9 * 24 * time.Hour) // only the second half is recent
	if got := w.usual(); got != "unknown" {
		t.Errorf("got %q, want nothing to be promised", got)
	}
}

// The newsroom's own texts and what changes no state are no measure of how long readers wait.
func TestOnlyFirstDecisionsOnReadersCommentsCount(t *testing.T) {
	w := newWorld(t)
	w.decideAfter(11, time.Minute)
	for range 3 {
		id := w.submit(w.submission()).ID
		w.must(w.decide(w.moderator, id, moderation.Approve))
		w.now = w.now.Add(20 * time.Hour)
		for range 5 {
			w.must(w.decide(w.moderator, id, moderation.Keep))
		}
	}
	if got := w.usual(); got != "hour" {
		t.Errorf("got %q, want what was kept later to count for nothing", got)
	}
}
