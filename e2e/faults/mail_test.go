//go:build faults

package faults

import (
	"testing"
	"time"
)

// While the mail server is down, in any way, mails wait; then each goes out once. What it declines for good is not
// tried again. deliverAll lets the hours pass.
func TestMailsWaitForTheirServer(t *testing.T) {
	for name, mood := range map[string]int{"refuses": refuses, "defers": defers, "declines": declines, "tarpits": tarpits} {
		l := plenum.work(t)
		plenum.mails.be(mood)
		l.more(8)
		moment(t)
		l.rest()
		until(t, "a letter was tried", time.Minute, func() bool {
			rows, err := plenum.query(t.Context(), `select count(*) from river_job where kind = 'notify_author' and (state = 'retryable' or state = 'cancelled' and finalized_at > now() - interval '1 minute')`)
			return err == nil && rows[0][0] != "0"
		})
		plenum.mails.be(takes)
		t.Log(name)
		plenum.verify(t)
	}
}

// Poisoned jobs, of a kind that nobody knows, with arguments that cannot be read, about what is not there: each is tried
// or given up, and the others go on.
func TestAPoisonedJobHoldsUpNoOther(t *testing.T) {
	if _, err := plenum.query(t.Context(), `insert into river_job (kind, state, args, max_attempts, queue, priority) values
		('unknown', 'available', '{}', 25, 'default', 1), ('notify_author', 'available', '{"site_id": 7}', 1, 'default', 1),
		('notify_author', 'available', '[]', 1, 'default', 1), ('notify_author', 'available', '{"site_id": "`+nobody+`", "comment_id": "`+nobody+`", "about": "received"}', 25, 'default', 1),
		('run_batch', 'available', '{"site_id": "`+nobody+`"}', 1, 'default', 1)`); err != nil {
		t.Fatal(err)
	}
	l := plenum.work(t)
	l.more(30)
	l.rest()
	plenum.verify(t)
	if _, err := plenum.query(t.Context(), `delete from river_job where kind in ('unknown', 'run_batch')`); err != nil {
		t.Fatal(err)
	}
}

const nobody = "00000000-0000-7000-8000-000000000000"
