package handlers_test

import (
	"testing"
	"time"

	"plenum/models"
	"plenum/moderation"
)

// end ends the site from a process of its own, as the command line does: whoever serves only hears of it.
func (w *world) end(site models.Site) *moderation.Flow {
	w.Helper()
	store, err := models.Open(w.Context(), w.flow.Store.Pool().Config().ConnString())
	w.must(err)
	w.Cleanup(store.Close)
	flow := moderation.New(store, []byte("a secret of the tests"))
	w.must(flow.EndSite(w.Context(), site))
	return flow
}

// ended waits until a stream is over.
func (w *world) ended(events <-chan string) {
	w.Helper()
	for patience := time.After(20 * time.Second); ; {
		select {
		case _, more := <-events:
			if !more {
				return
			}
		case <-patience:
			w.Fatal("a stream of the site goes on")
		}
	}
}

func TestASiteThatEndsIsUnknownAtEachReplicaAndItsStreamsEnd(t *testing.T) {
	w := newWorld(t)
	second := *w
	second.serve()
	p := w.published("steht da")
	w.must(w.flow.Store.PutMembership(t.Context(), models.Membership{SiteID: w.other.ID, ModeratorID: w.actor(mia).ID, Role: "moderator"}, w.flow.Now()))
	pages := []string{"/zeitung/", "/zeitung/thread?article=" + article, "/zeitung/rules", "/zeitung/feed.atom", w.api("/thread?article=" + article),
		w.api("/counts?article=" + article), w.api("/rules"), w.api("/comments/" + p.ID)}
	var streams []<-chan string
	for _, replica := range []*world{w, &second} {
		for _, page := range pages {
			replica.get(page, token(p.Token)).want(200)
			replica.get(page, token(p.Token)).want(200) // from memory, where it is kept
		}
		streams = append(streams, replica.follow(w.api("/events?article="+article)), replica.follow(w.api("/queue/events"), w.as(tom)),
			replica.follow("/api/v1/queue/events", w.session(mia)))
	}
	other := w.follow(w.abroad().api("/queue/events"), w.as(bea))
	flow := w.end(w.site)
	for _, replica := range []*world{w, &second} {
		for _, page := range pages {
			replica.wait(page+" to be of no site", func() bool { return replica.get(page, token(p.Token)).status == 404 })
		}
		replica.do("POST", w.api("/comments"), newDraft("zu spät")).want(404)
		replica.get(w.api("/queue"), w.as(tom)).want(404)
		replica.get("/blatt/").want(200)
	}
	for _, events := range streams {
		w.ended(events)
	}
	w.abroad().published("hier geht es weiter")
	if w.hear(other) == "" {
		t.Error("a stream of another site ended")
	}
	w.must(flow.DeleteSite(t.Context(), w.site))
	w.get("/zeitung/").want(404)
}

func TestNothingThatWasKeptOpensASiteOfTheSameName(t *testing.T) {
	w := newWorld(t)
	p := w.published("steht da")
	follows := w.subscribed(draft{"email": "rosa@leser.example", "kind": "site"})
	session := w.session(ida)
	key := w.flow.PublisherKey(w.site)
	flow := w.end(w.site)
	w.must(flow.DeleteSite(t.Context(), w.site))
	old := w.site
	w.site = w.newSite("zeitung", "de", w.origin)
	w.wait("the new site", func() bool { return w.get("/zeitung/").status == 200 })
	if w.site.ID == old.ID || w.flow.PublisherKey(w.site) == key {
		t.Error("the new site is the old one")
	}
	w.get(w.api("/comments/"+p.ID), token(p.Token)).want(404)
	w.do("DELETE", w.api("/comments/"+p.ID), nil, token(p.Token)).want(404)
	w.get(p.URL[len(w.server.URL):]).want(404)
	w.get(follows).want(404)
	w.get(w.api("/queue"), w.as(ida)).want(401)
	w.get(w.api("/queue"), session).want(401)
	var thread struct{ Total int }
	w.get(w.api("/thread?article=" + article)).want(200).into(&thread)
	if thread.Total != 0 {
		t.Errorf("got %d comments in the new site", thread.Total)
	}
}
