package postgres

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// TestMain lets the test binary be the stranger of TestTheReaperNeverStopsAStranger: it ends with 7 where it was
// interrupted, which is how the reaper stops a server, and with 0 where its owner ended it.
func TestMain(m *testing.M) {
	if os.Getenv("PLENUM_TEST_STRANGER") == "" {
		os.Exit(m.Run())
	}
	interrupted := make(chan os.Signal, 1)
	signal.Notify(interrupted, syscall.SIGINT)
	fmt.Println("ready")
	if _, err := io.Copy(io.Discard, os.Stdin); err != nil || len(interrupted) > 0 {
		os.Exit(7)
	}
	os.Exit(0)
}

// folder is one that the account running PostgreSQL may enter; t.TempDir() is closed to it.
func folder(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "plenum-pg-")
	if err == nil {
		err = os.Chmod(dir, 0o755)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		until(t, "the server is gone", func() bool { return !alive(filepath.Join(dir, "sock")) })
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	return dir
}

func start(t *testing.T, dir string) *Server {
	t.Helper()
	s, err := Start(t.Context(), Config{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	var once sync.Once
	t.Cleanup(func() {
		once.Do(func() { s.Close() }) // closed already, where the test did
	})
	return s
}

func ask(t *testing.T, s *Server, query string) (answer string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), s.DSN())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	if err := conn.QueryRow(t.Context(), query).Scan(&answer); err != nil {
		t.Fatal(err)
	}
	return answer
}

func until(t *testing.T, what string, met func() bool) {
	t.Helper()
	ctx, stop := context.WithTimeout(context.Background(), 20*time.Second)
	defer stop()
	for tick := time.NewTicker(10 * time.Millisecond); !met(); {
		select {
		case <-ctx.Done():
			t.Fatalf("waited in vain: %s", what)
		case <-tick.C:
		}
	}
}

func postmaster(t *testing.T, dir string) int {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, "data", "postmaster.pid"))
	if err != nil {
		t.Fatal(err)
	}
	pid, err := strconv.Atoi(strings.SplitN(string(text), "\n", 2)[0])
	if err != nil {
		t.Fatal(err)
	}
	return pid
}

func TestTheServerIsDurableAndOffTheNetwork(t *testing.T) {
	s := start(t, folder(t))
	for setting, want := range map[string]string{"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on", "data_checksums": "on", "listen_addresses": ""} {
		if got := ask(t, s, `select current_setting('`+setting+`')`); got != want {
			t.Errorf("got %s %q, want %q", setting, got, want)
		}
	}
}

func TestAllWhoNameTheFolderShareOneServerUntilTheLastLeaves(t *testing.T) {
	dir := folder(t)
	first, second := start(t, dir), start(t, dir)
	pid := postmaster(t, dir)
	ask(t, first, `select set_config('x.y', '', false) from (select 1) x`)
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	if got := ask(t, second, `select 'there'`); got != "there" || postmaster(t, dir) != pid {
		t.Errorf("the server went with the first of two users")
	}
	until(t, "one reaper is left, the others found it waiting", func() bool { return reapers(t, dir) == 1 })
	if err := second.Close(); err != nil {
		t.Fatal(err)
	}
	until(t, "the server is stopped", func() bool { return !alive(filepath.Join(dir, "sock")) && reapers(t, dir) == 0 })
}

// reapers counts the shells that wait for the folder's last user.
func reapers(t *testing.T, dir string) (n int) {
	t.Helper()
	files, err := filepath.Glob("/proc/[0-9]*/cmdline")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if text, err := os.ReadFile(file); err == nil && strings.Contains(string(text), filepath.Join(dir, "reaper.lock")) {
			n++
		}
	}
	return n
}

func TestAKilledServerIsStartedAgainWithAllThatWasCommitted(t *testing.T) {
	dir := folder(t)
	s := start(t, dir)
	conn, err := pgx.Connect(t.Context(), s.DSN())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := conn.Exec(t.Context(), `create table kept as select 'kept' as word`); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	var watching sync.WaitGroup
	watching.Go(func() { s.Watch(ctx) })
	killed := postmaster(t, dir)
	if err := syscall.Kill(killed, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	until(t, "another server answers", func() bool {
		text, err := os.ReadFile(filepath.Join(dir, "data", "postmaster.pid"))
		return err == nil && !strings.HasPrefix(string(text), fmt.Sprintf("%d\n", killed)) && strings.HasSuffix(strings.TrimSpace(string(text)), "ready") && alive(s.sock)
	})
	if got := ask(t, s, `select word from kept`); got != "kept" {
		t.Errorf("got %q after the kill", got)
	}
	stop()
	watching.Wait()
}

// A pid file may outlive its server, and its number may by then be somebody else's.
func TestTheReaperNeverStopsAStranger(t *testing.T) {
	dir := folder(t)
	stranger := exec.Command(os.Args[0])
	stranger.Env = append(os.Environ(), "PLENUM_TEST_STRANGER=1")
	input, err := stranger.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	output, err := stranger.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := stranger.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := output.Read(make([]byte, 1)); err != nil { // it listens for signals
		t.Fatal(err)
	}
	data := filepath.Join(dir, "data")
	if err := os.Mkdir(data, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(data, "postmaster.pid"), fmt.Appendf(nil, "%d\n", stranger.Process.Pid), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "users.lock"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	c, err := Config{Dir: dir}.cluster()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.reap(); err != nil { // nobody uses the folder: it acts at once
		t.Fatal(err)
	}
	until(t, "the reaper has gone", func() bool { return reapers(t, dir) == 0 })
	if err := input.Close(); err != nil {
		t.Fatal(err)
	}
	if err := stranger.Wait(); err != nil {
		t.Errorf("the stranger was interrupted: %v", err)
	}
}

func TestManyStartsAtOnceMeetOneServer(t *testing.T) {
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
	for _, s := range servers {
		if s != nil {
			if got := ask(t, s, `select 'there'`); got != "there" {
				t.Errorf("got %q", got)
			}
			s.Close()
		}
	}
}

func TestWhatCannotWorkIsSaidAtOnce(t *testing.T) {
	long := filepath.Join(folder(t), strings.Repeat("long", 30))
	if _, err := Start(t.Context(), Config{Dir: long}); err == nil || !strings.Contains(err.Error(), "too long") {
		t.Errorf("got %v for too long a path", err)
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
}
