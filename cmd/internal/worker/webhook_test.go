package worker

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"sync"
	"testing"

	webhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"plenum/models"
	"plenum/moderation"
	"plenum/moderation/outgoing"
)

// receiver is somebody's program. It holds what comes while it is told to, then answers.
type receiver struct {
	*httptest.Server
	mu     sync.Mutex
	held   chan struct{} // nil: nothing is held
	came   chan struct{}
	ids    []string
	bodies [][]byte
	heads  []http.Header
}

func (w *world) receiver() *receiver {
	w.Helper()
	r := &receiver{came: make(chan struct{}, 10)}
	r.Server = httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, q *http.Request) {
		body, err := io.ReadAll(q.Body)
		if err != nil {
			w.Error(err)
		}
		r.mu.Lock()
		r.ids, r.bodies, r.heads = append(r.ids, q.Header.Get(webhooks.HeaderWebhookID)), append(r.bodies, body), append(r.heads, q.Header)
		held := r.held
		r.mu.Unlock()
		r.came <- struct{}{}
		if held != nil {
			<-held
		}
	}))
	w.Cleanup(r.Close)
	w.flow.Outgoing = outgoing.New(netip.MustParsePrefix("127.0.0.1/32"))
	return r
}

// hook has the receiver told of every comment that is sent, and answers the secret.
func (w *world) hook(r *receiver) string {
	w.Helper()
	editor := moderation.Actor{ID: w.moderator.ID, Name: "Mo", Role: moderation.RoleEditor}
	_, secret, err := w.flow.AddWebhook(w.Context(), w.site, editor, moderation.WebhookChange{URL: r.URL, Events: []string{"submit"}, State: models.WebhookOn})
	w.must(err)
	return secret
}

func (w *world) deliveries(state string) (n int) {
	w.Helper()
	w.must(w.flow.Store.Pool().QueryRow(w.Context(), `select count(*) from webhook_deliveries where state = $1`, state).Scan(&n))
	return n
}

// A message that was under way when the program ended comes again from the next one: the same, under the same id.
func TestAMessageSurvivesTheProgramThatSentIt(t *testing.T) {
	w := newWorld(t)
	r := w.receiver()
	secret := w.hook(r)
	r.held = make(chan struct{})
	first := w.start(&mailbox{})
	w.submit("my text", "")
	<-r.came
	w.stop(first)
	close(r.held)
	r.mu.Lock()
	r.held = nil
	r.mu.Unlock()
	if n := w.deliveries(models.DeliveryWaiting); n != 1 {
		t.Fatalf("got %d that wait, want the one that was under way", n)
	}
	w.start(&mailbox{})
	w.await("it is told", func() bool { return w.deliveries(models.DeliveryTold) == 1 })
	if len(r.ids) != 2 || r.ids[0] != r.ids[1] || r.ids[0] == "" || string(r.bodies[0]) != string(r.bodies[1]) {
		t.Errorf("got the ids %v, want the same message twice", r.ids)
	}
	verifier, err := webhooks.NewWebhook(secret)
	w.must(err)
	if err := verifier.Verify(r.bodies[1], r.heads[1]); err != nil { // with its time, too
		t.Error(err)
	}
}
