package worker

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"plenum/models"
	"plenum/moderation"
	"plenum/moderation/notify"
)

// followers lets n addresses follow the site, by its pace, from long ago.
func (w *world) followers(n int, pace string) {
	w.Helper()
	for i := range n {
		w.must(w.flow.Subscribe(w.Context(), w.site, moderation.Wish{Email: fmt.Sprintf("%s%d@example.org", pace, i), Kind: models.FollowSite, Pace: pace}))
	}
	_, err := w.flow.Store.Pool().Exec(w.Context(), `update subscriptions set confirmed_at = now() - interval '1 day'; delete from river_job where kind = 'notify_subscription'`)
	w.must(err)
}

// count answers how many rows a table has.
func (w *world) count(table string) (n int) {
	w.Helper()
	w.must(w.flow.Store.Pool().QueryRow(w.Context(), `select count(*) from `+table).Scan(&n))
	return n
}

// switched is a mail server that is down until it is switched on.
type switched struct {
	mailbox
	on atomic.Bool
}

func (s *switched) Send(ctx context.Context, l notify.Letter) error {
	if !s.on.Load() {
		return errors.New("dial tcp: connection refused")
	}
	return s.mailbox.Send(ctx, l)
}

func TestAfterAnHourWithoutAMailServerEachFollowerIsToldOnce(t *testing.T) {
	w, server := newWorld(t), &switched{}
	w.followers(5, models.PaceOnce)
	w.start(server)
	w.start(server)
	id := w.submit("my text", "")
	w.decide(id, 1, moderation.Approve)
	w.await("every mail has failed", func() bool { return w.count(`river_job where kind = 'notify_follower' and state = 'retryable'`) == 5 })
	w.decide(id, 2, moderation.Keep) // which takes nothing from the decision before
	server.on.Store(true)
	_, err := w.flow.Store.Pool().Exec(t.Context(), `update river_job set scheduled_at = now() where state = 'retryable'`) // an hour later
	w.must(err)
	w.await("every mail is sent", func() bool { return w.count(`river_job where kind = 'notify_follower' and state = 'completed'`) == 5 })
	letters, tried := server.got()
	to := map[string]bool{}
	for _, l := range letters {
		to[l.To] = true
	}
	if len(letters) != 5 || len(to) != 5 || len(tried) != 5 {
		t.Errorf("got %d letters to %d followers, want one to each of five", len(letters), len(to))
	}
}

func TestAFollowUpThatWasUnderWayAtTheEndIsSentOnce(t *testing.T) {
	w := newWorld(t)
	w.followers(1, models.PaceOnce)
	server := stuck{make(chan struct{})}
	first := w.start(server)
	w.decide(w.submit("my text", ""), 1, moderation.Approve)
	<-server.under
	w.stop(first)
	box := &mailbox{}
	w.start(box)
	w.await("the mail is sent", func() bool { return w.count(`follow_ups where sent_at is not null`) == 1 })
	// As after a kill: the job is worked off a second time although its mail went out.
	_, err := w.flow.Store.Pool().Exec(t.Context(), `update river_job set state = 'available', finalized_at = null, scheduled_at = now(), max_attempts = 30 where kind in ('notify_follower', 'follow_ups')`)
	w.must(err)
	w.await("both jobs are done again", func() bool {
		return w.count(`river_job where kind in ('notify_follower', 'follow_ups') and state = 'completed'`) == 2
	})
	if letters, _ := box.got(); len(letters) != 1 {
		t.Errorf("got %d letters, want 1", len(letters))
	}
}

func TestADailyMailGoesOutByItself(t *testing.T) {
	w := newWorld(t)
	w.followers(2, models.PaceDaily)
	id := w.submit("my text", "")
	e := w.decide(id, 1, moderation.Approve)
	w.must(w.flow.TellFollowers(t.Context(), moderation.FollowUpJob{SiteID: w.site.ID, CommentID: id, EntryID: e.ID}))
	_, err := w.flow.Store.Pool().Exec(t.Context(), `update follow_ups set due_at = now()`) // it is six
	w.must(err)
	box := &mailbox{}
	w.start(box) // which looks for what is due when it starts
	w.await("both are told", func() bool { return w.count(`follow_ups where sent_at is not null`) == 2 })
	letters, _ := box.got()
	daily := func(l notify.Letter) bool {
		return strings.HasPrefix(l.ID, "digest.") && strings.Contains(l.Text, "my text")
	}
	if len(letters) != 2 || slices.ContainsFunc(letters, func(l notify.Letter) bool { return !daily(l) }) {
		t.Errorf("got %+v, want a daily mail to each of two", letters)
	}
}

func TestASubscriptionIsAskedForByMail(t *testing.T) {
	w, box := newWorld(t), &mailbox{}
	w.start(box)
	w.must(w.flow.Subscribe(t.Context(), w.site, moderation.Wish{Email: "fay@example.org", Kind: models.FollowSite}))
	w.await("the mail is sent", func() bool {
		return w.count(`river_job where kind = 'notify_subscription' and state = 'completed'`) == 1
	})
	letters, _ := box.got()
	if len(letters) != 1 || letters[0].To != "fay@example.org" || time.Since(letters[0].Date) > time.Minute {
		t.Errorf("got %+v, want one now", letters)
	}
}
