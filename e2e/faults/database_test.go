package faults

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"testing"
	"time"

	"plenum/models/modeltest/wire"
)

func ready(base string) bool {
	answer, err := (&http.Client{Timeout: 3 * time.Second}).Get(base + "/readyz")
	return err == nil && answer.Body.Close() == nil && answer.StatusCode == http.StatusOK
}

// A database that is gone without a word: 503 with Retry-After within two seconds, ready within ten of its return.
func TestADatabaseThatStopsAnsweringIsAwayWithinTwoSeconds(t *testing.T) {
	l := plenum.work(t)
	l.more(10)
	before := size(t, plenum.far)
	plenum.database.Freeze()
	worst := time.Duration(0)
	for end := time.Now().Add(frozenFor); time.Now().Before(end); {
		start := time.Now()
		answer, err := http.Get(plenum.far.Base + "/" + slug + "/thread?article=frisch" + fmt.Sprint(start.UnixNano()))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(io.Discard, answer.Body); err != nil {
			t.Error(err)
		}
		answer.Body.Close()
		worst = max(worst, time.Since(start))
		if answer.StatusCode != http.StatusServiceUnavailable || answer.Header.Get("Retry-After") == "" {
			t.Errorf("got %d with Retry-After %q while the database is away", answer.StatusCode, answer.Header.Get("Retry-After"))
		}
	}
	plenum.database.Thaw()
	start := time.Now()
	plenum.broken = start
	until(t, "the replica is ready again", 10*time.Second, func() bool { return ready(plenum.far.Base) })
	t.Logf("503 within %s; ready %s after the return", worst.Round(time.Millisecond), time.Since(start).Round(time.Millisecond))
	if worst > 2*time.Second {
		t.Errorf("got an answer after %s, want two seconds", worst)
	}
	l.more(10)
	l.rest()
	plenum.verify(t)
	settles(t, plenum.far, before)
}

// One answer in twenty is lost after it was given: those of the program to its callers, and those of the database to
// the program, commits among them.
func TestALostAnswerIsAskedForAgainAndGivenOnce(t *testing.T) {
	far, err := url.Parse(plenum.far.Base)
	if err != nil {
		t.Fatal(err)
	}
	callers, err := wire.New(func() (net.Conn, error) { return net.Dial("tcp", far.Host) })
	if err != nil {
		t.Fatal(err)
	}
	defer callers.Close()
	l := plenum.work(t, "http://"+callers.Addr().String())
	l.host = far.Host
	callers.Lose(0.05)
	l.more(answersLost)
	until(t, "an answer of the program is lost", patient, func() bool { return callers.Lost() > 0 })
	callers.Lose(0)
	before := plenum.database.Lost()
	plenum.database.Lose(0.01)
	l.more(answersLost / 3)
	until(t, "an answer of the database is lost", patient, func() bool { return plenum.database.Lost() > before })
	plenum.database.Lose(0)
	plenum.broken = time.Now()
	l.more(10)
	l.rest()
	t.Logf("%d answers of the program and %d of the database were lost", callers.Lost(), plenum.database.Lost()-before)
	plenum.verify(t)
}
