package e2e

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"syscall"
	"time"
)

// demo is a running program with its demo. The article pages are read under localhost, the frames in them come from
// 127.0.0.1: two sites to the browser, as for a publisher.
type demo struct {
	base    string // of Plenum itself
	article string // an article page on the other name
	mail    string // folder
	folder  string // of its data
	bin     string
	env     []string
	process *exec.Cmd
}

const (
	startTimeout = 30 * time.Second
	undoDelay    = "5s" // of the demo: long enough to press u, short enough to wait for the mail after it
)

// startDemo starts the program on a free port with a data folder of its own.
func startDemo(ctx context.Context) (*demo, error) {
	folder, err := os.MkdirTemp("", "plenum-e2e-")
	if err != nil {
		return nil, err
	}
	d := &demo{folder: folder, mail: filepath.Join(folder, "mail")}
	if err := d.prepare(ctx); err != nil {
		return nil, errors.Join(err, os.RemoveAll(folder))
	}
	if err := d.start(ctx); err != nil {
		return nil, errors.Join(err, d.stop())
	}
	return d, nil
}

func (d *demo) prepare(ctx context.Context) error {
	if err := os.Chmod(d.folder, 0o755); err != nil { // root's private PostgreSQL runs as another account, which has to enter
		return err
	}
	port, err := freePort()
	if err != nil {
		return err
	}
	d.base, d.article = "http://127.0.0.1:"+port, "http://localhost:"+port+"/demo/radweg"
	d.env = append(inherited(os.Environ()), "PLENUM_DATA_DIR="+d.folder, "PLENUM_ADDR=127.0.0.1:"+port, "PLENUM_BASE_URL="+d.base,
		"PLENUM_UNDO="+undoDelay, "PLENUM_LIMITS=off", "PLENUM_LOG=error")
	d.bin, err = program(ctx, d.folder)
	return err
}

// start runs the program on what is in the data folder, until it can serve.
func (d *demo) start(ctx context.Context) error {
	d.process = exec.CommandContext(ctx, d.bin, "serve", "--demo")
	d.process.Env, d.process.Stderr = d.env, os.Stderr
	if err := d.process.Start(); err != nil {
		return err
	}
	return d.awaitReady(ctx)
}

// program is the one that the environment names, or a fresh build, made once.
func program(ctx context.Context, folder string) (string, error) {
	if plenum != nil {
		return plenum.bin, nil
	}
	if bin := os.Getenv("PLENUM_BIN"); bin != "" {
		return filepath.Abs(bin)
	}
	bin := filepath.Join(folder, "plenum")
	build := exec.CommandContext(ctx, "go", "build", "-o", bin, "./cmd/plenum")
	build.Dir = ".."
	if out, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build plenum: %w\n%s", err, out)
	}
	return bin, nil
}

func freePort() (string, error) {
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

func (d *demo) awaitReady(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		if answer, err := http.Get(d.base + "/readyz"); err == nil {
			if err := answer.Body.Close(); err == nil && answer.StatusCode == http.StatusOK {
				return nil
			}
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("plenum was not ready: %w", ctx.Err())
		case <-tick.C:
		}
	}
}

// stop ends the program as a service manager does, and expects it and its PostgreSQL to leave in order.
func (d *demo) stop() error {
	if d.process.Process == nil { // it never began
		return os.RemoveAll(d.folder)
	}
	err := d.process.Process.Signal(syscall.SIGTERM)
	return errors.Join(err, d.process.Wait(), d.awaitDatabaseGone(), os.RemoveAll(d.folder))
}

// awaitDatabaseGone waits for the server that stops after its last user: until then it writes in the folder.
func (d *demo) awaitDatabaseGone() error {
	pidFile := filepath.Join(d.folder, "postgres", "data", "postmaster.pid")
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.After(startTimeout); ; {
		if _, err := os.Stat(pidFile); errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		select {
		case <-deadline:
			return errors.New("the private PostgreSQL did not stop after its last user")
		case <-tick.C:
		}
	}
}
