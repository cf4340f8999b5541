package models_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"plenum/models"
)

// held is a world in which somebody holds a lock on every article, until the test ends.
func held(t *testing.T) *world {
	t.Helper()
	w := newWorld(t)
	tx, err := w.sql.Begin(t.Context())
	w.must(err)
	t.Cleanup(func() { w.must(tx.Rollback(context.Background())) })
	_, err = tx.Exec(t.Context(), `lock table articles in access exclusive mode`)
	w.must(err)
	return w
}

// soon wants whoever asks to be told within two seconds, and a little for a machine that does other things too, that it
// does not work now.
func soon(t *testing.T, ask func(ctx context.Context) error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2500*time.Millisecond)
	defer cancel()
	if err := ask(models.Asked(ctx)); !models.Unavailable(err) || ctx.Err() != nil {
		t.Errorf("got %v, want it unavailable before the test's patience ends", err)
	}
}

func TestWhoeverAsksDoesNotWaitForALock(t *testing.T) {
	w := held(t)
	soon(t, func(ctx context.Context) error {
		_, err := w.flow.Store.ThreadStates(ctx, w.site.ID, []string{"a"})
		return err
	})
	soon(t, func(ctx context.Context) error {
		_, err := w.flow.Store.Readers().ThreadStates(ctx, w.site.ID, []string{"a"})
		return err
	})
}

// What has waited for a connection waits no longer for a lock than somebody is there to hear of it.
func TestWhoeverAsksDoesNotWaitForAConnection(t *testing.T) {
	w := newWorld(t)
	store := w.flow.Store
	ctx, free := context.WithCancel(t.Context())
	defer free()
	taken, done := make(chan struct{}), make(chan error)
	for range store.Pool().Config().MaxConns {
		go func() {
			done <- store.Serve(ctx, w.site.ID, func(*models.Tx) error { taken <- struct{}{}; <-ctx.Done(); return ctx.Err() })
		}()
		<-taken
	}
	soon(t, func(ctx context.Context) error {
		_, err := store.Site(ctx, "news")
		if !errors.Is(err, models.ErrAway) {
			t.Errorf("got %v, want ErrAway", err)
		}
		return err
	})
	free()
	for range store.Pool().Config().MaxConns {
		<-done
	}
}

// Nobody waits for a job: it is not given up for a lock that is held a little longer.
func TestAJobIsMorePatient(t *testing.T) {
	w := newWorld(t)
	limit := func(ctx context.Context) (limit string) {
		w.must(w.flow.Store.Serve(ctx, w.site.ID, func(tx *models.Tx) error {
			return tx.Raw().QueryRow(ctx, `select current_setting('lock_timeout')`).Scan(&limit)
		}))
		return limit
	}
	if got := limit(t.Context()); got != "5s" {
		t.Errorf("got %s for a job, want 5s", got)
	}
	if got := limit(models.Asked(t.Context())); got == "5s" || got == "0" {
		t.Errorf("got %s for somebody who asks, want less than for a job", got)
	}
}
