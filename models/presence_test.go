package models_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"

	"plenum/models"
	"plenum/models/modeltest"
	"plenum/models/modeltest/wire"
	"plenum/moderation"
)

// watched is a store whose database is watched, by way of a wire. away and back are written to when it goes and comes.
type watched struct {
	*testing.T
	*models.Store
	wire       *wire.Wire
	away, back chan struct{}
}

func newWatched(t *testing.T) *watched {
	t.Helper()
	t.Parallel()
	url, between := modeltest.Wired(t, modeltest.URL(t))
	store, err := models.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(store.Close)
	w := &watched{t, store, between, make(chan struct{}, 9), make(chan struct{}, 9)}
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		store.Watch(ctx, models.Watcher{Away: func(error) { w.away <- struct{}{} }, Back: func() { w.back <- struct{}{} }})
	}()
	t.Cleanup(func() { stop(); <-done })
	if _, err := store.Sites(t.Context()); err != nil {
		t.Fatal(err)
	}
	return w
}

// within wants an answer to come soon, and says how it was.
func (w *watched) within(d time.Duration, what string, ask func() error) error {
	w.Helper()
	start, answer := time.Now(), make(chan error, 1)
	go func() { answer <- ask() }()
	select {
	case err := <-answer:
		w.Logf("%s: %v after %s", what, err, time.Since(start).Round(time.Millisecond))
		return err
	case <-time.After(d):
		w.Fatalf("%s: no answer within %s", what, d)
		return nil
	}
}

func (w *watched) hear(what string, from <-chan struct{}) {
	w.Helper()
	select {
	case <-from:
	case <-time.After(10 * time.Second):
		w.Fatalf("not told that it %s", what)
	}
}

func (w *watched) site() error {
	_, err := w.Site(w.Context(), "none")
	return err
}

// A database that is gone without a word: whoever is under way is cut off within two seconds, whoever comes later is
// told at once, and once it is back everything is as before.
func TestNobodyWaitsForADatabaseThatDoesNotAnswer(t *testing.T) {
	w := newWatched(t)
	w.wire.Freeze()
	err := w.within(1900*time.Millisecond, "under way", w.site)
	if !models.Unavailable(err) {
		t.Errorf("got %v, want it unavailable", err)
	}
	w.hear("went", w.away)
	if err := w.within(100*time.Millisecond, "later", w.site); !errors.Is(err, models.ErrAway) {
		t.Errorf("got %v, want ErrAway", err)
	}
	if err := w.Ready(t.Context()); !errors.Is(err, models.ErrAway) {
		t.Errorf("got %v, want not ready", err)
	}
	w.wire.Thaw()
	w.hear("came back", w.back)
	if err := w.within(2*time.Second, "back", w.site); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("got %v, want an answer of the database", err)
	}
	if err := w.Ready(t.Context()); err != nil {
		t.Errorf("got %v, want it ready", err)
	}
}

// Whatever a transaction waits for on a context of its own is cut off too.
func TestATransactionThatWaitsElsewhereIsCutOff(t *testing.T) {
	w := newWatched(t)
	defer w.wire.Thaw()
	err := w.within(1900*time.Millisecond, "in a transaction", func() error {
		return w.Serve(t.Context(), uuid.New(), func(tx *models.Tx) error {
			w.wire.Freeze()
			return tx.TellDesk(context.WithoutCancel(t.Context()), uuid.New())
		})
	})
	if !models.Unavailable(err) {
		t.Errorf("got %v, want it unavailable", err)
	}
}

func TestADatabaseThatIsRefusedIsAwayAtOnce(t *testing.T) {
	w := newWatched(t)
	w.wire.Refuse()
	w.hear("went", w.away)
	if err := w.within(100*time.Millisecond, "refused", w.site); !errors.Is(err, models.ErrAway) {
		t.Errorf("got %v, want ErrAway", err)
	}
	w.wire.Accept()
	w.hear("came back", w.back)
	if err := w.within(2*time.Second, "back", w.site); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("got %v, want an answer of the database", err)
	}
}

