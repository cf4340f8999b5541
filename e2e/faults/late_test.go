//go:build faults

package faults

import (
	"syscall"
	"testing"
	"time"
)

// A restart in order, as for an update of PostgreSQL.
func TestARestartOfPostgresLosesNothing(t *testing.T) {
	l := plenum.work(t)
	before := size(t, plenum.far)
	for range 3 {
		l.more(20)
		t.Logf("ready after %s", plenum.endPostgres(t, syscall.SIGINT).Round(time.Millisecond))
	}
	l.more(20)
	l.rest()
	plenum.verify(t)
	settles(t, plenum.far, before)
}

// A database that answers late slows everything down, or counts as away; nothing is lost or done twice.
func TestALateDatabaseLosesNothing(t *testing.T) {
	before := size(t, plenum.far)
	for _, late := range []time.Duration{200 * time.Millisecond, 2 * time.Second} {
		l := plenum.work(t)
		l.more(10)
		plenum.database.Delay(late)
		l.more(60)
		plenum.database.Delay(0)
		plenum.broken = time.Now()
		until(t, "the replica is ready again", 10*time.Second, func() bool { return ready(plenum.far.Base) })
		l.more(10)
		l.rest()
		plenum.verify(t)
	}
	settles(t, plenum.far, before)
}

// Somebody locks the tables, and every connection of both replicas waits: whoever asks meanwhile does not for long.
func TestHeldConnectionsAreGivenBack(t *testing.T) {
	before := size(t, plenum.far)
	l := plenum.work(t)
	l.more(10)
	if _, err := plenum.query(t.Context(), `begin; lock table comments, articles in access exclusive mode; select pg_sleep(60); commit`); err != nil {
		t.Fatal(err)
	}
	plenum.broken = time.Now()
	l.more(20)
	l.rest()
	if l.away.Load() == 0 {
		t.Error("nobody was told 503: something is wrong with this test")
	}
	if slowest := time.Duration(l.slowest.Load()); slowest > 2*time.Second {
		t.Errorf("got an answer after %s, want two seconds", slowest)
	}
	plenum.verify(t)
	settles(t, plenum.far, before)
}
