package faults

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

// PostgreSQL is stopped and started: meanwhile readers are shown what was public, and told as of when.
func TestReadingGoesOnWhilePostgresIsStopped(t *testing.T) {
	l := plenum.work(t)
	l.more(10)
	l.rest()
	page, list := "/"+slug+"/thread?article="+article, "/api/v1/sites/"+slug+"/thread?article="+article
	until(t, "the replica that is left keeps what it answers", 10*time.Second, func() bool {
		return bytes.Contains(metrics(t, plenum.far), []byte("\nplenum_cache_live 1\n"))
	})
	for _, path := range []string{page, list} {
		if status, _, text := read(t, path); status != http.StatusOK || !strings.Contains(text, shown) {
			t.Fatalf("got %d for %s before anything happened", status, path)
		}
	}
	stopped := make(chan error, 1)
	go func() { stopped <- plenum.near.Terminate() }() // and with it the PostgreSQL that it keeps
	// Readers read on: what is decided or measured until then is read anew, and not in memory where nobody does.
	until(t, "the replica that is left answers from memory", 20*time.Second, func() bool {
		_, stalePage, _ := read(t, page)
		_, staleList, _ := read(t, list)
		return stalePage && staleList
	})
	if err := <-stopped; err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{page, list} {
		status, stale, text := read(t, path)
		if status != http.StatusOK || !stale || !strings.Contains(text, shown) || strings.Contains(text, hidden) {
			t.Errorf("%s: got %d, marked: %t", path, status, stale)
		}
	}
	if status, _, _ := read(t, page+"-another"); status != http.StatusServiceUnavailable {
		t.Errorf("got %d for what is in no memory, want 503", status)
	}
	if err := plenum.near.Start(context.WithoutCancel(t.Context())); err != nil {
		t.Fatal(err)
	}
	plenum.broken = time.Now()
	until(t, "the replica is ready again", 30*time.Second, func() bool { return ready(plenum.far.Base) })
	if status, stale, text := read(t, page); status != http.StatusOK || stale || !strings.Contains(text, shown) {
		t.Errorf("got %d, marked: %t, after the return", status, stale)
	}
	plenum.verify(t)
}

// read asks the far replica, and answers the status, whether the answer is marked as stale, and its text.
func read(t *testing.T, path string) (status int, stale bool, text string) {
	t.Helper()
	answer, err := http.Get(plenum.far.Base + path)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, answer.Header.Get("Plenum-Stale") != "", string(body)
}
