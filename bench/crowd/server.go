package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

const (
	comments  = 1000 // of the site that is read
	startWait = time.Minute
)

// server is the program, with a folder of its own.
type server struct {
	*exec.Cmd
	addr, folder string
}

// start fills a site and serves it.
func start(ctx context.Context, plenum string) (_ *server, err error) {
	folder, err := os.MkdirTemp("", "plenum-crowd-")
	if err != nil {
		return nil, err
	}
	s := &server{folder: folder}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.stop())
		}
	}()
	if err := os.Chmod(folder, 0o755); err != nil { // PostgreSQL runs under an account of its own where this is root
		return nil, err
	}
	if s.addr, err = free(); err != nil {
		return nil, err
	}
	environment := append(os.Environ(), "DATABASE_URL=", "PLENUM_DATA_DIR="+folder, "PLENUM_ADDR="+s.addr, "PLENUM_BASE_URL=http://"+s.addr,
		"PLENUM_LOG=warn", "PLENUM_LIMITS=off")
	fill := exec.CommandContext(ctx, plenum, "bench", "fill", "--comments", strconv.Itoa(comments))
	fill.Env, fill.Stderr = environment, os.Stderr
	if err := fill.Run(); err != nil {
		return nil, fmt.Errorf("fill a site: %w", err)
	}
	s.Cmd = exec.Command(plenum, "serve")
	s.Env, s.Stderr = environment, os.Stderr
	if err := s.Start(); err != nil {
		return nil, err
	}
	return s, s.ready(ctx)
}

func (s *server) ready(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, startWait)
	defer cancel()
	for tick := time.NewTicker(20 * time.Millisecond); ; {
		if r, err := http.Get("http://" + s.addr + "/readyz"); err == nil {
			if err := r.Body.Close(); err == nil && r.StatusCode == http.StatusOK {
				return nil
			}
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("wait for %s: %w", s.addr, ctx.Err())
		case <-tick.C:
		}
	}
}

// stop ends the program and its PostgreSQL, and removes their folder.
func (s *server) stop() error {
	var err error
	if s.Cmd != nil && s.Process != nil {
		err = s.Process.Signal(syscall.SIGTERM)
		err = errors.Join(err, s.Wait())
	}
	pid := filepath.Join(s.folder, "postgres", "data", "postmaster.pid")
	for deadline := time.Now().Add(startWait); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		if _, gone := os.Stat(pid); errors.Is(gone, os.ErrNotExist) {
			break
		}
	}
	return errors.Join(err, os.RemoveAll(s.folder))
}

// memory is what is resident, in MiB.
func (s *server) memory() float64 {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.Process.Pid))
	if err != nil {
		return -1
	}
	_, rest, _ := strings.Cut(string(status), "VmRSS:")
	kb, _, _ := strings.Cut(strings.TrimSpace(rest), " ")
	n, err := strconv.ParseFloat(kb, 64)
	if err != nil {
		return -1
	}
	return n / 1024
}

func free() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}
