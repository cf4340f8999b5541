package moderation_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"plenum/models"
	"plenum/moderation"
	"plenum/moderation/internal/keys"
)

const secretOfTests = "a secret of thirty-two characters"

// strict is a world whose site asks for a confirmed address.
func strict(t *testing.T) *world {
	t.Helper()
	w := newWorld(t)
	w.site.RequireConfirmed = true
	return w
}

// addressed is a submission with an address.
func (w *world) addressed() moderation.Submission {
	s := w.submission()
	s.Email = "Ann@Reader.example"
	return s
}

// mailed is the token in the letter to the comment's author.
func (w *world) mailed(id uuid.UUID) string {
	return keys.New([]byte(secretOfTests)).Token(keys.ConfirmComment, w.site.ID, id)
}

// jobs counts the jobs of a kind that wait.
func (w *world) jobs(kind string) (n int) {
	w.Helper()
	w.must(w.flow.Store.Pool().QueryRow(w.Context(), `select count(*) from river_job where kind = $1`, kind).Scan(&n))
	return n
}

// count is of such rows.
func (w *world) count(rows string) (n int) {
	w.Helper()
	w.must(w.flow.Store.Pool().QueryRow(w.Context(), `select count(*) from `+rows).Scan(&n))
	return n
}

// exec runs statements as the schema's owner.
func (w *world) exec(statements string) {
	w.Helper()
	w.must(second(w.flow.Store.Pool().Exec(w.Context(), statements)))
}

// lanes lists every lane in which a comment stands, and whether a search or the author's record knows it.
func (w *world) places(id uuid.UUID) (found []string) {
	w.Helper()
	for _, lane := range append(slices.Clone(models.Lanes), models.LaneAll) {
		items, err := w.flow.Store.Queue(w.Context(), w.site.ID, models.QueuePage{Lane: lane, Me: w.moderator.ID, Now: w.now, Limit: 100})
		w.must(err)
		if slices.ContainsFunc(items, func(i models.Waiting) bool { return i.ID == id }) {
			found = append(found, lane)
		}
	}
	if _, err := w.flow.Store.Comment(w.Context(), w.site.ID, id); err == nil {
		found = append(found, "comments")
	}
	return found
}

func TestAnUnconfirmedCommentIsNowhereUntilItsAuthorConfirms(t *testing.T) {
	w := strict(t)
	s := w.addressed()
	r := w.submit(s)
	if r.Confirmed || r.Status != models.Pending {
		t.Fatalf("got %+v, want a pending comment that is yet to be confirmed", r)
	}
	if got := w.places(r.ID); len(got) > 0 {
		t.Fatalf("an unconfirmed comment stands in %v", got)
	}
	if confirm, received := w.jobs("notify_confirm"), w.jobs("notify_author"); confirm != 1 || received != 0 {
		t.Errorf("got %d letters to confirm and %d others, want one to confirm", confirm, received)
	}
	if o, err := w.flow.Own(t.Context(), w.site, r.ID, r.ManageToken); err != nil || o.Unconfirmed == nil || o.Status != models.Pending || o.Text.Body != s.Body {
		t.Errorf("got %+v (%v), want the author's own comment, to be confirmed", o, err)
	}

	w.now = w.now.Add(time.Hour)
	confirmed, err := w.flow.ConfirmComment(t.Context(), w.site, r.ID, w.mailed(r.ID))
	if err != nil || confirmed.ManageToken != r.ManageToken || !confirmed.Confirmed {
		t.Fatalf("got %+v (%v), want the same comment, confirmed", confirmed, err)
	}
	if got, want := w.places(r.ID), []string{models.LanePending, models.LaneAll, "comments"}; !slices.Equal(got, want) {
		t.Errorf("a confirmed comment stands in %v, want %v", got, want)
	}
	c := w.comment(r.ID)
	if !c.CreatedAt.Equal(w.now.Add(-time.Hour)) || !c.WaitingSince.Equal(w.now) || c.Version != 1 {
		t.Errorf("got it sent at %v and waiting since %v, want an hour between them", c.CreatedAt, c.WaitingSince)
	}
	if w.jobs("notify_author") != 1 {
		t.Error("its author was not told that it has arrived")
	}
	w.must(w.decide(w.moderator, r.ID, moderation.Approve))
	if _, err := w.flow.ConfirmComment(t.Context(), w.site, r.ID, w.mailed(r.ID)); err != nil || w.comment(r.ID).Status != models.Approved {
		t.Errorf("confirmed once more: got %v and %s, want nothing changed", err, w.comment(r.ID).Status)
	}
}

func TestOnlyTheMailedTokenConfirms(t *testing.T) {
	w := strict(t)
	r, other := w.submit(w.addressed()), w.submit(w.addressed())
	for what, token := range map[string]string{"none": "", "the author's own": r.ManageToken, "another comment's": w.mailed(other.ID)} {
		if _, err := w.flow.ConfirmComment(t.Context(), w.site, r.ID, token); !errors.Is(err, models.ErrNotFound) {
			t.Errorf("%s: got %v, want not found", what, err)
		}
		if _, err := w.flow.Confirmable(t.Context(), w.site, r.ID, token); !errors.Is(err, models.ErrNotFound) {
			t.Errorf("%s: got %v, want nothing to see", what, err)
		}
	}
	if got := w.places(r.ID); len(got) > 0 {
		t.Errorf("it stands in %v", got)
	}
}

