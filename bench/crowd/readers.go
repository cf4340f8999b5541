package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"time"

	"plenum/models/sample"
)

const (
	readers   = 16
	perSecond = 200 // of all of them: as many as come, whether or not those before have been answered
)

// read asks for a thread for so long, at an even rate, and answers the 99th percentile of how long it took. A request that
// is sent late because those before it were answered late has waited for so long.
func (s *server) read(ctx context.Context, during time.Duration) (time.Duration, error) {
	address := "http://" + s.addr + "/bench/thread?article=" + url.QueryEscape(sample.ExactKey(100))
	due := make(chan time.Time, perSecond*int(during/time.Second+1))
	var (
		mu     sync.Mutex
		took   []time.Duration
		failed error
		done   sync.WaitGroup
	)
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: readers}, Timeout: 30 * time.Second}
	defer client.CloseIdleConnections()
	for range readers {
		done.Go(func() {
			for at := range due {
				err := fetch(ctx, client, address)
				mu.Lock()
				if took = append(took, time.Since(at)); err != nil {
					failed = err
				}
				mu.Unlock()
			}
		})
	}
	pace(ctx, perSecond, during, func(at time.Time) { due <- at })
	close(due)
	done.Wait()
	if failed != nil || len(took) == 0 {
		return 0, fmt.Errorf("read %s: %w", address, failed)
	}
	slices.Sort(took)
	return took[len(took)*99/100].Round(10 * time.Microsecond), nil
}

func fetch(ctx context.Context, client *http.Client, address string) error {
	q, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return err
	}
	r, err := client.Do(q)
	if err != nil {
		return err
	}
	defer r.Body.Close()
	if _, err := io.Copy(io.Discard, r.Body); err != nil {
		return err
	}
	if r.StatusCode != http.StatusOK {
		return fmt.Errorf("got %s", r.Status)
	}
	return nil
}

// pace calls do so often a second, with the time at which it was due.
func pace(ctx context.Context, perSecond int, during time.Duration, do func(at time.Time)) {
	tick := time.NewTicker(time.Second / time.Duration(perSecond))
	defer tick.Stop()
	for end := time.Now().Add(during); ; {
		select {
		case <-ctx.Done():
			return
		case at := <-tick.C:
			if at.After(end) {
				return
			}
			do(at)
		}
	}
}

func median(all []time.Duration) time.Duration {
	slices.Sort(all)
	return all[len(all)/2]
}
