package faults

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
	"testing"
	"time"
)

const (
	writers = 6
	patient = 40 * time.Second // of a client: longer than the program lets anybody wait
	article = "stoerung"
)

// What every other text begins with is approved; the others must be seen by nobody.
const (
	shown  = "offen"
	hidden = "verborgen"
)

// load is people at work on both replicas: each request is tried again, under its key, until it is acknowledged.
type load struct {
	*house
	*testing.T
	bases   []string // that are written to, in turn
	host    string   // their Host header; empty: their own
	ctx     context.Context
	stop    context.CancelFunc
	working sync.WaitGroup

	acknowledged, away, faults atomic.Int64
	slowest                    atomic.Int64 // nanoseconds until a 503
}

var rounds atomic.Int64 // of loads, so that each writes texts of its own

// work begins; the test ends it by rest.
func (h *house) work(t *testing.T, bases ...string) *load {
	t.Helper()
	if len(bases) == 0 {
		bases = []string{h.near.Base, h.far.Base}
	}
	l := &load{house: h, T: t, bases: bases}
	l.ctx, l.stop = context.WithCancel(t.Context())
	t.Cleanup(l.stop)
	round := rounds.Add(1)
	for writer := range writers {
		l.working.Go(func() { l.write(round, writer) })
	}
	l.working.Go(l.peer)
	return l
}

// rest ends the work.
func (l *load) rest() {
	l.stop()
	l.working.Wait()
	l.Logf("%d acknowledged, %d times 503 (the slowest after %s), %d other errors", l.acknowledged.Load(), l.away.Load(),
		time.Duration(l.slowest.Load()).Round(time.Millisecond), l.faults.Load())
	if n := l.faults.Load(); n > 0 {
		l.Errorf("got %d answers that were neither done nor 503 with Retry-After", n)
	}
}

func (l *load) write(round int64, writer int) {
	client := &http.Client{Timeout: patient, Transport: &http.Transport{DisableKeepAlives: true}}
	for n := 0; l.ctx.Err() == nil; n++ {
		kind := shown
		if n%2 == 1 {
			kind = hidden
		}
		text := fmt.Sprintf("%s %d-%d-%d", kind, round, writer, n)
		id := l.until(client, call{"post", text, "/comments", map[string]any{"article": map[string]string{"key": article},
			"author": map[string]string{"name": "Rosa", "email": fmt.Sprintf("leser%d@leser.example", writer)}, "body": text, "rules_version": 1}, n})
		if id != "" && kind == shown {
			l.until(client, call{"approve", text, "/comments/" + id + "/decisions", map[string]any{"action": "approve", "version": 1}, n})
		}
	}
}

// call is a request under a key that is its verb and text.
type call struct {
	verb, text, path string
	body             any
	n                int
}

// until tries until it is acknowledged or the work ends, and answers the comment's id.
func (l *load) until(client *http.Client, c call) string {
	if err := l.book.write(line{Verb: c.verb, Text: c.text}); err != nil {
		l.Error(err)
		return ""
	}
	for try := c.n; l.ctx.Err() == nil; try++ {
		if id := l.try(client, c, l.bases[try%len(l.bases)]); id != "" {
			if err := l.book.write(line{Verb: c.verb, Text: c.text, ID: id}); err != nil {
				l.Error(err)
			}
			l.acknowledged.Add(1)
			return id
		}
		select {
		case <-l.ctx.Done():
		case <-time.After(50 * time.Millisecond): // as a browser would, not at once
		}
	}
	return ""
}

func (l *load) try(client *http.Client, c call, base string) (id string) {
	body, err := json.Marshal(c.body)
	if err != nil {
		l.Error(err)
		return ""
	}
	q, err := http.NewRequestWithContext(l.ctx, http.MethodPost, base+"/api/v1/sites/"+slug+c.path, bytes.NewReader(body))
	if err != nil {
		l.Error(err)
		return ""
	}
	q.Header.Set("Content-Type", "application/json")
	q.Header.Set("Idempotency-Key", strings.ReplaceAll(c.verb+" "+c.text, " ", "-"))
	q.Header.Set("Authorization", "Bearer "+l.token)
	if l.host != "" {
		q.Host = l.host
	}
	start := time.Now()
	answer, err := client.Do(q)
	if err != nil { // killed under it, lost on the way, or not up again yet
		return ""
	}
	defer answer.Body.Close()
	content, err := io.ReadAll(answer.Body)
	if err != nil {
		return "" // the answer was cut: not acknowledged
	}
	return l.judge(c, answer, content, time.Since(start))
}

// judge reads an answer that arrived whole.
func (l *load) judge(c call, answer *http.Response, content []byte, took time.Duration) (id string) {
	var receipt struct {
		ID        string `json:"id"`
		CommentID string `json:"comment_id"`
	}
	switch {
	case answer.StatusCode == http.StatusServiceUnavailable && answer.Header.Get("Retry-After") != "":
		l.away.Add(1)
		for old := l.slowest.Load(); int64(took) > old && !l.slowest.CompareAndSwap(old, int64(took)); old = l.slowest.Load() {
		}
	case answer.StatusCode/100 != 2 || json.Unmarshal(content, &receipt) != nil:
		l.faults.Add(1)
		l.Logf("%s %q: %d %s", c.verb, c.text, answer.StatusCode, content)
	case c.verb == "approve":
		return strings.Split(c.path, "/")[2]
	default:
		return receipt.ID
	}
	return ""
}

// peer reads what the public reads, all the while, and looks for what nobody approved.
func (l *load) peer() {
	client := &http.Client{Timeout: patient}
	for n := 0; l.ctx.Err() == nil; n++ {
		path := []string{"/" + slug + "/thread?article=" + article, "/" + slug + "/feed.atom", "/" + slug + "/", "/api/v1/sites/" + slug + "/thread?sort=newest&article=" + article}[n%4]
		q, err := http.NewRequestWithContext(l.ctx, http.MethodGet, l.bases[n%len(l.bases)]+path, nil)
		if err != nil {
			l.Error(err)
			return
		}
		if l.host != "" {
			q.Host = l.host
		}
		if answer, err := client.Do(q); err == nil {
			text, err := io.ReadAll(answer.Body)
			answer.Body.Close()
			if err == nil && bytes.Contains(text, []byte(hidden)) {
				l.Errorf("%s shows what nobody approved", path)
			}
		}
		select {
		case <-l.ctx.Done():
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// more waits until so many more requests are acknowledged.
func (l *load) more(n int64) {
	l.Helper()
	goal := l.acknowledged.Load() + n
	patience := time.Minute + time.Duration(n)*time.Second/2
	until(l.T, "more is acknowledged", patience, func() bool { return l.acknowledged.Load() >= goal })
}

func until(t *testing.T, what string, within time.Duration, met func() bool) {
	t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.After(within); !met(); {
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("waited in vain until %s", what)
		}
	}
}
