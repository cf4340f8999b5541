package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"plenum/models/sample"
)

const removals = 200

// call sends JSON as the moderator and reads the answer.
func (b *bench) call(ctx context.Context, method, path string, body, answer any) error {
	text, err := json.Marshal(body)
	if err != nil {
		return err
	}
	q, err := http.NewRequestWithContext(ctx, method, b.server.url+"/api/v1/sites/bench"+path, bytes.NewReader(text))
	if err != nil {
		return err
	}
	q.Header.Set("Content-Type", "application/json")
	q.Header.Set("Authorization", "Bearer "+b.site.token)
	r, err := http.DefaultClient.Do(q)
	if err != nil {
		return err
	}
	content, err := read(r)
	if err == nil && r.StatusCode >= 300 {
		err = fmt.Errorf("%s %s: got %s: %s", method, path, r.Status, content)
	}
	if err != nil || answer == nil {
		return err
	}
	return json.Unmarshal(content, answer)
}

// decide makes a decision on the comment's version.
func (b *bench) decide(ctx context.Context, id, action string, version int) error {
	verdict := map[string]any{"action": action, "version": version}
	if action == "remove" {
		verdict["rules"] = []string{"topic"}
	}
	return b.call(ctx, http.MethodPost, "/comments/"+id+"/decisions", verdict, nil)
}

// publish posts a comment under an article and approves it.
func (b *bench) publish(ctx context.Context, key, body string) (id string, err error) {
	var posted struct{ ID string }
	err = b.call(ctx, http.MethodPost, "/comments", map[string]any{"article": map[string]string{"key": key}, "author": map[string]string{"name": "Anna"},
		"body": body, "rules_version": 1}, &posted)
	if err != nil {
		return "", err
	}
	return posted.ID, b.decide(ctx, posted.ID, "approve", 1)
}

// removals measures how long another replica shows what was removed, from the answer to the decision on.
func (b *bench) removals(ctx context.Context) error {
	replica, err := b.serve(ctx)
	if err != nil {
		return err
	}
	var stale []time.Duration
	key := sample.ExactKey(100)
	address := replica.url + "/api/v1/sites/bench/thread?sort=newest&article=" + url.QueryEscape(key)
	for i := range removals {
		mark := fmt.Sprintf("verschwindet %d", i)
		id, err := b.publish(ctx, key, mark)
		if err != nil {
			return err
		}
		if _, err := until(address, mark, true); err != nil {
			return err
		}
		seen, gone := make(chan time.Time, 1), make(chan error, 1)
		go func() {
			last, err := until(address, mark, false)
			gone <- err
			seen <- last
		}()
		if err := b.decide(ctx, id, "remove", 2); err != nil {
			return err
		}
		answered := time.Now()
		if err := <-gone; err != nil {
			return err
		}
		stale = append(stale, max(0, (<-seen).Sub(answered)))
	}
	slices.Sort(stale)
	fmt.Printf("removed, last seen on another replica: median %.1f ms, 99th %.1f ms, longest %.1f ms after the answer (%d removals)\n\n",
		ms(stale[removals/2]), ms(stale[removals*99/100]), ms(stale[removals-1]), removals)
	return replica.stop()
}

// until asks again and again until the text is there, or is not, and answers when it was last otherwise.
func until(address, text string, there bool) (last time.Time, err error) {
	for begun := time.Now(); time.Since(begun) < 10*time.Second; {
		r, err := http.Get(address)
		if err != nil {
			return last, err
		}
		body, err := read(r)
		if err != nil {
			return last, err
		}
		if strings.Contains(string(body), text) == there {
			return last, nil
		}
		last = time.Now()
	}
	return last, fmt.Errorf("%s: waited in vain for %q", address, text)
}
