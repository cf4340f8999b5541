package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// What was acknowledged is there, once, however the program and its PostgreSQL were killed meanwhile.
func TestEveryAcknowledgedCommentSurvivesKills(t *testing.T) {
	d, err := startDemo(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	p := &posters{demo: d, acknowledged: map[string]string{}}
	ctx, stop := context.WithCancel(t.Context())
	var posting sync.WaitGroup
	for worker := range 6 {
		posting.Go(func() { p.post(ctx, t, worker) })
	}
	for round := range 3 {
		p.more(t, 40)
		postmaster, err := d.Postmaster()
		if err != nil {
			t.Fatal(err)
		}
		if err := syscall.Kill(postmaster, syscall.SIGKILL); err != nil { // the running program brings it back
			t.Fatal(err)
		}
		p.more(t, 40)
		if err := d.Kill(); err != nil {
			t.Fatal(err)
		}
		if err := d.Start(t.Context()); err != nil {
			t.Fatalf("round %d: %v", round, err)
		}
	}
	p.more(t, 40)
	stop()
	posting.Wait()
	p.compare(t)
	if n := p.faults.Load(); n > 0 {
		t.Errorf("got %d answers of 500 or above that were not 503", n)
	}
	if _, err := d.Command(t.Context(), "", "audit", "verify", "--site", "stadtanzeiger"); err != nil {
		t.Error(err)
	}
	if err := d.Stop(); err != nil {
		t.Error(err)
	}
}

// posters post comments, each under a key that is tried again until it is acknowledged.
type posters struct {
	*demo
	mu           sync.Mutex
	acknowledged map[string]string // text to id
	faults       atomic.Int64
}

func (p *posters) post(ctx context.Context, t *testing.T, worker int) {
	client := &http.Client{Timeout: 10 * time.Second}
	for n := 0; ctx.Err() == nil; n++ {
		text := fmt.Sprintf("Beitrag %d von Schreiber %d", n, worker)
		body, err := json.Marshal(map[string]any{"article": map[string]string{"key": "kill"}, "author": map[string]string{"name": "Schreiber"}, "body": text, "rules_version": 1})
		if err != nil {
			t.Error(err)
			return
		}
		for !p.try(ctx, t, client, text, body) {
			select {
			case <-ctx.Done():
				return
			case <-time.After(50 * time.Millisecond): // as a browser would, not at once
			}
		}
	}
}

// try posts once and notes what was acknowledged.
func (p *posters) try(ctx context.Context, t *testing.T, client *http.Client, text string, body []byte) bool {
	q, err := http.NewRequestWithContext(ctx, http.MethodPost, p.base+"/api/v1/sites/stadtanzeiger/comments", bytes.NewReader(body))
	if err != nil {
		t.Error(err)
		return true
	}
	q.Header.Set("Content-Type", "application/json")
	q.Header.Set("Idempotency-Key", strings.ReplaceAll(text, " ", "-"))
	answer, err := client.Do(q)
	if err != nil { // killed under it, or not up again yet
		return false
	}
	defer answer.Body.Close()
	var receipt struct{ ID string }
	content, err := io.ReadAll(answer.Body)
	if answer.StatusCode != http.StatusAccepted {
		if answer.StatusCode != http.StatusServiceUnavailable || answer.Header.Get("Retry-After") == "" {
			p.faults.Add(1)
			t.Logf("%d: %s", answer.StatusCode, content)
		}
		return false
	}
	if err != nil || json.Unmarshal(content, &receipt) != nil {
		return false // the answer was cut: not acknowledged
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.acknowledged[text] = receipt.ID
	return true
}

// more waits until so many more are acknowledged.
func (p *posters) more(t *testing.T, n int) {
	t.Helper()
	count := func() int {
		p.mu.Lock()
		defer p.mu.Unlock()
		return len(p.acknowledged)
	}
	goal := count() + n
	until(t, "more comments are acknowledged", func() bool { return count() >= goal })
}

// compare reads the whole queue and holds it to what was acknowledged.
func (p *posters) compare(t *testing.T) {
	t.Helper()
	token, err := p.Command(t.Context(), "", "token", "create", "vogt@example.org", "--site", "stadtanzeiger", "--scope", "read")
	if err != nil {
		t.Fatal(err)
	}
	found, cursor := map[string][]string{}, ""
	for {
		q, err := http.NewRequestWithContext(t.Context(), http.MethodGet, p.base+"/api/v1/sites/stadtanzeiger/queue?limit=200&cursor="+cursor, nil)
		if err != nil {
			t.Fatal(err)
		}
		q.Header.Set("Authorization", "Bearer "+strings.TrimSpace(token))
		answer, err := http.DefaultClient.Do(q)
		if err != nil {
			t.Fatal(err)
		}
		var page struct {
			Items []struct{ ID, Body string }
			Next  string `json:"next_cursor"`
		}
		err = json.NewDecoder(answer.Body).Decode(&page)
		answer.Body.Close()
		if err != nil {
			t.Fatal(err)
		}
		for _, item := range page.Items {
			found[item.Body] = append(found[item.Body], item.ID)
		}
		if cursor = page.Next; cursor == "" {
			break
		}
	}
	for text, id := range p.acknowledged {
		if got := found[text]; len(got) != 1 || got[0] != id {
			t.Errorf("%q was acknowledged as %s and is there as %v", text, id, got)
		}
	}
	t.Logf("%d acknowledged comments are there, once each", len(p.acknowledged))
}
