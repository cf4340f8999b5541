package faults

import (
	"context"
	"math/rand/v2"
	"syscall"
	"testing"
	"time"

	"plenum/e2e/program"
)

// A power cut of one replica or of PostgreSQL, at any moment.
func TestNothingAcknowledgedIsLostByKills(t *testing.T) {
	l := plenum.work(t)
	slowest := time.Duration(0)
	for range programKills {
		l.more(6)
		victim := []*program.Program{plenum.near, plenum.far}[rand.IntN(2)]
		moment(t)
		if err := victim.Kill(); err != nil {
			t.Fatal(err)
		}
		start := time.Now()
		plenum.kills, plenum.broken = plenum.kills+1, start
		if err := victim.Start(context.WithoutCancel(t.Context())); err != nil {
			t.Fatal(err)
		}
		slowest = max(slowest, time.Since(start))
	}
	t.Logf("ready within %s of a restart", slowest.Round(time.Millisecond))
	if slowest > readyAgain {
		t.Errorf("a replica was ready after %s, want %s", slowest, readyAgain)
	}
	slowest = 0
	for range postgresKills {
		l.more(6)
		moment(t)
		slowest = max(slowest, plenum.endPostgres(t, syscall.SIGKILL))
		plenum.kills++
	}
	t.Logf("ready within %s of a killed PostgreSQL", slowest.Round(time.Millisecond))
	l.more(6)
	l.rest()
	plenum.verify(t)
	plenum.quiet(t)
}

// moment waits for up to a fifth of a second, so that a fault comes at any point of whatever is under way.
func moment(t *testing.T) {
	select {
	case <-time.After(rand.N(200 * time.Millisecond)):
	case <-t.Context().Done():
	}
}

// endPostgres ends the server and answers how long both replicas took to be ready again: near, which keeps it, starts it.
func (h *house) endPostgres(t *testing.T, how syscall.Signal) time.Duration {
	t.Helper()
	postmaster, err := h.near.Postmaster()
	if err != nil {
		t.Fatal(err)
	}
	if err := syscall.Kill(postmaster, how); err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	until(t, "PostgreSQL is another one", 30*time.Second, func() bool {
		now, err := h.near.Postmaster()
		return err == nil && now != postmaster
	})
	for _, p := range []*program.Program{h.near, h.far} {
		until(t, "both replicas are ready", 30*time.Second, func() bool { return ready(p.Base) })
	}
	took := time.Since(start)
	h.broken = time.Now()
	if took > 10*time.Second+readyAgain {
		t.Errorf("ready after %s, want ten seconds once PostgreSQL is back", took)
	}
	return took
}
