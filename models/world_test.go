package models_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"plenum/models"
	"plenum/models/modeltest"
	"plenum/moderation"
)

// world is a site with a comment in it, and a superuser's connection to its database: for tests that cheat.
type world struct {
	*testing.T
	flow  *moderation.Flow
	site  models.Site
	actor moderation.Actor
	sql   *pgx.Conn
}

func newWorld(t *testing.T) *world {
	t.Helper()
	url := modeltest.URL(t)
	store, err := models.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(store.Close)
	w := &world{T: t, flow: moderation.New(store, []byte("a secret of thirty-two characters"))}
	w.flow.Unlimited = true
	w.site = w.newSite("news")
	if w.sql, err = pgx.Connect(t.Context(), url); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.sql.Close(context.Background()) })
	return w
}

func (w *world) newSite(slug string) models.Site {
	w.Helper()
	site, err := w.flow.CreateSite(w.Context(), moderation.NewSite{Slug: slug, Name: slug, Locale: "de", Origins: []string{"https://news.example"}})
	w.must(err)
	m := models.Moderator{ID: uuid.Must(uuid.NewV7()), Email: "mo@" + slug, Name: "Mo", PasswordHash: "x", Locale: "de", CreatedAt: time.Now()}
	w.must(w.flow.Store.CreateModerator(w.Context(), m, site.ID, moderation.RoleEditor))
	w.actor = moderation.Actor{ID: m.ID, Name: "Mo", Email: m.Email, Role: moderation.RoleEditor}
	return site
}

// comment submits a text, and approves it where it should be public.
func (w *world) comment(text string, approved bool) uuid.UUID {
	w.Helper()
	r, err := w.flow.Submit(w.Context(), w.site, moderation.Submission{Article: moderation.ArticleName{Key: "a"}, Name: "Ann", Body: text, RulesVersion: 1})
	w.must(err)
	if approved {
		_, err = w.flow.Decide(w.Context(), w.site, w.actor, moderation.Verdict{CommentID: r.ID, Version: 1, Action: moderation.Approve})
		w.must(err)
	}
	return r.ID
}

// exec runs statements in one transaction, as the serving role of the site where serving, and answers what stopped it.
func (w *world) exec(serving bool, site models.Site, statements ...string) error {
	w.Helper()
	tx, err := w.sql.Begin(w.Context())
	w.must(err)
	defer func() { w.must(ignoreClosed(tx.Rollback(w.Context()))) }()
	if serving {
		_, err := tx.Exec(w.Context(), `select set_config('role', 'plenum_serve', true), set_config('app.site_ids', $1, true)`, site.ID.String())
		w.must(err)
	}
	for _, statement := range statements {
		if _, err := tx.Exec(w.Context(), statement); err != nil {
			return err
		}
	}
	return tx.Commit(w.Context())
}

func ignoreClosed(err error) error {
	if err == pgx.ErrTxClosed {
		return nil
	}
	return err
}

func (w *world) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}
