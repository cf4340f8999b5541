package moderation_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"

	"plenum/models"
	"plenum/moderation"
)

// run works a batch off, as the worker does.
func (w *world) run(b models.Batch, err error) models.Batch {
	w.Helper()
	w.must(err)
	w.must(w.flow.RunBatch(w.Context(), moderation.BatchJob{SiteID: b.SiteID, BatchID: b.ID}))
	b, err = w.flow.Store.Batch(w.Context(), b.SiteID, b.ID)
	w.must(err)
	if b.FinishedAt == nil {
		w.Error("the batch is not finished")
	}
	return b
}

func (w *world) waiting() int {
	w.Helper()
	q, err := w.flow.Queue(w.Context(), w.site, w.moderator, moderation.Question{Lane: models.LanePending, Limit: 1})
	w.must(err)
	return q.Total(models.LanePending)
}

// made counts the site's entries.
func (w *world) made() (n int) {
	w.Helper()
	w.must(w.flow.Store.Pool().QueryRow(w.Context(), `select count(*) from ledger where site_id = $1`, w.site.ID).Scan(&n))
	return n
}

func (w *world) together(o moderation.Order) (models.Batch, error) {
	return w.flow.DecideTogether(w.Context(), w.site, w.moderator, o)
}

func TestAllOfAListIsDecidedTogetherAndTakenBackAsAWhole(t *testing.T) {
	w := newWorld(t)
	for range 12 {
		w.submit(w.submission())
	}
	order, err := w.together(moderation.Order{Action: moderation.Reject, Rules: []string{"topic"}, FromTemplate: true, Question: &moderation.Question{Lane: models.LanePending}})
	later := w.submit(w.submission()) // what arrives later is not swept along
	b := w.run(order, err)
	if b.Total != 12 || b.Done != 12 || w.waiting() != 1 || w.comment(later.ID).Version != 1 {
		t.Errorf("got %d of %d done and %d waiting, want all twelve, and the later one untouched", b.Done, b.Total, w.waiting())
	}
	entries, err := w.flow.Store.Ledger(w.Context(), w.site.ID, 0, 100)
	w.must(err)
	for _, e := range entries {
		if e.BatchID == nil || *e.BatchID != b.ID {
			t.Errorf("entry %d names batch %v, want %s", e.Seq, e.BatchID, b.ID)
		}
	}
	undone := w.run(w.flow.UndoBatch(w.Context(), w.site, w.moderator, b.ID))
	if undone.Done != 12 || w.waiting() != 13 {
		t.Errorf("got %d taken back and %d waiting, want all", undone.Done, w.waiting())
	}
	_, err = w.flow.UndoBatch(w.Context(), w.site, w.moderator, b.ID)
	w.wantRefusal(err, "refusal.undo_nothing") // it is taken back already
	if v := w.verify(); v.Fault != nil {
		t.Error(v.Fault)
	}
}

// A worker that was killed runs the job again from its start.
func TestABatchThatIsCutOffDecidesNothingTwice(t *testing.T) {
	w := newWorld(t)
	b, err := w.together(moderation.Order{Action: moderation.Approve, Items: w.several(3)})
	w.must(err)
	ctx, kill := context.WithCancel(t.Context())
	w.flow.Now = func() time.Time {
		if w.made() == 2 {
			kill()
		}
		return w.now
	}
	if err := w.flow.RunBatch(ctx, moderation.BatchJob{SiteID: b.SiteID, BatchID: b.ID}); !errors.Is(err, context.Canceled) {
		t.Fatalf("got %v, want it cut off", err)
	}
	again := w.run(b, nil)
	if again.Done != 3 || again.Refused != 0 || w.made() != 3 {
		t.Errorf("got %d done, %d refused and %d entries the second time, want three and no more", again.Done, again.Refused, w.made())
	}
}

