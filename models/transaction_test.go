package models_test

import (
	"errors"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"plenum/models"
)

func TestATransactionThatAsksNothingOfTheDatabaseIsOneMessage(t *testing.T) {
	w, heard := overheard(t)
	heard.sent = nil
	w.must(w.flow.Store.Serve(t.Context(), w.site.ID, func(*models.Tx) error { return nil }))
	if len(heard.sent) != 1 {
		t.Errorf("got %d messages, want 1", len(heard.sent))
	}
	refused := errors.New("refused")
	if err := w.flow.Store.Serve(t.Context(), w.site.ID, func(*models.Tx) error { return refused }); err != refused || len(heard.sent) != 1 {
		t.Errorf("got %v after %d messages, want the error as it is, and nothing said", err, len(heard.sent))
	}
}

// A constraint that is checked at the end fails the commit, which here is in the message of the beginning.
func TestACommitThatFailsIsSaidAsItIs(t *testing.T) {
	w := newWorld(t)
	w.do(`create table checked (n integer unique deferrable initially deferred); grant insert on checked to plenum_serve`)
	insert := func(n, m int) error {
		batch := &pgx.Batch{}
		batch.Queue(`insert into checked values ($1), ($2)`, n, m)
		return models.Kept(t.Context(), w.flow.Store, w.site.ID, batch)
	}
	w.must(insert(1, 2)) // and with that, it is prepared
	err := insert(3, 3)
	var refused *pgconn.PgError
	if !errors.As(err, &refused) || refused.Code != "23505" || errors.Is(err, pgx.ErrTxClosed) {
		t.Errorf("got %v, want the constraint and nothing else", err)
	}
	w.must(insert(4, 5))
}

// What is kept is seen by whatever is asked after it, in either way of asking, and its error is nobody's to swallow.
func TestWhatIsKeptGoesWithTheNextMessage(t *testing.T) {
	w := newWorld(t)
	kept := w.comment("first", true)
	c, err := w.flow.Store.Comment(t.Context(), w.site.ID, kept)
	w.must(err)
	again := models.Submission{Comment: c, Author: models.Author{ID: c.AuthorID}, Article: models.Article{ID: c.ArticleID, CreatedAt: c.CreatedAt}}
	fresh := again
	fresh.Comment.ID = uuid.New()
	fresh.Comment.RootID, fresh.Comment.Path, fresh.Author.ID = fresh.Comment.ID, fresh.Comment.ID[:], uuid.New()
	fresh.Revision = models.Revision{SiteID: w.site.ID, CommentID: fresh.Comment.ID, Number: 1, Body: "x", HTML: "x", MarkupVersion: 1, CreatedAt: c.CreatedAt}

	w.must(w.flow.Store.Serve(t.Context(), w.site.ID, func(tx *models.Tx) error {
		if err := tx.Submit(t.Context(), fresh); err != nil {
			return err
		}
		_, err := tx.Comment(t.Context(), w.site.ID, fresh.Comment.ID) // by GORM
		return err
	}))
	for name, ask := range map[string]func(tx *models.Tx) error{
		"by GORM": func(tx *models.Tx) error { _, err := tx.Comment(t.Context(), w.site.ID, kept); return err },
		"by pgx":  func(tx *models.Tx) error { return tx.TellDesk(t.Context(), w.site.ID) },
		"nothing": func(*models.Tx) error { return nil },
	} {
		for _, swallow := range []bool{false, true} {
			err := w.flow.Store.Serve(t.Context(), w.site.ID, func(tx *models.Tx) error {
				if err := tx.Submit(t.Context(), again); err != nil { // its id is taken
					return err
				}
				if err := ask(tx); !swallow {
					return err
				}
				return nil
			})
			if err == nil {
				t.Errorf("%s, swallowed %v: got no error of a comment that cannot be written", name, swallow)
			}
		}
	}
	if _, err := w.flow.Store.Comment(t.Context(), w.site.ID, kept); err != nil {
		t.Errorf("got %v, want connections that work", err)
	}
}
