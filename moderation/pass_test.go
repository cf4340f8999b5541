package moderation_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"

	"plenum/models"
	"plenum/moderation"
)

// lane lists what an actor sees in a lane.
func (w *world) lane(actor moderation.Actor, lane string) (ids []uuid.UUID) {
	w.Helper()
	q, err := w.flow.Queue(w.Context(), w.site, actor, moderation.Question{Lane: lane, Limit: 100})
	w.must(err)
	for _, item := range q.Items {
		ids = append(ids, item.ID)
	}
	if lane != models.LaneDecided && q.Total(lane) != len(ids) {
		w.Errorf("%s: got total %d, want %d", lane, q.Total(lane), len(ids))
	}
	return ids
}

func (w *world) wantLane(actor moderation.Actor, lane string, want ...uuid.UUID) {
	w.Helper()
	got := w.lane(actor, lane)
	if len(got) != len(want) {
		w.Errorf("%s of %s: got %v, want %v", lane, actor.Name, got, want)
		return
	}
	for i := range got {
		if got[i] != want[i] {
			w.Errorf("%s of %s: got %v, want %v", lane, actor.Name, got, want)
		}
	}
}

func (w *world) pass(actor moderation.Actor, id uuid.UUID, to *uuid.UUID) error {
	_, err := w.flow.Pass(w.Context(), w.site, actor, moderation.Passing{CommentID: id, Version: w.comment(id).Version, To: to, Note: "hm"})
	return err
}

func (w *world) setAside(id uuid.UUID, d time.Duration) error {
	_, err := w.flow.SetAside(w.Context(), w.site, w.moderator, moderation.SettingAside{CommentID: id, Version: w.comment(id).Version, Until: w.now.Add(d)})
	return err
}

func (w *world) wantRefusal(err error, key string) {
	w.Helper()
	var refusal *moderation.Refusal
	if !errors.As(err, &refusal) || refusal.Key != key {
		w.Errorf("got %v, want %s", err, key)
	}
}

func TestWhatIsPassedIsTheOthersAndNobodyElsesNext(t *testing.T) {
	w := newWorld(t)
	first, second := w.submit(w.submission()).ID, w.submit(w.submission()).ID
	w.must(w.pass(w.moderator, first, &w.other.ID))
	w.wantLane(w.other, models.LaneMine, first)
	w.wantLane(w.moderator, models.LaneMine)
	w.wantLane(w.moderator, models.LanePending, first, second)
	next, err := w.flow.ClaimNext(t.Context(), w.site, w.editor, moderation.Question{Lane: models.LanePending}, uuid.NullUUID{})
	if err != nil || next == nil || next.ID != second {
		t.Errorf("got %+v (%v), want what was not passed", next, err)
	}
	w.must(w.decide(w.other, first, moderation.Approve))
	w.wantLane(w.other, models.LaneMine)
	w.must(w.decide(w.other, first, moderation.Undo))
	w.wantLane(w.other, models.LaneMine, first)
}

func TestWhatIsPassedToOneWhoLeavesIsAnybodysNext(t *testing.T) {
	w := newWorld(t)
	id := w.submit(w.submission()).ID
	w.must(w.pass(w.moderator, id, &w.other.ID))
	w.must(w.flow.RemoveMember(t.Context(), w.site, w.staff(w.site, "ad", moderation.RoleAdmin), w.other.ID))
	items, err := w.flow.Claim(t.Context(), w.site, w.moderator, models.LanePending, 10, moderation.Lease)
	w.must(err)
	if len(items) != 1 {
		t.Errorf("got %d to claim, want what waits", len(items))
	}
}

func TestWhatIsPassedToTheEditorsIsEveryEditors(t *testing.T) {
	w := newWorld(t)
	id := w.submit(w.submission()).ID
	w.must(w.pass(w.moderator, id, nil))
	w.wantLane(w.editor, models.LaneMine, id)
	w.wantLane(w.other, models.LaneMine)
	w.must(w.decide(w.moderator, id, moderation.Undo))
	w.wantLane(w.editor, models.LaneMine)
	if c := w.comment(id); c.Status != models.Pending || c.Version != 3 || c.PassedRole != nil {
		t.Errorf("got %+v, want it as it was, at version 3", c)
	}
}

func TestWhatIsSetAsideComesBackAtItsOldRank(t *testing.T) {
	w := newWorld(t)
	first, second := w.submit(w.submission()).ID, w.submit(w.submission()).ID
	w.must(w.setAside(first, time.Hour))
	w.wantLane(w.moderator, models.LanePending, second)
	w.wantLane(w.moderator, models.LaneSetAside, first)
	w.now = w.now.Add(time.Hour)
	w.wantLane(w.moderator, models.LanePending, first, second)
	w.wantLane(w.moderator, models.LaneSetAside)
}

