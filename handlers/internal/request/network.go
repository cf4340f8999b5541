package request

import (
	"net/http"
	"net/netip"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"
)

// Proxies are the networks that the program's own proxies stand in: what they say of who asked is believed.
type Proxies []netip.Prefix

// Asker is the address that a request came from: the one that connected or, where that is a proxy of ours, the last in
// X-Forwarded-For that is none. It is zero where nobody can say: a proxy that was not named stands on this machine or on
// its network, and its address would be that of everybody.
func (p Proxies) Asker(q *http.Request) netip.Addr {
	connected, err := netip.ParseAddrPort(q.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	from := connected.Addr().Unmap()
	// A proxy may add a line of its own instead of going on with the one it got: the last word of all lines is the nearest.
	said := strings.Split(strings.Join(q.Header.Values("X-Forwarded-For"), ","), ",")
	if !p.contain(from) {
		if forwarded(q) && (from.IsPrivate() || from.IsLoopback()) {
			return netip.Addr{}
		}
		return from
	}
	for _, word := range slices.Backward(said) {
		next, ok := address(strings.TrimSpace(word))
		if !ok {
			return from
		}
		if from = next.Unmap(); !p.contain(from) {
			return from
		}
	}
	return from
}

// address reads an address, or one with a port: some gateways write it here as RFC 7239 §6 does.
func address(word string) (netip.Addr, bool) {
	if plain, err := netip.ParseAddr(word); err == nil {
		return plain, true
	}
	with, err := netip.ParseAddrPort(word)
	return with.Addr(), err == nil
}

// forwarded reports whether a proxy says that it asks for somebody else.
func forwarded(q *http.Request) bool {
	return slices.ContainsFunc([]string{"X-Forwarded-For", "Forwarded", "X-Real-IP"}, func(name string) bool { return q.Header.Get(name) != "" })
}

func (p Proxies) contain(addr netip.Addr) bool {
	return slices.ContainsFunc(p, func(n netip.Prefix) bool { return n.Contains(addr) })
}

const networkKey = "plenum.network"

// Network finds the address that each request came from.
func (p Proxies) Network(c *gin.Context) { c.Set(networkKey, p.Asker(c.Request)) }

// Network is the address that the request came from; zero where it is not known. The engine has found it.
func Network(c *gin.Context) netip.Addr { return c.MustGet(networkKey).(netip.Addr) }
