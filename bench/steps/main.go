// Command steps measures for how long the steps of the schema hold anybody up: an earlier release fills a database in a
// private PostgreSQL, and while this one migrates it, statements of readers, authors and moderators are sent every ten
// milliseconds. It fails where one of them waits longer than half a second. The sources of that release are in the
// history of git.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"plenum/models/postgres"
)

// oldest is the newest step of the earliest schema that a release can fill by `plenum bench fill`, and whose steps are still
// those of today.
const oldest = "models/migrations/00070_sites_wall.sql"

// most is how long a statement may wait for a step.
const most = 500 * time.Millisecond

func main() {
	comments := flag.Int("comments", 1_000_000, "how many the earlier release has taken")
	from := flag.String("from", "", "its commit; else that of the oldest schema that fills, see oldest")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, *from, *comments); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, from string, comments int) (err error) {
	dir, err := os.MkdirTemp("", "plenum-steps-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	if err := os.Chmod(dir, 0o711); err != nil { // PostgreSQL runs under an account of its own where this is root
		return err
	}
	before, now, err := releases(ctx, dir, from)
	if err != nil {
		return err
	}
	server, err := postgres.Start(ctx, postgres.Config{Dir: filepath.Join(dir, "pg")})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, server.Close()) }()
	env := append(os.Environ(), "DATABASE_URL="+server.DSN(), "PLENUM_DATA_DIR="+dir)
	start := time.Now()
	if _, err := command(ctx, env, "", before, "bench", "fill", "--comments", strconv.Itoa(comments)); err != nil {
		return err
	}
	fmt.Printf("filled %d comments by the earlier release in %s\n", comments, time.Since(start).Round(time.Second))
	quiet, err := probed(ctx, server.DSN(), func() error {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(5 * time.Second):
			return nil
		}
	})
	if err != nil {
		return err
	}
	var said string
	start = time.Now()
	longest, err := probed(ctx, server.DSN(), func() (err error) {
		said, err = command(ctx, env, "", now, "migrate", "up")
		return err
	})
	if err != nil {
		return err
	}
	fmt.Printf("migrated in %s:\n%s\n", time.Since(start).Round(time.Millisecond), said)
	return report(quiet, longest)
}

// report prints the longest wait of each statement, and fails where one is too long.
func report(quiet, longest []time.Duration) (failed error) {
	fmt.Printf("%-24s %10s %10s\n", "longest answer", "before", "meanwhile")
	for i, p := range probes {
		fmt.Printf("%-24s %8.1fms %8.1fms\n", p.what, ms(quiet[i]), ms(longest[i]))
		if longest[i] > most {
			failed = errors.Join(failed, fmt.Errorf("%s waited for %s", p.what, longest[i]))
		}
	}
	return failed
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// releases builds the earlier program and this one.
func releases(ctx context.Context, dir, from string) (before, now string, err error) {
	if from == "" {
		if from, err = command(ctx, os.Environ(), "", "git", "log", "-1", "--diff-filter=A", "--format=%H", "--", oldest); err != nil {
			return "", "", err
		}
	}
	sources := filepath.Join(dir, "sources")
	if err := os.Mkdir(sources, 0o755); err != nil {
		return "", "", err
	}
	before, now = filepath.Join(dir, "before"), filepath.Join(dir, "now")
	for _, c := range []struct {
		in   string
		args []string
	}{
		{"", []string{"git", "archive", "--output", sources + ".tar", from}},
		{"", []string{"tar", "-xf", sources + ".tar", "-C", sources}},
		{sources, []string{"go", "build", "-trimpath", "-o", before, "./cmd/plenum"}},
		{"", []string{"go", "build", "-trimpath", "-o", now, "./cmd/plenum"}},
	} {
		if _, err := command(ctx, os.Environ(), c.in, c.args...); err != nil {
			return "", "", err
		}
	}
	return before, now, nil
}

// command runs a program in a folder (empty: this one) and answers what it printed.
func command(ctx context.Context, env []string, folder string, args ...string) (string, error) {
	c := exec.CommandContext(ctx, args[0], args[1:]...)
	c.Env, c.Dir = env, folder
	out, err := c.CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("%s: %w\n%s", strings.Join(args, " "), err, out)
	}
	return strings.TrimSpace(string(out)), nil
}
