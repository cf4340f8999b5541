package worker

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"testing"

	"plenum/moderation"
	"plenum/moderation/outgoing"
)

// cdn is somebody's CDN. Its first answers are those codes, all others 200.
type cdn struct {
	*httptest.Server
	mu    sync.Mutex
	codes []int
	calls []purgeCall
}

type purgeCall struct {
	head http.Header
	tags []string
}

func (w *world) cdn(codes ...int) *cdn {
	w.Helper()
	c := &cdn{codes: codes}
	c.Server = httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, q *http.Request) {
		body, err := io.ReadAll(q.Body)
		var said struct{ Tags []string }
		if err == nil {
			err = json.Unmarshal(body, &said)
		}
		if err != nil || q.Method != http.MethodPost {
			w.Errorf("got %s %q: %v", q.Method, body, err)
		}
		c.mu.Lock()
		defer c.mu.Unlock()
		c.calls = append(c.calls, purgeCall{q.Header, said.Tags})
		if len(c.codes) > 0 {
			rw.WriteHeader(c.codes[0])
			c.codes = c.codes[1:]
		}
	}))
	w.Cleanup(c.Close)
	w.flow.Outgoing = outgoing.New(netip.MustParsePrefix("127.0.0.1/32"))
	return c
}

// purging has the site's CDN told at the address of c.
func (w *world) purging(c *cdn) {
	w.Helper()
	site, err := w.flow.SetSite(w.Context(), w.site, moderation.SiteChange{Purge: &moderation.Purging{Address: c.URL + "/purge", Header: "Authorization: Bearer geheim"}})
	w.must(err)
	w.site = site
	w.must(w.forgetPurges())
}

func (c *cdn) got() []purgeCall {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.calls)
}

func TestACDNIsToldAtOnceWhatWasTakenDown(t *testing.T) {
	w := newWorld(t)
	c := w.cdn(http.StatusServiceUnavailable)
	w.purging(c)
	id := w.submit("my text", "")
	w.decide(id, 1, moderation.Approve)
	w.must(w.forgetPurges())
	w.start(&mailbox{})
	w.decide(id, 2, moderation.Remove, "topic")
	w.await("it is told again after it could not take it", func() bool { return len(c.got()) >= 2 })
	for _, call := range c.got()[:2] {
		want := w.site.Tags([]string{"a"})[1] + " plenum/news/overview"
		if got := strings.Join(call.tags, " "); got != want || call.head.Get("Surrogate-Key") != want {
			t.Errorf("got the tags %q and %q, want %q", got, call.head.Get("Surrogate-Key"), want)
		}
		if call.head.Get("Authorization") != "Bearer geheim" || call.head.Get("Content-Type") != "application/json" {
			t.Errorf("got the header %v", call.head)
		}
	}
	var failure string
	w.must(w.flow.Store.Pool().QueryRow(t.Context(), `select errors[1]->>'error' from river_job where kind = 'purge' and cardinality(errors) > 0`).Scan(&failure))
	if !strings.Contains(failure, "503") || strings.Contains(failure, "geheim") || strings.Contains(failure, c.URL) {
		t.Errorf("got noted %q, want the code and neither address nor secret", failure)
	}
}

func (w *world) forgetPurges() error {
	_, err := w.flow.Store.Pool().Exec(w.Context(), `delete from river_job where kind = 'purge'`)
	return err
}

// An address that became private since it was set is not called.
func TestACDNInAPrivateNetworkIsNotCalled(t *testing.T) {
	w := newWorld(t)
	c := w.cdn()
	w.purging(c)
	id := w.submit("my text", "")
	w.decide(id, 1, moderation.Approve)
	w.decide(id, 2, moderation.Remove, "topic")
	w.flow.Outgoing = outgoing.New()
	w.start(&mailbox{})
	var failure string
	w.await("the call is refused", func() bool {
		w.must(w.flow.Store.Pool().QueryRow(t.Context(), `select coalesce((select errors[1]->>'error' from river_job where kind = 'purge' and cardinality(errors) > 0 limit 1), '')`).Scan(&failure))
		return failure != ""
	})
	if !strings.Contains(failure, "refused to call out") || strings.Contains(failure, c.URL) || len(c.got()) != 0 {
		t.Errorf("got noted %q and %d calls, want it refused, without its address", failure, len(c.got()))
	}
}

// What waits when the setting is taken away is told to nobody.
func TestACDNThatIsTakenAwayIsNotCalled(t *testing.T) {
	w := newWorld(t)
	c := w.cdn()
	w.purging(c)
	id := w.submit("my text", "")
	w.decide(id, 1, moderation.Approve)
	w.decide(id, 2, moderation.Remove, "topic")
	_, err := w.flow.SetSite(t.Context(), w.site, moderation.SiteChange{Purge: &moderation.Purging{}})
	w.must(err)
	w.start(&mailbox{})
	w.await("the jobs of the removal are done", func() bool {
		var left int
		w.must(w.flow.Store.Pool().QueryRow(t.Context(), `select count(*) from river_job where kind = 'purge' and state not in ('completed', 'scheduled')`).Scan(&left))
		return left == 0
	})
	if n := len(c.got()); n != 0 {
		t.Errorf("got %d calls, want none", n)
	}
}
