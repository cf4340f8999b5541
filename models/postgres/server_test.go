package postgres

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

func TestTheServerIsDurableAndOffTheNetwork(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	s := start(t, dir)
	for setting, want := range map[string]string{"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on", "data_checksums": "on",
		"listen_addresses": "", "session_authorization": "plenum"} {
		if got := ask(t, s, `select current_setting('`+setting+`')`); got != want {
			t.Errorf("got %s %q, want %q", setting, got, want)
		}
	}
	if got := ask(t, s, `select current_database()`); got != "plenum" {
		t.Errorf("got database %q, want plenum", got)
	}
	for _, name := range []string{"data", "sock", "postgres.log", "start.lock", "users.lock", "reaper.lock"} {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if got := info.Mode().Perm() & 0o077; got != 0 {
			t.Errorf("%s is open to others: %s", name, info.Mode())
		}
	}
}

// Any name: with what means something to an address or to the shell. Any umask: the account must get in.
func TestTheFolderMayHaveAnyNameAndTheProgramAnyUmask(t *testing.T) {
	dir := filepath.Join(folder(t), `it's "a b" \ $c`)
	umask := syscall.Umask(0o077)
	defer syscall.Umask(umask)
	s := start(t, dir)
	if got := ask(t, s, `select 'there'`); got != "there" {
		t.Errorf("got %q", got)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	until(t, "the server is stopped", func() bool { return !alive(s.sock) && reapers(t, dir) == 0 })
}

func TestManyStartsAtOnceMeetOneServer(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	var all sync.WaitGroup
	servers := make([]*Server, 8)
	for i := range servers {
		all.Go(func() {
			var err error
			if servers[i], err = Start(t.Context(), Config{Dir: dir}); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	until(t, "one reaper waits", func() bool { return reapers(t, dir) == 1 })
	for _, s := range servers {
		if s != nil {
			if got := ask(t, s, `select 'there'`); got != "there" {
				t.Errorf("got %q", got)
			}
			s.Close()
		}
	}
}

func TestStartGivesUpWaitingWhenItsContextEnds(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	c, err := Config{Dir: dir}.cluster()
	if err != nil {
		t.Fatal(err)
	}
	starting, err := c.lock(t.Context(), "start.lock", syscall.LOCK_EX)
	if err != nil {
		t.Fatal(err)
	}
	defer starting.Close()
	ctx, stop := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer stop()
	if _, err := Start(ctx, Config{Dir: dir}); !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), "start.lock") {
		t.Errorf("got %v, want the deadline and what was waited for", err)
	}
}

func TestWhatCannotWorkIsSaidAtOnce(t *testing.T) {
	long := filepath.Join(folder(t), strings.Repeat("long", 30))
	if _, err := Start(t.Context(), Config{Dir: long}); err == nil || !strings.Contains(err.Error(), "too long") {
		t.Errorf("got %v for too long a path", err)
	}
	if _, err := Start(t.Context(), Config{Dir: filepath.Join(folder(t), "a,b")}); err == nil || !strings.Contains(err.Error(), "comma") {
		t.Errorf("got %v for a comma in the path", err)
	}
	old := folder(t)
	if err := os.Mkdir(filepath.Join(old, "data"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(old, "data", "PG_VERSION"), []byte("9\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Start(t.Context(), Config{Dir: old}); err == nil || !strings.Contains(err.Error(), "PostgreSQL 9") {
		t.Errorf("got %v for another version's cluster", err)
	}
	if os.Geteuid() != 0 {
		return // nobody else has to enter
	}
	closed := t.TempDir()
	if _, err := Start(t.Context(), Config{Dir: closed}); err == nil || !strings.Contains(err.Error(), "chmod o+x") {
		t.Errorf("got %v for a folder that the account cannot enter", err)
	}
}
