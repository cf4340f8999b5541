package handlers_test

import (
	"bufio"
	"net/http"
	"strings"
	"testing"
	"time"
)

// follow opens a stream and answers its events, name and data in one line, as they arrive, until it ends.
func (w *world) follow(path string, options ...option) <-chan string {
	w.Helper()
	q, err := http.NewRequestWithContext(w.Context(), http.MethodGet, w.server.URL+path, nil)
	w.must(err)
	for _, change := range options {
		change(q)
	}
	r, err := w.server.Client().Do(q)
	w.must(err)
	if r.StatusCode != 200 {
		w.Fatalf("%s: got %d", path, r.StatusCode)
	}
	events := make(chan string, 100)
	go func() {
		defer close(events)
		defer r.Body.Close()
		lines, name := bufio.NewScanner(r.Body), ""
		for lines.Scan() {
			if text, ok := strings.CutPrefix(lines.Text(), "event: "); ok {
				name = text
			} else if text, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
				events <- name + " " + text
			}
		}
	}()
	return events
}

// hear waits for the next event.
func (w *world) hear(events <-chan string) string {
	w.Helper()
	select {
	case e := <-events:
		return e
	case <-time.After(20 * time.Second):
		w.Fatal("no event came")
		return ""
	}
}

func TestReadersHearOfWhatIsPublishedAndOfNothingElse(t *testing.T) {
	w := newWorld(t)
	events := w.follow(w.api("/events?article=" + article))
	if got, want := w.hear(events), `thread {"version":1,"total":0}`; got != want {
		t.Errorf("got %q first, want %q", got, want)
	}
	waits := w.send(newDraft("wartet noch"))
	first := w.approve(w.send(newDraft("steht da")))
	if got, want := w.hear(events), `thread {"version":2,"total":1}`; got != want {
		t.Errorf("got %q after an approval, want %q", got, want)
	}
	w.decide(waits, "reject", "topic")
	w.bring(first, "removed")
	if got, want := w.hear(events), `thread {"version":3,"total":0}`; got != want {
		t.Errorf("got %q after a removal, want %q: a refusal is nobody's to hear of", got, want)
	}
}

func TestTheDeskHearsOfClaimsDecisionsAndNewComments(t *testing.T) {
	w := newWorld(t)
	events := w.follow(w.api("/queue/events"), w.as(mia))
	all := w.follow("/api/v1/queue/events", w.session(mia))
	other := w.abroad().follow(w.abroad().api("/queue/events"), w.as(bea))
	elsewhere := other
	quiet := func() { // what came by now, and what the hub has yet to see
		for {
			select {
			case <-events:
			case <-all:
			case <-elsewhere:
			case <-time.After(3 * time.Second):
				return
			}
		}
	}
	quiet()         // whoever listened before the hub did is told to look
	elsewhere = nil // from now on, nothing is to be heard there
	posted := w.send(newDraft("neu"))
	quiet() // the first look only remembers
	w.send(newDraft("noch eins"))
	w.hear(events)
	w.hear(all)
	quiet()
	w.do("POST", w.api("/comments/"+posted.ID+"/claim"), nil, w.as(tom)).want(200)
	w.hear(events)
	w.hear(all)
	quiet()
	w.do("DELETE", w.api("/comments/"+posted.ID+"/claim"), nil, w.as(tom)).want(204)
	w.hear(events)
	quiet()
	w.approve(posted)
	w.hear(events)
	quiet()
	w.do("POST", w.api("/comments/"+posted.ID+"/reports"), draft{"kind": "rule", "rule": "topic", "text": "gehört nicht hierher"}).want(202)
	w.hear(events)
	select {
	case e := <-other:
		t.Errorf("another site's desk heard %q", e)
	default:
	}
}

func TestAnotherReplicaHearsToo(t *testing.T) {
	w := newWorld(t)
	here := *w
	here.serve()
	events := here.follow(w.api("/events?article=" + article))
	w.hear(events)
	w.approve(w.send(newDraft("anderswo freigegeben")))
	if got, want := w.hear(events), `thread {"version":2,"total":1}`; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestStreamsEndWhenTheProductStops(t *testing.T) {
	w := newWorld(t)
	r, err := w.server.Client().Get(w.server.URL + w.api("/events?article="+article))
	w.must(err)
	defer r.Body.Close()
	w.product.Stop()
	for lines := bufio.NewScanner(r.Body); lines.Scan(); { // ends
	}
}
