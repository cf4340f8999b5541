package moderation_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/google/uuid"

	"plenum/models"
	"plenum/moderation"
)

// public submits a comment and publishes it.
func (w *world) public() uuid.UUID {
	w.Helper()
	id := w.submit(w.submission()).ID
	w.must(w.decide(w.moderator, id, moderation.Approve))
	return id
}

func (w *world) report(id uuid.UUID, email string) (string, error) {
	w.Helper()
	return w.flow.Report(w.Context(), w.site, moderation.Report{CommentID: id, Kind: models.ReportIllegal, Text: "grounds", Email: email, GoodFaith: true})
}

// reported says how many reports the comment's open case has.
func (w *world) reported(id uuid.UUID) int {
	w.Helper()
	c, err := w.flow.Store.OpenCase(w.Context(), w.site.ID, id)
	if errors.Is(err, models.ErrNotFound) {
		return 0
	}
	w.must(err)
	return len(c.Reports)
}

func (w *world) reports(id uuid.UUID, times int) {
	w.Helper()
	for range times {
		_, err := w.report(id, "")
		w.must(err)
	}
}

// refusedAs wants a refusal by its key.
func refusedAs(t testing.TB, err error, key string) {
	t.Helper()
	var refusal *moderation.Refusal
	if !errors.As(err, &refusal) || refusal.Key != key {
		t.Errorf("got %v, want %s", err, key)
	}
}

func TestSeveralReportsAreOneCaseThatOneDecisionAnswers(t *testing.T) {
	w := newWorld(t)
	for _, action := range []string{moderation.Keep, moderation.Remove, moderation.Spam} {
		id := w.public()
		w.reports(id, 2)
		if got := w.reported(id); got != 2 {
			t.Fatalf("got a case of %d reports, want 2", got)
		}
		w.must(w.decide(w.moderator, id, action, "respect"))
		if got := w.reported(id); got != 0 {
			t.Errorf("after %s: got an open case of %d reports, want none", action, got)
		}
		w.must(w.decide(w.moderator, id, moderation.Undo))
		if got := w.reported(id); got != 2 {
			t.Errorf("after its undo: got %d reports, want 2", got)
		}
	}
}

func TestReportsMadeSinceJoinThoseThatAnUndoOpensAgain(t *testing.T) {
	w := newWorld(t)
	id := w.public()
	w.reports(id, 1)
	w.must(w.decide(w.moderator, id, moderation.Keep))
	w.reports(id, 1)
	w.must(w.decide(w.moderator, id, moderation.Undo))
	if got := w.reported(id); got != 2 {
		t.Errorf("got %d reports, want 2", got)
	}
}

func TestADecisionOnAHeldEditAnswersNoReport(t *testing.T) {
	w := newWorld(t)
	for _, action := range []string{moderation.Approve, moderation.Reject} {
		id := w.public()
		w.must(w.flow.Edit(w.Context(), w.site, id, w.flow.ManageToken(w.site.ID, id), "another text"))
		w.reports(id, 1)
		w.must(w.decide(w.moderator, id, action, "respect"))
		if got := w.reported(id); got != 1 {
			t.Errorf("after %s: got %d reports, want 1", action, got)
		}
	}
}

func TestAReopenedCommentStaysReportedUntilItIsDecided(t *testing.T) {
	w := newWorld(t)
	for _, action := range []string{moderation.Approve, moderation.Reject, moderation.Spam} {
		id := w.public()
		w.reports(id, 1)
		w.must(w.decide(w.editor, id, moderation.Reopen))
		if got := w.reported(id); got != 1 {
			t.Errorf("after reopen: got %d reports, want 1", got)
		}
		w.must(w.decide(w.moderator, id, action, "respect"))
		if got := w.reported(id); got != 0 {
			t.Errorf("after %s: got %d reports, want none", action, got)
		}
	}
}

