package config

import (
	"fmt"
	"net/netip"
)

// The widest networks that a proxy may be said to stand in: 10.0.0.0/8 and fc00::/7. Wider ones are the internet, and
// anybody on it could say who they are.
const widest4, widest6 = 8, 7

// TrustedProxies are the networks of the proxies that are believed. A single address is a network of one.
func (s Settings) TrustedProxies() (all []netip.Prefix, err error) {
	for _, text := range s.Proxies {
		network, err := netip.ParsePrefix(text)
		if addr, addrErr := netip.ParseAddr(text); addrErr == nil {
			network, err = addr.Prefix(addr.BitLen())
		}
		if err != nil {
			return nil, fmt.Errorf("PLENUM_TRUSTED_PROXIES must be networks like 10.0.0.0/8, not %q", text)
		}
		if network.Addr().Is4() && network.Bits() < widest4 || network.Addr().Is6() && network.Bits() < widest6 {
			return nil, fmt.Errorf("PLENUM_TRUSTED_PROXIES: %s is more than a network of yours: everybody in it could pretend to be anybody", text)
		}
		all = append(all, network.Masked())
	}
	return all, nil
}
