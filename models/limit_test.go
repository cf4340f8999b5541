package models_test

import (
	"crypto/sha256"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"plenum/models"
	"plenum/models/modeltest"
)

func bucket(name string, burst int, every time.Duration) models.Bucket {
	key := sha256.Sum256([]byte(name))
	return models.Bucket{Key: key[:], Burst: burst, Every: every}
}

// take asks once, in a transaction of its own, and gives back what was taken where one of the buckets is full.
func take(t *testing.T, store *models.Store, site uuid.UUID, now time.Time, from ...models.Bucket) (full *models.Full) {
	t.Helper()
	tx := func(tx *models.Tx) (err error) {
		if full, err = tx.Take(t.Context(), site, now, from); err == nil && full != nil {
			err = models.ErrConflict
		}
		return err
	}
	if err := store.Serve(t.Context(), site, tx); err != nil && full == nil {
		t.Error(err)
	}
	return full
}

// Two replicas with eight askers each, all at once: exactly the burst is admitted, in every round.
func TestTwoReplicasAtOnceAdmitExactlyTheBurst(t *testing.T) {
	const rounds, burst, askers = 20, 5, 16
	var stores [2]*models.Store
	for i, url := 0, modeltest.URL(t); i < 2; i++ {
		store, err := models.Open(t.Context(), url)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(store.Close)
		stores[i] = store
	}
	site, now := uuid.New(), time.Now()
	for range rounds {
		var admitted atomic.Int32
		var all sync.WaitGroup
		for i := range askers {
			all.Go(func() {
				if take(t, stores[i%2], site, now, bucket("ann", burst, time.Minute)) == nil {
					admitted.Add(1)
				}
			})
		}
		all.Wait()
		if got := admitted.Load(); got != burst {
			t.Fatalf("got %d admitted at once, want %d", got, burst)
		}
		now = now.Add(burst * time.Minute)
	}
}

func TestABucketFillsAgainOneByOne(t *testing.T) {
	store, site, now := modeltest.Open(t), uuid.New(), time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	b := bucket("ann", 2, 30*time.Second)
	for _, step := range []struct {
		after time.Duration
		wait  time.Duration // zero: it is taken
	}{{0, 0}, {0, 0}, {0, 30 * time.Second}, {10 * time.Second, 20 * time.Second}, {20 * time.Second, 0}, {0, 30 * time.Second}, {time.Hour, 0}, {0, 0}, {0, 30 * time.Second}} {
		now = now.Add(step.after)
		var got time.Duration
		if full := take(t, store, site, now, b); full != nil {
			got = full.Wait
		}
		if got != step.wait {
			t.Fatalf("at %s: got a wait of %s, want %s", now.Format("15:04:05"), got, step.wait)
		}
	}
	if full := take(t, store, uuid.New(), now, b); full != nil {
		t.Error("another site's bucket is full too")
	}
}

func TestWhatIsRefusedTakesFromNoBucket(t *testing.T) {
	store, site, now := modeltest.Open(t), uuid.New(), time.Now()
	wide, narrow := bucket("network", 3, time.Minute), bucket("address", 1, time.Minute)
	take(t, store, site, now, wide, narrow)
	for range 5 {
		if full := take(t, store, site, now, wide, narrow); full == nil || full.Bucket != 1 {
			t.Fatalf("got %+v, want the second bucket to be full", full)
		}
	}
	for range 2 {
		if full := take(t, store, site, now, wide); full != nil {
			t.Fatal("refused attempts were counted against the network")
		}
	}
}

func TestASweepForgetsTheBucketsThatAreWhole(t *testing.T) {
	w := newWorld(t)
	now := time.Now()
	take(t, w.flow.Store, w.site.ID, now, bucket("short", 1, time.Minute), bucket("long", 1, time.Hour))
	w.must(w.flow.Store.Sweep(t.Context(), models.Cutoffs{Now: now.Add(2 * time.Minute)}))
	if got := w.read(`select count(*)::text from limits`); got != "1" {
		t.Errorf("got %s buckets after the sweep, want the one that is not whole", got)
	}
	w.must(w.flow.Store.Sweep(t.Context(), models.Cutoffs{Now: now.Add(24 * time.Hour)}))
	if got := w.read(`select count(*)::text from limits`); got != "0" {
		t.Errorf("got %s buckets after a day, want none", got)
	}
	if err := w.exec(false, w.site, `update sites set limit_burst = 1000, limit_seconds = 3600`); err == nil {
		t.Error("a site may set limits that live for weeks")
	}
}