func TestABatchSaysWhatItCouldNotDecide(t *testing.T) {
	w := newWorld(t)
	one, other := w.submit(w.submission()), w.submit(w.submission())
	items := []models.BatchItem{{CommentID: one.ID, Version: 1}, {CommentID: other.ID, Version: 1}}
	b, err := w.together(moderation.Order{Action: moderation.Spam, Items: items})
	w.must(err)
	w.must(w.decide(w.editor, one.ID, moderation.Approve)) // somebody was faster
	b = w.run(b, nil)
	refused, err := w.flow.Store.BatchItems(w.Context(), w.site.ID, b.ID, models.ItemRefused, 0, 10)
	w.must(err)
	if b.Done != 1 || len(refused) != 1 || refused[0].CommentID != one.ID || *refused[0].Refusal != "refusal.stale" || w.comment(one.ID).Status != models.Approved {
		t.Errorf("got %d done and %+v refused, want the faster decision to stand and its reason said", b.Done, refused)
	}
}

func TestABranchIsRemovedAsAWhole(t *testing.T) {
	w := newWorld(t)
	reply := func(to moderation.Receipt, approve bool) moderation.Receipt {
		s := w.submission()
		s.ParentID = &to.ID
		r := w.submit(s)
		if approve {
			w.must(w.decide(w.editor, r.ID, moderation.Approve))
		}
		return r
	}
	root := w.submit(w.submission())
	w.must(w.decide(w.editor, root.ID, moderation.Approve))
	public := reply(root, true)
	waits := reply(public, false)
	beside := w.submit(w.submission())
	b := w.run(w.flow.RemoveBranch(w.Context(), w.site, w.moderator, moderation.Verdict{CommentID: root.ID, Version: 2, Rules: []string{"topic"}}))
	for id, want := range map[moderation.Receipt]string{root: models.Removed, public: models.Removed, waits: models.Rejected, beside: models.Pending} {
		if got := w.comment(id.ID).Status; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	w.run(w.flow.UndoBatch(w.Context(), w.site, w.moderator, b.ID))
	if got := w.comment(root.ID).Status + w.comment(public.ID).Status + w.comment(waits.ID).Status; got != models.Approved+models.Approved+models.Pending {
		t.Errorf("got %s after taking it back, want it as it was", got)
	}
}

func TestBatchesAreRefusedWithReasons(t *testing.T) {
	w := newWorld(t)
	_, err := w.together(moderation.Order{Action: moderation.Approve, Question: &moderation.Question{Lane: models.LanePending}})
	w.wantRefusal(err, "refusal.batch_empty")
	items := []models.BatchItem{{CommentID: w.submit(w.submission()).ID, Version: 1}}
	_, err = w.together(moderation.Order{Action: moderation.Restore, Items: items})
	w.wantRefusal(err, "refusal.batch_action")
	_, err = w.together(moderation.Order{Action: moderation.Reject, Items: items})
	w.wantRefusal(err, "refusal.rule_required")
	b := w.run(w.together(moderation.Order{Action: moderation.Approve, Items: items}))
	_, err = w.flow.UndoBatch(w.Context(), w.site, w.other, b.ID)
	w.wantRefusal(err, "refusal.undo_other")
	w.now = w.now.Add(time.Hour)
	_, err = w.flow.UndoBatch(w.Context(), w.site, w.moderator, b.ID)
	w.wantRefusal(err, "refusal.undo_late")
}

// The delay is that of whoever asks: the worker may be behind, or have thousands to do.
func TestABatchTakenBackInTimeIsTakenBackWhole(t *testing.T) {
	w := newWorld(t)
	for range 3 {
		w.submit(w.submission())
	}
	b := w.run(w.together(moderation.Order{Action: moderation.Reject, Rules: []string{"topic"}, Question: &moderation.Question{Lane: models.LanePending}}))
	w.now = w.now.Add(undoDelay - time.Second)
	undo, err := w.flow.UndoBatch(w.Context(), w.site, w.moderator, b.ID)
	w.must(err)
	w.now = w.now.Add(time.Minute)
	if undo = w.run(undo, nil); undo.Done != 3 || w.waiting() != 3 {
		t.Errorf("got %d taken back and %d refused", undo.Done, undo.Refused)
	}
}

// The letter of a removal went out before the worker took it back: another one says that the text is public again.
func TestWhoWasToldOfABatchIsToldThatItWasTakenBack(t *testing.T) {
	w := newWorld(t)
	id := w.public()
	b := w.run(w.together(moderation.Order{Action: moderation.Remove, Rules: []string{"topic"}, Items: []models.BatchItem{{CommentID: id, Version: 2}}}))
	undo, err := w.flow.UndoBatch(t.Context(), w.site, w.moderator, b.ID)
	w.must(err)
	w.now = w.now.Add(time.Minute)
	w.run(undo, nil)
	told := 0
	w.must(w.flow.Store.Pool().QueryRow(t.Context(), `select count(*) from river_job j join ledger l on l.id = (j.args->>'entry_id')::uuid
		where j.kind = 'notify_author' and j.args->>'about' = 'published' and l.action = 'undo'`).Scan(&told))
	if told != 1 {
		t.Errorf("got %d letters of the undo, want one", told)
	}
}

func TestABatchMeansACommentOnceAndOnlyWhatIsThere(t *testing.T) {
	w := newWorld(t)
	item := models.BatchItem{CommentID: w.submit(w.submission()).ID, Version: 1}
	b := w.run(w.together(moderation.Order{Action: moderation.Approve, Items: []models.BatchItem{item, item}}))
	if b.Total != 1 || b.Done != 1 {
		t.Errorf("got %d of %d done, want the one", b.Done, b.Total)
	}
	unknown := models.BatchItem{CommentID: uuid.Must(uuid.NewV7()), Version: 1}
	if _, err := w.together(moderation.Order{Action: moderation.Remove, Rules: []string{"topic"}, Items: []models.BatchItem{item, unknown}}); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("got %v of a comment that is not there", err)
	}
}