func TestAnAddressIsAskedForWhereItMustBeConfirmed(t *testing.T) {
	w := strict(t)
	if got := w.refusal(second(w.flow.Submit(t.Context(), w.site, w.submission()))); got != "refusal.confirm_address" {
		t.Errorf("got %q, want an address to be asked for", got)
	}
	answer := w.submission()
	answer.Staff = true
	if r := w.submit(answer); !r.Confirmed {
		t.Error("the newsroom must confirm itself")
	}
}

func TestTheSameTextAgainIsTheSameUnconfirmedComment(t *testing.T) {
	w := strict(t)
	s := w.addressed()
	first := w.submit(s)
	if got := w.submit(s).ID; got != first.ID {
		t.Errorf("got %s, want %s again", got, first.ID)
	}
	w.must(w.flow.Withdraw(t.Context(), w.site, first.ID, first.ManageToken))
	if got := w.submit(s).ID; got == first.ID {
		t.Error("what was taken back came again as the same comment")
	}
}

func TestAnAuthorEditsAndTakesBackWhatIsNotConfirmed(t *testing.T) {
	w := strict(t)
	r, gone := w.submit(w.addressed()), w.submit(w.addressed())
	w.must(w.flow.Edit(t.Context(), w.site, r.ID, r.ManageToken, "a better text"))
	w.must(second(w.flow.ConfirmComment(t.Context(), w.site, r.ID, w.mailed(r.ID))))
	if text, err := w.flow.Store.Revision(t.Context(), w.site.ID, r.ID, 1); err != nil || text.Body != "a better text" {
		t.Errorf("got %q (%v), want the edited text", text.Body, err)
	}
	w.must(w.flow.Withdraw(t.Context(), w.site, gone.ID, gone.ManageToken))
	if o, err := w.flow.Own(t.Context(), w.site, gone.ID, gone.ManageToken); err != nil || o.Status != models.Withdrawn || o.Text.Body != "" {
		t.Errorf("got %+v (%v), want nothing left of it", o, err)
	}
	if got := w.refusal(second(w.flow.ConfirmComment(t.Context(), w.site, gone.ID, w.mailed(gone.ID)))); got != "refusal.confirm_gone" {
		t.Errorf("got %q for what was taken back", got)
	}
	if got := w.refusal(w.flow.Edit(t.Context(), w.site, gone.ID, gone.ManageToken, "again")); got != "refusal.edit_state" {
		t.Errorf("got %q for an edit of what was taken back", got)
	}
}

func TestWhatNobodyConfirmsIsDeletedAfterThreeDays(t *testing.T) {
	w := strict(t)
	r := w.submit(w.addressed())
	w.now = w.now.Add(3 * 24 * time.Hour)
	w.must(w.flow.Sweep(t.Context(), time.Hour))
	w.must(second(w.flow.Confirmable(t.Context(), w.site, r.ID, w.mailed(r.ID))))
	w.now = w.now.Add(time.Second)
	w.must(w.flow.Sweep(t.Context(), time.Hour))
	if got := w.refusal(second(w.flow.ConfirmComment(t.Context(), w.site, r.ID, w.mailed(r.ID)))); got != "refusal.confirm_gone" {
		t.Errorf("got %q, want it gone", got)
	}
	if _, err := w.flow.Own(t.Context(), w.site, r.ID, r.ManageToken); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("got %v, want not found", err)
	}
}

// Whoever is banned while the comment waits to be confirmed does not enter by it; whose parent is taken down does.
func TestWhoWroteIsAskedAgainWhenItIsConfirmed(t *testing.T) {
	w := strict(t)
	r := w.submit(w.addressed())
	w.site.RequireConfirmed = false
	earlier := w.submit(w.addressed()).ID
	_, err := w.lay(w.editor, moderation.Ban, earlier)
	w.must(err)
	if got := w.refusal(second(w.flow.ConfirmComment(t.Context(), w.site, r.ID, w.mailed(r.ID)))); got != "refusal.banned_until" {
		t.Errorf("got %q, want the ban", got)
	}
	parent := w.approved()
	w.site.RequireConfirmed = true
	reply := w.submission()
	reply.Email, reply.ParentID = "other@reader.example", &parent
	below := w.submit(reply)
	w.must(w.decide(w.moderator, parent, moderation.Remove, "topic"))
	w.must(second(w.flow.ConfirmComment(t.Context(), w.site, below.ID, w.mailed(below.ID))))
	if c := w.comment(below.ID); c.Depth != 1 || *c.ParentID != parent {
		t.Errorf("got it at depth %d, want it below its parent", c.Depth)
	}
}

