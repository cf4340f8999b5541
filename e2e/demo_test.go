package e2e

import (
	"context"
	"errors"
	"path/filepath"
	"strings"

	"plenum/e2e/program"
)

// demo is a running program with its demo. The article pages are read under localhost, the frames in them come from
// 127.0.0.1: two sites to the browser, as for a publisher.
type demo struct {
	*program.Program
	base    string // of Plenum itself
	article string // an article page on the other name
	mail    string // folder
}

// undoDelay is the demo's: long enough to press u, short enough to wait for the mail after it.
const undoDelay = "5s"

// startDemo starts the program on a free port with a data folder of its own.
func startDemo(ctx context.Context, settings ...string) (*demo, error) {
	p, err := program.New(append([]string{"PLENUM_UNDO=" + undoDelay, "PLENUM_LOG=error"}, settings...), "--demo")
	if err != nil {
		return nil, err
	}
	if p.Bin, err = built(ctx, p.Folder); err != nil {
		return nil, errors.Join(err, p.Stop())
	}
	if err := p.Start(ctx); err != nil {
		return nil, errors.Join(err, p.Stop())
	}
	port := p.Base[strings.LastIndex(p.Base, ":"):]
	return &demo{p, p.Base, "http://localhost" + port + "/demo/radweg", filepath.Join(p.Folder, "mail")}, nil
}

// built is the program under test, built once.
func built(ctx context.Context, folder string) (string, error) {
	if plenum != nil {
		return plenum.Bin, nil
	}
	return program.Build(ctx, "..", folder)
}
