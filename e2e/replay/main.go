// Command replay posts a file of real comments to a fresh Plenum, decides each as its moderators did, and holds every
// public surface against what was approved.
//
//	cd e2e && go run ./replay -file F [-bin ../bin/plenum] [-articles 200] [-workers 10] [-missing-ok]
//
// main ─► server (a fresh program) ─► rows, plan (who answers whom) ─► post, decide (wave by wave: a parent is approved
// before it is answered) ─► surfaces (threads, pages, feeds, counts, closed doors) ─► report
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
)

type options struct {
	file, bin         string
	articles, workers int
	missingOK         bool
}

func main() {
	var o options
	flag.StringVar(&o.file, "file", "", "comments: tab-separated, header line id, refused, text")
	flag.StringVar(&o.bin, "bin", "../bin/plenum", "the program to replay against")
	flag.IntVar(&o.articles, "articles", 200, "articles to spread the comments over")
	flag.IntVar(&o.workers, "workers", 10, "requests at once")
	flag.BoolVar(&o.missingOK, "missing-ok", false, "a missing file is no failure")
	flag.Parse()
	if o.file == "" || flag.NArg() > 0 || o.articles < 1 || o.workers < 1 {
		flag.Usage()
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(o.code(run(ctx, o)))
}

// code is the exit code for how the run ended; whatever is not told yet is told here.
func (o options) code(err error) int {
	switch {
	case err == nil:
		return 0
	case errors.Is(err, errNoFile):
		fmt.Printf("replay: %s is not there, so nothing was replayed.\n", o.file)
		if o.missingOK {
			return 0
		}
	case !errors.Is(err, errFailed):
		fmt.Fprintf(os.Stderr, "replay: %v\n", err)
	}
	return 1
}

var (
	errFailed = errors.New("checks failed") // the summary has said which
	errNoFile = errors.New("no such file")
)

func run(ctx context.Context, o options) error {
	rows, err := readRows(o.file)
	if errors.Is(err, fs.ErrNotExist) {
		return errNoFile
	}
	if err != nil {
		return err
	}
	bin, err := executable(o.bin)
	if err != nil {
		return err
	}
	server, err := start(ctx, bin)
	if err != nil {
		return err
	}
	r := &Replay{items: plan(rows, o.articles), workers: o.workers, log: os.Stderr}
	failure := r.against(server.Watch(ctx), server)
	if err := server.Stop(); err != nil {
		r.report.Check("plenum serve stops", wrong("%v", err))
	}
	if failure != nil {
		r.report.Check("the replay itself", wrong("%v", failure))
	}
	r.summary(os.Stdout)
	if r.report.failed > 0 {
		return errFailed
	}
	return nil
}

// executable is the absolute path of the program. Its absence is never what -missing-ok excuses.
func executable(name string) (string, error) {
	path, err := filepath.Abs(name)
	if err != nil {
		return "", err
	}
	if info, err := os.Stat(path); err != nil || info.IsDir() {
		return "", fmt.Errorf("there is no program %s: build it first", path)
	}
	return path, nil
}
