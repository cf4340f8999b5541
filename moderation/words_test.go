package moderation_test

import (
	"testing"

	"plenum/models"
	"plenum/moderation"
)

func TestAWordIsTriedBeforeItIsSavedAndThenPointsAtItsPlace(t *testing.T) {
	w := newWorld(t)
	spam := w.write("Kr3dit ohne Schufa, sofort.")
	w.must(w.decide(w.moderator, spam, moderation.Spam))
	w.must(w.decide(w.moderator, w.write("Die Breite des Radwegs am Markt."), moderation.Approve))
	word := models.Word{Kind: models.WordPlain, Text: "Kredit", Minutes: 12}
	_, err := w.flow.TryWord(w.Context(), w.site, w.moderator, word)
	w.wantRefusal(err, "refusal.role")
	trial, err := w.flow.TryWord(w.Context(), w.site, w.editor, word)
	w.must(err)
	if trial.Looked != 2 || trial.Refused != 1 || trial.Approved != 0 || len(trial.Hits) != 1 || trial.Hits[0].CommentID != spam {
		t.Errorf("got %+v, want the one that was spam", trial)
	}
	added, err := w.flow.AddWord(w.Context(), w.site, w.editor, word)
	w.must(err)
	_, err = w.flow.AddWord(w.Context(), w.site, w.editor, word)
	w.wantRefusal(err, "refusal.word_there")
	r, err := w.flow.Review(w.Context(), w.site.ID, w.write("Noch ein K-R-E-D-I-T oder ein Kredit für alle."))
	w.must(err)
	for _, s := range r.Signals {
		if s.Name == "words" && (s.Minutes != 24 || len(s.Spans) != 2) {
			t.Errorf("got %+v, want twelve minutes for each of its two places", s)
		}
	}
	w.must(w.flow.RemoveWord(w.Context(), w.site, w.editor, added.ID))
	for text, key := range map[string]string{"": "invalid.required", "(": "refusal.word_pattern", "x*": "refusal.word_empty"} {
		_, err = w.flow.AddWord(w.Context(), w.site, w.editor, models.Word{Kind: models.WordPattern, Text: text, Minutes: 1})
		w.wantRefusal(err, key)
	}
}
