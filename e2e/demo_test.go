// Package e2e plays Plenum in a real browser: the program as it is shipped, with its demo, in Debian's Chromium.
package e2e

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
	"syscall"
	"testing"
	"time"
)

// demo is a running program with its demo. The article pages are read under localhost, the frames in them come from
// 127.0.0.1: two sites to the browser, as for a publisher.
type demo struct {
	base    string // of Plenum itself
	article string // an article page on the other name
	mail    string // folder
	process *exec.Cmd
	folder  string
}

const startTimeout = 30 * time.Second

// startDemo starts the program on a free port with a data folder of its own.
func startDemo(ctx context.Context) (*demo, error) {
	folder, err := os.MkdirTemp("", "plenum-e2e-")
	if err == nil {
		err = os.Chmod(folder, 0o755) // root's private PostgreSQL runs as another account, which has to enter
	}
	if err != nil {
		return nil, err
	}
	bin := os.Getenv("PLENUM_BIN")
	if bin == "" {
		bin = filepath.Join(folder, "plenum")
		build := exec.CommandContext(ctx, "go", "build", "-o", bin, "./cmd/plenum")
		build.Dir = ".."
		if out, err := build.CombinedOutput(); err != nil {
			return nil, fmt.Errorf("build plenum: %w\n%s", err, out)
		}
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	address := listener.Addr().String()
	if err := listener.Close(); err != nil {
		return nil, err
	}
	_, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	d := &demo{base: "http://" + address, article: "http://localhost:" + port + "/demo/radweg", mail: filepath.Join(folder, "mail"), folder: folder}
	d.process = exec.CommandContext(ctx, bin, "serve", "--demo")
	d.process.Env = append(os.Environ(), "DATABASE_URL=", "PLENUM_DATA_DIR="+folder, "PLENUM_ADDR="+address, "PLENUM_BASE_URL="+d.base, "PLENUM_LOG=warn")
	d.process.Stderr, d.process.Cancel = os.Stderr, func() error { return d.process.Process.Signal(syscall.SIGTERM) }
	if err := d.process.Start(); err != nil {
		return nil, err
	}
	return d, d.awaitReady(ctx)
}

func (d *demo) awaitReady(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	for tick := time.NewTicker(50 * time.Millisecond); ; {
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

// stop ends the program as a service manager does, and expects it to leave in order.
func (d *demo) stop() error {
	err := d.process.Process.Signal(syscall.SIGTERM)
	return errors.Join(err, d.process.Wait(), os.RemoveAll(d.folder))
}

// surfaces are all addresses of the demo on which a comment under the article could be public.
func (d *demo) surfaces() []string {
	site, api := d.base+"/stadtanzeiger", d.base+"/api/v1/sites/stadtanzeiger"
	return []string{site + "/", site + "/thread?article=radweg", site + "/thread?article=radweg&sort=newest",
		site + "/thread?article=radweg&fragment=1", site + "/feed.atom", site + "/feed.rss", site + "/feed.json",
		site + "/feed.atom?article=radweg", api + "/thread?article=radweg", api + "/thread?article=radweg&sort=newest"}
}

// get reads an address as anybody would.
func get(t *testing.T, url string) string {
	t.Helper()
	answer, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK {
		t.Fatalf("GET %s: %d, %v", url, answer.StatusCode, err)
	}
	return string(body)
}
