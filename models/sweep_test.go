package models_test

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"plenum/models"
)

// What opens nothing any more is not kept: links that were used or are over, tokens that ran out.
func TestLinksAndTokensThatOpenNothingAreSwept(t *testing.T) {
	w := newWorld(t)
	now := time.Now()
	link := func(name string, ends time.Time) {
		w.must(w.flow.Store.CreatePasswordLink(t.Context(), models.PasswordLink{ID: uuid.New(), ModeratorID: w.actor.ID, TokenHash: hashOf(name), CreatedAt: now, ExpiresAt: ends}))
	}
	key := func(name string, ends *time.Time) {
		w.must(w.flow.Store.CreateToken(t.Context(), models.Token{SiteID: w.site.ID, ID: uuid.New(), ModeratorID: w.actor.ID, TokenHash: hashOf(name), Scope: models.ScopeRead, Name: name, CreatedAt: now, ExpiresAt: ends}))
	}
	past, soon := now.Add(-time.Minute), now.Add(time.Hour)
	link("used", soon)
	w.must(w.flow.Store.UsePasswordLinks(t.Context(), w.actor.ID, hashOf("used"), now))
	link("over", past)
	link("open", soon)
	key("over", &past)
	key("open", &soon)
	key("for good", nil)
	w.must(w.flow.Store.Sweep(t.Context(), models.Cutoffs{Now: now}))
	if got := w.read(`select string_agg(encode(token_hash, 'hex'), ' ') from password_links`); got != w.read(`select encode($1, 'hex')`, hashOf("open")) {
		t.Errorf("got the links %s, want the one that is open", got)
	}
	if got := w.read(`select string_agg(name, ', ' order by name) from api_tokens`); got != "for good, open" {
		t.Errorf("got the tokens %s, want those that hold", got)
	}
}
