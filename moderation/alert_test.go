package moderation_test

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"plenum/models"
	"plenum/moderation"
)

// alerts are the kinds of the mails to moderators that are to be sent.
func (w *world) alerts() (kinds []string) {
	w.Helper()
	rows, err := w.flow.Store.Pool().Query(w.Context(), `select args->>'about' from river_job where kind = 'notify_staff' order by id`)
	w.must(err)
	defer rows.Close()
	for rows.Next() {
		var kind string
		w.must(rows.Scan(&kind))
		kinds = append(kinds, kind)
	}
	return kinds
}

func TestAModeratorIsToldOnceThatSomethingWaitsAndOnceThatItIsLate(t *testing.T) {
	w := newWorld(t)
	m, err := w.flow.Store.ModeratorByID(t.Context(), w.moderator.ID)
	w.must(err)
	want := func(n int, when string) {
		t.Helper()
		for range 3 { // looked for again and again
			w.must(w.flow.RaiseAlerts(t.Context()))
		}
		if got := w.alerts(); len(got) != n {
			t.Fatalf("%s: got mails %v, want %d", when, got, n)
		}
	}
	first := w.submit(w.submission()).ID
	want(0, "nobody wishes it")
	set := moderation.Preferences{Locale: "en", Scheme: "dark", SingleKeys: "off", Alerts: map[uuid.UUID][]string{w.site.ID: {models.AlertWaiting, models.AlertLate}}}
	w.must(w.flow.SetPreferences(t.Context(), m, set))
	want(1, "something waits")
	w.now = w.now.Add(w.site.Target() + time.Minute)
	want(2, "it is late")
	w.must(w.flow.SetPreferences(t.Context(), m, set))
	want(2, "the same was set again")
	w.must(w.decide(w.moderator, first, moderation.Approve))
	want(2, "it is decided")
	second := w.submit(w.submission()).ID
	want(3, "something waits again, an hour later")
	w.must(w.decide(w.moderator, second, moderation.Approve))
	want(3, "that is decided too")
	w.submit(w.submission())
	want(3, "something waits again, a moment later")
	w.now = w.now.Add(w.site.Target() - time.Second)
	want(3, "it is not yet an hour")
	w.now = w.now.Add(time.Second)
	want(4, "the hour is over, and the promise is not broken yet")
	got, _, err := w.flow.Preferences(t.Context(), m)
	w.must(err)
	if len(got.Alerts[w.site.ID]) != 2 {
		t.Errorf("got wishes %v, want both", got.Alerts)
	}
	m, err = w.flow.Store.ModeratorByID(t.Context(), m.ID)
	w.must(err)
	if m.Locale != "en" || m.Scheme != "dark" || m.SingleKeys != "off" {
		t.Errorf("got %+v, want what was set", m)
	}
	if err := w.flow.SetPreferences(t.Context(), m, moderation.Preferences{Locale: "en", Scheme: "dark", SingleKeys: "on", Alerts: map[uuid.UUID][]string{uuid.New(): {models.AlertLate}}}); err == nil {
		t.Error("a wish about a site that is not theirs was taken")
	}
}
