// Package crowd keeps one network from taking every connection.
package crowd

import (
	"net"
	"net/netip"
	"slices"
	"sync"
)

// Listener closes at once what a network opens beyond Most. An IPv6 network is a /56: what one customer is given.
// Networks of this machine and of its own wires, and those of Proxies, are not counted: behind them is everybody.
type Listener struct {
	net.Listener
	Most    int // above 0
	Proxies []netip.Prefix

	mu   sync.Mutex
	open map[netip.Prefix]int
}

// Accept waits for the next connection that its network may still open.
func (l *Listener) Accept() (net.Conn, error) {
	for {
		conn, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		from, counted := l.network(conn.RemoteAddr())
		if !counted {
			return conn, nil
		}
		if l.enter(from) {
			return &guest{Conn: conn, leave: sync.OnceFunc(func() { l.leave(from) })}, nil
		}
		if err := conn.Close(); err != nil {
			return nil, err
		}
	}
}

// network is where a connection comes from, and whether it counts.
func (l *Listener) network(address net.Addr) (netip.Prefix, bool) {
	at, err := netip.ParseAddrPort(address.String())
	if err != nil {
		return netip.Prefix{}, false
	}
	from, bits := at.Addr().Unmap().WithZone(""), 32
	if from.IsPrivate() || from.IsLoopback() || from.IsLinkLocalUnicast() ||
		slices.ContainsFunc(l.Proxies, func(p netip.Prefix) bool { return p.Contains(from) }) {
		return netip.Prefix{}, false
	}
	if from.Is6() {
		bits = 56
	}
	return netip.PrefixFrom(from, bits).Masked(), true
}

func (l *Listener) enter(from netip.Prefix) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.open == nil {
		l.open = map[netip.Prefix]int{}
	}
	if l.open[from] >= l.Most {
		return false
	}
	l.open[from]++
	return true
}

func (l *Listener) leave(from netip.Prefix) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.open[from]--; l.open[from] == 0 {
		delete(l.open, from)
	}
}

// guest is a connection that counts until it is closed.
type guest struct {
	net.Conn
	leave func()
}

// Close gives the place back.
func (g *guest) Close() error {
	g.leave()
	return g.Conn.Close()
}
