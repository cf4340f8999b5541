package main

import (
	"context"
	"fmt"
	"io"
	"sync"
	"time"

	"plenum/e2e/program"
)

// Replay is one run: the comments with what became of them, and everything that was checked.
type Replay struct {
	client  *Client
	items   []*Item
	workers int
	rules   int       // the version in force
	log     io.Writer // progress
	report  Report

	posting, deciding, whole time.Duration
}

// against opens a site on a fresh server and runs there.
func (r *Replay) against(ctx context.Context, server *program.Program) (err error) {
	if r.client, err = open(ctx, server); err != nil {
		return err
	}
	return r.run(ctx)
}

// run posts, decides and compares. Whatever fails of a single comment or surface is in the report; an error is the end.
func (r *Replay) run(ctx context.Context) (err error) {
	began := time.Now()
	defer func() { r.whole = time.Since(began) }()
	r.report.Check("plain words", asTyped(r.items)...)
	if r.rules, err = r.rulesInForce(ctx); err != nil {
		return err
	}
	for n, wave := range waves(r.items) {
		if err := r.wave(ctx, n, wave); err != nil {
			return fmt.Errorf("wave %d: %w", n, err)
		}
	}
	if err := r.queueIsEmpty(ctx); err != nil {
		return err
	}
	r.progress("comparing what is public")
	return r.compare(ctx)
}

// wave posts and decides the comments whose parents are approved by now. The first wave is looked for on the public
// surfaces while all of it waits: nothing may be there, and what is cached then must not be what is shown later.
func (r *Replay) wave(ctx context.Context, n int, items []*Item) error {
	began := time.Now()
	if err := each(ctx, r.workers, items, r.post); err != nil {
		return err
	}
	r.posting += time.Since(began)
	r.progress("wave %d: %d posted", n, len(items))
	if n == 0 {
		r.progress("comparing while everything waits")
		if err := r.compare(ctx); err != nil {
			return err
		}
	}
	return r.decide(ctx, n, items)
}

// each does the work for all items, so many at once, and ends early with the context.
func each[T any](ctx context.Context, workers int, items []T, work func(context.Context, T)) error {
	todo := make(chan T)
	var group sync.WaitGroup
	for range min(workers, len(items)) {
		group.Go(func() {
			for item := range todo {
				work(ctx, item)
			}
		})
	}
	for _, item := range items {
		if ctx.Err() != nil {
			break
		}
		todo <- item
	}
	close(todo)
	group.Wait()
	return context.Cause(ctx)
}

func (r *Replay) progress(format string, args ...any) {
	fmt.Fprintf(r.log, "replay: "+format+"\n", args...)
}

// summary prints what was done and what was found.
func (r *Replay) summary(out io.Writer) {
	posted, approved, refused := r.number((*Item).Posted), r.number((*Item).Public), r.number((*Item).Rejected)
	fmt.Fprintf(out, "rows %d, posted %d, approved %d, refused %d, replies %d, not to be posted (422) %d\n",
		len(r.items), posted, approved, refused, r.number((*Item).Reply), r.number((*Item).Unpostable))
	fmt.Fprintf(out, "posting %.1f s, %.0f posts/s; deciding %.1f s, %.0f decisions/s; all of it %.1f s\n",
		r.posting.Seconds(), rate(posted, r.posting), r.deciding.Seconds(), rate(approved+refused, r.deciding), r.whole.Seconds())
	r.report.print(out)
}

func (r *Replay) number(of func(*Item) bool) (n int) {
	for _, item := range r.items {
		if of(item) {
			n++
		}
	}
	return n
}

func rate(n int, in time.Duration) float64 {
	if in <= 0 {
		return 0
	}
	return float64(n) / in.Seconds()
}
