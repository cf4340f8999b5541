package main

import (
	"context"

	"plenum/cmd/internal/config"
	"plenum/moderation/outgoing"
)

// signOnFinding asks the identity provider what it says of itself.
func signOnFinding(ctx context.Context, s config.Settings) finding {
	const what = "sign-on"
	networks, err := s.OutgoingNetworks()
	if err != nil {
		return failedBy("outgoing networks", err, "correct PLENUM_OUTGOING_NETWORKS")
	}
	provider, err := signOn(s, outgoing.New(networks...))
	switch {
	case err != nil:
		return failedBy(what, err, "correct PLENUM_OIDC_ISSUER and PLENUM_OIDC_CLIENT_ID")
	case provider == nil:
		return finding{what, true, "no PLENUM_OIDC_ISSUER: moderators sign in here", ""}
	}
	if err := provider.Check(ctx); err != nil {
		return failedBy(what, err, "check PLENUM_OIDC_ISSUER, and that this machine may reach it; in a network of yours it must be named in PLENUM_OUTGOING_NETWORKS. Passwords and passkeys open the desk meanwhile")
	}
	return finding{what, true, "by " + s.OIDCIssuer, ""}
}