func TestOnlyWhatIsPublicIsReported(t *testing.T) {
	w := newWorld(t)
	held, removed, withdrawn := w.submit(w.submission()).ID, w.public(), w.public()
	w.must(w.decide(w.moderator, removed, moderation.Remove, "respect"))
	w.reports(withdrawn, 1)
	w.must(w.flow.Withdraw(w.Context(), w.site, withdrawn, w.flow.ManageToken(w.site.ID, withdrawn)))
	if got := w.reported(withdrawn); got != 0 {
		t.Errorf("after the withdrawal: got %d reports, want none", got)
	}
	for _, id := range []uuid.UUID{held, removed, withdrawn, uuid.New()} {
		if _, err := w.report(id, ""); !errors.Is(err, models.ErrNotFound) {
			t.Errorf("got %v, want %v", err, models.ErrNotFound)
		}
	}
}

func TestNobodyDecidesWhatHeReportedHimself(t *testing.T) {
	w := newWorld(t)
	id := w.public()
	_, err := w.report(id, " "+w.moderator.Email)
	w.must(err)
	refusedAs(t, w.decide(w.moderator, id, moderation.Keep), "refusal.own_report")
	w.must(w.decide(w.other, id, moderation.Keep))
}

func (w *world) appeal(id uuid.UUID) (models.Appeal, error) {
	w.Helper()
	return w.flow.Appeal(w.Context(), w.site, id, w.flow.ManageToken(w.site.ID, id), "hear me", moderation.Request{})
}

func (w *world) hear(actor moderation.Actor, a models.Appeal, action string) error {
	w.Helper()
	_, err := w.flow.DecideAppeal(w.Context(), w.site, actor, moderation.AppealVerdict{AppealID: a.ID, Action: action, Statement: "because"})
	return err
}

func (w *world) outcome(a models.Appeal) string {
	w.Helper()
	got, err := w.flow.Store.AppealByID(w.Context(), w.site.ID, a.ID)
	w.must(err)
	return moderation.AppealStatus(got)
}

func TestAnAppealIsDecidedByAnotherPersonAndOnce(t *testing.T) {
	w := newWorld(t)
	id := w.public()
	published := w.comment(id).PublishedAt
	w.must(w.decide(w.moderator, id, moderation.Remove, "respect"))
	a, err := w.appeal(id)
	w.must(err)
	_, err = w.appeal(id)
	refusedAs(t, err, "refusal.appeal_once")
	refusedAs(t, w.hear(w.moderator, a, moderation.Overturn), "refusal.own_decision")
	w.must(w.hear(w.other, a, moderation.Overturn))
	if c := w.comment(id); c.Status != models.Approved || !c.PublishedAt.Equal(*published) {
		t.Errorf("got %s of %v, want approved of %v", c.Status, c.PublishedAt, published)
	}
	refusedAs(t, w.hear(w.other, a, moderation.Uphold), "refusal.appeal_closed")
	w.must(w.decide(w.other, id, moderation.Undo))
	if got := w.outcome(a); got != "open" || w.comment(id).Status != models.Removed {
		t.Errorf("after the undo: got an appeal %s of a comment %s, want open and removed", got, w.comment(id).Status)
	}
	v, err := w.flow.VerifyLedger(w.Context(), w.site)
	if err != nil || v.Fault != nil {
		t.Errorf("got %+v, %v", v.Fault, err)
	}
}

func TestUpholdChangesNoStateAndARestoreAfterItFindsTheTextThatWasPublic(t *testing.T) {
	w := newWorld(t)
	id := w.public()
	w.must(w.flow.Edit(w.Context(), w.site, id, w.flow.ManageToken(w.site.ID, id), "a held text"))
	was := w.comment(id).State
	w.must(w.decide(w.moderator, id, moderation.Remove, "respect"))
	a, err := w.appeal(id)
	w.must(err)
	w.must(w.hear(w.other, a, moderation.Uphold))
	if got := w.comment(id).Status; got != models.Removed {
		t.Errorf("got %s, want removed", got)
	}
	_, err = w.appeal(id)
	refusedAs(t, err, "refusal.appeal_once")
	w.must(w.decide(w.editor, id, moderation.Restore))
	if got := w.comment(id).State; !got.Same(was) {
		t.Errorf("got %+v, want %+v", got, was)
	}
}

