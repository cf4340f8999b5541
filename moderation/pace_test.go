package moderation_test

import (
	"testing"
	"time"

	"plenum/models"
	"plenum/moderation"
)

// capped is a world whose site takes two decisions in bulk in an hour, three in a day, and two removals in an hour.
func capped(t *testing.T) *world {
	t.Helper()
	w := newWorld(t)
	w.caps(2, 3, 2)
	return w
}

// caps sets what holds, and makes it hold.
func (w *world) caps(hour, day, removals int) {
	w.Helper()
	site, err := w.flow.SetSite(w.Context(), w.site, moderation.SiteChange{Numbers: map[string]int{"bulk_hour": hour, "bulk_day": day, "removals_hour": removals}})
	w.must(err)
	w.site = site
	w.now = time.Now().UTC()
	w.flow.Unlimited = false
}

// several are comments that wait, sent before limits held.
func (w *world) several(n int) (items []models.BatchItem) {
	w.Helper()
	limited := w.flow.Unlimited
	w.flow.Unlimited = true
	for range n {
		items = append(items, models.BatchItem{CommentID: w.submit(w.submission()).ID, Version: 1})
	}
	w.flow.Unlimited = limited
	return items
}

func (w *world) bulk(actor moderation.Actor, action string, items []models.BatchItem) error {
	w.Helper()
	_, err := w.flow.DecideTogether(w.Context(), w.site, actor, moderation.Order{Action: action, Items: items})
	return err
}

// An order counts from when it is given: another one while it is worked off is one too many.
func TestNobodyDecidesMoreInBulkThanTheSiteLets(t *testing.T) {
	w := capped(t)
	items := w.several(9)
	w.wantRefusal(w.bulk(w.moderator, moderation.Approve, items[:3]), "refusal.cap_hour")
	b := w.run(w.together(moderation.Order{Action: moderation.Approve, Items: items[:2]}))
	w.wantRefusal(w.bulk(w.moderator, moderation.Spam, items[2:3]), "refusal.cap_hour")
	w.must(w.bulk(w.other, moderation.Approve, items[2:4])) // each for themselves
	w.wantRefusal(w.bulk(w.other, moderation.Approve, items[4:5]), "refusal.cap_hour")
	w.must(w.decide(w.moderator, items[5].CommentID, moderation.Approve)) // one by one it goes on
	if _, err := w.flow.UndoBatch(t.Context(), w.site, w.moderator, b.ID); err != nil {
		t.Errorf("taking back: got %v, want it never capped", err)
	}
	w.now = w.now.Add(2 * time.Hour)
	w.wantRefusal(w.bulk(w.moderator, moderation.Approve, items[6:7]), "refusal.cap_day")
	w.now = w.now.Add(23 * time.Hour)
	w.must(w.bulk(w.moderator, moderation.Approve, items[6:8]))
}

// What is sent as a list of decisions is in bulk too.
func TestAListOfDecisionsEndsAtTheCap(t *testing.T) {
	w := capped(t)
	var verdicts []moderation.Verdict
	for _, i := range w.several(3) {
		verdicts = append(verdicts, moderation.Verdict{CommentID: i.CommentID, Version: 1, Action: moderation.Approve})
	}
	results, err := w.flow.DecideAll(t.Context(), w.site, w.moderator, verdicts)
	w.must(err)
	w.must(results[1].Err)
	w.wantRefusal(results[2].Err, "refusal.cap_hour")
}

// Whatever takes down what is public counts, one by one as in bulk; what was never public does not.
func TestNobodyTakesDownMoreThanTheSiteLets(t *testing.T) {
	w := capped(t)
	w.caps(100, 100, 2)
	items := w.several(6)
	for _, i := range items[:4] {
		w.must(w.decide(w.editor, i.CommentID, moderation.Approve))
	}
	w.must(w.decide(w.moderator, items[4].CommentID, moderation.Reject, "respect"))
	w.must(w.decide(w.moderator, items[5].CommentID, moderation.Spam))
	w.must(w.decide(w.moderator, items[0].CommentID, moderation.Spam))
	public := []models.BatchItem{{CommentID: items[1].CommentID, Version: 2}, {CommentID: items[2].CommentID, Version: 2}}
	_, err := w.together(moderation.Order{Action: moderation.Remove, Rules: []string{"respect"}, Items: public})
	w.wantRefusal(err, "refusal.cap_removals")
	b := w.run(w.together(moderation.Order{Action: moderation.Remove, Rules: []string{"respect"}, Items: public[:1]}))
	if b.Done != 1 {
		t.Errorf("got %d removed by an order within the cap, want one", b.Done)
	}
	w.wantRefusal(w.decide(w.moderator, items[2].CommentID, moderation.Remove, "respect"), "refusal.cap_removals")
	w.wantRefusal(w.decide(w.moderator, items[2].CommentID, moderation.Spam), "refusal.cap_removals")
	w.must(w.decide(w.other, items[2].CommentID, moderation.Remove, "respect")) // somebody else can
	w.must(w.decide(w.moderator, items[3].CommentID, moderation.Keep))
	w.now = w.now.Add(61 * time.Minute)
	w.must(w.decide(w.moderator, items[3].CommentID, moderation.Remove, "respect"))
}
