package postgres

import (
	"context"
	"fmt"
	"path/filepath"
)

// reaperScript waits for the last user's lock, then stops the server: $1 users.lock, $2 reaper.lock, $3 data folder.
// Where another reaper waits already it leaves at once. It stops only a process that works in the data folder, because
// a stale pid file may name a stranger. The kernel closes 8 before 9, so whoever gets users.lock next can start a reaper;
// flock does without 8, so that a reaper that was killed can be replaced.
const reaperScript = `exec 8<"$2"; flock -n 8 || exit 0
exec 9<"$1"; flock -x 9 8<&-
pid=$(head -n 1 "$3/postmaster.pid" 2>/dev/null) || exit 0
ours() { [ "/proc/$pid/cwd" -ef "$3" ]; }
ours "$@" || exit 0
kill -INT "$pid"
while ours "$@"; do sleep 0.05; done`

// reap starts the process that stops the server after its last user, in a session of its own. It runs as the server's
// account: in a container even root may not look where another account's process works (proc(5): PTRACE_MODE_READ).
func (c cluster) reap() error {
	mark, err := c.open("reaper.lock")
	if err == nil {
		err = mark.Close()
	}
	if err != nil {
		return fmt.Errorf("start the reaper of the private PostgreSQL: %w", err)
	}
	cmd := c.command(context.Background(), "/bin", "sh", "-c", reaperScript, "sh",
		filepath.Join(c.dir, "users.lock"), filepath.Join(c.dir, "reaper.lock"), c.data)
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("start the reaper of the private PostgreSQL: %w", err)
	}
	go cmd.Wait() // as a rule it outlives us; where it does not, nobody is there to tell
	return nil
}
