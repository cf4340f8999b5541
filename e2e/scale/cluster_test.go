// Package scale plays Plenum on more than one machine's worth of parts: two replicas behind nginx and PgBouncer, a hot
// standby that is promoted under load, and a site that moves to another cluster while people write.
package scale

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"plenum/e2e/program"
)

// stage is a test's folder, and the account that its servers run as.
type stage struct {
	*testing.T
	folder string
	as     *syscall.Credential // nil: as whoever runs the test
}

func newStage(t *testing.T) *stage {
	t.Helper()
	folder, err := os.MkdirTemp("", "plenum-scale-") // a short path: that of a socket is bounded
	s := &stage{T: t, folder: folder}
	s.must(err)
	t.Cleanup(func() { s.must(os.RemoveAll(folder)) })
	s.must(os.Chmod(folder, 0o777)) // the servers' account lays its own folders
	if os.Geteuid() == 0 {          // PostgreSQL and PgBouncer refuse to be root
		who, err := user.Lookup("postgres")
		s.must(err)
		uid, err := strconv.ParseUint(who.Uid, 10, 32)
		s.must(err)
		gid, err := strconv.ParseUint(who.Gid, 10, 32)
		s.must(err)
		s.as = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	}
	return s
}

func (s *stage) must(err error) {
	s.Helper()
	if err != nil {
		s.Fatal(err)
	}
}

func (s *stage) port() string {
	s.Helper()
	port, err := program.FreePort()
	s.must(err)
	return port
}

// write lays a file that the servers' account can read.
func (s *stage) write(name, content string) string {
	s.Helper()
	path := filepath.Join(s.folder, name)
	s.must(os.WriteFile(path, []byte(content), 0o644))
	return path
}

// run runs a command of the servers' account to its end.
func (s *stage) run(name string, args ...string) string {
	s.Helper()
	command := exec.CommandContext(s.Context(), name, args...)
	command.Dir, command.SysProcAttr = s.folder, &syscall.SysProcAttr{Credential: s.as}
	out, err := command.CombinedOutput()
	if err != nil {
		s.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
	return string(out)
}

// server starts a command of the servers' account, that ends with the test.
func (s *stage) server(name string, args ...string) *exec.Cmd {
	s.Helper()
	command := exec.Command(name, args...)
	command.Dir, command.SysProcAttr = s.folder, &syscall.SysProcAttr{Credential: s.as}
	log, err := os.Create(filepath.Join(s.folder, filepath.Base(name)+"-"+strconv.Itoa(int(time.Now().UnixNano()))+".log"))
	s.must(err)
	command.Stdout, command.Stderr = log, log
	s.must(command.Start())
	s.Cleanup(func() {
		s.must(log.Close())
		if err := command.Process.Kill(); err == nil {
			err = command.Wait()
			var killed *exec.ExitError
			if err != nil && !errors.As(err, &killed) {
				s.Error(err)
			}
		}
	})
	return command
}

// await tries until it comes true.
func (s *stage) await(what string, ready func() bool) {
	s.Helper()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.After(time.Minute); !ready(); {
		select {
		case <-deadline:
			s.Fatalf("waited a minute for: %s", what)
		case <-tick.C:
		}
	}
}

// cluster is a PostgreSQL on a port of the loopback address.
type cluster struct {
	*stage
	bin, data, port string
	process         *exec.Cmd
}

// postgresSettings let one stand by for another, and a site move from one to another.
const postgresSettings = `
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
wal_level = logical
max_connections = 100
hot_standby = on
shared_buffers = 64MB
`

// newCluster makes a cluster with a database plenum and its owner, and starts it.
func newCluster(s *stage, name string) *cluster {
	s.Helper()
	c := &cluster{stage: s, bin: s.binaries(), data: filepath.Join(s.folder, name), port: s.port()}
	s.run(c.bin+"/initdb", "--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "-D", c.data)
	c.configure(postgresSettings + "port = " + c.port)
	c.start()
	c.sql("postgres", `create role plenum login createrole`)
	c.sql("postgres", `create database plenum owner plenum`)
	return c
}

// binaries is the folder of the newest PostgreSQL's programs.
func (s *stage) binaries() string {
	s.Helper()
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	s.must(err)
	if len(found) == 0 {
		s.Fatal("no PostgreSQL: make deps installs it")
	}
	return filepath.Dir(slices.Max(found))
}

// standby copies a running cluster, and follows it from then on.
func (c *cluster) standby(name string) *cluster {
	c.Helper()
	copied := &cluster{stage: c.stage, bin: c.bin, data: filepath.Join(c.folder, name), port: c.port}
	c.run(c.bin+"/pg_basebackup", "-h", "127.0.0.1", "-p", c.port, "-U", "postgres", "-D", copied.data, "-R", "-X", "stream", "-c", "fast")
	copied.port = c.stage.port()
	copied.configure("port = " + copied.port)
	copied.start()
	return copied
}

// configure adds settings; the last of a name holds.
func (c *cluster) configure(settings string) {
	c.Helper()
	file, err := os.OpenFile(filepath.Join(c.data, "postgresql.conf"), os.O_APPEND|os.O_WRONLY, 0)
	c.must(err)
	_, err = file.WriteString(settings + "\n")
	c.must(errors.Join(err, file.Close()))
}

func (c *cluster) start() {
	c.Helper()
	c.process = c.server(c.bin+"/postgres", "-D", c.data)
	c.await("PostgreSQL in "+c.data, func() bool {
		return exec.Command(c.bin+"/pg_isready", "-h", "127.0.0.1", "-p", c.port, "-q").Run() == nil
	})
}

// kill ends it as a power cut does.
func (c *cluster) kill() {
	c.Helper()
	c.must(c.process.Process.Kill())
	if err := c.process.Wait(); err == nil {
		c.Error("a killed PostgreSQL left in order")
	}
}

// promote lets a standby take writes.
func (c *cluster) promote() { c.Helper(); c.run(c.bin+"/pg_ctl", "-D", c.data, "promote", "-w") }

// sql runs statements as the superuser, and answers what they print.
func (c *cluster) sql(database string, statements ...string) string {
	c.Helper()
	args := []string{"-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", c.address("postgres", database)}
	for _, statement := range statements {
		args = append(args, "-c", statement)
	}
	return strings.TrimSpace(c.run(c.bin+"/psql", args...))
}

// address is its connection string.
func (c *cluster) address(role, database string) string {
	return fmt.Sprintf("postgres://%s@127.0.0.1:%s/%s?sslmode=disable", role, c.port, database)
}

// replica starts a program of its own port on a database. All share the secret, and are reached under one base URL.
func (s *stage) replica(base string, settings ...string) *program.Program {
	s.Helper()
	p, err := program.New(append([]string{"PLENUM_BASE_URL=" + base, "PLENUM_SECRET=" + strings.Repeat("one secret for all replicas ", 2),
		"PLENUM_LOG=error", "PLENUM_UNDO=1s", "PLENUM_TRUSTED_PROXIES=127.0.0.1/32"}, settings...))
	s.must(err)
	s.Cleanup(func() { s.must(p.Stop()) })
	if p.Bin, err = built(s); err == nil {
		err = p.Start(context.WithoutCancel(s.Context()))
	}
	s.must(err)
	return p
}

// built is the program under test, built once for each test unless PLENUM_BIN names it.
func built(s *stage) (string, error) {
	if path := filepath.Join(s.folder, "plenum"); fileExists(path) {
		return path, nil
	}
	return program.Build(s.Context(), "../..", s.folder)
}

func fileExists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
