package moderation_test

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"plenum/models"
	"plenum/moderation"
)

// alarms are the alarms and how many mails about them wait.
func (w *world) alarms() (all []models.Spree, mails int) {
	w.Helper()
	w.must(w.flow.WatchSprees(w.Context()))
	all, err := w.flow.Sprees(w.Context(), w.site, w.editor)
	w.must(err)
	w.must(w.flow.Store.Pool().QueryRow(w.Context(), `select count(*) from river_job where kind = 'notify_spree'`).Scan(&mails))
	return all, mails
}

// takeDown has somebody take public comments down, a second after each other.
func (w *world) takeDown(actor moderation.Actor, n int) (ids []uuid.UUID) {
	w.Helper()
	for _, i := range w.several(n) {
		w.must(w.decide(w.editor, i.CommentID, moderation.Approve))
		w.now = w.now.Add(time.Second)
		w.must(w.decide(actor, i.CommentID, moderation.Remove, "respect"))
		ids = append(ids, i.CommentID)
	}
	return ids
}

func TestTheOthersAreToldOnceOfWhoTakesDownFarMoreThanIsUsual(t *testing.T) {
	w := newWorld(t)
	w.staff(w.site, "ad", moderation.RoleAdmin)
	w.takeDown(w.moderator, 19)
	if all, mails := w.alarms(); len(all)+mails != 0 {
		t.Fatalf("got %v and %d mails, want none below twenty", all, mails)
	}
	w.takeDown(w.moderator, 1)
	all, mails := w.alarms() // to the editor and the admin
	if len(all) != 1 || all[0].ModeratorID != w.moderator.ID || all[0].Kind != models.SpreeTakenDown || all[0].Count != 20 || all[0].Usual != 0 || all[0].Over || mails != 2 {
		t.Fatalf("got %+v and %d mails, want one alarm and two mails", all, mails)
	}
	w.takeDown(w.moderator, 1)
	if all, mails := w.alarms(); len(all) != 1 || all[0].Count != 21 || mails != 2 {
		t.Errorf("got %+v and %d mails, want the same alarm with one more", all, mails)
	}
	w.now = w.now.Add(2 * time.Hour)
	if all, mails := w.alarms(); len(all) != 1 || !all[0].Over || mails != 2 {
		t.Errorf("got %+v and %d mails, want it over", all, mails)
	}
	w.takeDown(w.moderator, 20) // and then it is another one
	if all, mails := w.alarms(); len(all) != 2 || mails != 4 {
		t.Errorf("got %d alarms and %d mails, want a second one", len(all), mails)
	}
}

// What is usual is what all of the staff do in a day, by the mean of the four weeks before.
func TestWhatIsUsualRaisesNoAlarm(t *testing.T) {
	w := newWorld(t)
	id := w.takeDown(w.other, 1)[0]
	_, err := w.flow.Store.Pool().Exec(t.Context(), `insert into ledger (site_id, id, kind, action, comment_id, version, revision, status, rules_version, rules, actor_id, created_at)
		select $1, gen_random_uuid(), 'decision', 'approve', $2, n + 10, 1, 'pending', 1, '{}', $3, $4 from generate_series(1, 28 * 220) n`,
		w.site.ID, id, w.other.ID, w.now.Add(-24*time.Hour))
	w.must(err)
	for _, i := range w.several(100) {
		w.must(w.decide(w.moderator, i.CommentID, moderation.Approve))
	}
	if all, mails := w.alarms(); len(all)+mails != 0 {
		t.Errorf("got %+v and %d mails, want none for less than half of a usual day", all, mails)
	}
	for _, i := range w.several(12) {
		w.must(w.decide(w.moderator, i.CommentID, moderation.Approve))
	}
	if all, _ := w.alarms(); len(all) != 1 || all[0].Kind != models.SpreeApproved || all[0].Usual != 220 {
		t.Errorf("got %+v, want an alarm for more than half of 220", all)
	}
}

// since is what the moderator decided from a time on.
func (w *world) since(at time.Time) models.Decider {
	return models.Decider{ModeratorID: w.moderator.ID, From: at, To: w.now.Add(time.Minute)}
}

