package postgres

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// durable are the settings that "acknowledged" rests on, said although they are the defaults.
var durable = []string{"fsync=on", "synchronous_commit=on", "full_page_writes=on"}

const (
	lingering = 15 * time.Second       // how long a killed server's processes may stand in the way of the next
	retry     = 100 * time.Millisecond // between tries
	startWait = time.Minute            // recovery after a kill takes its time
)

// launch starts the server and returns when it takes connections. After a kill -9 the old one's processes may linger
// for a moment: PostgreSQL then refuses, and is asked again. postmaster.pid is never deleted by hand.
func (c cluster) launch(ctx context.Context) error {
	bin, err := binaries(ctx, c.data)
	if err != nil {
		return err
	}
	if err := c.initialise(ctx, bin); err != nil {
		return err
	}
	if err := errors.Join(os.MkdirAll(c.sock, 0o700), own(c.sock, c.account)); err != nil {
		return fmt.Errorf("make the socket's folder: %w", err)
	}
	patience, cancel := context.WithTimeout(ctx, lingering)
	defer cancel()
	for {
		said, err := c.try(ctx, bin)
		if err == nil {
			c.log.Debug("private PostgreSQL started", "binaries", bin)
			return nil
		}
		if !strings.Contains(said, "postmaster.pid") && !strings.Contains(said, "shared memory") {
			return fmt.Errorf("%w\n%s", err, said)
		}
		select {
		case <-patience.Done():
			return fmt.Errorf("%w\n%s", err, said)
		case <-time.After(retry):
		}
	}
}

// try runs the server once; where it does not come up, it answers what the server said.
func (c cluster) try(ctx context.Context, bin string) (said string, err error) {
	log, err := os.OpenFile(filepath.Join(c.dir, "postgres.log"), os.O_CREATE|os.O_APPEND|os.O_RDWR, 0o600)
	if err != nil {
		return "", fmt.Errorf("open the server's log: %w", err)
	}
	defer log.Close()
	from, err := log.Seek(0, io.SeekEnd)
	if err != nil {
		return "", fmt.Errorf("open the server's log: %w", err)
	}
	// Not bound to ctx: the server outlives the process that started it, for those that share it.
	server := c.command(context.WithoutCancel(ctx), bin, "postgres", c.arguments()...)
	server.Env = append(server.Env, c.overlook(ctx)...)
	server.Stdout, server.Stderr = log, log
	if err := server.Start(); err != nil {
		return "", fmt.Errorf("start postgres: %w", err)
	}
	gone := make(chan error, 1)
	go func() { gone <- fmt.Errorf("postgres ended: %w", errors.Join(server.Wait(), errEnded)) }()
	if err = c.awaitReady(ctx, gone); err == nil {
		return "", nil
	}
	text, readErr := io.ReadAll(io.NewSectionReader(log, from, 4000))
	return string(text), errors.Join(err, readErr)
}

// overlook names the process in a killed server's postmaster.pid that is none of ours: a zombie, or a stranger that got
// its number. PostgreSQL would refuse to start beside it for as long as it is there; told so in the way pg_ctl tells it,
// it goes by whether the old server's memory is still in use. It is the account that looks, as in the reaper.
func (c cluster) overlook(ctx context.Context) []string {
	text, err := os.ReadFile(filepath.Join(c.data, "postmaster.pid"))
	if err != nil {
		return nil
	}
	number, _, _ := strings.Cut(string(text), "\n")
	if _, err := strconv.Atoi(number); err != nil {
		return nil
	}
	var no *exec.ExitError
	ours := c.command(ctx, "/bin", "sh", "-c", `[ "/proc/$1/cwd" -ef "$2" ]`, "sh", number, c.data)
	if !errors.As(ours.Run(), &no) || no.ExitCode() != 1 { // it is ours, or nobody knows
		return nil
	}
	return []string{"PG_GRANDPARENT_PID=" + number}
}

var errEnded = errors.New("it did not stay up")

func (c cluster) arguments() []string {
	args := []string{"-D", c.data, "-k", c.sock, "-c", "listen_addresses=", "-c", "unix_socket_permissions=0700", "-c", "jit=off",
		"-c", "max_connections=200"} // ten programs and more may share it
	for _, param := range append(durable[:len(durable):len(durable)], c.params...) {
		args = append(args, "-c", param)
	}
	return args
}

// awaitReady waits until the server listens and says in its pid file that it is ready; alone, that file may be a
// killed server's.
func (c cluster) awaitReady(ctx context.Context, gone <-chan error) error {
	patience, cancel := context.WithTimeout(ctx, startWait)
	defer cancel()
	for {
		status, err := os.ReadFile(filepath.Join(c.data, "postmaster.pid"))
		if err == nil && strings.HasSuffix(strings.TrimSpace(string(status)), "ready") && alive(c.sock) {
			return nil
		}
		select {
		case err := <-gone:
			return err
		case <-patience.Done():
			return fmt.Errorf("wait for PostgreSQL: %w", patience.Err())
		case <-time.After(5 * time.Millisecond):
		}
	}
}

// alive asks whether a server listens; one whose queue of connections is full does (connect(2): EAGAIN).
func alive(sock string) bool {
	conn, err := net.DialTimeout("unix", filepath.Join(sock, ".s.PGSQL.5432"), time.Second)
	if err != nil {
		return errors.Is(err, syscall.EAGAIN)
	}
	return conn.Close() == nil
}

// command runs as the cluster's account, in a session of its own: Ctrl-C in a terminal passes it by.
func (c cluster) command(ctx context.Context, bin, name string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, filepath.Join(bin, name), args...)
	cmd.Dir, cmd.Env = "/", []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C.UTF-8", "TZ=UTC"}
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: c.account, Setsid: true}
	return cmd
}
