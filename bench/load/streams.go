package main

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"net/url"
	"strings"
	"time"

	"plenum/models/sample"
)

// open measures event streams: their memory, and how long one decision takes to reach all of them.
func (b *bench) open(ctx context.Context) error {
	if b.streams == 0 {
		return nil
	}
	before := b.server.memory()
	key := sample.ExactKey(10)
	opened, heard := make(chan bool, b.streams), make(chan bool, b.streams)
	var conns []net.Conn
	defer func() {
		for _, c := range conns {
			c.Close()
		}
	}()
	for range b.streams {
		c, err := net.Dial("tcp", strings.TrimPrefix(b.server.url, "http://"))
		if err != nil {
			return fmt.Errorf("%d streams: %w", len(conns), err)
		}
		conns = append(conns, c)
		if _, err := fmt.Fprintf(c, "GET /api/v1/sites/bench/events?article=%s HTTP/1.1\r\nHost: %s\r\n\r\n", url.QueryEscape(key), c.RemoteAddr()); err != nil {
			return err
		}
		go listen(c, opened, heard)
	}
	if n := count(opened, b.streams); n < b.streams {
		return fmt.Errorf("%d of %d streams were opened", n, b.streams)
	}
	each := (b.server.memory() - before) * 1000 / float64(b.streams)
	if _, err := b.publish(ctx, key, fmt.Sprint("an alle ", time.Now())); err != nil {
		return err
	}
	begun := time.Now()
	if n := count(heard, b.streams); n < b.streams {
		return fmt.Errorf("%d of %d streams heard of a decision", n, b.streams)
	}
	fmt.Printf("%d event streams: %.0f KB each; a decision reached all of them %.0f ms after its answer\n\n", b.streams, each, ms(time.Since(begun)))
	return nil
}

// count waits for so many, and answers how many came.
func count(of <-chan bool, wanted int) int {
	for i := range wanted {
		select {
		case <-of:
		case <-time.After(20 * time.Second):
			return i
		}
	}
	return wanted
}

// listen reads the state that a stream begins with, and then one event.
func listen(c net.Conn, opened, heard chan<- bool) {
	lines, events := bufio.NewScanner(bufio.NewReaderSize(c, 512)), 0
	for lines.Scan() {
		if !strings.HasPrefix(lines.Text(), "event: ") {
			continue
		}
		if events++; events == 1 {
			opened <- true
			continue
		}
		heard <- true
		return
	}
}
