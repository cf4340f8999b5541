// Package load posts comments as readers do who try again until they are heard, and remembers what was acknowledged.
package load

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"
)

// Posters post to one site, each comment under an Idempotency-Key that is tried again until it is acknowledged.
type Posters struct {
	Base string // http://127.0.0.1:PORT
	Site string // slug; its rules in force are version 1

	mu           sync.Mutex
	acknowledged map[string]string // text to id
	faults       []string
	workers      sync.WaitGroup
}

// Start sets n of them to work until the context ends. Wait waits for the last.
func (p *Posters) Start(ctx context.Context, n int) {
	p.acknowledged = map[string]string{}
	for worker := range n {
		p.workers.Go(func() { p.work(ctx, worker) })
	}
}

// Wait returns when all have stopped.
func (p *Posters) Wait() { p.workers.Wait() }

// Acknowledged is how many comments were answered with 202.
func (p *Posters) Acknowledged() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.acknowledged)
}

// Faults are answers that nobody should get: anything but 202, and 503 with Retry-After.
func (p *Posters) Faults() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.faults
}

func (p *Posters) work(ctx context.Context, worker int) {
	client := &http.Client{Timeout: 10 * time.Second}
	for n := 0; ctx.Err() == nil; n++ {
		text := fmt.Sprintf("Beitrag %d von Schreiber %d", n, worker)
		for !p.try(ctx, client, text) {
			select {
			case <-ctx.Done():
				return
			case <-time.After(50 * time.Millisecond): // as a browser would, not at once
			}
		}
	}
}

// try posts once and notes what was acknowledged.
func (p *Posters) try(ctx context.Context, client *http.Client, text string) bool {
	body, err := json.Marshal(map[string]any{"article": map[string]string{"key": "load"}, "author": map[string]string{"name": "Schreiber"}, "body": text, "rules_version": 1})
	if err != nil {
		return p.fault(err.Error())
	}
	q, err := http.NewRequestWithContext(ctx, http.MethodPost, p.Base+"/api/v1/sites/"+p.Site+"/comments", bytes.NewReader(body))
	if err != nil {
		return p.fault(err.Error())
	}
	q.Header.Set("Content-Type", "application/json")
	q.Header.Set("Idempotency-Key", strings.ReplaceAll(text, " ", "-"))
	answer, err := client.Do(q)
	if err != nil { // killed under it, or not up again yet
		return false
	}
	defer answer.Body.Close()
	content, err := io.ReadAll(answer.Body)
	if answer.StatusCode != http.StatusAccepted {
		if answer.StatusCode != http.StatusServiceUnavailable || answer.Header.Get("Retry-After") == "" {
			p.fault(fmt.Sprintf("%d: %s", answer.StatusCode, content))
		}
		return false
	}
	var receipt struct{ ID string }
	if err != nil || json.Unmarshal(content, &receipt) != nil {
		return false // the answer was cut: not acknowledged
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.acknowledged[text] = receipt.ID
	return true
}

// fault notes an answer that nobody should get. It ends the try, and the comment with it.
func (p *Posters) fault(what string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.faults = append(p.faults, what)
	return true
}

// Compare reads the whole queue with a moderator's token, and names each acknowledged comment that is not there once.
func (p *Posters) Compare(ctx context.Context, token string) (wrong []string, err error) {
	found, err := p.queue(ctx, token)
	if err != nil {
		return nil, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for text, id := range p.acknowledged {
		if got := found[text]; len(got) != 1 || got[0] != id {
			wrong = append(wrong, fmt.Sprintf("%q was acknowledged as %s and is there as %v", text, id, got))
		}
	}
	return wrong, nil
}

// queue is every comment that waits: its ids by text.
func (p *Posters) queue(ctx context.Context, token string) (map[string][]string, error) {
	found, cursor := map[string][]string{}, ""
	for {
		q, err := http.NewRequestWithContext(ctx, http.MethodGet, p.Base+"/api/v1/sites/"+p.Site+"/queue?limit=200&cursor="+cursor, nil)
		if err != nil {
			return nil, err
		}
		q.Header.Set("Authorization", "Bearer "+token)
		answer, err := http.DefaultClient.Do(q)
		if err != nil {
			return nil, err
		}
		var page struct {
			Items []struct{ ID, Body string }
			Next  string `json:"next_cursor"`
		}
		err = json.NewDecoder(answer.Body).Decode(&page)
		answer.Body.Close()
		if err == nil && answer.StatusCode != http.StatusOK {
			err = errors.New(answer.Status)
		}
		if err != nil {
			return nil, fmt.Errorf("read the queue: %w", err)
		}
		for _, item := range page.Items {
			found[item.Body] = append(found[item.Body], item.ID)
		}
		if cursor = page.Next; cursor == "" {
			return found, nil
		}
	}
}
