package postgres

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5"
)

func TestAKilledServerIsStartedAgainWithAllThatWasCommitted(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	s := start(t, dir)
	conn, err := pgx.Connect(t.Context(), s.DSN())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.WithoutCancel(t.Context()))
	ctx, stop := context.WithCancel(t.Context())
	var watching sync.WaitGroup
	watching.Go(func() { s.Watch(ctx) })
	if _, err := conn.Exec(t.Context(), `create table kept as select 'kept' as word`); err != nil {
		t.Fatal(err)
	}
	killed := postmaster(t, dir)
	if err := syscall.Kill(killed, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	until(t, "another server answers", func() bool {
		pid := postmaster(t, dir)
		return pid != 0 && pid != killed && alive(s.sock)
	})
	if got := ask(t, s, `select word from kept`); got != "kept" {
		t.Errorf("got %q after the kill", got)
	}
	stop()
	watching.Wait()
}

// After a power cut or in a new container the number in the pid file may be anybody's, or a zombie's that nobody collects.
func TestALeftoverPidFileDoesNotStandInTheWay(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	s := start(t, dir)
	for _, state := range []string{"alive", "a zombie"} {
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		until(t, "the server is stopped", func() bool { return !alive(s.sock) && reapers(t, dir) == 0 })
		stranger := exec.Command("/bin/sleep", "60")
		stranger.SysProcAttr = &syscall.SysProcAttr{Credential: s.account} // of any other account, PostgreSQL looks past it
		if err := stranger.Start(); err != nil {
			t.Fatal(err)
		}
		if state == "a zombie" {
			if err := stranger.Process.Kill(); err != nil {
				t.Fatal(err)
			}
			cwd := fmt.Sprintf("/proc/%d/cwd", stranger.Process.Pid)
			until(t, "it is a zombie", func() bool { _, err := os.Stat(cwd); return err != nil })
		}
		leave(t, dir, stranger.Process.Pid)
		s = start(t, dir)
		if pid := postmaster(t, dir); pid == 0 || pid == stranger.Process.Pid {
			t.Errorf("%s: got server %d beside the stranger", state, pid)
		}
		stranger.Process.Kill() // gone already, where it is a zombie
		stranger.Wait()
	}
}

// leave writes the pid file that a killed server leaves, with a number that is somebody else's now.
func leave(t *testing.T, dir string, pid int) {
	t.Helper()
	text := fmt.Sprintf("%d\n%s\n1\n5432\n%s\n\n", pid, filepath.Join(dir, "data"), filepath.Join(dir, "sock"))
	if err := os.WriteFile(pidFile(dir), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := Config{Dir: dir}.cluster()
	if err == nil {
		err = own(pidFile(dir), c.account)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func TestAServerTooBusyToAnswerIsAlive(t *testing.T) {
	dir := t.TempDir()
	address := &syscall.SockaddrUnix{Name: filepath.Join(dir, ".s.PGSQL.5432")}
	busy, err := syscall.Socket(syscall.AF_UNIX, syscall.SOCK_STREAM, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer syscall.Close(busy)
	if alive(dir) {
		t.Error("nobody listens, and it is called alive")
	}
	if err := syscall.Bind(busy, address); err != nil {
		t.Fatal(err)
	}
	if alive(dir) {
		t.Error("a killed server's socket is called alive")
	}
	if err := syscall.Listen(busy, 0); err != nil { // room for one that waits
		t.Fatal(err)
	}
	for range 3 {
		if !alive(dir) {
			t.Error("a full queue is called dead")
		}
	}
}
