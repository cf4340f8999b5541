package worker

import (
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"plenum/models"
)

func TestTheNightsWorkIsOnceADayWhenever(t *testing.T) {
	for at, want := range map[string]string{"2026-11-02T02:59:59Z": "2026-11-02T03:00:00Z", "2026-11-02T03:00:00Z": "2026-11-03T03:00:00Z", "2026-12-31T23:00:00+01:00": "2027-01-01T03:00:00Z"} {
		from, err := time.Parse(time.RFC3339, at)
		if err != nil {
			t.Fatal(err)
		}
		if got := (nightly{}).Next(from).Format(time.RFC3339); got != want {
			t.Errorf("after %s: got %s, want %s", at, got, want)
		}
	}
}

func TestTheNightsWorkErasesWhatIsPastItsTime(t *testing.T) {
	w := newWorld(t)
	now := w.flow.Now
	w.flow.Now = func() time.Time { return now().AddDate(-2, 0, 0) }
	id := w.submit("my old text", "")
	w.must(w.flow.Withdraw(t.Context(), w.site, id, w.flow.ManageToken(w.site.ID, id)))
	w.flow.Now = now
	w.start(&mailbox{})
	w.must(w.flow.Store.Serve(t.Context(), w.site.ID, func(tx *models.Tx) error { return tx.Enqueue(t.Context(), expiry{}, time.Now()) }))
	w.await("the night's work is done", func() bool {
		rows, err := w.flow.Store.Pool().Query(t.Context(), `select state::text from river_job where kind = 'expire'`)
		w.must(err)
		states, err := pgx.CollectRows(rows, pgx.RowTo[string])
		w.must(err)
		return len(states) == 1 && states[0] == "completed"
	})
	if c, err := w.flow.Store.Comment(t.Context(), w.site.ID, id); err != nil || c.ErasedAt == nil {
		t.Errorf("got %+v, %v, want it erased", c, err)
	}
}
