package main

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"plenum/models/modeltest"
	"plenum/moderation"
)

// Cheats on the ledger are in moderation/ledger_test.go; here it is what the command says of one.
func TestAnAuditFailsWhereTheLedgerWasChanged(t *testing.T) {
	s := newShell(t)
	s.run("demo").done().silent()
	r := s.run("audit", "verify", "--site", "stadtanzeiger").done()
	if !strings.HasPrefix(r.out, "stadtanzeiger: ") || !strings.Contains(r.out, "entries hold") {
		t.Errorf("got %q, want it to say that the entries hold", r.out)
	}
	s.cheat(`update ledger set rules_version = 7 where seq = 5`)
	r = s.run("audit", "verify", "--site", "stadtanzeiger").failed("not what was written")
	if !strings.Contains(r.out, "entry 5 ") || !strings.Contains(r.out, "the 4 entries before hold") {
		t.Errorf("got %q, want it to name entry 5", r.out)
	}
	var v moderation.Verification
	s.must(json.Unmarshal([]byte(s.run("audit", "verify", "--site", "stadtanzeiger", "--json").failed().out), &v))
	if v.Entries != 4 || v.Fault == nil || v.Fault.Seq != 5 {
		t.Errorf("got %+v, want a fault at entry 5", v)
	}
}

func TestAnAuditUnderAnotherSecretFails(t *testing.T) {
	s := newShell(t)
	s.run("demo").done()
	r := s.run("audit", "verify", "--site", "stadtanzeiger", "--secret", strings.Repeat("another ", 5)).failed()
	if !strings.Contains(r.out, "PLENUM_SECRET") {
		t.Errorf("got %q, want it to name the secret", r.out)
	}
}

func TestAnAuditOfNoSiteFails(t *testing.T) {
	newShell(t).run("audit", "verify", "--site", "none").failed("no site \"none\"").silent()
}

func TestMigratingTwiceIsMigratingOnce(t *testing.T) {
	t.Parallel()
	s := &shell{T: t, database: modeltest.Empty(t), folder: t.TempDir()}
	if got := s.run("migrate", "status").done().out; !strings.Contains(got, "1  waits  ") {
		t.Errorf("got %q, want the first step waiting", got)
	}
	if got := s.run("migrate", "up").done().out; !strings.HasPrefix(got, "applied 1\n") {
		t.Errorf("got %q, want the first step applied", got)
	}
	s.run("migrate", "up").done().silent()
	if got := s.run("migrate", "status").done().out; strings.Contains(got, "waits") {
		t.Errorf("got %q, want nothing waiting", got)
	}
	var steps []struct {
		Version   int
		AppliedAt string `json:"applied_at"`
	}
	s.must(json.Unmarshal([]byte(s.run("migrate", "status", "--json").done().out), &steps))
	if len(steps) == 0 || steps[0].Version != 1 || steps[0].AppliedAt == "" {
		t.Errorf("got the steps %+v, want the first with its time", steps)
	}
}

// cheat changes rows as a superuser, past the triggers.
func (s *shell) cheat(statement string) {
	s.Helper()
	conn, err := pgx.Connect(s.Context(), s.database)
	s.must(err)
	defer conn.Close(s.Context())
	_, err = conn.Exec(s.Context(), `set session_replication_role = replica; `+statement)
	s.must(err)
}
