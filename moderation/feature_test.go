package moderation_test

import (
	"testing"

	"plenum/models"
	"plenum/moderation"
)

func TestAnEditorsPickIsLoggedAndEndsWithThePublication(t *testing.T) {
	w := newWorld(t)
	id := w.public()
	feature := func(actor moderation.Actor, action string) error {
		_, err := w.flow.Feature(w.Context(), w.site, actor, moderation.Verdict{CommentID: id, Version: w.comment(id).Version, Action: action})
		return err
	}
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
