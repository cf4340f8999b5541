package worker

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"plenum/models"
	"plenum/models/modeltest"
	"plenum/moderation"
	"plenum/moderation/notify"
)

// clerk is a mail server that is asked about each letter before it takes it.
type clerk struct {
	mailbox
	before func() error
}

func (c *clerk) Send(ctx context.Context, l notify.Letter) error {
	if err := c.before(); err != nil {
		return err
	}
	return c.mailbox.Send(ctx, l)
}

// unmarked is how many letters are out, and would go out again after a kill.
func (w *world) unmarked(c *clerk) int {
	var marked int
	if err := w.flow.Store.Pool().QueryRow(context.Background(), `select count(*) from river_job where kind = 'notify_author' and state = 'completed'`).Scan(&marked); err != nil {
		w.Error(err)
	}
	letters, _ := c.got()
	return len(letters) - marked
}

func (w *world) delivered(letters int) {
	w.Helper()
	w.await("every letter is marked", func() bool {
		done := 0
		for _, j := range w.jobs(notify.Received) {
			if j.State == "completed" {
				done++
			}
		}
		return done == letters
	})
}

// A kill sends those letters again that are out and not marked: that is one at most, whatever waits.
func TestNoLetterGoesOutBeforeTheLastIsMarked(t *testing.T) {
	w := newWorld(t)
	c := &clerk{}
	under := atomic.Int32{}
	c.before = func() error {
		defer under.Add(-1)
		if n, open := under.Add(1), w.unmarked(c); n > 1 || open > 0 {
			t.Errorf("got %d letters under way, and %d that are out and not marked", n, open)
		}
		return nil
	}
	const comments = 20
	for i := range comments {
		w.submit(fmt.Sprint("text ", i), fmt.Sprintf("a%d@example.org", i))
	}
	w.start(c)
	w.delivered(comments)
}

// away is how long the database is: not when River, which waits twice as long after each try, tries to mark a job.
const away = 4 * time.Second

// The database goes after a letter is out, and before that is marked: once it is back, the mark is the first thing.
func TestALetterIsMarkedOnceTheDatabaseIsBack(t *testing.T) {
	w := newWorld(t)
	w.submit("one", "a1@example.org")
	w.submit("two", "a2@example.org")
	address, between := modeltest.Wired(t, w.flow.Store.Pool().Config().ConnString())
	store, err := models.Open(t.Context(), address)
	w.must(err)
	t.Cleanup(store.Close)
	c := &clerk{}
	tries := 0
	c.before = func() error {
		if tries++; tries == 1 {
			between.Refuse()
			time.AfterFunc(away, between.Accept)
		} else if open := w.unmarked(c); open > 0 {
			t.Errorf("got %d letters that are out and not marked", open)
		}
		return nil
	}
	w.startOn(store, c)
	w.delivered(2)
	if _, tried := c.got(); len(tried) != 2 {
		t.Errorf("got %d letters, want each once", len(tried))
	}
}

// A mail server that does not answer holds letters up, and nothing else.
func TestWhatIsNoLetterDoesNotWaitForTheMailServer(t *testing.T) {
	w := newWorld(t)
	for i := range 9 {
		w.submit(fmt.Sprint("text ", i), fmt.Sprintf("a%d@example.org", i))
	}
	id := w.submit("spam", "")
	server := stuck{make(chan struct{})}
	w.start(server)
	<-server.under
	_, err := w.flow.DecideTogether(t.Context(), w.site, w.moderator, moderation.Order{Action: moderation.Spam, Items: []models.BatchItem{{CommentID: id, Version: 1}}})
	w.must(err)
	w.await("the batch is worked off", func() bool {
		var status string
		w.must(w.flow.Store.Pool().QueryRow(t.Context(), `select status from comments where id = $1`, id).Scan(&status))
		return status == models.Spam
	})
}

// A letter that panics is tried again like one that fails, and those behind it go out meanwhile.
func TestALetterThatPanicsHoldsUpNoOther(t *testing.T) {
	w := newWorld(t)
	c, tries := &clerk{}, 0
	c.before = func() error {
		if tries++; tries == 1 {
			panic("a poisoned letter")
		}
		return nil
	}
	w.submit("one", "a1@example.org")
	w.submit("two", "a2@example.org")
	w.start(c)
	w.delivered(2)
	if letters, _ := c.got(); len(letters) != 2 || tries != 3 {
		t.Errorf("got %d letters in %d tries, want two in three", len(letters), tries)
	}
}
