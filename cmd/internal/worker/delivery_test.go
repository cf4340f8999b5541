package worker

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/riverqueue/river"

	"plenum/models"
	"plenum/moderation"
	"plenum/moderation/notify"
)

func TestALetterThatIsRefusedForNowIsTriedAgainAsTheSame(t *testing.T) {
	w := newWorld(t)
	box := &mailbox{errs: []error{errBusy}}
	w.start(box)
	w.submit("my text", "ann@example.org")
	if done := w.awaitState(notify.Received, "completed"); done.Attempt != 2 {
		t.Errorf("got %d attempts, want 2", done.Attempt)
	}
	letters, tried := box.got()
	if len(letters) != 1 || len(tried) != 2 || tried[0].ID != tried[1].ID || tried[0].ID == "" {
		t.Errorf("got %d letters in %d tries (%v), want one in two under the same id", len(letters), len(tried), tried)
	}
}

func TestALetterThatIsRefusedForGoodIsNotTriedAgain(t *testing.T) {
	w := newWorld(t)
	box := &mailbox{errs: []error{fmt.Errorf("550 no such mailbox: %w", notify.ErrRefused)}}
	w.start(box)
	w.submit("my text", "ann@example.org")
	if gone := w.awaitState(notify.Received, "cancelled"); gone.Attempt != 1 {
		t.Errorf("got %d attempts, want 1", gone.Attempt)
	}
}

// Not a moment earlier than the delay: until then the decision can be undone.
func TestALetterAboutADecisionWaitsForTheUndoDelay(t *testing.T) {
	w := newWorld(t)
	w.flow.Undo = time.Second
	box := &mailbox{}
	w.start(box)
	event := w.decide(w.submit("my text", "ann@example.org"), 1, moderation.Approve)
	due := event.CreatedAt.Add(time.Second)
	if waiting := w.jobs(notify.Published); len(waiting) != 1 || waiting[0].ScheduledAt.Before(due) {
		t.Fatalf("got the jobs %+v, want one that waits until %s", waiting, due)
	}
	w.awaitState(notify.Published, "completed")
	letters, _ := box.got()
	told := slices.IndexFunc(letters, func(l notify.Letter) bool { return strings.HasPrefix(l.ID, "published.") })
	if told < 0 || letters[told].Date.Before(due) {
		t.Errorf("got %+v, want a letter that it is published, and not before %s", letters, due)
	}
}

func TestASiteMaySetItsOwnUndoDelay(t *testing.T) {
	w := newWorld(t)
	hour := 3600
	w.site.UndoSeconds = &hour
	event := w.decide(w.submit("my text", "ann@example.org"), 1, moderation.Approve)
	if waiting := w.jobs(notify.Published); len(waiting) != 1 || waiting[0].State != "scheduled" || waiting[0].ScheduledAt.Before(event.CreatedAt.Add(time.Hour)) {
		t.Errorf("got the jobs %+v, want one that waits for an hour after %s", waiting, event.CreatedAt)
	}
}

func TestADecisionThatWasUndoneIsNotTold(t *testing.T) {
	w := newWorld(t)
	w.flow.Undo = time.Second
	id := w.submit("my text", "")
	w.must(w.address(id, "ann@example.org")) // so that nothing but the decision is told
	w.decide(id, 1, moderation.Approve)
	w.decide(id, 2, moderation.Undo)
	box := &mailbox{}
	w.start(box)
	w.awaitState(notify.Published, "completed")
	if letters, _ := box.got(); len(letters) != 0 {
		t.Errorf("got %d letters, want none", len(letters))
	}
}

// address gives the author of a comment an address later on.
func (w *world) address(id uuid.UUID, email string) error {
	_, err := w.flow.Store.Pool().Exec(w.Context(), `update authors set email = $2, address_hash = sha256(convert_to($2, 'UTF8'))
		where id = (select author_id from comments where id = $1)`, id, email)
	return err
}

func TestWhatWasNotCommittedLeavesNoJob(t *testing.T) {
	w := newWorld(t)
	id := w.submit("my text", "ann@example.org")
	for _, v := range []moderation.Verdict{{Version: 7, Action: moderation.Approve}, {Version: 1, Action: moderation.Reject}, {Version: 1, Action: moderation.Remove, Rules: []string{"topic"}}} {
		v.CommentID = id
		if _, err := w.flow.Decide(t.Context(), w.site, w.moderator, v); err == nil {
			t.Fatalf("%+v was not refused", v)
		}
	}
	errNo := errors.New("no")
	err := w.flow.Store.Serve(t.Context(), w.site.ID, func(tx *models.Tx) error {
		w.must(tx.Enqueue(t.Context(), notify.Notice{SiteID: w.site.ID, CommentID: id, About: notify.Published}, w.flow.Now()))
		return errNo
	})
	if !errors.Is(err, errNo) {
		t.Errorf("got %v, want the error that rolled it back", err)
	}
	if got := append(w.jobs(notify.Published), w.jobs(notify.Refused)...); len(got) != 0 {
		t.Errorf("got the jobs %+v, want none", got)
	}
}

