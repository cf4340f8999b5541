package handlers_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"

	"plenum/handlers"
	"plenum/handlers/ops"
	"plenum/moderation/notify"
)

// counting is a world that counts, with something in it of everything that is counted.
func counting(t *testing.T) (*world, *ops.Metrics) {
	w := newWorld(t)
	m := ops.NewMetrics(ops.Database{Store: w.flow.Store, Now: w.flow.Now}, ops.Pools{"serving": w.flow.Store.Pool()})
	w.serve(func(o *handlers.Options) { o.Metrics = m })
	return w, m
}

// scrape reads the metrics as Prometheus does.
func scrape(t *testing.T, m *ops.Metrics) string {
	t.Helper()
	r := httptest.NewRecorder()
	m.Handler().ServeHTTP(r, httptest.NewRequest("GET", "/metrics", nil))
	if r.Code != 200 {
		t.Fatalf("got %d %s", r.Code, r.Body)
	}
	return r.Body.String()
}

// shows waits until the metrics have these lines, because an answer may arrive before it is counted, and answers them all.
func shows(t *testing.T, m *ops.Metrics, lines ...string) string {
	t.Helper()
	missing := func(text string) (line string) {
		for _, line := range lines {
			if !strings.Contains(text, "\n"+line+"\n") {
				return line
			}
		}
		return ""
	}
	text := scrape(t, m)
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.After(10 * time.Second); missing(text) != ""; text = scrape(t, m) {
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("got no line %q in\n%s", missing(text), text)
		}
	}
	return text
}

func TestRequestsAreCountedByPatternOfRouteAndStatus(t *testing.T) {
	w, m := counting(t)
	p := w.published("öffentlich")
	w.get("/zeitung/thread?article=" + article).want(200)
	w.get("/zeitung/comments/" + p.ID + "?token=" + p.Token).want(200)
	w.get("/made/up/path/" + p.ID).want(404)
	w.get("//made//up").want(404)
	w.get("/healthz/x", host("evil.example")).want(421)
	w.do("BREW", "/zeitung/", nil)
	got := shows(t, m,
		`plenum_http_requests_total{method="GET",route="/:site/thread",status="200"} 1`,
		`plenum_http_requests_total{method="GET",route="/:site/comments/:id",status="200"} 1`,
		`plenum_http_requests_total{method="POST",route="/api/v1/sites/:site/comments",status="202"} 1`,
		`plenum_http_requests_total{method="GET",route="none",status="404"} 2`,
		`plenum_http_requests_total{method="GET",route="none",status="421"} 1`,
		`plenum_http_requests_total{method="other",route="none",status="405"} 1`,
		`plenum_http_request_duration_seconds_count{route="/:site/thread"} 1`,
	)
	for _, never := range []string{p.ID, p.Token, "made", "evil", "BREW", "öffentlich", "artikel"} {
		if strings.Contains(got, never) {
			t.Errorf("%q is in the metrics", never)
		}
	}
}

func TestTheQueueIsMeasuredByLaneAgainstItsPromise(t *testing.T) {
	w, m := counting(t)
	w.post("eins")
	w.pass(2 * time.Hour)
	w.post("zwei")
	w.state("edited")
	reported := w.state("approved")
	w.reportOf(reported, draft{"kind": "rule", "rule": "topic", "text": "gehört nicht hierher"}).want(202)
	got := shows(t, m, `plenum_database_up 1`,
		`plenum_queue_items{lane="pending",site="zeitung"} 2`, `plenum_queue_items{lane="edited",site="zeitung"} 1`,
		`plenum_queue_items{lane="reported",site="zeitung"} 1`, `plenum_queue_items{lane="appealed",site="zeitung"} 0`,
		`plenum_queue_items{lane="pending",site="blatt"} 0`, `plenum_queue_oldest_seconds{lane="pending",site="blatt"} 0`,
		`plenum_queue_promise_seconds{lane="pending",site="zeitung"} 3600`, `plenum_queue_promise_seconds{lane="reported",site="zeitung"} 86400`,
	)
	if age := regexp.MustCompile(`oldest_seconds\{lane="pending",site="zeitung"\} 72\d\d\.`); !age.MatchString(got) {
		t.Errorf("got no age of two hours in\n%s", got)
	}
}

