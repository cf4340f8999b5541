package moderation_test

import (
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"plenum/models"
	"plenum/moderation"
)

// Of two opposite decisions at once one wins, and the other is told what happened.
func TestTwoOppositeDecisionsAtOnceAreOne(t *testing.T) {
	w := newWorld(t)
	for range 20 {
		id := w.submit(w.submission()).ID
		verdicts := []struct {
			actor moderation.Actor
			moderation.Verdict
		}{
			{w.moderator, moderation.Verdict{CommentID: id, Version: 1, Action: moderation.Approve}},
			{w.other, moderation.Verdict{CommentID: id, Version: 1, Action: moderation.Reject, Rules: []string{"respect"}}},
		}
		errs := make([]error, len(verdicts))
		var both sync.WaitGroup
		for i, v := range verdicts {
			both.Go(func() { _, errs[i] = w.flow.Decide(t.Context(), w.site, v.actor, v.Verdict) })
		}
		both.Wait()
		var stale *moderation.StaleVersion
		if won, lost := errs[0], errs[1]; won != nil {
			errs[0], errs[1] = lost, won
		}
		if errs[0] != nil || !errors.As(errs[1], &stale) || len(stale.Since) != 1 {
			t.Fatalf("got %v, want one decision and one that is told of it", errs)
		}
	}
}

func TestFourModeratorsClaimingAtOnceGetDifferentItems(t *testing.T) {
	w := newWorld(t)
	for range 60 {
		w.submit(w.submission())
	}
	var four sync.WaitGroup
	var mu sync.Mutex
	claimed := map[uuid.UUID]int{}
	for _, actor := range []moderation.Actor{w.moderator, w.other, w.editor, w.staff(w.site, "mu", moderation.RoleModerator)} {
		four.Go(func() {
			items, err := w.flow.Claim(t.Context(), w.site, actor, "", 15, time.Minute)
			if err != nil {
				t.Error(err)
			}
			mu.Lock()
			defer mu.Unlock()
			for _, item := range items {
				claimed[item.ID]++
			}
		})
	}
	four.Wait()
	if len(claimed) != 60 {
		t.Errorf("got %d different items, want 60", len(claimed))
	}
}

func TestFiftyEqualSubmissionsAtOnceAreOneComment(t *testing.T) {
	w := newWorld(t)
	s := w.submission()
	s.Request = moderation.Request{Key: "one", Hash: make([]byte, 32)}
	var all sync.WaitGroup
	ids := make([]moderation.Receipt, 50)
	for i := range ids {
		all.Go(func() {
			var err error
			if ids[i], err = w.flow.Submit(t.Context(), w.site, s); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	for _, r := range ids {
		if r != ids[0] {
			t.Errorf("got the receipts %v and %v, want one", r, ids[0])
		}
	}
	if q, err := w.flow.Queue(t.Context(), w.site, w.moderator, moderation.Question{Lane: models.LanePending, Limit: 100}); err != nil || q.Totals.Pending != 1 {
		t.Errorf("got %d waiting, %v, want 1", q.Totals.Pending, err)
	}
}

// A claim runs out by itself, and until then keeps others from deciding.
func TestAClaimKeepsOthersOutUntilItsEnd(t *testing.T) {
	w := newWorld(t)
	id := w.submit(w.submission()).ID
	if _, err := w.flow.Claim(t.Context(), w.site, w.moderator, "", 1, time.Minute); err != nil {
		t.Fatal(err)
	}
	var refusal *moderation.Refusal
	if err := w.decide(w.other, id, moderation.Approve); !errors.As(err, &refusal) || refusal.Key != "refusal.claimed" || refusal.Args["holder"] != "mo" {
		t.Errorf("got %v, want to hear who holds it", err)
	}
	w.now = w.now.Add(time.Minute + time.Second)
	if err := w.decide(w.other, id, moderation.Approve); err != nil {
		t.Errorf("after the lease: %v", err)
	}
}

func TestDecisionsAreMadeUnderTheVersionOfTheRulesInForce(t *testing.T) {
	w := newWorld(t)
	first := w.submit(w.submission()).ID
	rules := moderation.RuleTexts{Locales: map[string]moderation.LocaleRules{
		"de": {Intro: "x", Rules: []moderation.RuleText{{Code: "kindness", Title: "Freundlich", Text: "Seien Sie freundlich."}}},
		"en": {Intro: "x", Rules: []moderation.RuleText{{Code: "kindness", Title: "Kind", Text: "Be kind."}}},
	}}
	if version, err := w.flow.PublishRules(t.Context(), w.site, w.editor, rules); err != nil || version != 2 {
		t.Fatalf("got version %d, %v, want 2", version, err)
	}
	var refusal *moderation.Refusal
	if err := w.decide(w.moderator, first, moderation.Reject, "respect"); !errors.As(err, &refusal) || refusal.Key != "refusal.rule_unknown" {
		t.Errorf("got %v under a rule that is no longer in force", err)
	}
	w.must(w.decide(w.moderator, first, moderation.Reject, "kindness"))
	history, err := w.flow.History(t.Context(), w.site.ID, first, 0)
	if err != nil || history[0].RulesVersion != 2 || w.comment(first).RulesVersion != 1 {
		t.Errorf("got %+v, %v, want the decision under 2 and the comment under 1", history, err)
	}
	var stale *moderation.StaleRules
	if _, err := w.flow.Submit(t.Context(), w.site, w.submission()); !errors.As(err, &stale) || stale.Current.Version != 2 {
		t.Errorf("got %v for a comment under the old rules", err)
	}
}
