package moderation_test

import (
	"errors"
	"testing"

	"github.com/google/uuid"

	"plenum/models"
	"plenum/moderation"
)

// signedBy submits a comment under a name.
func (w *world) signedBy(name string) (moderation.Receipt, error) {
	s := w.submission()
	s.Name = name
	return w.flow.Submit(w.Context(), w.site, s)
}

func TestNobodyTakesTheNameOfStaffInLettersThatOnlyLookLikeIt(t *testing.T) {
	w := newWorld(t)
	w.staff(w.site, "Clara Vogt", moderation.RoleModerator)
	for _, name := range []string{"Сlаrа Vоgt", "Clara V0gt", "Clara\u200b Vogt", "\u202etgoV aralC", "Rеdaktion", "N\u200dews"} {
		var refused *moderation.Refusal
		if err := second(w.signedBy(name)); !errors.As(err, &refused) || refused.Key != "refusal.staff_name" || refused.Field != "author.name" {
			t.Errorf("%q: got %v, want it refused", name, err)
		}
	}
	for _, name := range []string{"Clara Vogt", "Klara Vogt", "Олена", "عمر", "Ann 2", "Redaktion"} { // people share names
		if err := second(w.signedBy(name)); err != nil {
			t.Errorf("%q: got %v, want it taken", name, err)
		}
	}
}

// The page says of whom the newsroom's badge is not; names of moderators who never wrote are told to nobody.
func TestAReaderWithTheNameOfTheNewsroomIsToldApart(t *testing.T) {
	w := newWorld(t)
	clara := w.staff(w.site, "Clara Vogt", moderation.RoleModerator)
	w.staff(w.site, "Uwe Still", moderation.RoleModerator)
	ids := map[string]uuid.UUID{}
	for _, name := range []string{"clara vogt", "CIara Vogt", "Redaktion", "Uwe Still", "Ann"} {
		r, err := w.signedBy(name)
		w.must(err)
		w.must(w.decide(w.editor, r.ID, moderation.Approve))
		ids[name] = r.ID
	}
	alike := func() map[uuid.UUID]bool {
		thread, err := w.flow.Thread(t.Context(), w.site, moderation.ThreadPage{Key: "a", ThreadPage: models.ThreadPage{Limit: 50}})
		w.must(err)
		found := map[uuid.UUID]bool{}
		for _, p := range thread.Places {
			found[p.ID] = p.AlikeStaff
		}
		return found
	}
	if got := alike(); got[ids["clara vogt"]] || !got[ids["Redaktion"]] {
		t.Errorf("got %v before anybody of the staff wrote", got)
	}
	answer, err := w.flow.Answer(t.Context(), w.site, clara, ids["Ann"], "We looked it up.")
	w.must(err)
	got := alike()
	for name, want := range map[string]bool{"clara vogt": true, "CIara Vogt": true, "Redaktion": true, "Uwe Still": false, "Ann": false} {
		if got[ids[name]] != want {
			t.Errorf("%s: got %v, want %v", name, got[ids[name]], want)
		}
	}
	if got[answer.ID] {
		t.Error("the newsroom's own answer is told apart from the newsroom")
	}
}
