package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"
)

// mixed is ninety reads, nine posts and one decision in a hundred, for as long as is asked for: memory must not grow, and
// no answer be of 500 and more.
func (b *bench) mixed(ctx context.Context) error {
	if b.options.mixed == 0 {
		return nil
	}
	library, err := b.postLibrary()
	if err != nil {
		return err
	}
	script, err := b.mix("mixed.lua", library+"local function other(n) if n % 11 == 0 then return post() end end\n")
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	decided, samples, failed := make(chan int, 1), make(chan []float64, 1), make(chan error, 1)
	served := load{headers: gzip, script: script, connections: mixedConnections}
	r, err := drive(ctx, b.server, served, time.Duration(b.seconds)*time.Second)
	if err != nil {
		return err
	}
	var pace atomic.Int64
	pace.Store(share(r))
	go func() {
		n, err := b.deciding(ctx, &pace)
		failed <- err
		decided <- n
	}()
	go func() { samples <- b.weigh(ctx) }()
	fmt.Printf("%-44s %9s %9s %9s %9s %9s\n", "ninety reads, nine posts, a decision", "per s", "CPU ms", "p99 ms", "MB", "failed")
	requests := 0.0
	for i := range stretches {
		if r, err = drive(ctx, b.server, served, b.options.mixed/stretches); err != nil {
			break
		}
		pace.Store(share(r))
		requests += r.perSecond * (b.options.mixed / stretches).Seconds()
		fmt.Printf("%-44s %9.0f %9.3f %9.2f %9.1f %9d\n", fmt.Sprintf("part %d of %d, %s", i+1, stretches, b.options.mixed/stretches),
			r.perSecond, ms(r.cpu), ms(r.p99), b.server.memory(), r.failed)
	}
	stop()
	if err = errors.Join(err, <-failed); err != nil {
		return err
	}
	weights := <-samples
	fmt.Printf("%d decisions beside %.0f reads and posts; in the second half memory grew by %.2f MB a minute\n\n", <-decided, requests, slope(weights[len(weights)/2:]))
	return nil
}

const (
	mixedConnections = 16
	stretches        = 6 // each with a figure of its own: a trend is to be seen
)

// share is one decision for each ninety-nine reads and posts: so many a second, whole.
func share(r result) int64 { return max(1, int64(r.perSecond/99+0.5)) }

// deciding decides what waits, at a pace of so many decisions a second.
func (b *bench) deciding(ctx context.Context, pace *atomic.Int64) (n int, err error) {
	every := time.NewTicker(100 * time.Millisecond)
	defer every.Stop()
	due, last := 0.0, time.Now()
	for {
		select {
		case <-ctx.Done():
			return n, nil
		case <-every.C:
		}
		now := time.Now()
		due, last = due+float64(pace.Load())*now.Sub(last).Seconds(), now
		done, err := b.decideSome(ctx, int(due))
		n, due = n+done, due-float64(done)
		if err != nil && ctx.Err() == nil {
			return n, err
		}
	}
}

// atOnce is how many decisions are on their way at a time, as many moderators make them.
const atOnce = 8

// decideSome claims and approves at most so many, twenty at a time.
func (b *bench) decideSome(ctx context.Context, limit int) (int, error) {
	if limit == 0 {
		return 0, nil
	}
	var claimed struct {
		Items []struct {
			ID      string
			Version int
		}
	}
	if err := b.call(ctx, http.MethodPost, "/queue/claims", map[string]int{"limit": min(limit, 20), "seconds": 60}, &claimed); err != nil {
		return 0, err
	}
	deciders, ctx := errgroup.WithContext(ctx)
	deciders.SetLimit(atOnce)
	for _, item := range claimed.Items {
		deciders.Go(func() error { return b.decide(ctx, item.ID, "approve", item.Version) })
	}
	if err := deciders.Wait(); err != nil {
		return 0, err
	}
	return len(claimed.Items), nil
}

// weigh takes the program's memory each second.
func (b *bench) weigh(ctx context.Context) (samples []float64) {
	every := time.NewTicker(time.Second)
	defer every.Stop()
	for {
		samples = append(samples, b.server.memory())
		select {
		case <-ctx.Done():
			return samples
		case <-every.C:
		}
	}
}

// slope is by how much the samples grow in a minute, by least squares.
func slope(samples []float64) float64 {
	n := float64(len(samples))
	var x, y, xx, xy float64
	for i, s := range samples {
		x, y, xx, xy = x+float64(i), y+s, xx+float64(i)*float64(i), xy+float64(i)*s
	}
	if n*xx == x*x {
		return 0
	}
	return 60 * (n*xy - x*y) / (n*xx - x*x)
}
