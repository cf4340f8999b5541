package e2e

import (
	"context"
	"strings"
	"syscall"
	"testing"

	"plenum/e2e/load"
)

// What was acknowledged is there, once, however the program and its PostgreSQL were killed meanwhile.
func TestEveryAcknowledgedCommentSurvivesKills(t *testing.T) {
	d, err := startDemo(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	p := &load.Posters{Base: d.Base, Site: "stadtanzeiger"}
	ctx, stop := context.WithCancel(t.Context())
	p.Start(ctx, 6)
	for round := range 3 {
		more(t, p, 40)
		postmaster, err := d.Postmaster()
		if err != nil {
			t.Fatal(err)
		}
		if err := syscall.Kill(postmaster, syscall.SIGKILL); err != nil { // the running program brings it back
			t.Fatal(err)
		}
		more(t, p, 40)
		if err := d.Kill(); err != nil {
			t.Fatal(err)
		}
		if err := d.Start(t.Context()); err != nil {
			t.Fatalf("round %d: %v", round, err)
		}
	}
	more(t, p, 40)
	stop()
	p.Wait()
	compare(t, d, p)
	if err := d.Stop(); err != nil {
		t.Error(err)
	}
}

// more waits until so many more are acknowledged.
func more(t *testing.T, p *load.Posters, n int) {
	t.Helper()
	goal := p.Acknowledged() + n
	until(t, "more comments are acknowledged", func() bool { return p.Acknowledged() >= goal })
}

// compare holds the queue, and the log, to what was acknowledged.
func compare(t *testing.T, d *demo, p *load.Posters) {
	t.Helper()
	token, err := d.Command(t.Context(), "", "token", "create", "vogt@example.org", "--site", "stadtanzeiger", "--scope", "read")
	if err != nil {
		t.Fatal(err)
	}
	wrong, err := p.Compare(t.Context(), strings.TrimSpace(token))
	if err != nil {
		t.Fatal(err)
	}
	for _, what := range append(wrong, p.Faults()...) {
		t.Error(what)
	}
	if _, err := d.Command(t.Context(), "", "audit", "verify", "--site", "stadtanzeiger"); err != nil {
		t.Error(err)
	}
	t.Logf("%d acknowledged comments are there, once each", p.Acknowledged())
}
