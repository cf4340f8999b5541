package models_test

import (
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"plenum/models"
)

func TestStatementsOfOneLookAreHeldToTheirSite(t *testing.T) {
	w := newWorld(t)
	w.comment("first", true)
	first, other := w.site.ID, w.newSite("other").ID
	for _, site := range []uuid.UUID{other, first, other, first} { // on one connection, whose plans are kept
		var seen int
		batch := &pgx.Batch{}
		batch.Queue(`select count(*) from comments`).QueryRow(func(row pgx.Row) error { return row.Scan(&seen) })
		w.must(models.LookUp(t.Context(), w.flow.Store, site, batch))
		if want := map[uuid.UUID]int{first: 1, other: 0}[site]; seen != want {
			t.Errorf("got %d comments, want %d: those of the site that was named", seen, want)
		}
	}
	for _, forbidden := range []string{`update comments set depth = depth`, `select 1 / 0`, `reset role; select email from moderators`} {
		batch := &pgx.Batch{}
		batch.Queue(forbidden)
		if models.LookUp(t.Context(), w.flow.Store, first, batch) == nil {
			t.Errorf("%s: got no error", forbidden)
		}
		if _, err := w.flow.Store.Words(t.Context(), first); err != nil {
			t.Errorf("after %s: got %v, want a connection that works", forbidden, err)
		}
	}
}