// What is done before anybody watches goes by the database's clock too: times, ids, and what a job waits for.
func TestAWrongClockIsSetOnce(t *testing.T) {
	for _, skew := range []time.Duration{10 * time.Minute, -10 * time.Minute} {
		w := newWorld(t)
		store, err := models.Open(t.Context(), w.flow.Store.Pool().Config().ConnString())
		w.must(err)
		store.Skew(skew)
		w.must(store.SetClock(t.Context()))
		sec, nsec := store.NewID().Time().UnixTime()
		for what, got := range map[string]time.Time{"time": store.Now(), "id": time.Unix(sec, nsec).Add(skew)} { // ids are made by this machine's clock, which is right, and moved
			if off := time.Since(got); off.Abs() > 5*time.Second {
				t.Errorf("a clock off by %s: got a %s that is off by %s", skew, what, off)
			}
		}
		var due bool
		w.must(store.Serve(t.Context(), w.site.ID, func(tx *models.Tx) error {
			if err := tx.Enqueue(t.Context(), models.Purge{SiteID: w.site.ID}, time.Time{}); err != nil {
				return err
			}
			return tx.Raw().QueryRow(t.Context(), `select abs(extract(epoch from now() - scheduled_at)) < 5 from river_job`).Scan(&due)
		}))
		if !due {
			t.Errorf("a clock off by %s: got a job that is not due at once", skew)
		}
		store.Close()
	}
}

// Two replicas, of which one has a clock that is ten minutes off: neither takes what the other holds, nor holds it for
// too long, because both go by the database's clock.
func TestAReplicaWithAWrongClockGoesByTheDatabases(t *testing.T) {
	for _, skew := range []time.Duration{10 * time.Minute, -10 * time.Minute, 20 * time.Millisecond} {
		w := newWorld(t)
		url := w.flow.Store.Pool().Config().ConnString()
		store, err := models.Open(t.Context(), url)
		w.must(err)
		store.Skew(skew)
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() { defer close(done); store.Watch(ctx, models.Watcher{}) }()
		until := time.After(10 * time.Second)
		for tick := time.Tick(20 * time.Millisecond); time.Since(store.Now()).Abs() > time.Second; {
			select {
			case <-tick:
			case <-until:
				t.Fatalf("a clock off by %s: still off by %s", skew, time.Since(store.Now()))
			}
		}
		wrong := moderation.New(store, []byte("a secret of thirty-two characters"))
		wrong.Now = store.Now
		w.comment("waits", false)
		other := w.actor
		m := models.Moderator{ID: uuid.New(), Email: "other@news", Name: "Other", PasswordHash: "x", Locale: "de", CreatedAt: time.Now()}
		w.must(w.flow.Store.CreateModerator(t.Context(), m, w.site.ID, moderation.RoleEditor))
		other.ID = m.ID
		for _, claim := range []struct {
			flow *moderation.Flow
			by   moderation.Actor
			want int
		}{{w.flow, w.actor, 1}, {wrong, other, 0}} {
			items, err := claim.flow.Claim(t.Context(), w.site, claim.by, models.LanePending, 1, 5*time.Minute)
			if err != nil || len(items) != claim.want {
				t.Errorf("a clock off by %s: got %d items claimed (%v), want %d", skew, len(items), err, claim.want)
			}
		}
		stop()
		<-done
		store.Close()
	}
}

func TestADatabaseWithoutOurStepsIsBehind(t *testing.T) {
	store, err := models.Open(t.Context(), modeltest.Empty(t))
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	if err := store.Ready(t.Context()); !errors.Is(err, models.ErrBehind) {
		t.Errorf("got %v of an empty database, want ErrBehind", err)
	}
	if _, err := store.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := store.Ready(t.Context()); err != nil {
		t.Errorf("got %v, want it ready", err)
	}
	if _, err := store.Pool().Exec(t.Context(), `delete from goose_db_version where version_id = 10`); err != nil {
		t.Fatal(err)
	}
	if err := store.Ready(t.Context()); !errors.Is(err, models.ErrBehind) {
		t.Errorf("got %v with a step missing in between, want ErrBehind", err)
	}
}