func TestAnAppealThatAColleagueHasOpenIsTheirs(t *testing.T) {
	w := newWorld(t)
	id := w.public()
	w.must(w.decide(w.moderator, id, moderation.Remove, "respect"))
	a, err := w.appeal(id)
	w.must(err)
	claimed, err := w.flow.ClaimOne(t.Context(), w.site, w.other, id)
	w.must(err)
	if err := w.hear(w.editor, a, moderation.Overturn); !claimed || w.refusal(err) != "refusal.claimed" {
		t.Errorf("claimed %t, and got %v", claimed, err)
	}
	w.must(w.hear(w.other, a, moderation.Overturn))
}

// Of what was taken back nothing follows: neither does a text become public that nobody approved, nor is one forgotten.
func TestWhatComesBackIsTheSameWhateverWasDecidedAndTakenBackBefore(t *testing.T) {
	w := newWorld(t)
	for action, want := range map[string]models.State{moderation.Reopen: held(1, 2), moderation.Restore: {Status: models.Pending, HeldRevision: ref(2)}} {
		id := w.public()
		w.must(w.flow.Edit(t.Context(), w.site, id, w.flow.ManageToken(w.site.ID, id), "nobody approved this"))
		w.must(w.decide(w.moderator, id, moderation.Remove, "topic"))
		w.must(w.decide(w.editor, id, action))
		w.must(w.decide(w.editor, id, moderation.Undo))
		other := map[string]string{moderation.Reopen: moderation.Restore, moderation.Restore: moderation.Reopen}[action]
		w.must(w.decide(w.editor, id, other))
		if got := w.comment(id).State; !got.Same(want) {
			t.Errorf("%s after an undone %s: got %+v, want %+v", other, action, got, want)
		}
	}
}

// held is the state of a public text with an edit that waits.
func held(public, edit int) models.State {
	return models.State{Status: models.Approved, PublicRevision: &public, HeldRevision: &edit}
}

func TestAnOverturnedRefusalOfAnEditPublishesThatEdit(t *testing.T) {
	w := newWorld(t)
	id := w.public()
	w.must(w.flow.Edit(w.Context(), w.site, id, w.flow.ManageToken(w.site.ID, id), "a second text"))
	w.must(w.decide(w.moderator, id, moderation.Reject, "respect"))
	a, err := w.appeal(id)
	w.must(err)
	w.must(w.hear(w.editor, a, moderation.Overturn))
	if got := *w.comment(id).PublicRevision; got != 2 {
		t.Errorf("got revision %d, want 2", got)
	}
}

func TestAnAppealIsMootOnceTheCommentMovesOn(t *testing.T) {
	w := newWorld(t)
	token := func(id uuid.UUID) string { return w.flow.ManageToken(w.site.ID, id) }
	moves := map[string]func(id uuid.UUID) error{
		"restore":  func(id uuid.UUID) error { return w.decide(w.editor, id, moderation.Restore) },
		"reopen":   func(id uuid.UUID) error { return w.decide(w.editor, id, moderation.Reopen) },
		"undo":     func(id uuid.UUID) error { return w.decide(w.moderator, id, moderation.Undo) },
		"withdraw": func(id uuid.UUID) error { return w.flow.Withdraw(w.Context(), w.site, id, token(id)) },
	}
	for name, move := range moves {
		id := w.submit(w.submission()).ID
		w.must(w.decide(w.moderator, id, moderation.Reject, "respect"))
		a, err := w.appeal(id)
		w.must(err)
		w.must(move(id))
		if got := w.outcome(a); got != models.AppealMoot {
			t.Errorf("after %s: got %s, want moot", name, got)
		}
		refusedAs(t, w.hear(w.other, a, moderation.Overturn), "refusal.appeal_closed")
	}
}

func TestAnAppealHasItsPeriodAndNeedsADecision(t *testing.T) {
	w := newWorld(t)
	held, id := w.submit(w.submission()).ID, w.submit(w.submission()).ID
	_, err := w.appeal(held)
	refusedAs(t, err, "refusal.appeal_nothing")
	w.must(w.decide(w.moderator, id, moderation.Reject, "respect"))
	w.now = w.now.AddDate(0, 0, w.site.AppealDays+1)
	_, err = w.appeal(id)
	refusedAs(t, err, "refusal.appeal_late")
	if !slices.Contains(moderation.Fits(w.comment(id).State), moderation.Restore) {
		t.Error("an editor may still restore it")
	}
}
