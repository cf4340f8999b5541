package models_test

import (
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"plenum/models"
)

// agree counts a person, who is one byte here.
func (w *world) agree(id uuid.UUID, person byte) (a models.Agreed, err error) {
	err = w.flow.Store.Serve(w.Context(), w.site.ID, func(tx *models.Tx) error {
		hash := make([]byte, 32)
		hash[0] = person
		a, err = tx.Agree(w.Context(), w.site.ID, id, time.Date(2026, 11, 2, 0, 0, 0, 0, time.UTC), hash)
		return err
	})
	return a, err
}

func TestAPersonIsCountedOnceHoweverManyAskAtOnce(t *testing.T) {
	w := newWorld(t)
	id := w.comment("a text", true)
	var all sync.WaitGroup
	for person := range 8 {
		for range 4 {
			all.Go(func() {
				if _, err := w.agree(id, byte(person)); err != nil {
					t.Error(err)
				}
			})
		}
	}
	all.Wait()
	if got, err := w.agree(id, 0); err != nil || got != (models.Agreed{Agreed: 8}) {
		t.Errorf("got %+v, %v, want 8 who agree, and nobody new", got, err)
	}
	if got := w.read(`select count(*)::text from agreement_marks`); got != "8" {
		t.Errorf("got %s marks, want 8", got)
	}
}

func TestOnlyWhatIsPublicIsAgreedWith(t *testing.T) {
	w := newWorld(t)
	for _, id := range []uuid.UUID{w.comment("waits", false), uuid.New()} {
		if _, err := w.agree(id, 1); !errors.Is(err, models.ErrNotFound) {
			t.Errorf("got %v, want that it is not there", err)
		}
	}
	if got := w.read(`select count(*)::text from agreement_marks`); got != "0" {
		t.Errorf("got %s marks, want none", got)
	}
}
