package faults

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"plenum/e2e/program"
	"plenum/models/modeltest/wire"
)

const (
	slug     = "zeitung"
	editor   = "ida@zeitung.example"
	password = "open sesame, please"
)

// house is two replicas on one database: near keeps its PostgreSQL and talks to it directly, far by way of a wire. Both
// hand their mails to one mail server.
type house struct {
	near, far *program.Program
	database  *wire.Wire
	mails     *mailserver
	book      *book
	token     string // of an editor
	kills     int
	broken    time.Time // when something broke last that a job may have been under way in
}

// plan is what is particular about a house: its program, if not the one under test, and the settings of each replica.
type plan struct {
	bin       string
	near, far []string
}

func build(ctx context.Context, p plan) (h *house, err error) {
	h = &house{}
	defer func() {
		if err != nil {
			err = errors.Join(err, h.close())
		}
	}()
	if h.mails, err = newMailserver(); err != nil {
		return h, err
	}
	if h.near, err = h.replica("near", p.near...); err != nil {
		return h, err
	}
	if h.near.Bin = p.bin; p.bin == "" {
		if h.near.Bin, err = program.Build(ctx, "../..", h.near.Folder); err != nil {
			return h, err
		}
	}
	if err = h.near.Start(ctx); err != nil {
		return h, err
	}
	socket := filepath.Join(h.near.Folder, "postgres", "sock", ".s.PGSQL.5432")
	if h.database, err = wire.New(func() (net.Conn, error) { return net.Dial("unix", socket) }); err != nil {
		return h, err
	}
	address := fmt.Sprintf("DATABASE_URL=postgres://plenum@%s/plenum?sslmode=disable", h.database.Addr())
	if h.far, err = h.replica("far", append(p.far, address)...); err != nil {
		return h, err
	}
	h.far.Bin = h.near.Bin
	if err = h.far.Start(ctx); err != nil {
		return h, err
	}
	return h, h.furnish(ctx)
}

func (h *house) replica(name string, more ...string) (*program.Program, error) {
	metrics, err := program.FreePort()
	if err != nil {
		return nil, err
	}
	settings := append([]string{"PLENUM_LOG=error", "PLENUM_UNDO=0s", "PLENUM_SECRET=the secret of both replicas, long enough", "PLENUM_METRICS_ADDR=127.0.0.1:" + metrics,
		"SMTP_URL=smtp://" + h.mails.address + "?tls=off"}, more...)
	p, err := program.New(settings)
	if err != nil {
		return nil, err
	}
	log, err := os.Create(filepath.Join(p.Folder, "program.log"))
	p.Log = log
	return p, err
}

// furnish makes the site, its editor, a token, and the book of what was asked and answered.
func (h *house) furnish(ctx context.Context) (err error) {
	for _, c := range []struct {
		in   string
		args []string
	}{
		{"", []string{"site", "create", slug, "--name", "Zeitung", "--origin", "https://zeitung.example"}},
		{password, []string{"moderator", "create", editor, "--site", slug, "--role", "editor"}},
		{"", []string{"token", "create", editor, "--site", slug}},
	} {
		if h.token, err = h.near.Command(ctx, c.in, c.args...); err != nil {
			return err
		}
	}
	h.token = strings.TrimSpace(h.token)
	h.book, err = newBook(filepath.Join(h.near.Folder, "book.jsonl"))
	return err
}

// query asks the database itself, past the program.
func (h *house) query(ctx context.Context, statement string) ([][]string, error) {
	psql := exec.CommandContext(ctx, "psql", "-h", filepath.Join(h.near.Folder, "postgres", "sock"), "-U", "plenum", "-d", "plenum", "-X", "-q", "-A", "-t", "-F", "\t",
		"-v", "ON_ERROR_STOP=1", "-c", statement)
	out, err := psql.Output()
	var failed *exec.ExitError
	if errors.As(err, &failed) {
		err = fmt.Errorf("%s: %w: %s", statement, err, failed.Stderr)
	}
	var rows [][]string
	for line := range strings.Lines(string(out)) {
		rows = append(rows, strings.Split(strings.TrimSuffix(line, "\n"), "\t"))
	}
	return rows, err
}

func (h *house) close() error {
	var errs []error
	for _, p := range []*program.Program{h.far, h.near} {
		if p != nil {
			errs = append(errs, p.Stop())
		}
	}
	if h.database != nil {
		errs = append(errs, h.database.Close())
	}
	if h.mails != nil {
		errs = append(errs, h.mails.close())
	}
	return errors.Join(errs...)
}
