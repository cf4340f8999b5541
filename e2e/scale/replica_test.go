package scale

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"plenum/e2e/program"
)

// Readers whose page is in no memory are answered by the hot standby, and by the primary as soon as the standby lags behind
// what was decided: nobody reads, and no replica keeps, what was before.
func TestAStandbyAnswersReadersAsFarAsItHasCaughtUp(t *testing.T) {
	s := newStage(t)
	primary := newCluster(s, "primary")
	standby := primary.standby("standby")
	settings := []string{"DATABASE_URL=" + primary.address("plenum", "plenum"), "DATABASE_REPLICA_URL=" + standby.address("plenum", "plenum")}
	base := "http://127.0.0.1:" + s.port()
	one, two := s.replica(base, settings...), s.replica(base, settings...)
	token := furnish(s, one, site)
	ask := func(path, token, body string, want int) []byte { // through one replica
		status, content := call(s, http.MethodPost, one.Base+"/api/v1/sites/"+site+"/comments"+path, strings.TrimPrefix(base, "http://"), token, body)
		if status != want {
			s.Fatalf("%s: got %d: %s", path, status, content)
		}
		return content
	}
	var posted struct{ ID string }
	s.must(json.Unmarshal(ask("", "", `{"article":{"key":"plan"},"author":{"name":"Jana"},"rules_version":1,"body":"Die Ampel fehlt in dem Plan."}`, 202), &posted))
	ask("/"+posted.ID+"/decisions", token, `{"action":"approve","version":1}`, 201)
	shows := func(p *program.Program) bool {
		return strings.Contains(thread(s, base, p.Base, site), "Die Ampel fehlt")
	}

	s.await("the standby answers what is asked anew", func() bool {
		before := standby.scans()
		call(s, http.MethodGet, two.Base+"/"+site+"/thread?article=plan&title="+s.port(), strings.TrimPrefix(base, "http://"), "", "")
		return standby.scans() > before
	})
	standby.sql("postgres", `select pg_wal_replay_pause()`)
	s.await("the standby rests", func() bool {
		return standby.sql("postgres", `select pg_get_wal_replay_pause_state()`) == "paused"
	})
	if !shows(one) || !shows(two) {
		t.Error("an approved comment is not there")
	}
	ask("/"+posted.ID+"/decisions", token, `{"action":"remove","version":2,"rules":["topic"]}`, 201)
	if shows(one) {
		t.Error("who removed a comment is shown it again")
	}
	s.await("the other replica has forgotten it too", func() bool { return !shows(two) })
	for range 20 {
		if shows(one) || shows(two) {
			t.Fatal("a removed comment came back from the standby")
		}
	}
	standby.sql("postgres", `select pg_wal_replay_resume()`)
	s.await("the standby answers again", func() bool {
		before := standby.scans()
		call(s, http.MethodGet, two.Base+"/"+site+"/thread?article=plan&title="+s.port(), strings.TrimPrefix(base, "http://"), "", "")
		return standby.scans() > before
	})
	if shows(one) || shows(two) {
		t.Error("a removed comment came back")
	}
}

// scans counts how often tables of Plenum's database were read.
func (c *cluster) scans() string {
	c.Helper()
	return c.sql("plenum", `select coalesce(sum(seq_scan + idx_scan), 0) from pg_stat_user_tables`)
}