// What has not had its turn when a batch is taken back never gets one: whether the worker has begun, or is at it.
func TestABatchTakenBackWhileItRunsDecidesNothingMore(t *testing.T) {
	for _, made := range []int{0, 3} {
		w := newWorld(t)
		items := w.several(6)
		b, err := w.together(moderation.Order{Action: moderation.Approve, Items: items})
		w.must(err)
		var undo *models.Batch
		press := func() {
			undone, err := w.flow.UndoBatch(t.Context(), w.site, w.moderator, b.ID)
			w.must(err)
			undo = &undone
		}
		if made == 0 {
			press()
		}
		w.flow.Now = func() time.Time {
			if undo == nil && w.made() == made { // what comes next was read before, as open
				undo = &models.Batch{}
				press()
			}
			return w.now
		}
		b = w.run(b, nil)
		if undo == nil || b.Done != made || b.Refused != 6-made {
			t.Fatalf("got %d done and %d refused, want %d done and the others never", b.Done, b.Refused, made)
		}
		if back := w.run(*undo, nil); back.Done != made || back.CalledOff != 6-made || w.waiting() != 6 {
			t.Errorf("got %d taken back, %d called off and %d waiting, want all as it was", back.Done, back.CalledOff, w.waiting())
		}
		refused, err := w.flow.Store.BatchItems(t.Context(), w.site.ID, b.ID, models.ItemRefused, 0, 10)
		w.must(err)
		for _, item := range refused {
			if *item.Refusal != models.CalledOff {
				t.Errorf("got %s, want it said that it was called off", *item.Refusal)
			}
		}
		_, err = w.flow.UndoBatch(t.Context(), w.site, w.moderator, b.ID)
		w.wantRefusal(err, "refusal.undo_nothing")
	}
}
