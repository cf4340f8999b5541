package models_test

import (
	"crypto/sha256"
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"

	"plenum/models"
)

// fan is a follower whom a site has told of a comment.
type fan struct {
	follower     models.Follower
	subscription uuid.UUID
	told         models.Told
	digest       models.Digest
}

// fan lets an address follow the site once a day, notes that it is told of a public comment, and puts that into a digest.
func (w *world) fan(site models.Site, public models.Comment) (f fan) {
	w.Helper()
	hash := sha256.Sum256([]byte("fay@example.org"))
	now := time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
	w.must(w.flow.Store.Serve(w.Context(), site.ID, func(tx *models.Tx) (err error) {
		f.follower, err = tx.HoldFollower(w.Context(), models.Follower{SiteID: site.ID, ID: uuid.New(), AddressHash: hash[:], Email: "fay@example.org", CreatedAt: now})
		w.must(err)
		asking, err := tx.Subscribe(w.Context(), models.Subscription{SiteID: site.ID, ID: uuid.New(), FollowerID: f.follower.ID, Kind: models.FollowSite,
			Pace: models.PaceDaily, Locale: "de", CreatedAt: now}, now)
		w.must(err)
		f.subscription = asking.ID
		w.must(tx.Confirm(w.Context(), site.ID, asking.ID, now.AddDate(-30, 0, 0)))
		a, err := tx.Announcement(w.Context(), site.ID, public.ID, w.published(site, public.ID))
		w.must(err)
		_, err = tx.NoteFollowUps(w.Context(), a, models.Round{Limit: 10, Now: now, DueAt: now})
		w.must(err)
		_, err = tx.TakeDigests(w.Context(), site.ID, now, 10)
		f.told = models.Told{SiteID: site.ID, CommentID: public.ID, FollowerID: f.follower.ID, Entry: a.Entry}
		f.digest = models.Digest{SiteID: site.ID, FollowerID: f.follower.ID, At: now}
		return err
	}))
	return f
}

// published is the entry that made a comment public.
func (w *world) published(site models.Site, id uuid.UUID) uuid.UUID {
	w.Helper()
	history, err := w.flow.Store.History(w.Context(), site.ID, id, 0)
	w.must(err)
	return history[0].ID
}

// The schema, and no care, keeps a site's follower from being told on another, and each comment from being noted twice.
func TestWhoIsToldIsHeldByTheSchema(t *testing.T) {
	w := newTwins(t)
	site, follower := w.a.site.ID.String(), w.a.fan.follower.ID.String()
	for what, statement := range map[string]string{
		"a subscription of another site's follower": `insert into subscriptions values ('` + w.b.site.ID.String() + `', gen_random_uuid(), '` + follower + `', 'site', '', 'once', 'de', now(), now())`,
		"an article without its name":               `insert into subscriptions values ('` + site + `', gen_random_uuid(), '` + follower + `', 'article', '', 'once', 'de', now(), now())`,
		"a second time":                             `insert into follow_ups select * from follow_ups where site_id = '` + site + `'`,
		"a digest of what is told at once":          `update follow_ups set due_at = null`,
		"an address without its hash":               `insert into followers values ('` + site + `', gen_random_uuid(), '', 'x@example.org', now())`,
		"one address twice":                         `insert into followers select site_id, gen_random_uuid(), address_hash, email, now() from followers`,
	} {
		if err := w.exec(false, w.a.site, statement); !refused(err) {
			t.Errorf("%s: got %v, want it refused", what, err)
		}
	}
}

func TestForgettingAFollowerIsOfOneSite(t *testing.T) {
	w := newTwins(t)
	w.must(w.flow.Store.ForgetFollower(t.Context(), w.a.site.ID, w.a.fan.follower.AddressHash))
	if _, err := w.flow.Store.Follower(t.Context(), w.a.site.ID, w.a.fan.follower.ID); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("got %v, want them forgotten", err)
	}
	if items, err := w.flow.Store.DigestItems(t.Context(), w.b.fan.digest); err != nil || len(items) != 1 {
		t.Errorf("got %d comments in the other site's digest, %v, want 1", len(items), err)
	}
}
