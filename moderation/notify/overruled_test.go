package notify_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"plenum/models"
	"plenum/moderation"
	"plenum/moderation/notify"
)

func TestTheLetterOfADecisionThatStandsAgainIsSent(t *testing.T) {
	refused := newWorld(t, "en", "ann@example.org")
	refused.actor.Role = moderation.RoleEditor
	letter := refused.decide(moderation.Reject, 1, "respect")
	refused.decide(moderation.Restore, 2)
	refused.decide(moderation.Undo, 3)
	refused.deliver(letter)
	public := newWorld(t, "en", "ann@example.org")
	letter = public.decide(moderation.Approve, 1)
	public.decide(moderation.Remove, 2, "respect")
	public.decide(moderation.Undo, 3)
	public.deliver(letter)
}

// Its job may come up while it is overruled. It is sent by that job or by none: nobody is told twice.
func TestALetterWaitsWhileWhatOverruledItCanBeUndone(t *testing.T) {
	w, d := newWorld(t, "en", "ann@example.org"), &desk{}
	letter := w.decide(moderation.Approve, 1)
	removed := time.Now()
	w.decide(moderation.Remove, 2, "respect")
	p := w.postman(d)
	var notYet *notify.NotYet
	if err := p.Deliver(t.Context(), letter); !errors.As(err, &notYet) || notYet.After > w.flow.Undo || len(d.letters) != 0 {
		t.Fatalf("got %v and %d letters, want it to wait for the undo delay", err, len(d.letters))
	}
	p.Now = func() time.Time { return removed.Add(w.flow.Undo + time.Minute) }
	if err := p.Deliver(t.Context(), letter); err != nil || len(d.letters) != 0 {
		t.Errorf("got %v and %d letters, want nothing told of what is overruled for good", err, len(d.letters))
	}
	p.Now = time.Now
	w.decide(moderation.Undo, 3)
	if err := p.Deliver(t.Context(), letter); err != nil || len(d.letters) != 1 {
		t.Errorf("got %v and %d letters, want the one that waited", err, len(d.letters))
	}
}

// spree has the comment approved, an hour later removed, and an hour after that as many of the two taken back, the newest
// first, as an editor takes back a spree. It answers the letter of the approval, and that of what the first undo made
// public again.
func (w *world) spree(p *notify.Postman, back int) (first, again notify.Notice) {
	w.Helper()
	now := time.Now().Truncate(time.Second)
	w.flow.Now = func() time.Time { return now }
	p.Now = w.flow.Now
	from := []time.Time{now.Add(time.Hour), now}[back-1]
	first = w.decide(moderation.Approve, 1)
	now = now.Add(time.Hour)
	w.decide(moderation.Remove, 2, "respect")
	now = now.Add(time.Hour)
	ed := models.Moderator{ID: uuid.Must(uuid.NewV7()), Email: "ed@news.example", Name: "Ed", PasswordHash: "x", Locale: "en", CreatedAt: now}
	w.must(w.flow.Store.CreateModerator(w.Context(), ed, w.site.ID, moderation.RoleEditor))
	editor := moderation.Actor{ID: ed.ID, Name: ed.Name, Email: ed.Email, Role: moderation.RoleEditor}
	b, err := w.flow.UndoSpree(w.Context(), w.site, editor, models.Decider{ModeratorID: w.actor.ID, From: from, To: now})
	w.must(err)
	w.must(w.flow.RunBatch(w.Context(), moderation.BatchJob{SiteID: w.site.ID, BatchID: b.ID}))
	history, err := w.flow.History(w.Context(), w.site.ID, w.id, 3)
	w.must(err)
	if len(history) != back {
		w.Fatalf("got %d decisions taken back, want %d", len(history), back)
	}
	return first, notify.Notice{SiteID: w.site.ID, CommentID: w.id, About: notify.Published, EntryID: history[0].ID}
}

// Even where a mail server kept the letter of before waiting all that time.
func TestOfASpreeThatIsTakenBackWhatIsLeftIsToldOnce(t *testing.T) {
	for back, want := range map[int]int{1: 1, 2: 0} { // of two, the approval is taken back as well
		w, d := newWorld(t, "en", "ann@example.org"), &desk{}
		p := w.postman(d)
		first, again := w.spree(p, back)
		w.must(p.Deliver(t.Context(), first))
		w.must(p.Deliver(t.Context(), again))
		if len(d.letters) != want || want == 1 && !strings.Contains(d.letters[0].ID, again.EntryID.String()) {
			t.Errorf("%d taken back: got %v, want %d letters, of the undo", back, d.letters, want)
		}
	}
}
