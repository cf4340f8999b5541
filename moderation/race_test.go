package moderation_test

import (
	"errors"
	"os"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"plenum/models"
	"plenum/models/modeltest"
	"plenum/moderation"
)

// twoReplicas is a world with a second program on the same database.
func twoReplicas(t *testing.T) (*world, [2]*moderation.Flow) {
	t.Helper()
	url := modeltest.URL(t)
	var flows [2]*moderation.Flow
	for i := range flows {
		store, err := models.Open(t.Context(), url)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(store.Close)
		flows[i] = moderation.New(store, []byte("a secret of thirty-two characters"))
		flows[i].Unlimited = true
	}
	w := &world{TB: t, flow: flows[0], now: time.Now()}
	w.site = w.newSite("news")
	return w, flows
}

// rounds is how often all items are raced for: PLENUM_RACES, see the Makefile, else as few as show the kind of thing.
func rounds(t *testing.T) int {
	t.Helper()
	n, err := strconv.Atoi(os.Getenv("PLENUM_RACES"))
	if os.Getenv("PLENUM_RACES") == "" {
		return 2
	}
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// Two moderators on two replicas make opposite decisions on each of 200 items at once, round by round.
func TestOfTwoOppositeDecisionsAtOnceExactlyOneIsMade(t *testing.T) {
	w, flows := twoReplicas(t)
	const items = 200
	verdicts := [2]moderation.Verdict{{Action: moderation.Approve}, {Action: moderation.Reject, Rules: []string{"topic"}}}
	actors := [2]moderation.Actor{w.moderator, w.other}
	decisions, conflicts := 0, 0
	for range rounds(t) {
		ids := make([]uuid.UUID, items)
		for i := range ids {
			ids[i] = w.submit(w.submission()).ID
		}
		for i, id := range ids {
			var wait sync.WaitGroup
			var errs [2]error
			start := make(chan struct{})
			for side := range 2 {
				wait.Go(func() {
					v := verdicts[(i+side)%2]
					v.CommentID, v.Version = id, 1
					<-start
					_, errs[side] = flows[side].Decide(t.Context(), w.site, actors[side], v)
				})
			}
			close(start)
			wait.Wait()
			for _, err := range errs {
				var stale *moderation.StaleVersion
				switch {
				case err == nil:
					decisions++
				case errors.As(err, &stale) && stale.Comment.Version == 2 && len(stale.Since) == 1:
					conflicts++
				default:
					t.Errorf("got %v, want a decision or a conflict that shows the other's", err)
				}
			}
		}
	}
	if want := items * rounds(t); decisions != want || conflicts != want {
		t.Errorf("got %d decisions and %d conflicts, want %d of each", decisions, conflicts, want)
	}
	w.recount(int64(decisions))
}

// recount compares what is counted with what is there: nothing waits, each decision has its entry, the chain holds.
func (w *world) recount(decisions int64) {
	w.Helper()
	q, err := w.flow.Queue(w.Context(), w.site, w.moderator, moderation.Question{Lane: models.LaneDecided, Limit: 200})
	w.must(err)
	if q.Totals.Pending != 0 || q.Totals.Edited != 0 {
		w.Errorf("got %+v waiting, want nothing", q.Totals)
	}
	v, err := w.flow.VerifyLedger(w.Context(), w.site)
	if err != nil || v.Fault != nil || v.Entries != decisions {
		w.Errorf("got %+v (%v), want %d entries that hold", v, err, decisions)
	}
	counted := map[uuid.UUID]bool{}
	for ask := (moderation.Question{Lane: models.LaneDecided, Limit: 200}); ; {
		q, err := w.flow.Queue(w.Context(), w.site, w.moderator, ask)
		w.must(err)
		for _, item := range q.Items {
			counted[item.ID], ask.After = true, item.Position()
		}
		if !q.More {
			break
		}
	}
	if int64(len(counted)) != decisions {
		w.Errorf("got %d items page by page, want %d", len(counted), decisions)
	}
}

func TestFourClaimersOnTwoReplicasNeverGetTheSameAndNoneComesShort(t *testing.T) {
	w, flows := twoReplicas(t)
	people := []moderation.Actor{w.moderator, w.other, w.editor, w.staff(w.site, "mi", moderation.RoleModerator)}
	for range 10 {
		for range 60 {
			w.submit(w.submission())
		}
		var wait sync.WaitGroup
		var got [4][]models.Waiting
		var errs [4]error
		for i := range people {
			wait.Go(func() {
				got[i], errs[i] = flows[i%2].Claim(t.Context(), w.site, people[i], models.LanePending, 15, time.Hour)
			})
		}
		wait.Wait()
		seen := map[uuid.UUID]bool{}
		for i, items := range got {
			if errs[i] != nil || len(items) != 15 {
				t.Errorf("got %d items (%v), want 15", len(items), errs[i])
			}
			for _, item := range items {
				seen[item.ID] = true
			}
		}
		if len(seen) != 60 {
			t.Errorf("got %d different items, want 60", len(seen))
		}
	}
}

// The ledger's end is signed also where others wrote between the reading of it and the writing: it is asked for the time
// at each step between.
func TestADecisionSignsALedgerThatGrewMeanwhile(t *testing.T) {
	w, flows := twoReplicas(t)
	mine, theirs := w.submit(w.submission()).ID, make([]uuid.UUID, 3)
	for i := range theirs {
		theirs[i] = w.submit(w.submission()).ID
	}
	approve := func(f *moderation.Flow, actor moderation.Actor, id uuid.UUID) {
		_, err := f.Decide(t.Context(), w.site, actor, moderation.Verdict{CommentID: id, Version: 1, Action: moderation.Approve})
		w.must(err)
	}
	flows[0].Now = func() time.Time {
		if len(theirs) > 0 {
			next := theirs[0]
			theirs = theirs[1:]
			approve(flows[1], w.other, next)
		}
		return time.Now()
	}
	approve(flows[0], w.moderator, mine)
	if len(theirs) > 0 {
		t.Fatalf("%d were not decided meanwhile: something is wrong with this test", len(theirs))
	}
	v, err := flows[1].VerifyLedger(t.Context(), w.site)
	if err != nil || v.Fault != nil || v.Entries != 4 {
		t.Errorf("got %+v (%v), want 4 entries that hold", v, err)
	}
}

// While a submission is being written, and after what it meets was read, the other replica takes the same one.
func TestTheSameSentAtTheSameMomentIsOneComment(t *testing.T) {
	for _, key := range []string{"", "key"} {
		w, flows := twoReplicas(t)
		s := w.submission()
		s.Request = moderation.Request{Key: key, Hash: make([]byte, 32)}
		asked, theirs := 0, moderation.Receipt{}
		flows[0].Now = func() time.Time {
			if asked++; asked == 4 { // to see whether the article is closed
				var err error
				theirs, err = flows[1].Submit(t.Context(), w.site, s)
				w.must(err)
			}
			return time.Now()
		}
		mine := w.submit(s)
		if theirs.ID == uuid.Nil || mine != theirs {
			t.Errorf("key %q: got %+v and %+v, want the same", key, mine, theirs)
		}
		var n int
		w.must(flows[0].Store.Pool().QueryRow(t.Context(), `select count(*) from comments`).Scan(&n))
		if n != 1 {
			t.Errorf("key %q: got %d comments, want one", key, n)
		}
	}
}

// What was taken is answered again by its key, though nobody might send it now.
func TestWhatWasTakenIsNotRefusedWhenItIsSentAgain(t *testing.T) {
	w, _ := twoReplicas(t)
	s := w.submission()
	s.Request = moderation.Request{Key: "key", Hash: make([]byte, 32)}
	first := w.submit(s)
	w.named()
	w.put(moderation.ArticleChange{State: ref(models.ArticleClosed)})
	if again := w.submit(s); again != first {
		t.Errorf("got %+v, want %+v", again, first)
	}
	if s.Request.Key = "another"; w.try(s) != "refusal.article_closed" {
		t.Error("the article is not closed: something is wrong with this test")
	}
}

// An editor sets an article again and again while its comments are decided: neither waits for the other for ever.
func TestAnArticleIsSetWhileItsCommentsAreDecided(t *testing.T) {
	w, flows := twoReplicas(t)
	ids := make([]uuid.UUID, 100)
	for i := range ids {
		ids[i] = w.submit(w.submission()).ID
	}
	w.named()
	var wait sync.WaitGroup
	wait.Go(func() {
		for i := range ids {
			notice := strconv.Itoa(i)
			if _, err := flows[1].PutArticle(t.Context(), w.site, w.editor, moderation.ArticleChange{Key: "a", Notice: &notice}); err != nil {
				t.Errorf("set %d: %v", i, err)
			}
		}
	})
	for i, id := range ids {
		v := moderation.Verdict{CommentID: id, Version: 1, Action: moderation.Approve}
		if _, err := flows[0].Decide(t.Context(), w.site, w.moderator, v); err != nil {
			t.Errorf("decision %d: %v", i, err)
		}
	}
	wait.Wait()
}

// While one replica works a batch off, its moderator takes it back on the other one, at whatever moment: all is as it was.
func TestABatchTakenBackWhileItRunsLeavesNothingDecided(t *testing.T) {
	w, flows := twoReplicas(t)
	for range rounds(t) {
		items := w.several(30)
		b, err := w.together(moderation.Order{Action: moderation.Approve, Items: items})
		w.must(err)
		run := func(b models.Batch) error {
			return flows[0].RunBatch(t.Context(), moderation.BatchJob{SiteID: b.SiteID, BatchID: b.ID})
		}
		var wait sync.WaitGroup
		var ran error
		wait.Go(func() { ran = run(b) })
		undo, err := flows[1].UndoBatch(t.Context(), w.site, w.moderator, b.ID)
		wait.Wait()
		w.must(err)
		w.must(ran)
		w.must(run(undo))
		b, err = w.flow.Store.Batch(t.Context(), w.site.ID, b.ID)
		w.must(err)
		undo, err = w.flow.Store.Batch(t.Context(), w.site.ID, undo.ID)
		w.must(err)
		if undo.Done != b.Done || undo.CalledOff != b.Refused || b.Done+b.Refused != len(items) {
			t.Errorf("got %d of %d taken back and %d of %d called off", undo.Done, b.Done, undo.CalledOff, b.Refused)
		}
		for _, item := range items {
			if got := w.comment(item.CommentID).Status; got != models.Pending {
				t.Errorf("got %s, want it pending again", got)
			}
		}
	}
}
