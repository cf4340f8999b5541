package models_test

import (
	"net/netip"
	"testing"
	"time"

	"github.com/google/uuid"

	"plenum/models"
	"plenum/moderation"
)

// loud is what a site knows of an author whom it warned.
type loud struct {
	author, comment, sanction, entry uuid.UUID
	writer                           models.Writer
}

// warn has somebody write from an address and a network, and warns them.
func (w *world) warn(site models.Site) (l loud) {
	w.Helper()
	r, err := w.flow.Submit(w.Context(), site, moderation.Submission{Article: moderation.ArticleName{Key: "a"}, Name: "Ann", Email: "ann@reader.example",
		Body: "loud on " + site.Slug, RulesVersion: 1, Request: moderation.Request{Network: netip.MustParseAddr("198.51.100.7")}})
	w.must(err)
	c, err := w.flow.Store.Comment(w.Context(), site.ID, r.ID)
	w.must(err)
	s, err := w.flow.Sanction(w.Context(), site, w.actor, moderation.Sanctioning{AuthorID: c.AuthorID, Kind: moderation.Warn, CommentID: &r.ID, Rules: []string{"respect"}, Note: site.Slug})
	w.must(err)
	author, err := w.flow.Store.Author(w.Context(), site.ID, c.AuthorID)
	w.must(err)
	network, err := w.flow.Store.NetworkOf(w.Context(), site.ID, r.ID)
	w.must(err)
	return loud{c.AuthorID, r.ID, s.ID, s.Entry, models.Writer{AddressHash: author.AddressHash, NetworkHash: network}}
}

// The networks of comments are forgotten after a day, and those of bans with their end.
func TestNetworksAreForgotten(t *testing.T) {
	w := newWorld(t)
	l, now := w.warn(w.site), time.Now()
	until := now.Add(time.Hour)
	_, err := w.flow.Sanction(t.Context(), w.site, w.actor, moderation.Sanctioning{AuthorID: l.author, Kind: moderation.Network, CommentID: &l.comment, Until: &until, Rules: []string{"respect"}})
	w.must(err)
	left := func() string {
		return w.read(`select (select count(*) from comment_networks)::text || (select count(*) from sanctions where network_hash is not null)::text`)
	}
	for _, step := range []struct {
		at   time.Time
		want string
	}{{now, "11"}, {now.Add(2 * time.Hour), "10"}, {now.Add(23 * time.Hour), "10"}, {now.Add(25 * time.Hour), "00"}} {
		w.must(w.flow.Store.Sweep(t.Context(), models.Cutoffs{Now: step.at, Networks: step.at.Add(-24 * time.Hour)}))
		if got := left(); got != step.want {
			t.Errorf("after %s: got %s networks, want %s", step.at.Sub(now), got, step.want)
		}
	}
}
