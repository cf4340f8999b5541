// Package attacks sends hostile input through every field into every sink of a running Plenum, and looks at what comes
// out: parsed again, and opened in Chromium.
//
// Its own corpus is testdata/own.jsonl. Where PLENUM_ATTACKS names a folder, some of the rows there are tried too, and
// with -all (make attacks) all of them.
package attacks

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"plenum/e2e/program"
)

var all = flag.Bool("all", false, "try every row of the folder that PLENUM_ATTACKS names")

const (
	site     = "zeitung"
	origin   = "https://zeitung.example"
	editor   = "ida@zeitung.example"
	password = "open sesame, please"
)

// target is the running program, and what one needs to work on its site.
type target struct {
	*program.Program
	token string // of an editor, for the API
	log   string // the file to which the program logs
}

var plenum *target

func TestMain(m *testing.M) {
	flag.Parse()
	code, err := run(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

func run(m *testing.M) (code int, err error) {
	ctx := context.Background()
	if plenum, err = start(ctx); err != nil {
		return 1, err
	}
	defer func() { err = errors.Join(err, plenum.Stop()) }()
	return m.Run(), nil
}

// start runs the program with a site, its editor and a log that a test can read.
func start(ctx context.Context) (*target, error) {
	p, err := program.New([]string{"PLENUM_LOG=info", "PLENUM_UNDO=1s"})
	if err != nil {
		return nil, err
	}
	t := &target{Program: p, log: filepath.Join(p.Folder, "program.log")}
	log, err := os.Create(t.log)
	if err != nil {
		return nil, errors.Join(err, p.Stop())
	}
	p.Log = log
	if p.Bin, err = program.Build(ctx, "../..", p.Folder); err == nil {
		err = p.Start(ctx)
	}
	if err == nil {
		err = t.furnish(ctx)
	}
	if err != nil {
		return nil, errors.Join(err, p.Stop())
	}
	return t, nil
}

func (t *target) furnish(ctx context.Context) error {
	for _, command := range [][]string{
		{"site", "create", site, "--name", "Die Zeitung", "--origin", origin, "--locale", "de"},
		{"moderator", "create", editor, "--site", site, "--role", "editor"},
	} {
		if _, err := t.Command(ctx, password+"\n", command...); err != nil {
			return err
		}
	}
	token, err := t.Command(ctx, "", "token", "create", editor, "--site", site)
	t.token = strings.TrimSpace(token)
	return err
}
