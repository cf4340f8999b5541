// Command desk measures the desk: the same calls on a database with few comments and on one with many, side by side in a
// private PostgreSQL that is gone afterwards. It fails where one takes more than twice as long on the larger, or where
// comments are read whole.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"time"

	"plenum/models/postgres"
)

func main() {
	small := flag.Int("small", 10_000, "comments of the small database, a tenth of them waiting")
	large := flag.Int("large", 1_000_000, "comments of the large one")
	rounds := flag.Int("rounds", 61, "how often each call is measured")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, *small, *large, *rounds); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, small, large, rounds int) (err error) {
	begun := time.Now()
	dir, err := os.MkdirTemp("", "plenum-bench-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	if err := os.Chmod(dir, 0o711); err != nil { // PostgreSQL runs under an account of its own where this is root
		return err
	}
	// A commit does not wait for the disk, which is the same for both sizes and would hide what differs between them.
	server, err := postgres.Start(ctx, postgres.Config{Dir: filepath.Join(dir, "pg"), Params: []string{"shared_buffers=512MB", "maintenance_work_mem=256MB",
		"max_wal_size=8GB", "autovacuum=off", "synchronous_commit=off"}})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, server.Close()) }()
	var sites [2]*site
	for i, n := range []int{small, large} {
		at := time.Now()
		if sites[i], err = fill(ctx, server.DSN(), fmt.Sprint("desk_", n), n); err != nil {
			return err
		}
		fmt.Printf("filled %d comments in %s\n", n, time.Since(at).Round(time.Second))
	}
	failed := measure(ctx, sites[0], sites[1], rounds)
	fmt.Printf("took %s\n", time.Since(begun).Round(time.Second))
	return failed
}