func TestErasingAPersonWipesWhatIsNotConfirmed(t *testing.T) {
	w := strict(t)
	s := w.addressed()
	s.Body, s.Name = "Quittengelee", "Wanda"
	w.submit(s)
	erased, err := w.flow.ErasePerson(t.Context(), w.site, "ann@reader.example")
	if err != nil || erased.Comments != 1 {
		t.Errorf("got %+v (%v), want one comment erased", erased, err)
	}
	var rows string
	w.must(w.flow.Store.Pool().QueryRow(t.Context(), `select coalesce(string_agg(u::text, ''), '') from unconfirmed u`).Scan(&rows))
	for _, text := range []string{"Quittengelee", "Wanda", "Reader"} {
		if strings.Contains(rows, text) {
			t.Errorf("%q is left in %s", text, rows)
		}
	}
}

// Whoever asks what is kept is mailed a link, and by it gets name, address and text.
func TestWhatIsNotConfirmedIsKnownAndHandedOut(t *testing.T) {
	w := strict(t)
	s := w.addressed()
	r := w.submit(s)
	id, token := w.inquire(s.Email)
	i, err := w.flow.Store.Inquiry(t.Context(), w.site.ID, id)
	w.must(err)
	if known, err := w.flow.Store.Known(t.Context(), w.site.ID, i.AddressHash); err != nil || !known {
		t.Errorf("got %v (%v), want it known", known, err)
	}
	p, err := w.flow.ExportByInquiry(t.Context(), w.site, id, token)
	w.must(err)
	if len(p.Comments) != 1 || p.Email == nil || *p.Email != s.Email {
		t.Fatalf("got %+v, want the address and the comment", p)
	}
	if c := p.Comments[0]; c.ID != r.ID || c.Name != s.Name || c.Status != models.Pending || c.ArticleKey != "a" || c.Revisions[0].Body != s.Body {
		t.Errorf("got %+v, want what was sent", c)
	}
}

// Its author takes it back, or erases all: the key is made of the text, and a backup that is restored holds all of it again.
func TestAnErasureOfWhatIsNotConfirmedTakesItsKeyAndReachesABackup(t *testing.T) {
	for what, erase := range map[string]func(*world, moderation.Receipt) error{
		"its link": func(w *world, r moderation.Receipt) error {
			return w.flow.Erase(w.Context(), w.site, r.ID, r.ManageToken)
		},
		"the address": func(w *world, _ moderation.Receipt) error {
			return second(w.flow.ErasePerson(w.Context(), w.site, "ann@reader.example"))
		},
	} {
		w := strict(t)
		r := w.submit(w.addressed())
		w.exec(`create table backup as select * from unconfirmed`)
		w.must(erase(w, r))
		if n := w.count(`idempotency_keys`); n != 0 {
			t.Errorf("%s: %d keys made of the text are left", what, n)
		}
		list, err := w.flow.Store.Erasures(t.Context(), w.site.ID)
		w.must(err)
		w.exec(`delete from erasures; delete from unconfirmed; insert into unconfirmed select * from backup`)
		w.must(second(w.flow.ReplayErasures(t.Context(), list)))
		if n := w.count(`unconfirmed where email is not null or submission <> ''`); n != 0 {
			t.Errorf("%s: it is back after the restore", what)
		}
	}
}

// What was deleted unconfirmed before its author erased all is in an old backup all the same.
func TestAnAuthorsErasureReachesWhatIsNotConfirmedInABackup(t *testing.T) {
	w := strict(t)
	waiting := w.submit(w.addressed())
	w.site.RequireConfirmed = false
	author := w.author(w.submit(w.addressed()).ID)
	w.must(second(w.flow.ReplayErasures(t.Context(), []models.Erasure{{SiteID: w.site.ID, Kind: models.ErasedAuthor, Subject: author}})))
	if u, err := w.flow.Store.Unconfirmed(t.Context(), w.site.ID, waiting.ID); err != nil || u.Email != nil {
		t.Errorf("got %+v (%v), want nothing left of it", u, err)
	}
}

// Without scripts a fast network goes on by confirming; an address is then not buried under letters.
func TestWhoeverWouldRatherConfirmNeedNotWait(t *testing.T) {
	w := busy(t)
	w.challenged(loud)
	s := w.from(loud)
	s.ByMail = true
	if got := w.refusal(second(w.flow.Submit(t.Context(), w.site, s))); got != "refusal.confirm_address" {
		t.Errorf("got %q, want an address to be asked for", got)
	}
	s.Email = "ann@reader.example"
	if r := w.submit(s); r.Confirmed || len(w.places(r.ID)) > 0 {
		t.Errorf("got %+v, want it to wait for its author", r)
	}
	letters, refused := w.untilRefused(func() moderation.Submission {
		next := w.from("198.51.100.99")
		next.Email, next.ByMail = s.Email, true
		return next
	})
	if letters != 5 || refused.Key != "refusal.limit_address" {
		t.Errorf("got %d more letters to one address and then %q, want 5", letters, refused.Key)
	}
}
