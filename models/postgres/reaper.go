package postgres

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
)

// reaperScript waits for the last user's lock, then stops the server: $1 users.lock, $2 reaper.lock, $3 data folder.
// Where another reaper waits already it leaves at once. It stops only a process that works in the data folder, because
// a stale pid file may name a stranger. The kernel closes 8 before 9, so whoever gets users.lock next can start a reaper.
const reaperScript = `exec 8>"$2"; flock -n 8 || exit 0
exec 9<"$1"; flock -x 9
pid=$(head -n 1 "$3/postmaster.pid" 2>/dev/null) || exit 0
ours() { [ "$(readlink "/proc/$pid/cwd" 2>/dev/null)" = "$3" ]; }
ours "$@" || exit 0
kill -INT "$pid"
while ours "$@"; do sleep 0.05; done`

// reap starts the process that stops the server after its last user, in a session of its own.
func (c cluster) reap() error {
	cmd := exec.Command("/bin/sh", "-c", reaperScript, "sh",
		filepath.Join(c.dir, "users.lock"), filepath.Join(c.dir, "reaper.lock"), c.data)
	cmd.Dir, cmd.SysProcAttr = "/", &syscall.SysProcAttr{Setsid: true}
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("start the reaper of the private PostgreSQL: %w", err)
	}
	go cmd.Wait() // as a rule it outlives us; where it does not, nobody is there to tell
	return nil
}

// lock opens a file and takes the kernel's lock on it; closing the file gives it back.
func lock(path string, how int) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return nil, fmt.Errorf("lock %s: %w", path, err)
	}
	for {
		err = syscall.Flock(int(f.Fd()), how)
		if !errors.Is(err, syscall.EINTR) {
			break
		}
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("lock %s: %w", path, err), f.Close())
	}
	return f, nil
}
