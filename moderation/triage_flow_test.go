package moderation_test

import (
	"testing"

	"github.com/google/uuid"

	"plenum/models"
	"plenum/moderation"
)

func TestTriageSortsAndExplainsButRefusesNothing(t *testing.T) {
	w := newWorld(t)
	calm := w.write("Die Breite des Radwegs steht im Plan auf Seite zwölf, rechts unten, und die Ampel auch.")
	loud := w.write("KAUFEN SIE JETZT https://example.org/a https://example.org/b GÜNSTIG!!!!!!")
	r, err := w.flow.Review(w.Context(), w.site.ID, loud)
	w.must(err)
	if len(r.Signals) < 9 {
		t.Fatalf("got %d signals, want each of the list", len(r.Signals))
	}
	sum := 0
	for _, s := range r.Signals {
		sum += s.Minutes
	}
	if r.Priority != sum || sum == 0 || r.Status != models.Pending {
		t.Errorf("got priority %d of the terms %d, status %s, want their sum, and it to wait like any", r.Priority, sum, r.Status)
	}
	if wait := r.WaitingSince.Add(w.site.Target()).Sub(r.RankAt).Minutes(); int(wait) != sum {
		t.Errorf("got it moved forward by %v minutes, want %d", wait, sum)
	}
	q, err := w.flow.Queue(w.Context(), w.site, w.moderator, moderation.Question{Limit: 10, Lane: models.LanePending})
	w.must(err)
	if len(q.Items) != 2 || q.Items[0].ID != loud || q.Items[1].ID != calm {
		t.Errorf("got the calm one first, want the loud one, which was sent later")
	}
}

// write posts a text and answers the comment's id.
func (w *world) write(text string) uuid.UUID {
	w.Helper()
	s := w.submission()
	s.Body = text
	return w.submit(s).ID
}

func TestNoCommentIsLostForItsTriage(t *testing.T) {
	w := newWorld(t)
	_, err := w.flow.Store.Pool().Exec(t.Context(), `alter table site_words rename to gone`)
	w.must(err)
	r, err := w.flow.Review(w.Context(), w.site.ID, w.write("Ein Satz, der auch ohne Wortliste ankommt."))
	w.must(err)
	for _, s := range r.Signals {
		if s.Name == "words" && !s.Unavailable {
			t.Error("a signal whose list cannot be read says something")
		}
	}
}

func TestAnEditIsSortedAnew(t *testing.T) {
	w := newWorld(t)
	s := w.submission()
	s.Body = "Die Breite des Radwegs steht im Plan auf Seite zwölf, rechts unten, und die Ampel auch."
	sent := w.submit(s)
	before := w.comment(sent.ID)
	w.must(w.flow.Edit(w.Context(), w.site, sent.ID, sent.ManageToken, "KAUFEN SIE JETZT https://example.org/a https://example.org/b GÜNSTIG!!!!!!"))
	after := w.comment(sent.ID)
	if after.Priority <= before.Priority || !after.RankAt.Before(before.RankAt) || !after.WaitingSince.Equal(before.WaitingSince) {
		t.Errorf("got priority %d and rank %v after %d and %v, want it further forward, and waiting since it was sent", after.Priority, after.RankAt, before.Priority, before.RankAt)
	}
}

func TestATextIsHeldAgainstWhatThatOfAnEarlierCommentIsNow(t *testing.T) {
	w := newWorld(t)
	const first, second = "Die Breite des Radwegs steht im Plan auf Seite zwölf, rechts unten.", "Der Fahrplan der Linie vier ändert sich erst nach den großen Ferien."
	s := w.submission()
	s.Body = first
	sent := w.submit(s)
	repeats := func(text string, want bool) {
		t.Helper()
		id := w.write(text)
		if got := w.signal(id, "duplicate").Score > 0.6; got != want {
			t.Errorf("%q repeats an earlier text: got %v, want %v", text, got, want)
		}
		_, err := w.flow.Store.Pool().Exec(t.Context(), `update comments set created_at = created_at - interval '5 days' where id = $1`, id)
		w.must(err) // too old to be repeated itself
	}
	repeats(first+" Ja!", true)
	w.must(w.flow.Edit(w.Context(), w.site, sent.ID, sent.ManageToken, second))
	repeats(second+" Ja!", true)
	repeats(first+" Nein!", false)
	w.must(w.flow.Erase(w.Context(), w.site, sent.ID, sent.ManageToken))
	repeats(second+" Doch!", false)
}

// signal is what one signal says of a comment's text.
func (w *world) signal(id uuid.UUID, name string) moderation.SignalView {
	w.Helper()
	r, err := w.flow.Review(w.Context(), w.site.ID, id)
	w.must(err)
	for _, s := range r.Signals {
		if s.Name == name {
			return s
		}
	}
	w.Fatalf("no signal %q", name)
	return moderation.SignalView{}
}
