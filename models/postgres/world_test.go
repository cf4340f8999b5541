package postgres

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// TestMain lets the test binary be another program, until its standard input ends: a stranger, which ends with 7 where it
// was interrupted, as the reaper interrupts a server, and with 0 where it was left alone; or a user of the folder.
func TestMain(m *testing.M) {
	switch os.Getenv("PLENUM_TEST_ROLE") {
	case "stranger":
		os.Exit(beStranger())
	case "user":
		os.Exit(beUser(os.Getenv("PLENUM_TEST_FOLDER")))
	}
	os.Exit(m.Run())
}

func beStranger() int {
	interrupted := make(chan os.Signal, 1)
	signal.Notify(interrupted, syscall.SIGINT)
	fmt.Println("ready")
	if _, err := io.Copy(io.Discard, os.Stdin); err != nil || len(interrupted) > 0 {
		return 7
	}
	return 0
}

func beUser(dir string) int {
	s, err := Start(context.Background(), Config{Dir: dir})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer s.Close()
	fmt.Println("ready")
	if _, err := io.Copy(io.Discard, os.Stdin); err != nil {
		return 1
	}
	return 0
}

// play runs the test binary in a role, ready when it is answered.
func play(t *testing.T, cmd *exec.Cmd, role, dir string) (stop func() error) {
	t.Helper()
	cmd.Env = append(os.Environ(), "PLENUM_TEST_ROLE="+role, "PLENUM_TEST_FOLDER="+dir)
	cmd.Stderr = os.Stderr
	input, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	output, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := output.Read(make([]byte, 1)); err != nil {
		t.Fatalf("the %s is not ready: %v", role, err)
	}
	return func() error {
		if err := input.Close(); err != nil {
			return err
		}
		return cmd.Wait()
	}
}

// folder is one that the account running PostgreSQL may enter; t.TempDir() is closed to it.
func folder(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "plenum-pg-")
	if err == nil {
		err = os.Chmod(dir, 0o755)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		until(t, "the server is gone", func() bool { return !alive(filepath.Join(dir, "sock")) && reapers(t, dir) == 0 })
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	return dir
}

// start is Start, closed with the test.
func start(t *testing.T, dir string) *Server {
	t.Helper()
	s, err := Start(t.Context(), Config{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() }) // closed already, where the test did
	return s
}

func ask(t *testing.T, s *Server, query string) (answer string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), s.DSN())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	if err := conn.QueryRow(t.Context(), query).Scan(&answer); err != nil {
		t.Fatal(err)
	}
	return answer
}

func until(t *testing.T, what string, met func() bool) {
	t.Helper()
	ctx, stop := context.WithTimeout(context.Background(), 20*time.Second)
	defer stop()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for !met() {
		select {
		case <-ctx.Done():
			t.Fatalf("waited in vain: %s", what)
		case <-tick.C:
		}
	}
}

func pidFile(dir string) string { return filepath.Join(dir, "data", "postmaster.pid") }

// postmaster is the number of the folder's server, 0 while none is ready.
func postmaster(t *testing.T, dir string) int {
	t.Helper()
	text, err := os.ReadFile(pidFile(dir))
	if err != nil || !strings.HasSuffix(strings.TrimSpace(string(text)), "ready") {
		return 0
	}
	pid, err := strconv.Atoi(strings.SplitN(string(text), "\n", 2)[0])
	if err != nil {
		t.Fatal(err)
	}
	return pid
}
