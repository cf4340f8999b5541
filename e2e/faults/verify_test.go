package faults

import (
	"io"
	"net/http"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"plenum/e2e/program"
)

// verify holds the database, the public pages and the mail server to the book.
func (h *house) verify(t *testing.T) {
	t.Helper()
	a, err := h.book.read()
	if err != nil {
		t.Fatal(err)
	}
	rows, err := h.query(t.Context(), `select r.body, c.id, c.status from comments c join revisions r on r.site_id = c.site_id and r.comment_id = c.id`)
	if err != nil {
		t.Fatal(err)
	}
	stored, status := map[string][]string{}, map[string]string{}
	for _, row := range rows {
		stored[row[0]] = append(stored[row[0]], row[1])
		status[row[1]] = row[2]
	}
	for text, id := range a.posted {
		if got := stored[text]; len(got) != 1 || got[0] != id {
			t.Errorf("%q was acknowledged as %s and is there as %v", text, id, got)
		}
	}
	for text, ids := range stored {
		if len(ids) != 1 || !a.asked["post "+text] {
			t.Errorf("%q is there as %v, asked for: %v", text, ids, a.asked["post "+text])
		}
		if got := status[ids[0]]; strings.HasPrefix(text, hidden) && got != "pending" || got == "approved" && !a.asked["approve "+text] {
			t.Errorf("%q is %s, and nobody asked for that", text, got)
		}
	}
	for text, id := range a.approved {
		if status[id] != "approved" {
			t.Errorf("the approval of %q was acknowledged, and it is %s", text, status[id])
		}
	}
	duplicates := h.verifyMails(t, stored, status)
	if out, err := h.near.Command(t.Context(), "", "audit", "verify", "--site", slug); err != nil {
		t.Errorf("audit verify: %v %s", err, out)
	}
	t.Logf("%d posts and %d approvals acknowledged: all there, once each; %d mails more than once after %d kills", len(a.posted), len(a.approved), duplicates, h.kills)
}

// verifyMails waits until every letter has gone out, and counts those that did so more than once.
func (h *house) verifyMails(t *testing.T, stored map[string][]string, status map[string]string) (duplicates int) {
	t.Helper()
	h.deliverAll(t)
	letters := h.mails.taken()
	received := map[string]int{}
	for id, n := range letters {
		duplicates += n - 1
		if rest, ok := strings.CutPrefix(id, "received."); ok {
			comment, _, _ := strings.Cut(rest, "@")
			received[comment] = n
		}
	}
	published, approved, missing := 0, 0, 0
	for id := range letters {
		if strings.HasPrefix(id, "published.") {
			published++
		}
	}
	for _, ids := range stored {
		if received[ids[0]] == 0 {
			missing++
		}
		if status[ids[0]] == "approved" {
			approved++
		}
	}
	if missing += approved - published; missing != h.mails.declined() || published > approved {
		t.Errorf("got %d letters of %d publications, and %d letters missing in all, want the %d that were declined", published, approved, missing, h.mails.declined())
	}
	if duplicates > h.kills { // of the one that was out and not marked
		t.Errorf("got %d letters too many after %d kills, want one a kill at most", duplicates, h.kills)
	}
	return duplicates
}

// deliverAll lets time pass for the job queue, as often as it takes, until no letter is under way: a try that failed is
// due again, and a job that was under way when something broke is given back, as River does after a quarter of an hour.
func (h *house) deliverAll(t *testing.T) {
	t.Helper()
	var passed time.Time
	until(t, "every letter has gone out", 2*time.Minute, func() bool {
		if time.Since(passed) > 2*time.Second {
			passed = time.Now()
			if _, err := h.query(t.Context(), `update river_job set state = 'available', scheduled_at = now()
				where kind like 'notify%' and (state in ('retryable', 'scheduled') or state = 'running' and attempted_at < least('`+
				h.broken.Format(time.RFC3339Nano)+`', now() - interval '5 seconds'))`); err != nil {
				t.Fatal(err)
			}
		}
		rows, err := h.query(t.Context(), `select count(*) from river_job where kind like 'notify%' and state not in ('completed', 'cancelled', 'discarded')`)
		if err != nil {
			t.Fatal(err)
		}
		return rows[0][0] == "0"
	})
}

// grown are what must not grow from fault to fault.
type grown struct{ goroutines, connections, files float64 }

// size reads how large a replica is.
func size(t *testing.T, p *program.Program) (g grown) {
	t.Helper()
	text := metrics(t, p)
	for name, value := range map[string]*float64{`go_goroutines`: &g.goroutines, `process_open_fds`: &g.files, `plenum_pool_connections\{pool="serving",state="in_use"\}`: &g.connections} {
		m := regexp.MustCompile(`(?m)^` + name + ` (\S+)$`).FindSubmatch(text)
		if m == nil {
			t.Fatalf("got no %s in %s", name, text)
		}
		var err error
		if *value, err = strconv.ParseFloat(string(m[1]), 64); err != nil {
			t.Fatal(err)
		}
	}
	return g
}

// metrics is what a replica measures of itself.
func metrics(t *testing.T, p *program.Program) []byte {
	t.Helper()
	address := ""
	for _, setting := range p.Env {
		if value, ok := strings.CutPrefix(setting, "PLENUM_METRICS_ADDR="); ok {
			address = value
		}
	}
	answer, err := http.Get("http://" + address + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// settles wants a replica to come back to the size that it had.
func settles(t *testing.T, p *program.Program, before grown) {
	t.Helper()
	var now grown
	until(t, "a replica is as small as before", 30*time.Second, func() bool {
		now = size(t, p)
		return now.goroutines <= before.goroutines+40 && now.files <= before.files+40 && now.connections <= before.connections+2
	})
	t.Logf("goroutines %.0f → %.0f, files %.0f → %.0f", before.goroutines, now.goroutines, before.files, now.files)
}

// quiet reports whether a log holds no panic.
func (h *house) quiet(t *testing.T) {
	t.Helper()
	for _, p := range []*program.Program{h.near, h.far} {
		text, err := os.ReadFile(p.Folder + "/program.log")
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(text), "panic") || strings.Contains(string(text), "request failed") {
			t.Errorf("the log tells of a fault of ours: %.2000s", text)
		}
	}
}