// refusing is a mail server that answers with its errors in turn.
type refusing []error

func (r *refusing) Send(context.Context, notify.Letter) error {
	err := (*r)[0]
	*r = (*r)[1:]
	return err
}

func TestMailsAreCountedByWhatBecameOfThem(t *testing.T) {
	m := ops.NewMetrics()
	errs := &refusing{nil, errors.New("away"), notify.ErrRefused, nil}
	sender := m.Mails(errs)
	for _, want := range slices.Clone(*errs) {
		if err := sender.Send(t.Context(), notify.Letter{}); err != want {
			t.Errorf("got %v handed back, want %v", err, want)
		}
	}
	shows(t, m, `plenum_mail_deliveries_total{outcome="sent"} 2`, `plenum_mail_deliveries_total{outcome="refused"} 1`,
		`plenum_mail_deliveries_total{outcome="failed"} 1`)
}

// answering is somebody's program that answers with these codes in turn; 0 is no answer.
type answering []int

func (a *answering) Do(*http.Request) (*http.Response, error) {
	code := (*a)[0]
	if *a = (*a)[1:]; code == 0 {
		return nil, errors.New("away")
	}
	return &http.Response{StatusCode: code}, nil
}

func TestCallsOfWebhooksAreCountedByWhatBecameOfThem(t *testing.T) {
	m := ops.NewMetrics()
	caller := m.Webhooks(&answering{200, 204, 503, 0})
	for _, want := range []int{200, 204, 503, 0} {
		if answer, err := caller.Do(nil); (err != nil) != (want == 0) || err == nil && answer.StatusCode != want {
			t.Errorf("got %v handed back, want %d", err, want)
		}
	}
	shows(t, m, `plenum_webhook_calls_total{outcome="taken"} 2`, `plenum_webhook_calls_total{outcome="refused"} 1`,
		`plenum_webhook_calls_total{outcome="failed"} 1`)
}

// While the database is away the rest can still be read, and nothing old is shown.
func TestMetricsAreReadWhileTheDatabaseIsAway(t *testing.T) {
	w, m := counting(t)
	w.post("wartet")
	w.flow.Store.Close()
	got := shows(t, m, `plenum_database_up 0`, `plenum_event_streams 0`)
	if strings.Contains(got, "plenum_queue_items{") || strings.Contains(got, "plenum_jobs{") {
		t.Errorf("got figures of a database that is away:\n%s", got)
	}
}

// The example rules and the dashboard ask for nothing that is not there.
func TestEveryMetricOfTheExamplesExists(t *testing.T) {
	w, m := counting(t)
	w.send(newDraft("mit Brief").by("Rosa", "rosa@leser.example")) // leaves a job
	w.get("/zeitung/").want(200)
	got := scrape(t, m)
	name := regexp.MustCompile(`\b(plenum|go|process)_[a-z_]+[a-z]`)
	for file, read := range map[string]func([]byte, any) error{"alerts.yml": func(b []byte, v any) error { return yaml.Unmarshal(b, v) }, "dashboard.json": json.Unmarshal} {
		text, err := os.ReadFile(filepath.Join("..", "docs", "monitoring", file))
		w.must(err)
		var document any
		if err := read(text, &document); err != nil {
			t.Errorf("%s: %v", file, err)
		}
		names := name.FindAllString(string(text), -1)
		if len(names) < 8 {
			t.Errorf("%s: got the metrics %v: something is wrong with this test", file, names)
		}
		for _, n := range names {
			if !strings.Contains(got, "\n"+n+" ") && !strings.Contains(got, "\n"+n+"{") {
				t.Errorf("%s asks for %s, which is not there", file, n)
			}
		}
	}
}
