// Package program runs Plenum as it is shipped: a process on a free loopback port, with a data folder, and in it a private
// PostgreSQL, of its own.
package program

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"time"
)

const (
	readyWithin   = 2 * time.Minute // a fresh data folder means a fresh PostgreSQL
	leaveWithin   = 30 * time.Second
	commandWithin = time.Minute
)

// Program is one Plenum. Between a Start and what ends it, it answers at Base.
type Program struct {
	Bin    string    // that is run: to be set before Start
	Base   string    // http://127.0.0.1:PORT
	Folder string    // its data, that Stop removes
	Env    []string  // of the process, and of each command
	Log    io.Writer // that the process writes to; nil: the tests' standard error
	args   []string
	now    *exec.Cmd
	gone   chan struct{} // closed when the process is no more
	end    error         // how it ended, once gone
}

// New lays a data folder, which `plenum serve` with the given flags will use. Settings are NAME=value, and the only ones
// that the program gets, beside folder, address and base URL: limits are off, unless they say so.
func New(settings []string, flags ...string) (*Program, error) {
	port, err := FreePort()
	if err != nil {
		return nil, err
	}
	folder, err := os.MkdirTemp("", "plenum-e2e-") // a short path: that of a socket is bounded
	if err != nil {
		return nil, err
	}
	p := &Program{Base: "http://127.0.0.1:" + port, Folder: folder, args: append([]string{"serve"}, flags...)}
	p.Env = slices.Concat(inherited(os.Environ()), []string{"PLENUM_DATA_DIR=" + folder, "PLENUM_ADDR=127.0.0.1:" + port,
		"PLENUM_BASE_URL=" + p.Base, "PLENUM_LIMITS=off"}, settings)
	// Root's private PostgreSQL runs as another account, which has to enter.
	if err := os.Chmod(folder, 0o755); err != nil {
		return nil, errors.Join(err, os.RemoveAll(folder))
	}
	return p, nil
}

// FreePort is a port of the loopback address that nobody listened on a moment ago.
func FreePort() (string, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	_, port, err := net.SplitHostPort(listener.Addr().String())
	return port, errors.Join(err, listener.Close())
}

// inherited is the environment without anything that leads to another database, mail server or setting.
func inherited(env []string) []string {
	ours := regexp.MustCompile(`^(PLENUM_|DATABASE_|SMTP_|PG)`)
	return slices.DeleteFunc(env, ours.MatchString)
}

// Start runs the program on what is in the data folder, and returns when it can serve.
func (p *Program) Start(ctx context.Context) error {
	p.now, p.gone = exec.Command(p.Bin, p.args...), make(chan struct{})
	if p.now.Env, p.now.Stderr = p.Env, p.Log; p.Log == nil {
		p.now.Stderr = os.Stderr
	}
	if err := p.now.Start(); err != nil {
		return fmt.Errorf("start %s: %w", p.Bin, err)
	}
	go func() {
		defer close(p.gone)
		p.end = p.now.Wait()
	}()
	return p.ready(p.Watch(ctx))
}

func (p *Program) ready(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, readyWithin)
	defer cancel()
	client := http.Client{Timeout: time.Second}
	for tick := time.NewTicker(50 * time.Millisecond); ; {
		if answer, err := client.Get(p.Base + "/readyz"); err == nil {
			if err := answer.Body.Close(); err == nil && answer.StatusCode == http.StatusOK {
				return nil
			}
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("wait for %s/readyz: %w", p.Base, context.Cause(ctx))
		case <-tick.C:
		}
	}
}

// Watch is a context that ends with the process.
func (p *Program) Watch(ctx context.Context) context.Context {
	ctx, cancel := context.WithCancelCause(ctx)
	go func() {
		<-p.gone
		cancel(errors.New("plenum serve has ended"))
	}()
	return ctx
}

// Kill ends the process as a power cut does. Its PostgreSQL, which others may use, runs on for a while.
func (p *Program) Kill() error {
	err := p.now.Process.Kill()
	<-p.gone
	return err
}

// Terminate ends the process as a service manager does, and waits for it and its PostgreSQL to leave in order.
func (p *Program) Terminate() error {
	if err := p.now.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	<-p.gone
	return errors.Join(p.end, p.awaitDatabaseGone())
}

// Stop ends a process that runs, as Terminate does, and removes the data folder.
func (p *Program) Stop() error {
	var err error
	if p.Running() {
		err = p.Terminate()
	}
	return errors.Join(err, os.RemoveAll(p.Folder))
}

// Running reports whether the process was started and has not ended.
func (p *Program) Running() bool {
	if p.now == nil || p.now.Process == nil {
		return false
	}
	select {
	case <-p.gone:
		return false
	default:
		return true
	}
}

// awaitDatabaseGone waits for the server that stops after its last user: until then it writes in the folder.
func (p *Program) awaitDatabaseGone() error {
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.After(leaveWithin); ; {
		if _, err := os.Stat(p.pidFile()); errors.Is(err, os.ErrNotExist) {
			return nil
		}
		select {
		case <-deadline:
			return errors.New("the private PostgreSQL did not stop after its last user")
		case <-tick.C:
		}
	}
}

func (p *Program) pidFile() string {
	return filepath.Join(p.Folder, "postgres", "data", "postmaster.pid")
}

// Postmaster is the process of the private PostgreSQL.
func (p *Program) Postmaster() (pid int, err error) {
	text, err := os.ReadFile(p.pidFile())
	if err != nil {
		return 0, err
	}
	_, err = fmt.Sscan(string(text), &pid)
	return pid, err
}

// Command runs one command of the program on the same data, and answers what it printed.
func (p *Program) Command(ctx context.Context, in string, args ...string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, commandWithin)
	defer cancel()
	command := exec.CommandContext(ctx, p.Bin, args...)
	command.Env, command.Stdin = p.Env, strings.NewReader(in)
	out, err := command.Output()
	var failed *exec.ExitError
	if errors.As(err, &failed) {
		return "", fmt.Errorf("plenum %s: %w: %s", strings.Join(args, " "), err, failed.Stderr)
	}
	return string(out), err
}
