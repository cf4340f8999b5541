package main

import (
	"context"
	"fmt"
	"net"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"plenum/models/sample"
)

const (
	between    = time.Second // bytes of a slow client
	receive    = 4 << 10     // what its machine takes before it has read that
	pipelined  = 200         // answers that it asks for and does not read
	comeWithin = time.Second // in which all of them come
	settle     = 2 * time.Second
)

// slowClients take their time until they leave. Whoever is sent away comes again.
type slowClients struct {
	server *server
	stop   context.CancelFunc
	all    sync.WaitGroup
	open   atomic.Int64
	most   int64
}

// crowd lets so many in, and returns when they are there: a third each sends its head, its body, or reads its answers, a
// byte a second.
func (s *server) crowd(ctx context.Context, many int) *slowClients {
	ctx, stop := context.WithCancel(ctx)
	c := &slowClients{server: s, stop: stop}
	for i := range many {
		c.all.Go(func() {
			wait(ctx, comeWithin*time.Duration(i)/time.Duration(many))
			for ctx.Err() == nil {
				c.visit(ctx, i%3)
				wait(ctx, between)
			}
		})
	}
	wait(ctx, comeWithin+settle)
	c.most = c.open.Load()
	return c
}

// leave ends them; it is an error if they never were there.
func (c *slowClients) leave() error {
	c.stop()
	c.all.Wait()
	if c.most == 0 {
		return fmt.Errorf("no slow client got in")
	}
	return nil
}

func (c *slowClients) visit(ctx context.Context, kind int) {
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", c.server.addr)
	if err != nil {
		return
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { conn.Close() })()
	c.open.Add(1)
	defer c.open.Add(-1)
	get := "GET /bench/thread?article=" + url.QueryEscape(sample.ExactKey(100)) + " HTTP/1.1\r\nHost: " + c.server.addr + "\r\n"
	switch kind {
	case 0:
		slowly(ctx, conn, get+strings.Repeat("X-A: b\r\n", 100))
	case 1:
		if _, err := conn.Write([]byte("POST /api/v1/sites/bench/comments HTTP/1.1\r\nHost: " + c.server.addr +
			"\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n")); err == nil {
			slowly(ctx, conn, strings.Repeat(" ", 1000))
		}
	default:
		if err := conn.(*net.TCPConn).SetReadBuffer(receive); err != nil {
			return
		}
		go conn.Write([]byte(strings.Repeat(get+"\r\n", pipelined))) // as far as the server takes it
		for one := make([]byte, 1); ctx.Err() == nil; wait(ctx, between) {
			if _, err := conn.Read(one); err != nil {
				return
			}
		}
	}
}

// slowly sends byte by byte, as long as somebody takes it.
func slowly(ctx context.Context, conn net.Conn, text string) {
	for i := range len(text) {
		if _, err := conn.Write([]byte{text[i]}); err != nil || ctx.Err() != nil {
			return
		}
		wait(ctx, between)
	}
}

func wait(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}
