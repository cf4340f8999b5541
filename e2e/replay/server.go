package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"time"
)

const (
	siteSlug  = "replay"
	moderator = "mod@example.org"

	readyWithin   = 2 * time.Minute // a fresh data folder means a fresh Postgres
	stopWithin    = 30 * time.Second
	commandWithin = time.Minute
)

// Server is one running `plenum serve` with a data folder of its own.
type Server struct {
	bin, folder, base string
	env               []string
	end               context.CancelFunc
	gone              chan struct{} // closed when the process is no more
	err               error         // how it ended, once gone
}

// start runs the program on a free loopback port and waits until it can serve.
func start(ctx context.Context, bin string) (*Server, error) {
	address, err := freeAddress()
	if err != nil {
		return nil, err
	}
	folder, err := os.MkdirTemp("", "plenum-replay-")
	if err != nil {
		return nil, err
	}
	s := &Server{bin: bin, folder: folder, base: "http://" + address, gone: make(chan struct{})}
	// Root's private Postgres runs under another account, which has to get into the folder.
	if err := os.Chmod(folder, 0o755); err != nil {
		return nil, errors.Join(err, os.RemoveAll(folder))
	}
	s.env = append(inherited(os.Environ()), "PLENUM_DATA_DIR="+folder, "PLENUM_ADDR="+address, "PLENUM_BASE_URL="+s.base,
		"PLENUM_LIMITS=off", "PLENUM_LOG=warn")
	if err := s.launch(ctx); err != nil {
		return nil, errors.Join(err, os.RemoveAll(folder))
	}
	if err := s.ready(ctx); err != nil {
		return nil, errors.Join(err, s.stop())
	}
	return s, nil
}

func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	return l.Addr().String(), nil
}

// inherited is the environment without anything that leads to another database, mail server or setting.
func inherited(env []string) []string {
	ours := regexp.MustCompile(`^(PLENUM_|DATABASE_|SMTP_|PG)`)
	return slices.DeleteFunc(env, ours.MatchString)
}

func (s *Server) launch(ctx context.Context) error {
	ctx, s.end = context.WithCancel(ctx)
	serve := exec.CommandContext(ctx, s.bin, "serve")
	serve.Env, serve.Stdout, serve.Stderr = s.env, os.Stderr, os.Stderr
	serve.Cancel = func() error { return serve.Process.Signal(syscall.SIGTERM) }
	serve.WaitDelay = stopWithin
	if err := serve.Start(); err != nil {
		s.end()
		return fmt.Errorf("start %s: %w", s.bin, err)
	}
	go func() {
		defer close(s.gone)
		s.err = serve.Wait()
	}()
	return nil
}

func (s *Server) ready(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(s.watch(ctx), readyWithin)
	defer cancel()
	poll := time.NewTicker(100 * time.Millisecond)
	defer poll.Stop()
	client := http.Client{Timeout: time.Second}
	for {
		if answer, err := client.Get(s.base + "/readyz"); err == nil {
			answer.Body.Close()
			if answer.StatusCode == http.StatusOK {
				return nil
			}
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("wait for %s/readyz: %w", s.base, context.Cause(ctx))
		case <-poll.C:
		}
	}
}

// watch is a context that ends with the process.
func (s *Server) watch(ctx context.Context) context.Context {
	ctx, cancel := context.WithCancelCause(ctx)
	go func() {
		<-s.gone
		cancel(errors.New("plenum serve has ended"))
	}()
	return ctx
}

// stop ends the process in good order and removes its folder. A process that has to be killed, or says that it failed, is
// an error.
func (s *Server) stop() error {
	s.end()
	<-s.gone
	err := s.err
	if errors.Is(err, context.Canceled) { // it left with exit code 0 when it was told to
		err = nil
	}
	return errors.Join(err, os.RemoveAll(s.folder))
}

// open makes the site and its moderator by command line, and answers a client that may moderate.
func (s *Server) open(ctx context.Context) (*Client, error) {
	if _, err := s.command(ctx, "", "site", "create", siteSlug, "--name", "Replay", "--origin", s.base, "--locale", "de"); err != nil {
		return nil, err
	}
	password := rand.Text() + "\n"
	if _, err := s.command(ctx, password, "moderator", "create", moderator, "--site", siteSlug, "--role", "moderator"); err != nil {
		return nil, err
	}
	token, err := s.command(ctx, "", "token", "create", moderator, "--site", siteSlug)
	if err != nil {
		return nil, err
	}
	if token = strings.TrimSpace(token); token == "" || strings.ContainsAny(token, " \n") {
		return nil, errors.New("plenum token create: prints more or less than the token alone")
	}
	return newClient(s.base, token), nil
}

// command runs one command of the program on the same data folder and answers its standard output.
func (s *Server) command(ctx context.Context, input string, args ...string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, commandWithin)
	defer cancel()
	cmd := exec.CommandContext(ctx, s.bin, args...)
	cmd.Env, cmd.Stdin, cmd.Stderr = s.env, strings.NewReader(input), os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("plenum %s %s: %w", args[0], args[1], err)
	}
	return string(out), nil
}
