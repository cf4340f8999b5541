package moderation_test

import (
	"net/netip"
	"testing"
	"time"

	"github.com/google/uuid"

	"plenum/models"
	"plenum/moderation"
)

const day = 24 * time.Hour

// expired lets time pass, does the night's work, and says whether the comment was erased.
func (w *world) expired(id uuid.UUID, after time.Duration) bool {
	w.Helper()
	start := w.now
	defer func() { w.now = start }()
	w.now = start.Add(after)
	w.must(w.flow.Expire(w.Context()))
	return w.comment(id).ErasedAt != nil
}

func TestWhatIsNotPublicIsErasedOnceItsTimeIsOver(t *testing.T) {
	w := newWorld(t)
	pending, approved := w.submit(w.submission()), w.public()
	for _, c := range []struct {
		state string
		make  func(id uuid.UUID) error
		days  time.Duration
	}{
		{"rejected", func(id uuid.UUID) error { return w.decide(w.moderator, id, moderation.Reject, "respect") }, 365},
		{"spam", func(id uuid.UUID) error { return w.decide(w.moderator, id, moderation.Spam) }, 365},
		{"withdrawn", func(id uuid.UUID) error {
			return w.flow.Withdraw(t.Context(), w.site, id, w.flow.ManageToken(w.site.ID, id))
		}, 30},
	} {
		id := w.submit(w.submission()).ID
		w.must(c.make(id))
		if w.expired(id, c.days*day-time.Minute) {
			t.Errorf("%s: erased before its time", c.state)
		}
		if !w.expired(id, c.days*day+time.Minute) {
			t.Errorf("%s: not erased after %d days", c.state, c.days)
		}
	}
	if w.expired(pending.ID, 3650*day) || w.expired(approved, 3650*day) {
		t.Error("what waits or is public was erased")
	}
	if v := w.verify(); v.Fault != nil {
		t.Errorf("got %+v, want the log to hold", v.Fault)
	}
}

func TestWhatMayStillBeAppealedIsKept(t *testing.T) {
	w := newWorld(t)
	w.site.AppealDays = 400
	_, err := w.flow.Store.Pool().Exec(t.Context(), `update sites set appeal_days = 400`)
	w.must(err)
	late, open := w.submit(w.submission()), w.submit(w.submission())
	for _, r := range []moderation.Receipt{late, open} {
		w.must(w.decide(w.moderator, r.ID, moderation.Reject, "respect"))
	}
	_, err = w.flow.Appeal(t.Context(), w.site, open.ID, open.ManageToken, "but", moderation.Request{})
	w.must(err)
	if w.expired(late.ID, 399*day) || !w.expired(late.ID, 401*day) {
		t.Error("got it erased at another time than with the end of the period for appeals")
	}
	if w.expired(open.ID, 3650*day) {
		t.Error("what an open appeal is about was erased")
	}
}

func TestAnAddressIsForgottenAYearAfterItWasOfUse(t *testing.T) {
	w := newWorld(t)
	r := w.submit(w.by(reader))
	known := func(after time.Duration) (address, hash bool) {
		w.expired(r.ID, after)
		a, err := w.flow.Store.Author(t.Context(), w.site.ID, w.author(r.ID))
		w.must(err)
		return a.Email != nil, a.AddressHash != nil
	}
	if address, _ := known(3650 * day); !address {
		t.Error("the address of a comment that waits was forgotten")
	}
	w.must(w.decide(w.moderator, r.ID, moderation.Approve))
	if address, _ := known(364 * day); !address {
		t.Error("the address was forgotten before its time")
	}
	if address, hash := known(366 * day); address || !hash {
		t.Errorf("got the address kept %v, its hash kept %v; want the hash alone, to find what is public", address, hash)
	}
	w.must(w.flow.Withdraw(t.Context(), w.site, r.ID, r.ManageToken))
	if _, hash := known(31 * day); hash {
		t.Error("the hash is kept, though nothing of the author is left")
	}
}

func TestReportsAndAppealsAreEmptiedAYearAfterTheirAnswer(t *testing.T) {
	w := newWorld(t)
	id := w.public()
	_, err := w.report(id, reader)
	w.must(err)
	refused := w.submit(w.submission())
	w.must(w.decide(w.moderator, refused.ID, moderation.Reject, "respect"))
	a, err := w.flow.Appeal(t.Context(), w.site, refused.ID, refused.ManageToken, "but", moderation.Request{})
	w.must(err)
	left := func(after time.Duration) (reports, appeals int) {
		w.expired(id, after)
		w.must(w.flow.Store.Pool().QueryRow(t.Context(), `select (select count(*) from reports where text <> '' and email is not null and address_hash is not null),
			(select count(*) from appeals where text <> '')`).Scan(&reports, &appeals))
		return reports, appeals
	}
	if r, a := left(3650 * day); r != 1 || a != 1 {
		t.Errorf("got %d reports and %d appeals left, though nobody answered them", r, a)
	}
	w.must(w.decide(w.moderator, id, moderation.Keep))
	_, err = w.flow.DecideAppeal(t.Context(), w.site, w.other, moderation.AppealVerdict{AppealID: a.ID, Action: moderation.Overturn})
	w.must(err)
	if r, a := left(364 * day); r != 1 || a != 1 {
		t.Errorf("got %d reports and %d appeals left before their time", r, a)
	}
	if r, a := left(366 * day); r != 0 || a != 0 {
		t.Errorf("got %d reports and %d appeals left after a year, want none", r, a)
	}
}

// Several chunks, on two sites, by the role that sees one of them at a time.
func TestTheNightsWorkGoesOnUntilNothingIsLeft(t *testing.T) {
	w := newWorld(t)
	first := w.site
	var last uuid.UUID
	for range 2 {
		for range 201 {
			r := w.submit(w.submission())
			w.must(w.flow.Withdraw(t.Context(), w.site, r.ID, r.ManageToken))
			last = r.ID
		}
		if w.site.ID == first.ID {
			w.site = w.newSite("other")
		}
	}
	if !w.expired(last, 31*day) {
		t.Error("the last one is not erased")
	}
	for _, site := range []models.Site{first, w.site} {
		list, err := w.flow.Store.Erasures(t.Context(), site.ID)
		if err != nil || len(list) != 201 {
			t.Errorf("%s: got %d erased (%v), want 201", site.Slug, len(list), err)
		}
	}
}

// Not a moment longer than a day, although the sweep comes only every so often.
func TestANetworkIsForgottenBeforeADayIsOver(t *testing.T) {
	w := newWorld(t)
	s := w.submission()
	s.Request.Network = netip.MustParseAddr("198.51.100.7")
	id, start := w.submit(s).ID, w.now
	known := func(after time.Duration) bool {
		w.now = start.Add(after)
		w.must(w.flow.Sweep(t.Context(), 15*time.Minute))
		_, err := w.flow.Store.NetworkOf(t.Context(), w.site.ID, id)
		return err == nil
	}
	if !known(23*time.Hour + 44*time.Minute) {
		t.Error("the network was forgotten before its time")
	}
	if known(23*time.Hour + 46*time.Minute) {
		t.Error("the network would be known for longer than a day at the next sweep")
	}
}