// A job and what it is about are committed together: where the commit fails, neither is there.
func TestACommitThatFailsLeavesNoJob(t *testing.T) {
	w := newWorld(t)
	id := w.submit("my text", "ann@example.org")
	before := len(w.jobs(notify.Received))
	_, err := w.flow.Store.Pool().Exec(t.Context(), `create function fail() returns trigger language plpgsql as $$ begin raise exception 'no commit'; end $$;
		create constraint trigger fail after insert on ledger deferrable initially deferred for each row execute function fail();
		create constraint trigger fail after insert on comments deferrable initially deferred for each row execute function fail()`)
	w.must(err)
	if _, err := w.flow.Decide(t.Context(), w.site, w.moderator, moderation.Verdict{CommentID: id, Version: 1, Action: moderation.Approve}); err == nil {
		t.Fatal("the decision was committed: something is wrong with this test")
	}
	if _, err := w.flow.Submit(t.Context(), w.site, moderation.Submission{Article: moderation.ArticleName{Key: "a"}, Name: "Bea", Email: "bea@example.org", Body: "text", RulesVersion: 1}); err == nil {
		t.Fatal("the comment was committed: something is wrong with this test")
	}
	if got := len(w.jobs(notify.Received)) - before + len(w.jobs(notify.Published)); got != 0 {
		t.Errorf("got %d jobs of what was not committed, want none", got)
	}
}

func TestTwoWorkersDeliverEachLetterOnce(t *testing.T) {
	w := newWorld(t)
	box := &mailbox{}
	w.start(box)
	w.start(box)
	const comments = 30
	for i := range comments {
		w.submit(fmt.Sprint("text ", i), fmt.Sprintf("a%d@example.org", i))
	}
	w.await("every letter is delivered", func() bool {
		for _, j := range w.jobs(notify.Received) {
			if j.State != "completed" {
				return false
			}
		}
		return true
	})
	_, tried := box.got()
	ids := map[string]bool{}
	for _, l := range tried {
		ids[l.ID] = true
	}
	if len(tried) != comments || len(ids) != comments {
		t.Errorf("got %d letters in %d tries, want %d of each", len(ids), len(tried), comments)
	}
}

// stuck is a mail server that never answers.
type stuck struct{ under chan struct{} }

func (s stuck) Send(ctx context.Context, _ notify.Letter) error {
	close(s.under)
	<-ctx.Done()
	return ctx.Err()
}

func TestALetterUnderWayAtTheEndIsHandedBack(t *testing.T) {
	w := newWorld(t)
	server := stuck{make(chan struct{})}
	first := w.start(server)
	w.submit("my text", "ann@example.org")
	<-server.under
	w.stop(first)
	if left := w.jobs(notify.Received)[0]; left.State != "available" && left.State != "retryable" {
		t.Errorf("got the job %s, want it to be tried again", left.State)
	}
	box := &mailbox{}
	w.start(box)
	w.awaitState(notify.Received, "completed")
	if letters, _ := box.got(); len(letters) != 1 {
		t.Errorf("got %d letters, want the one that was under way", len(letters))
	}
}

func TestTheSweepDeletesWhatHasRunOut(t *testing.T) {
	w := newWorld(t)
	w.start(&mailbox{})
	pool := w.flow.Store.Pool()
	for key, age := range map[string]time.Duration{"old": 25 * time.Hour, "young": time.Hour} {
		_, err := pool.Exec(t.Context(), `insert into idempotency_keys values ($1, 'c', '', $2, sha256(''), $1, $3)`, w.site.ID, key, time.Now().Add(-age))
		w.must(err)
		_, err = pool.Exec(t.Context(), `insert into sessions values (sha256(convert_to($1, 'UTF8')), $2, now(), $3)`, key, w.moderator.ID, time.Now().Add(2*time.Hour-age))
		w.must(err)
	}
	w.must(w.flow.Store.Serve(t.Context(), w.site.ID, func(tx *models.Tx) error { return tx.Enqueue(t.Context(), sweep{}, time.Now()) }))
	var left string
	w.await("the sweep is done", func() bool {
		var state string
		w.must(pool.QueryRow(t.Context(), `select state::text from river_job where kind = 'sweep'`).Scan(&state))
		return state == "completed"
	})
	w.must(pool.QueryRow(t.Context(), `select string_agg(key, ' ') || ' and ' || (select count(*) from sessions where expires_at > now()) || ' of '
		|| (select count(*) from sessions) from idempotency_keys`).Scan(&left))
	if left != "young and 1 of 1" {
		t.Errorf("got left %q, want the young key and the session that runs", left)
	}
}

// River counts no try for it: however often a decision is overruled, its letter has all of them left.
func TestALetterThatMayYetBeOwedIsPutOff(t *testing.T) {
	letters := &letterWorker[notify.Notice]{deliver: func(context.Context, notify.Notice) error { return &notify.NotYet{After: time.Minute} }}
	var putOff *river.JobSnoozeError
	if err := letters.Work(t.Context(), &river.Job[notify.Notice]{}); !errors.As(err, &putOff) || putOff.Duration != time.Minute {
		t.Errorf("got %v, want it put off by a minute", err)
	}
}
