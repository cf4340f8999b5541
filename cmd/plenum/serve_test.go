package main

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"plenum/models/modeltest"
)

// freeAddress is one that nobody listens on at the moment.
func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// Not parallel: the signal goes to the whole process.
func TestServingEndsInOrderWhenItIsToldTo(t *testing.T) {
	addr, metrics := freeAddress(t), freeAddress(t)
	t.Setenv("PLENUM_ADDR", addr)
	t.Setenv("PLENUM_METRICS_ADDR", metrics)
	t.Setenv("PLENUM_DATA_DIR", t.TempDir())
	t.Setenv("DATABASE_URL", modeltest.URL(t))
	ended := make(chan result)
	go func() { ended <- start(t, "", "serve", "--demo", "--log", "error") }()
	awaitReady(t, addr)
	response, err := http.Get(fmt.Sprintf("http://%s/stadtanzeiger/thread?article=radweg", addr))
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if response.StatusCode != http.StatusOK {
		t.Errorf("got status %d for the demo's thread, want 200", response.StatusCode)
	}
	counted := func() bool {
		got := fetch(t, "http://"+metrics+"/metrics")
		return strings.Contains(got, `route="/:site/thread",status="200"} 1`) && strings.Contains(got, "plenum_database_up 1")
	}
	for deadline := time.Now().Add(20 * time.Second); !counted(); { // an answer may arrive before it is counted
		if time.Now().After(deadline) {
			t.Fatal("the request was not counted")
		}
	}
	if got := fetch(t, "http://"+addr+"/metrics"); strings.Contains(got, "plenum_") {
		t.Errorf("readers are answered metrics:\n%s", got)
	}
	if err := syscall.Kill(syscall.Getpid(), syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	select {
	case r := <-ended:
		if r.done(); !strings.Contains(r.out, "http://"+addr+"/desk") {
			t.Errorf("got %q, want the address of the desk", r.out)
		}
	case <-time.After(20 * time.Second):
		t.Fatal("it did not end")
	}
}

func fetch(t *testing.T, address string) string {
	t.Helper()
	response, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// awaitReady asks until the program can serve; the connection waits for nothing but that.
func awaitReady(t *testing.T, addr string) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); {
		response, err := http.Get("http://" + addr + "/readyz")
		if err != nil {
			continue // it does not listen yet
		}
		response.Body.Close()
		if response.StatusCode == http.StatusOK {
			return
		}
	}
	t.Fatal("it does not become ready")
}

func TestAnAddressThatIsTakenIsAFailureThatSaysWhatToDo(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	start(t, "", "serve", "--addr", l.Addr().String(), "--data-dir", filepath.Join(t.TempDir(), "data")).failed("PLENUM_ADDR").silent()
	start(t, "", "serve", "--addr", freeAddress(t), "--metrics-addr", l.Addr().String(), "--data-dir", filepath.Join(t.TempDir(), "data")).failed("PLENUM_METRICS_ADDR").silent()
}
