// Command load measures the program as readers, authors and moderators use it: bin/plenum on a private PostgreSQL that is
// gone afterwards, beside ceilings measured in the same run. wrk makes the load. What each line means is in
// docs/performance.md, which holds the last table.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"plenum/models/postgres"
)

// options are what can be asked for.
type options struct {
	plenum   string        // the program
	comments int           // of the filled site
	large    int           // of the second one; 0: none
	seconds  int           // of each run
	runs     int           // of each figure: the median counts
	streams  int           // event streams
	mixed    time.Duration // of the mixed load
	only     string        // parts of it; empty: all
}

func main() {
	if len(os.Args) == 3 && os.Args[1] == bareCommand {
		serveBare(os.Args[2])
		return
	}
	if len(os.Args) == 3 && os.Args[1] == coldCommand {
		serveCold(os.Args[2])
		return
	}
	var o options
	flag.StringVar(&o.plenum, "bin", "bin/plenum", "the program")
	flag.IntVar(&o.comments, "comments", 10_000, "comments of the database that everything is measured on")
	flag.IntVar(&o.large, "large", 1_000_000, "comments of a second one, to compare with; 0: none")
	flag.IntVar(&o.seconds, "seconds", 5, "seconds of each run")
	flag.IntVar(&o.runs, "runs", 3, "runs of each figure")
	flag.IntVar(&o.streams, "streams", 10_000, "open event streams")
	flag.DurationVar(&o.mixed, "mixed", 30*time.Second, "length of the mixed load")
	flag.StringVar(&o.only, "only", "", "reads, cold, posts, removals, streams or mixed, several with commas between; empty: all")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, o); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, o options) (err error) {
	dir, err := os.MkdirTemp("", "plenum-load-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, remove(dir)) }()
	if err := os.Chmod(dir, 0o711); err != nil { // PostgreSQL runs under an account of its own where this is root
		return err
	}
	pg, err := postgres.Start(ctx, postgres.Config{Dir: filepath.Join(dir, "pg"), Params: []string{"shared_buffers=256MB", "max_wal_size=4GB", "max_connections=200"}})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, pg.Close()) }()
	b := &bench{options: o, dir: dir, dsn: pg.DSN()}
	fmt.Printf("%d cores, shared by the program, PostgreSQL (durable) and the load; median of %d runs of %d s\n\n", runtime.NumCPU(), o.runs, o.seconds)
	if err := b.run(ctx, "reads", "cold", "posts", "removals", "streams", "mixed"); err != nil || o.large == 0 {
		return err
	}
	b.comments = o.large
	return b.run(ctx, "reads", "cold", "posts")
}

// remove removes a folder once its PostgreSQL has stopped, which it does after its last user is gone: it may have a lot to
// write down first.
func remove(dir string) error {
	for began := time.Now(); time.Since(began) < time.Minute; time.Sleep(100 * time.Millisecond) {
		if _, err := os.Stat(filepath.Join(dir, "pg", "data", "postmaster.pid")); err != nil {
			break
		}
	}
	return os.RemoveAll(dir)
}

// run fills a database and measures the parts that are wanted.
func (b *bench) run(ctx context.Context, parts ...string) error {
	steps := map[string]func(context.Context) error{"reads": b.reads, "cold": b.cold, "posts": b.posts, "removals": b.removals, "streams": b.open, "mixed": b.mixed}
	err := b.start(ctx)
	for _, part := range parts {
		if wanted := b.only == "" || slices.Contains(strings.Split(b.only, ","), part); err == nil && wanted {
			err = steps[part](ctx)
		}
	}
	return errors.Join(err, b.stop())
}

// bench is a filled database and the program that serves it.
type bench struct {
	options
	dir, dsn string
	site     *site
	server   *server
}

// start fills a database and says how long the program takes to be ready and what it weighs.
func (b *bench) start(ctx context.Context) (err error) {
	begun := time.Now()
	if b.site, err = b.fill(ctx, fmt.Sprint("load_", b.comments)); err != nil {
		return err
	}
	fmt.Printf("## %d comments (filled in %s)\n\n", b.comments, time.Since(begun).Round(time.Second))
	for range b.runs {
		if b.server != nil {
			if err := b.server.stop(); err != nil {
				return err
			}
		}
		if b.server, err = b.serve(ctx); err != nil {
			return err
		}
		fmt.Printf("ready after %s\n", b.server.ready.Round(time.Millisecond))
	}
	info, err := os.Stat(b.plenum)
	if err != nil {
		return err
	}
	fmt.Printf("program of %.1f MB, %.1f MB of memory when idle\n\n", float64(info.Size())/1e6, b.server.memory())
	return nil
}

func (b *bench) stop() error {
	if b.server == nil {
		return nil
	}
	server := b.server
	b.server = nil
	return server.stop()
}
