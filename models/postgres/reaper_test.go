package postgres

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

func TestAllWhoNameTheFolderShareOneServerUntilTheLastLeaves(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	first, second := start(t, dir), start(t, dir)
	pid := postmaster(t, dir)
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	if got := ask(t, second, `select 'there'`); got != "there" || postmaster(t, dir) != pid {
		t.Errorf("the server went with the first of two users")
	}
	until(t, "one reaper waits", func() bool { return reapers(t, dir) == 1 })
	if err := second.Close(); err != nil {
		t.Fatal(err)
	}
	until(t, "the server is stopped", func() bool { return !alive(filepath.Join(dir, "sock")) && reapers(t, dir) == 0 })
}

func TestTheServerStopsWhenItsOnlyUserIsKilled(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	user := exec.Command(os.Args[0])
	ended := play(t, user, "user", dir)
	if postmaster(t, dir) == 0 {
		t.Error("no server runs for the user")
	}
	if err := user.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	if err := ended(); err == nil {
		t.Error("the user was not killed")
	}
	until(t, "the server is stopped", func() bool { return !alive(filepath.Join(dir, "sock")) && reapers(t, dir) == 0 })
	if _, err := os.Stat(pidFile(dir)); err == nil {
		t.Error("the server was not stopped in order: it left its pid file")
	}
}

// A pid file may outlive its server, and its number may by then be somebody else's.
// Not parallel: a fork of another test's would hold the copied binary open for writing, and it could not be run.
func TestTheReaperNeverStopsAStranger(t *testing.T) {
	dir := folder(t)
	c, err := Config{Dir: dir}.cluster()
	if err != nil {
		t.Fatal(err)
	}
	stranger := exec.Command(copied(t, dir))
	stranger.Dir, stranger.SysProcAttr = "/", &syscall.SysProcAttr{Credential: c.account} // one that the reaper may stop
	left := play(t, stranger, "stranger", dir)
	if err := os.Mkdir(filepath.Join(dir, "data"), 0o755); err != nil {
		t.Fatal(err)
	}
	leave(t, dir, stranger.Process.Pid)
	users, err := c.open("users.lock")
	if err != nil {
		t.Fatal(err)
	}
	if err := users.Close(); err != nil {
		t.Fatal(err)
	}
	if err := c.reap(); err != nil { // nobody uses the folder: it acts at once
		t.Fatal(err)
	}
	until(t, "the reaper has gone", func() bool { return reapers(t, dir) == 0 })
	if err := left(); err != nil {
		t.Errorf("the stranger was interrupted: %v", err)
	}
}

// In a container without CAP_SYS_PTRACE root cannot see where the server works, and would stop nothing.
func TestTheReaperRunsAsTheServersAccount(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	start(t, dir)
	server, err := os.Stat(filepath.Join(dir, "data"))
	if err != nil {
		t.Fatal(err)
	}
	reaper, err := os.Stat(filepath.Join("/proc", strconv.Itoa(settled(t, dir))))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := reaper.Sys().(*syscall.Stat_t).Uid, server.Sys().(*syscall.Stat_t).Uid; got != want {
		t.Errorf("got a reaper of account %d, want the server's %d", got, want)
	}
}

func TestAKilledReaperIsReplacedByTheNextStart(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	start(t, dir)
	killed := settled(t, dir)
	if err := syscall.Kill(killed, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	until(t, "it is gone", func() bool { return reapers(t, dir) == 0 })
	start(t, dir)
	if got := settled(t, dir); got == killed {
		t.Errorf("got the killed reaper %d", got)
	}
}

// reapers counts the shells that wait for the folder's last user.
func reapers(t *testing.T, dir string) int {
	t.Helper()
	return len(shells(t, dir))
}

func shells(t *testing.T, dir string) (pids []int) {
	t.Helper()
	files, err := filepath.Glob("/proc/[0-9]*/cmdline")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil || !strings.Contains(string(text), filepath.Join(dir, "reaper.lock")) {
			continue
		}
		pid, err := strconv.Atoi(filepath.Base(filepath.Dir(file)))
		if err != nil {
			t.Fatal(err)
		}
		pids = append(pids, pid)
	}
	return pids
}

// settled is the folder's one reaper, as soon as it waits for the last user.
func settled(t *testing.T, dir string) (pid int) {
	t.Helper()
	until(t, "one reaper waits", func() bool {
		pids := shells(t, dir)
		if len(pids) != 1 {
			return false
		}
		pid = pids[0]
		child, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/children", pid, pid))
		if err != nil {
			return false
		}
		command, err := os.ReadFile(filepath.Join("/proc", strings.TrimSpace(string(child)), "cmdline"))
		return err == nil && strings.HasPrefix(string(command), "flock\x00-x")
	})
	return pid
}

// copied is the test binary where the account may run it.
func copied(t *testing.T, dir string) string {
	t.Helper()
	binary, err := os.ReadFile(os.Args[0])
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "stranger")
	if err := os.WriteFile(path, binary, 0o755); err != nil {
		t.Fatal(err)
	}
	return path
}
