package config

import (
	"fmt"
	"net/netip"
)

// The widest networks that somebody may say are theirs: 10.0.0.0/8 and fc00::/7. Wider ones are the internet.
const widest4, widest6 = 8, 7

// TrustedProxies are the networks of the proxies that are believed. A single address is a network of one.
func (s Settings) TrustedProxies() ([]netip.Prefix, error) {
	return networks("PLENUM_TRUSTED_PROXIES", "everybody in it could pretend to be anybody", s.Proxies)
}

// OutgoingNetworks are the networks that may be called though they are not public.
func (s Settings) OutgoingNetworks() ([]netip.Prefix, error) {
	return networks("PLENUM_OUTGOING_NETWORKS", "everything in it could be called", s.Outgoing)
}

// networks reads a setting; danger is what a network would mean that is nobody's own.
func networks(name, danger string, texts []string) (all []netip.Prefix, err error) {
	for _, text := range texts {
		network, err := netip.ParsePrefix(text)
		if addr, addrErr := netip.ParseAddr(text); addrErr == nil {
			network, err = addr.Prefix(addr.BitLen())
		}
		if err != nil {
			return nil, fmt.Errorf("%s must be networks like 10.0.0.0/8, not %q", name, text)
		}
		if network.Addr().Is4() && network.Bits() < widest4 || network.Addr().Is6() && network.Bits() < widest6 {
			return nil, fmt.Errorf("%s: %s is more than a network of yours: %s", name, text, danger)
		}
		all = append(all, network.Masked())
	}
	return all, nil
}
