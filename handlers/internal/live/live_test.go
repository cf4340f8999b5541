package live

import (
	"log/slog"
	"testing"
	"time"

	"plenum/models"
	"plenum/models/modeltest"
	"plenum/moderation"
)

// A question that was under way when somebody came may be answered from before: what changed meanwhile was told to those
// only who were there.
func TestWhoeverComesIsNotToldAStateFromBefore(t *testing.T) {
	store := modeltest.Open(t)
	flow := moderation.New(store, []byte("a secret of thirty-two characters"))
	site, err := flow.CreateSite(t.Context(), moderation.NewSite{Slug: "news", Name: "News", Locale: "de", Origins: []string{"https://news.example"}})
	if err != nil {
		t.Fatal(err)
	}
	hub, at := NewHub(store, slog.New(slog.DiscardHandler)), thread{site.ID, "a"}
	begun, end := make(chan struct{}), make(chan struct{})
	go hub.asked.Do(at.name(), func() (any, error) {
		close(begun)
		<-end
		return models.ThreadState{Version: 1, Total: 7}, nil
	})
	<-begun
	time.AfterFunc(50*time.Millisecond, func() { close(end) }) // whether or not the stream has come by then, it is told the state now
	s, err := hub.Thread(t.Context(), at.site, at.key)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if got := <-s.C; got != (models.ThreadState{Version: 1}) {
		t.Errorf("got %+v, want the thread without comments that it is now", got)
	}
}
