package models_test

import (
	"slices"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"plenum/models"
)

// A statement is read once, whatever it is asked with.
func TestArgumentsAreFoundByTheirNames(t *testing.T) {
	const sql = `select @b, @a, '@c' where @a = @b`
	for _, args := range []models.Named{{"a": 1, "b": 2}, {"b": "y", "a": "x", "more": 3}} {
		text, values, err := args.RewriteQuery(t.Context(), nil, sql, nil)
		if want := []any{args["b"], args["a"]}; err != nil || text != `select $1, $2, '@c' where $2 = $1` || !slices.Equal(values, want) {
			t.Errorf("got %s with %v (%v), want %v", text, values, err, want)
		}
	}
	if _, _, err := (models.Named{"a": 1}).RewriteQuery(t.Context(), nil, sql, nil); err == nil {
		t.Error("got no error of a name without a value")
	}
}

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
