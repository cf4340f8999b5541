// Package wire is a connection that tests may spoil: it stands between a program and what the program talks to, and
// freezes, delays, loses or refuses what passes, as told.
package wire

import (
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"sync"
	"time"
)

// Wire relays connections. Its methods may be called at any time.
type Wire struct {
	listener net.Listener
	dial     func() (net.Conn, error)

	mu      sync.Mutex
	open    map[net.Conn]struct{}
	thawed  chan struct{} // closed while it is not frozen
	delay   time.Duration
	loss    float64
	refused bool
	lost    int
}

// New listens on a port of this machine's own and relays to what dial reaches.
func New(dial func() (net.Conn, error)) (*Wire, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	w := &Wire{listener: listener, dial: dial, open: map[net.Conn]struct{}{}, thawed: make(chan struct{})}
	close(w.thawed)
	go w.accept()
	return w, nil
}

// Addr is where it listens.
func (w *Wire) Addr() *net.TCPAddr { return w.listener.Addr().(*net.TCPAddr) }

// Close ends it with every connection.
func (w *Wire) Close() error {
	err := w.listener.Close()
	w.Thaw()
	w.Cut()
	return err
}

// Freeze lets nothing pass any more, as if the other side had been stopped or the cable pulled: nobody is told.
func (w *Wire) Freeze() {
	w.mu.Lock()
	defer w.mu.Unlock()
	select {
	case <-w.thawed:
		w.thawed = make(chan struct{})
	default: // it is frozen
	}
}

// Thaw lets pass what was held up.
func (w *Wire) Thaw() {
	w.mu.Lock()
	defer w.mu.Unlock()
	select {
	case <-w.thawed:
	default:
		close(w.thawed)
	}
}

// Delay makes each piece that is sent wait for so long.
func (w *Wire) Delay(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.delay = d
}

// Lose drops this share of answers, and with each its connection.
func (w *Wire) Lose(share float64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.loss = share
}

// Lost is how many answers were dropped.
func (w *Wire) Lost() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.lost
}

// Refuse closes every connection, and each new one at once.
func (w *Wire) Refuse() {
	w.mu.Lock()
	w.refused = true
	w.mu.Unlock()
	w.Cut()
}

// Accept ends Refuse.
func (w *Wire) Accept() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.refused = false
}

// Cut closes the connections that are open.
func (w *Wire) Cut() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for conn := range w.open {
		conn.Close() // it may have been closed from either end already
	}
	clear(w.open)
}

func (w *Wire) accept() {
	for {
		client, err := w.listener.Accept()
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err == nil {
			go w.relay(client)
		}
	}
}

func (w *Wire) relay(client net.Conn) {
	defer client.Close()
	<-w.gate()
	server, err := w.dial()
	if err != nil {
		return
	}
	defer server.Close()
	if !w.enter(client, server) {
		return
	}
	done := make(chan struct{}, 2)
	go func() { w.pass(server, client, w.question); done <- struct{}{} }()
	go func() { w.pass(client, server, w.answer); done <- struct{}{} }()
	<-done
	client.Close()
	server.Close()
	<-done
	w.leave(client, server)
}

func (w *Wire) enter(conns ...net.Conn) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, conn := range conns {
		w.open[conn] = struct{}{}
	}
	return !w.refused
}

func (w *Wire) leave(conns ...net.Conn) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, conn := range conns {
		delete(w.open, conn)
	}
}

// pass copies piece by piece, as long as each may pass.
func (w *Wire) pass(to io.Writer, from io.Reader, may func() bool) {
	piece := make([]byte, 32<<10)
	for {
		n, err := from.Read(piece)
		if n > 0 {
			if !may() {
				return
			}
			if _, err := to.Write(piece[:n]); err != nil {
				return
			}
		}
		if err != nil {
			return
		}
	}
}

func (w *Wire) question() bool {
	<-w.gate()
	w.mu.Lock()
	delay := w.delay
	w.mu.Unlock()
	if delay > 0 {
		<-time.After(delay)
	}
	return true
}

func (w *Wire) answer() bool {
	<-w.gate()
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.loss > 0 && rand.Float64() < w.loss {
		w.lost++
		return false
	}
	return true
}

// gate is closed while things pass.
func (w *Wire) gate() <-chan struct{} {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.thawed
}
