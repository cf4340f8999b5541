package main

import (
	"bytes"
	"context"
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

	"github.com/jackc/pgx/v5"
)

// site is a database with a filled site.
type site struct{ database, token string }

const secret = "a secret of more than thirty-two characters"

// fill makes a database with a site, and a token of its moderator.
func (b *bench) fill(ctx context.Context, name string) (*site, error) {
	sql, err := pgx.Connect(ctx, b.dsn)
	if err != nil {
		return nil, err
	}
	defer sql.Close(ctx)
	if _, err := sql.Exec(ctx, "create database "+name); err != nil {
		return nil, err
	}
	s := &site{database: b.dsn + " dbname=" + name}
	email, err := b.command(ctx, s, "bench", "fill", "--comments", strconv.Itoa(b.comments))
	if err != nil {
		return nil, err
	}
	s.token, err = b.command(ctx, s, "token", "create", email, "--site", "bench")
	return s, err
}

func (b *bench) command(ctx context.Context, s *site, args ...string) (string, error) {
	c := exec.CommandContext(ctx, b.plenum, args...)
	c.Env, c.Stderr = b.environment(s, "127.0.0.1:0"), os.Stderr
	out, err := c.Output()
	return strings.TrimSpace(string(out)), err
}

func (b *bench) environment(s *site, addr string) []string {
	return append(os.Environ(), "DATABASE_URL="+s.database, "PLENUM_DATA_DIR="+filepath.Join(b.dir, "data"), "PLENUM_ADDR="+addr,
		"PLENUM_BASE_URL=http://"+addr, "PLENUM_SECRET="+secret, "PLENUM_LOG=warn", "PLENUM_LIMITS=off", "PLENUM_CONNECTIONS_PER_NETWORK=0")
}

// server is a process that answers requests.
type server struct {
	*exec.Cmd
	url   string
	ready time.Duration // from its start to the first answer
	pgDir string
}

func (b *bench) serve(ctx context.Context) (*server, error) {
	addr, err := free()
	if err != nil {
		return nil, err
	}
	c := exec.CommandContext(ctx, b.plenum, "serve")
	c.Env = b.environment(b.site, addr)
	return await(&server{Cmd: c, url: "http://" + addr, pgDir: filepath.Join(b.dir, "pg", "data")}, "/readyz")
}

// await starts a server and waits until it answers.
func await(s *server, path string) (*server, error) {
	var said bytes.Buffer
	s.Stderr = &said
	begun := time.Now()
	if err := s.Start(); err != nil {
		return nil, err
	}
	for time.Since(begun) < 20*time.Second {
		if r, err := http.Get(s.url + path); err == nil {
			r.Body.Close()
			if r.StatusCode == http.StatusOK {
				s.ready = time.Since(begun)
				return s, nil
			}
		}
		time.Sleep(2 * time.Millisecond)
	}
	return nil, fmt.Errorf("%s is not ready: %s", s.Path, said.String())
}

func (s *server) stop() error {
	if err := s.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	return s.Wait()
}

func free() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}

// memory is what is resident, in MB.
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
	return n * 1024 / 1e6
}

// cpu is the time that the process and all of PostgreSQL have computed.
func (s *server) cpu() time.Duration {
	total := spent(s.Process.Pid)
	if s.pgDir == "" {
		return total
	}
	first, err := os.ReadFile(filepath.Join(s.pgDir, "postmaster.pid"))
	if err != nil {
		return -1
	}
	line, _, _ := strings.Cut(string(first), "\n")
	postmaster, err := strconv.Atoi(line)
	if err != nil {
		return -1
	}
	total += spent(postmaster)
	children, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/children", postmaster, postmaster))
	if err != nil {
		return -1
	}
	for _, pid := range strings.Fields(string(children)) {
		if n, err := strconv.Atoi(pid); err == nil {
			total += spent(n)
		}
	}
	return total
}

const tick = 10 * time.Millisecond // USER_HZ is 100 wherever Linux runs

// spent is the time that a process and its dead children have computed, see proc(5).
func spent(pid int) (total time.Duration) {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0
	}
	fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))
	for _, field := range fields[11:15] { // utime stime cutime cstime
		if n, err := strconv.ParseInt(field, 10, 64); err == nil {
			total += time.Duration(n) * tick
		}
	}
	return total
}
