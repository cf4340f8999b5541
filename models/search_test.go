package models_test

import (
	"strings"
	"testing"

	"github.com/google/uuid"

	"plenum/models"
)

// The role that searches reaches the words' index; the serving role, under its policy, would not.
func TestASearchIsReadByItsIndex(t *testing.T) {
	w := newWorld(t)
	w.fill()
	seen := &statements{}
	store, err := models.OpenTraced(t.Context(), w.sql.Config().ConnString(), seen)
	w.must(err)
	t.Cleanup(store.Close)
	found, err := store.Search(t.Context(), w.site.ID, "Nachtigallen")
	if err != nil || len(found) != 10 {
		t.Errorf("got %d comments (%v), want 10", len(found), err)
	}
	for when, plan := range w.explainAs("plenum_search", seen.all) {
		if !strings.Contains(plan, "search_words_found") || wholeScan.MatchString(plan) {
			t.Errorf("at the %s time:\n%s", when, plan)
		}
	}
}

// Whoever searches may read words and ids, and nothing else at all.
func TestTheSearchingRoleReadsWordsOnly(t *testing.T) {
	w := newWorld(t)
	w.comment("held", false)
	got := w.names(`select relname || ' ' || privilege from pg_class c, (values ('select'), ('insert'), ('update'), ('delete'), ('truncate')) p (privilege)
		where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace and has_any_column_privilege('plenum_search', c.oid, 'select')
			and (privilege = 'select' or has_table_privilege('plenum_search', c.oid, privilege))`)
	if len(got) != 1 || got[0] != "search_words select" {
		t.Errorf("the searching role may %v", got)
	}
}

// Even an id that a search would give away leads nowhere on another site.
func TestWhatASearchFindsIsReadBySite(t *testing.T) {
	w := newWorld(t)
	foreign := w.comment("theirs", false)
	other := w.newSite("other")
	items, err := w.flow.Store.Queue(t.Context(), other.ID, models.QueuePage{Lane: models.LaneAll, Limit: 10, Filter: models.Filter{Found: &[]uuid.UUID{foreign}}})
	if err != nil || len(items) != 0 {
		t.Errorf("got %+v (%v), want nothing", items, err)
	}
	if found, err := w.flow.Store.Search(t.Context(), other.ID, "theirs"); err != nil || len(found) != 0 {
		t.Errorf("got %v (%v), want nothing", found, err)
	}
}
