package moderation_test

import (
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
func TestABatchThatIsRunTwiceDecidesNothingTwice(t *testing.T) {
	w := newWorld(t)
	for range 3 {
		w.submit(w.submission())
	}
	b, err := w.together(moderation.Order{Action: moderation.Approve, Question: &moderation.Question{Lane: models.LanePending}})
	w.must(err)
	w.run(b, nil)
	_, err = w.flow.Store.Pool().Exec(w.Context(), `update batch_items set outcome = null; update batches set finished_at = null`)
	w.must(err)
	again := w.run(b, nil)
	entries, err := w.flow.Store.Ledger(w.Context(), w.site.ID, 0, 100)
	w.must(err)
	if again.Done != 3 || again.Refused != 0 || len(entries) != 3 {
		t.Errorf("got %d done, %d refused and %d entries the second time, want three and no more", again.Done, again.Refused, len(entries))
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