func TestAWholeSpreeIsTakenBackHoursLater(t *testing.T) {
	w := newWorld(t)
	before := w.several(1)[0].CommentID
	w.must(w.decide(w.moderator, before, moderation.Approve)) // earlier, and none of the spree
	w.now = w.now.Add(time.Hour)
	start, items := w.now, w.several(6)
	rejected, removed, twice, answered, edited, spam := items[0].CommentID, items[1].CommentID, items[2].CommentID, items[3].CommentID, items[4].CommentID, items[5].CommentID
	w.must(w.decide(w.editor, removed, moderation.Approve))
	for _, id := range []uuid.UUID{rejected, answered} {
		w.must(w.decide(w.moderator, id, moderation.Reject, "respect"))
	}
	w.must(w.decide(w.moderator, removed, moderation.Remove, "respect"))
	w.must(w.decide(w.moderator, twice, moderation.Approve))
	w.must(w.decide(w.moderator, twice, moderation.Spam))
	w.must(w.decide(w.moderator, spam, moderation.Spam))
	w.must(w.decide(w.moderator, edited, moderation.Approve))
	w.must(w.flow.Edit(t.Context(), w.site, edited, w.flow.ManageToken(w.site.ID, edited), "another text"))
	w.now = w.now.Add(5 * time.Hour)
	w.must(w.decide(w.editor, answered, moderation.Restore)) // somebody else has looked at it

	look, err := w.flow.TakingBack(t.Context(), w.site, w.editor, w.since(start))
	w.must(err)
	if len(look.Takes) != 4 || len(look.Leaves) != 2 || look.Takes[0].CommentID != spam {
		t.Fatalf("got %d to take back and %d left, want four and two, the newest first: %+v", len(look.Takes), len(look.Leaves), look)
	}
	for _, l := range look.Leaves {
		if l.CommentID == answered && (l.Since != moderation.Restore || l.SinceBy != "ed") || l.CommentID == edited && (l.Since != "edit" || l.SinceBy != "") {
			t.Errorf("got %+v, want what was done since, and by whom", l)
		}
	}
	b := w.run(w.flow.UndoSpree(t.Context(), w.site, w.editor, w.since(start)))
	if b.Total != 5 || b.Done != 5 || b.Refused != 0 {
		t.Errorf("got %d of %d taken back, %d refused, want all five entries", b.Done, b.Total, b.Refused)
	}
	for id, want := range map[uuid.UUID]string{rejected: models.Pending, removed: models.Approved, twice: models.Pending, spam: models.Pending,
		answered: models.Approved, edited: models.Approved, before: models.Approved} {
		if got := w.comment(id).Status; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	if c := w.comment(twice); c.PublishedAt != nil || c.Version != 5 {
		t.Errorf("got version %d, published %v: want both decisions taken back by an entry each, and the publication too", c.Version, c.PublishedAt)
	}
	if again, err := w.flow.TakingBack(t.Context(), w.site, w.editor, w.since(start)); err != nil || len(again.Takes) != 0 {
		t.Errorf("got %+v (%v), want nothing to take back a second time", again.Takes, err)
	}
	if v := w.verify(); v.Fault != nil {
		t.Error(v.Fault)
	}
}

// The author was told that it is gone; now they are told that it is not.
func TestWhoseCommentComesBackIsTold(t *testing.T) {
	for after, want := range map[time.Duration]int{time.Hour: 1, time.Second: 0} { // before it was told, there is nothing to correct
		w := newWorld(t)
		start := w.now
		id := w.takeDown(w.moderator, 1)[0]
		w.now = w.now.Add(after)
		published := func() (n int) {
			w.must(w.flow.Store.Pool().QueryRow(t.Context(), `select count(*) from river_job where kind = 'notify_author' and args->>'about' = 'published' and args->>'comment_id' = $1`, id).Scan(&n))
			return n
		}
		before := published()
		w.run(w.flow.UndoSpree(t.Context(), w.site, w.editor, w.since(start)))
		if got := published(); got != before+want {
			t.Errorf("after %s: got %d more mails, want %d", after, got-before, want)
		}
	}
}

// What somebody else decides between the look and its turn stands.
func TestWhatIsDecidedMeanwhileIsLeftAsItIs(t *testing.T) {
	w := newWorld(t)
	start, items := w.now, w.several(2)
	for _, i := range items {
		w.must(w.decide(w.moderator, i.CommentID, moderation.Approve))
	}
	w.now = w.now.Add(time.Hour)
	b, err := w.flow.UndoSpree(t.Context(), w.site, w.editor, w.since(start))
	w.must(err)
	w.must(w.decide(w.editor, items[0].CommentID, moderation.Keep))
	if b = w.run(b, nil); b.Done != 1 || b.Refused != 1 || w.comment(items[0].CommentID).Status != models.Approved {
		t.Errorf("got %d taken back and %d refused, want the decision of the meantime to stand", b.Done, b.Refused)
	}
}

func TestASpreeIsTakenBackByEditorsOnly(t *testing.T) {
	w := newWorld(t)
	start := w.now
	w.must(w.decide(w.moderator, w.several(1)[0].CommentID, moderation.Approve))
	_, err := w.flow.UndoSpree(t.Context(), w.site, w.other, w.since(start))
	w.wantRefusal(err, "refusal.role")
	_, err = w.flow.TakingBack(t.Context(), w.site, w.other, w.since(start))
	w.wantRefusal(err, "refusal.role")
	_, err = w.flow.Sprees(t.Context(), w.site, w.other)
	w.wantRefusal(err, "refusal.role")
	readOnly := w.editor
	readOnly.ReadOnly = true
	_, err = w.flow.UndoSpree(t.Context(), w.site, readOnly, w.since(start))
	w.wantRefusal(err, "refusal.scope")
	_, err = w.flow.UndoSpree(t.Context(), w.site, w.editor, models.Decider{ModeratorID: w.moderator.ID, From: w.now, To: w.now})
	w.wantRefusal(err, "invalid.period")
	_, err = w.flow.UndoSpree(t.Context(), w.site, w.editor, w.since(w.now.Add(time.Second)))
	w.wantRefusal(err, "refusal.undo_nothing")
}

// The account's own batch still runs when an editor takes its decisions back: what had no turn yet never gets one, and what
// it decided after the time that was asked for goes back too.
func TestABatchOfTheSpreeThatStillRunsIsCalledOff(t *testing.T) {
	w := newWorld(t)
	start, items := w.now, w.several(6)
	b, err := w.together(moderation.Order{Action: moderation.Approve, Items: items[:4]})
	w.must(err)
	moderator := w.moderator
	w.moderator = w.other
	others, err := w.together(moderation.Order{Action: moderation.Approve, Items: items[4:]})
	w.moderator = moderator
	w.must(err)
	asked := w.since(start)
	var undo *models.Batch
	w.flow.Now = func() time.Time {
		if undo == nil && w.made() == 3 { // what comes next was read before, as open
			undo = &models.Batch{}
			look, err := w.flow.TakingBack(t.Context(), w.site, w.editor, asked)
			w.must(err)
			if look.Open != 1 || len(look.Takes) != 3 {
				t.Errorf("got %d to take back and %d open, want three and one", len(look.Takes), look.Open)
			}
			undone, err := w.flow.UndoSpree(t.Context(), w.site, w.editor, asked)
			w.must(err)
			undo = &undone
		}
		return w.now.Add(time.Duration(w.made()) * time.Hour)
	}
	if b = w.run(b, nil); b.Done != 3 || b.Refused != 1 {
		t.Fatalf("got %d done and %d refused, want the last never decided", b.Done, b.Refused)
	}
	if back := w.run(*undo, nil); back.Done != 3 || back.CalledOff != 1 || w.waiting() != 6 {
		t.Errorf("got %d taken back, %d called off and %d waiting, want all as it was", back.Done, back.CalledOff, w.waiting())
	}
	if others = w.run(others, nil); others.Done != 2 {
		t.Errorf("got %d done of a colleague's batch, want both", others.Done)
	}
}

func TestABatchThatHasDecidedNothingYetIsCalledOffWithTheSpree(t *testing.T) {
	w := newWorld(t)
	start := w.now
	b, err := w.together(moderation.Order{Action: moderation.Approve, Items: w.several(2)})
	w.must(err)
	_, err = w.flow.UndoSpree(t.Context(), w.site, w.editor, w.since(w.now.Add(time.Second))) // ordered before that
	w.wantRefusal(err, "refusal.undo_nothing")
	undo := w.run(w.flow.UndoSpree(t.Context(), w.site, w.editor, w.since(start)))
	if b = w.run(b, nil); undo.Total != 0 || undo.CalledOff != 2 || b.Done != 0 || w.waiting() != 2 {
		t.Errorf("got %+v and %d waiting, want both called off", undo, w.waiting())
	}
}