func TestSettingAsideIsUndoneToBeingPassed(t *testing.T) {
	w := newWorld(t)
	id := w.submit(w.submission()).ID
	w.must(w.pass(w.other, id, &w.moderator.ID))
	w.must(w.setAside(id, time.Hour))
	w.wantLane(w.moderator, models.LaneMine)
	w.must(w.decide(w.moderator, id, moderation.Undo))
	w.wantLane(w.moderator, models.LaneMine, id)
	v, err := w.flow.VerifyLedger(t.Context(), w.site)
	if err != nil || v.Fault != nil || v.Entries != 3 {
		t.Errorf("got %+v (%v), want three entries that hold", v, err)
	}
}

func TestPassingAndSettingAsideAreRefusedWithReasons(t *testing.T) {
	w := newWorld(t)
	stranger := uuid.New()
	id := w.submit(w.submission()).ID
	w.wantRefusal(w.pass(w.moderator, id, &stranger), "refusal.pass_nobody")
	w.wantRefusal(w.pass(w.moderator, id, &w.moderator.ID), "refusal.pass_self")
	w.wantRefusal(w.setAside(id, time.Second), "refusal.set_aside_range")
	w.wantRefusal(w.setAside(id, 31*24*time.Hour), "refusal.set_aside_range")
	w.must(w.decide(w.moderator, id, moderation.Approve))
	w.wantRefusal(w.pass(w.moderator, id, nil), "refusal.waits_not")
	w.wantRefusal(w.setAside(id, time.Hour), "refusal.waits_not")
	reader := w.moderator
	reader.ReadOnly = true
	w.wantRefusal(w.pass(reader, w.submit(w.submission()).ID, nil), "refusal.scope")
}

// Nobody is handed what is not theirs to decide: what they wrote, a reply to it, or an appeal against their own decision.
func TestNothingIsPassedToWhoMayNotDecideIt(t *testing.T) {
	w := newWorld(t)
	s := w.submission()
	s.Email = w.other.Email
	own := w.submit(s).ID
	w.wantRefusal(w.pass(w.moderator, own, &w.other.ID), "refusal.pass_unfit")
	w.must(w.decide(w.moderator, own, moderation.Approve))
	s = w.submission()
	s.ParentID = &own
	reply := w.submit(s).ID
	w.wantRefusal(w.pass(w.moderator, reply, &w.other.ID), "refusal.pass_unfit")
	w.must(w.pass(w.moderator, reply, &w.editor.ID))

	refused := w.submit(w.submission()).ID
	w.must(w.decide(w.other, refused, moderation.Reject, "topic"))
	_, err := w.flow.Appeal(t.Context(), w.site, refused, w.flow.ManageToken(w.site.ID, refused), "but why", moderation.Request{})
	w.must(err)
	w.wantRefusal(w.pass(w.moderator, refused, &w.other.ID), "refusal.pass_unfit")
	w.must(w.pass(w.moderator, refused, &w.editor.ID))
	if w.comment(own).Version != 2 || w.comment(reply).PassedTo == nil || w.comment(refused).PassedTo == nil {
		t.Error("want what was refused to leave no trace, and the others passed")
	}
}

func TestASearchFindsGermanAndEnglishFormsAndNames(t *testing.T) {
	w := newWorld(t)
	s := w.submission()
	s.Body, s.Name = "Die alten Häuser am Fluss", "Rosa Zwölftonfrau"
	german := w.submit(s).ID
	s = w.submission()
	s.Body, s.Locale = "The houses were flooding", "en"
	english := w.submit(s).ID
	elsewhere := w.newSite("other")
	own := w.site
	w.site = elsewhere
	s.Body = "Noch ein Haus am Fluss, house"
	foreign := w.submit(s).ID
	w.site = own
	for words, want := range map[string][]uuid.UUID{"Haus": {german}, "flood": {english}, "zwölftonfrau": {german}, "Haus Garten": nil, "!": nil, "der": nil, "house": {english}} {
		q, err := w.flow.Queue(t.Context(), w.site, w.moderator, moderation.Question{Lane: models.LaneAll, Search: words, Limit: 10})
		w.must(err)
		if len(q.Items) != len(want) || len(want) > 0 && q.Items[0].ID != want[0] {
			t.Errorf("%q: got %d items, want %v", words, len(q.Items), want)
		}
		for _, item := range q.Items {
			if item.ID == foreign {
				t.Errorf("%q: got another site's comment", words)
			}
		}
	}
	w.must(w.decide(w.moderator, german, moderation.Approve))
	q, err := w.flow.Queue(t.Context(), w.site, w.moderator, moderation.Question{Lane: models.LaneDecided, Search: "häuser", Limit: 10})
	if err != nil || len(q.Items) != 1 || q.Items[0].ID != german {
		t.Errorf("got %+v (%v), want the decided one", q.Items, err)
	}
}
