package handlers_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"plenum/moderation"
	"plenum/moderation/notify"
	"plenum/moderation/outgoing"
)

// oneWebhook is a new webhook of the site, beside those that are subjects: there is no place for many.
func (w *matrixWorld) oneWebhook() string {
	w.Helper()
	var kept []string
	for _, s := range w.subjects {
		kept = append(kept, s.named)
	}
	w.sql(`delete from webhooks where not id::text = any ($1)`, kept)
	made, _, err := w.flow.AddWebhook(w.Context(), w.site, w.actor(ida), moderation.WebhookChange{URL: "https://hooks.example/", Events: []string{"submit"}, State: "on"})
	w.must(err)
	return made.ID.String()
}

// failedTest is a delivery that can be told again.
func (w *matrixWorld) failedTest(webhook uuid.UUID) string {
	w.Helper()
	d, err := w.flow.TestWebhook(w.Context(), w.site, w.actor(ida), webhook)
	w.must(err)
	w.sql(`update webhook_deliveries set state = 'failed' where id = $1`, d.ID)
	return d.ID.String()
}

// receiver is somebody's program on this machine, which the product may call.
type receiver struct {
	*world
	server *httptest.Server
	mu     sync.Mutex
	calls  []call
	code   int // that is answered
}

// call is one message as it came in.
type call struct {
	header http.Header
	body   []byte
}

func newReceiver(w *world) *receiver {
	w.Helper()
	r := &receiver{world: w, code: http.StatusNoContent}
	r.server = httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, q *http.Request) {
		body, err := io.ReadAll(q.Body)
		if err != nil {
			w.Error(err)
		}
		r.mu.Lock()
		defer r.mu.Unlock()
		r.calls = append(r.calls, call{q.Header, body})
		rw.WriteHeader(r.code)
	}))
	w.Cleanup(r.server.Close)
	w.flow.Outgoing = outgoing.New(netip.MustParsePrefix("127.0.0.1/32"))
	return r
}

// work tells what waits, as the worker does, and answers what came in.
func (r *receiver) work() []call {
	r.Helper()
	set, err := templateSet()
	r.must(err)
	postman := notify.NewPostman(r.flow.Store, set, &letterbox{}, r.base(), []byte("a secret of the tests"))
	postman.Caller, postman.Now = r.flow.Outgoing.Client(), r.flow.Now
	rows, err := r.flow.Store.Pool().Query(r.Context(), `delete from river_job where kind = 'notify_webhook' returning args`)
	r.must(err)
	notices, err := pgx.CollectRows(rows, pgx.RowTo[notify.WebhookNotice])
	r.must(err)
	r.mu.Lock()
	r.calls = nil
	r.mu.Unlock()
	for _, n := range notices {
		if err := postman.DeliverWebhook(context.WithoutCancel(r.Context()), n); err != nil {
			r.Logf("told in vain: %v", err)
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.calls)
}

// message is what a webhook is told, as docs/webhooks.md has it.
type message struct {
	Type      string
	Timestamp time.Time
	Data      struct {
		Site    string
		Comment *struct {
			ID, Article, Status string
			Version             int
			Rules               []string
			Public              *struct{ Name, Text, URL string }
		}
	}
}

func (c call) message(t *testing.T) (m message) {
	t.Helper()
	if err := json.Unmarshal(c.body, &m); err != nil {
		t.Fatalf("%v in %s", err, c.body)
	}
	return m
}

type shown struct {
	Webhook struct{ ID, State string }
	Secret  string
}

// webhook sets one up for these events.
func (r *receiver) webhook(as option, events ...string) shown {
	r.Helper()
	return read[shown](r.do("POST", r.api("/webhooks"), draft{"url": r.server.URL + "/hook?key=geheim", "events": events}, as).want(201))
}

var everything = moderation.Events
