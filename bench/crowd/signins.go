package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"
)

const patience = 20 * time.Second // of somebody who signs in

// signIns has so many a second sign in with a wrong password, and answers what was resident at most, in MiB, until the last
// of them had an answer, and how many answers there were of each status; 0: none.
func (s *server) signIns(ctx context.Context, perSecond int, during time.Duration) (most float64, counts map[int]int, err error) {
	var mu sync.Mutex
	var all sync.WaitGroup
	counts = map[int]int{}
	client := &http.Client{Timeout: patience, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	defer client.CloseIdleConnections()
	n := 0
	pace(ctx, perSecond, during, func(time.Time) {
		n++
		email := fmt.Sprintf("nobody%d@bench.example", n)
		all.Go(func() {
			status := s.signIn(ctx, client, email)
			mu.Lock()
			defer mu.Unlock()
			counts[status]++
		})
		most = max(most, s.memory())
	})
	done := make(chan struct{})
	go func() { all.Wait(); close(done) }()
	for tick := time.NewTicker(20 * time.Millisecond); ; {
		select {
		case <-done:
			return most, counts, ctx.Err()
		case <-tick.C:
			most = max(most, s.memory())
		}
	}
}

func (s *server) signIn(ctx context.Context, client *http.Client, email string) (status int) {
	form := url.Values{"email": {email}, "password": {"a wrong password"}}
	q, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+s.addr+"/desk/signin", strings.NewReader(form.Encode()))
	if err != nil {
		return 0
	}
	q.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r, err := client.Do(q)
	if err != nil {
		return 0
	}
	defer r.Body.Close()
	if _, err := io.Copy(io.Discard, r.Body); err != nil {
		return 0
	}
	return r.StatusCode
}
