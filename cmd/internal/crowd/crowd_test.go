package crowd_test

import (
	"errors"
	"net"
	"net/netip"
	"testing"

	"plenum/cmd/internal/crowd"
)

var errEmpty = errors.New("nobody else comes")

// street is a listener to which connections come from the addresses named, one after the other.
type street struct {
	net.Listener
	from []string
}

func (s *street) Accept() (net.Conn, error) {
	if len(s.from) == 0 {
		return nil, errEmpty
	}
	address := net.TCPAddrFromAddrPort(netip.AddrPortFrom(netip.MustParseAddr(s.from[0]), 4711))
	s.from = s.from[1:]
	ours, theirs := net.Pipe()
	return &visitor{Conn: ours, from: address}, theirs.Close()
}

type visitor struct {
	net.Conn
	from net.Addr
}

func (v *visitor) RemoteAddr() net.Addr { return v.from }

// let answers who is let in.
func let(t *testing.T, l *crowd.Listener, from ...string) (in []net.Conn) {
	t.Helper()
	l.Listener = &street{from: from}
	for {
		conn, err := l.Accept()
		if errors.Is(err, errEmpty) {
			return in
		}
		if err != nil {
			t.Fatal(err)
		}
		in = append(in, conn)
	}
}

func TestANetworkOpensAsManyConnectionsAsItMay(t *testing.T) {
	l := &crowd.Listener{Most: 2}
	one := let(t, l, "192.0.2.1", "192.0.2.1", "192.0.2.1", "::ffff:192.0.2.1", "192.0.2.2")
	if len(one) != 3 {
		t.Fatalf("got %d let in, want two of one network and the one of another", len(one))
	}
	if err := errors.Join(one[0].Close(), one[0].Close()); err != nil { // twice: its place is given back once
		t.Fatal(err)
	}
	if got := len(let(t, l, "192.0.2.1", "192.0.2.1")); got != 1 {
		t.Errorf("got %d let in after one had gone, want 1", got)
	}
}

func TestAnIPv6NetworkIsWhatOneCustomerIsGiven(t *testing.T) {
	l := &crowd.Listener{Most: 1}
	if got := len(let(t, l, "2001:db8:0:1::1", "2001:db8:0:ff::2", "2001:db8:0:100::1")); got != 2 {
		t.Errorf("got %d let in, want one of each /56", got)
	}
}

func TestWhoStandsBeforeEverybodyIsNotCounted(t *testing.T) {
	l := &crowd.Listener{Most: 1, Proxies: []netip.Prefix{netip.MustParsePrefix("203.0.113.0/24")}}
	all := []string{"127.0.0.1", "127.0.0.1", "::1", "::1", "10.0.0.1", "10.0.0.1", "fd00::1", "fd00::1", "203.0.113.7", "203.0.113.7"}
	if got := len(let(t, l, all...)); got != len(all) {
		t.Errorf("got %d let in, want all %d", got, len(all))
	}
}
