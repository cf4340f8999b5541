// Package outgoing is the one way out over HTTP: whatever calls an address that somebody typed calls it through a Gate.
//
//	address ── Check ──► name resolved ── each connection's address: public, or in a network the operator named ──► call
//	   ▲                                                                                                            │
//	   └────────────────────────────── redirect: the same again, at most three times ◄──────────────────────────────┘
//
// What a name resolves to is looked at when the connection is made and not before, so one that means another address the
// second time gains nothing.
package outgoing

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"syscall"
	"time"

	"code.dny.dev/ssrf"
)

// ErrRefused says that an address is not called.
var ErrRefused = errors.New("refused to call out")

// The limits of a call.
const (
	callTimeout  = 10 * time.Second // with all its redirects
	dialTimeout  = 5 * time.Second
	maxRedirects = 3
	maxHeader    = 64 << 10
	maxBody      = 1 << 20 // of an answer: reading on is an error
)

// wireServer answers Azure's machines with their secrets, at an address that looks public.
var wireServer = netip.MustParsePrefix("168.63.129.16/32")

// Gate is what may be called: public addresses by https on port 443, and whatever is in the operator's own networks, there
// on any port and by http too.
type Gate struct {
	networks []netip.Prefix
	public   *ssrf.Guardian
	resolver *net.Resolver // nil: the machine's
}

// New makes a Gate that lets these networks be called beside public addresses.
func New(networks ...netip.Prefix) *Gate {
	return &Gate{networks: networks, public: ssrf.New(ssrf.WithPorts(443), ssrf.WithDeniedV4Prefixes(wireServer))}
}

// Client makes calls through the gate. It uses no proxy, whatever the environment says, keeps no cookie, and its answers
// end with an error after 1 MiB.
func (g *Gate) Client() *http.Client {
	return &http.Client{Transport: roads{https: g.road(g.publicOrOwn), http: g.road(g.own)}, CheckRedirect: g.redirect, Timeout: callTimeout}
}

// control is asked before each connection, with the address that the name was resolved to.
type control func(network, address string, c syscall.RawConn) error

func (g *Gate) road(c control) *http.Transport {
	dialer := &net.Dialer{Timeout: dialTimeout, Control: c, Resolver: g.resolver}
	return &http.Transport{DialContext: dialer.DialContext, TLSHandshakeTimeout: dialTimeout, MaxResponseHeaderBytes: maxHeader,
		DisableCompression: true, IdleConnTimeout: time.Minute, MaxIdleConnsPerHost: 1}
}

func (g *Gate) publicOrOwn(network, address string, c syscall.RawConn) error {
	if g.own(network, address, c) == nil {
		return nil
	}
	if err := g.public.Safe(network, address, c); err != nil {
		return fmt.Errorf("%w: %w", ErrRefused, err)
	}
	return nil
}

// own lets only the operator's networks be called: what is not encrypted goes nowhere else.
func (g *Gate) own(_, address string, _ syscall.RawConn) error {
	at, err := netip.ParseAddrPort(address)
	if err == nil && g.isOwn(at.Addr()) {
		return nil
	}
	return fmt.Errorf("%w: %s is in no network that was named", ErrRefused, address)
}

func (g *Gate) isOwn(addr netip.Addr) bool {
	addr = addr.Unmap().WithZone("")
	return slices.ContainsFunc(g.networks, func(n netip.Prefix) bool { return n.Contains(addr) })
}

// roads are the ways to an address, by its scheme.
type roads struct{ https, http http.RoundTripper }

// RoundTrip makes one call of one address, without redirects.
func (r roads) RoundTrip(q *http.Request) (*http.Response, error) {
	road := r.https
	if q.URL.Scheme != "https" { // http: any other scheme is refused by the transport
		road = r.http
	}
	answer, err := road.RoundTrip(q)
	if err != nil {
		return nil, err
	}
	answer.Body = http.MaxBytesReader(nil, answer.Body, maxBody)
	return answer, nil
}

// redirect looks at an address that an answer leads to. What is sent is sent to nobody else, and never becomes a question:
// 301, 302 and 303 make a GET of a POST (RFC 9110 §15.4).
func (g *Gate) redirect(next *http.Request, via []*http.Request) error {
	first, last := via[0], via[len(via)-1]
	switch {
	case len(via) > maxRedirects:
		return fmt.Errorf("%w: more than %d redirects", ErrRefused, maxRedirects)
	case next.Method != first.Method:
		return fmt.Errorf("%w: a redirect makes a %s of a %s", ErrRefused, next.Method, first.Method)
	case first.Method != http.MethodGet && next.URL.Host != first.URL.Host:
		return fmt.Errorf("%w: what was for one host is redirected to another", ErrRefused)
	case last.URL.Scheme == "https" && next.URL.Scheme != "https":
		return fmt.Errorf("%w: a redirect from https to %s", ErrRefused, next.URL.Scheme)
	}
	return g.check(next.URL)
}
