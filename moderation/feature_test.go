package moderation_test

import (
	"testing"

	"github.com/google/uuid"

	"plenum/models"
	"plenum/moderation"
)

func (w *world) pick(actor moderation.Actor, id uuid.UUID, action string) error {
	_, err := w.flow.Feature(w.Context(), w.site, actor, moderation.Verdict{CommentID: id, Version: w.comment(id).Version, Action: action})
	return err
}

func TestAnEditorsPickIsLoggedAndEndsWithThePublication(t *testing.T) {
	w := newWorld(t)
	id := w.public()
	feature := func(actor moderation.Actor, action string) error { return w.pick(actor, id, action) }
	w.wantRefusal(feature(w.moderator, moderation.Feature), "refusal.role")
	w.must(feature(w.editor, moderation.Feature))
	w.wantRefusal(feature(w.editor, moderation.Feature), "refusal.action_unfit")
	if c := w.comment(id); c.FeaturedAt == nil || c.Status != models.Approved {
		t.Errorf("got featured %v, want it picked", c.FeaturedAt)
	}
	w.must(w.decide(w.moderator, id, moderation.Remove, "topic"))
	if c := w.comment(id); c.FeaturedAt != nil {
		t.Error("a removed comment is still an editor's pick")
	}
	w.wantRefusal(feature(w.editor, moderation.Feature), "refusal.action_unfit")
	if v := w.verify(); v.Fault != nil {
		t.Error(v.Fault)
	}
}

func TestUndoTakesAPickBackAndGivesOneBackThatARemovalEnded(t *testing.T) {
	w := newWorld(t)
	id := w.public()
	picked := func(what string, want bool) {
		t.Helper()
		if got := w.comment(id).FeaturedAt != nil; got != want {
			t.Errorf("%s: an editor's pick is %t, want %t", what, got, want)
		}
	}
	w.must(w.pick(w.editor, id, moderation.Feature))
	w.must(w.decide(w.editor, id, moderation.Undo))
	picked("a pick taken back", false)
	w.must(w.pick(w.editor, id, moderation.Feature))
	since := *w.comment(id).FeaturedAt
	w.must(w.decide(w.moderator, id, moderation.Remove, "topic"))
	w.must(w.decide(w.moderator, id, moderation.Undo))
	picked("a removal taken back", true)
	if got := w.comment(id).FeaturedAt; got != nil && !got.Equal(since) {
		t.Errorf("picked at %s, want %s as before", got, since)
	}
	w.must(w.pick(w.editor, id, moderation.Unfeature))
	w.must(w.decide(w.editor, id, moderation.Undo))
	picked("the end of a pick taken back", true)
}

func TestAnAnswerOfTheNewsroomIsPublicAtOnceWithItsOwnDecision(t *testing.T) {
	w := newWorld(t)
	id := w.public()
	answer, err := w.flow.Answer(w.Context(), w.site, w.moderator, id, "Danke, wir haben die Zahl berichtigt.")
	w.must(err)
	history, err := w.flow.History(w.Context(), w.site.ID, answer.ID, 0)
	w.must(err)
	if answer.Status != models.Approved || answer.AuthorRole != "staff" || answer.AuthorName != w.moderator.Name || *answer.ParentID != id ||
		len(history) != 1 || history[0].Action != moderation.Approve || *history[0].ActorID != w.moderator.ID {
		t.Errorf("got %+v with %+v, want it public under the moderator's name with his decision", answer, history)
	}
	waiting := w.submit(w.submission())
	_, err = w.flow.Answer(w.Context(), w.site, w.moderator, waiting.ID, "Noch nicht öffentlich.")
	w.wantRefusal(err, "refusal.parent_unknown")
	_, err = w.flow.Answer(w.Context(), w.site, w.moderator, id, "  ")
	w.wantRefusal(err, "invalid.required")
}
