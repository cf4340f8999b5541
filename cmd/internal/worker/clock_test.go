package worker

import (
	"testing"
	"time"

	"plenum/models"
	"plenum/moderation/notify"
)

// Whoever leads the queue makes due what waited by the clock of everything else, which here is an hour ahead: a machine that
// is slow would hold every mail up.
func TestTheQueueGoesByTheClockOfTheRest(t *testing.T) {
	w := newWorld(t)
	now := w.flow.Now
	w.flow.Now = func() time.Time { return now().Add(time.Hour) }
	id := w.submit("my text", "")
	w.must(w.flow.Store.Serve(t.Context(), w.site.ID, func(tx *models.Tx) error {
		return tx.Enqueue(t.Context(), notify.Notice{SiteID: w.site.ID, CommentID: id, About: notify.Published}, now().Add(30*time.Minute))
	}))
	w.start(&mailbox{})
	w.awaitState(notify.Published, "completed")
}
