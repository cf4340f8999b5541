package outgoing

import (
	"fmt"
	"net/netip"
	"net/url"
	"regexp"
	"strings"
)

// inNumbers is a host whose last part is a number. It is an IPv4 address to some programs, however it is written
// (WHATWG URL §3.5: "ends in a number"), and to nobody the name of a public host.
var inNumbers = regexp.MustCompile(`(?i)(^|\.)(\d+|0x[0-9a-f]*)\.?$`)

// Check refuses an address that would never be called, so that whoever types it hears so at once. What its name means is
// asked at each call.
func (g *Gate) Check(address string) error {
	u, err := url.Parse(address)
	if err != nil {
		return fmt.Errorf("%w: no address", ErrRefused)
	}
	return g.check(u)
}

func (g *Gate) check(u *url.URL) error {
	host, inside := u.Hostname(), len(g.networks) > 0
	addr, notAddr := netip.ParseAddr(host)
	switch {
	case u.Scheme != "https" && (u.Scheme != "http" || !inside):
		return fmt.Errorf("%w: not https", ErrRefused)
	case host == "" || u.Opaque != "":
		return fmt.Errorf("%w: no host", ErrRefused)
	case u.User != nil:
		return fmt.Errorf("%w: a name or password in the address", ErrRefused)
	case notAddr == nil && g.isOwn(addr):
		return nil
	case u.Port() != "" && u.Port() != "443" && !inside:
		return fmt.Errorf("%w: port %s", ErrRefused, u.Port())
	case notAddr == nil:
		if err := g.public.SafeAddr(addr); err != nil {
			return fmt.Errorf("%w: %w", ErrRefused, err)
		}
	case inNumbers.MatchString(host):
		return fmt.Errorf("%w: a host in numbers", ErrRefused)
	case !strings.Contains(strings.TrimSuffix(host, "."), ".") && !inside:
		return fmt.Errorf("%w: a name of this machine or network", ErrRefused)
	}
	return nil
}
