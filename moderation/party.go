package moderation

import (
	"fmt"
	"net"
	"net/netip"
	"net/url"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"plenum/models"
)

// Party is whom passkeys are made for: this installation, by the name and the origin of its base URL and by no other (the
// Relying Party of W3C Web Authentication Level 3). The zero Party has no passkeys.
type Party struct{ auth *webauthn.WebAuthn }

// PartyOf is the party behind a base URL. A passkey is bound to a name, never to an address (§4, RP ID), so there are none
// behind an address; but this machine has a name too, which every browser takes.
func PartyOf(base *url.URL) (Party, error) {
	name, host := base.Hostname(), base.Host
	if ip, err := netip.ParseAddr(name); err == nil {
		if !ip.IsLoopback() {
			return Party{}, nil
		}
		if name, host = "localhost", "localhost"; base.Port() != "" {
			host = net.JoinHostPort(name, base.Port())
		}
	}
	auth, err := webauthn.New(&webauthn.Config{
		RPID: name, RPDisplayName: "Plenum", RPOrigins: []string{base.Scheme + "://" + host},
		AttestationPreference: protocol.PreferNoAttestation, // who made a device is nobody's business here
		AuthenticatorSelection: protocol.AuthenticatorSelection{
			RequireResidentKey: protocol.ResidentKeyRequired(), ResidentKey: protocol.ResidentKeyRequirementRequired,
			UserVerification: protocol.VerificationRequired,
		},
		ExtensionsUnsolicitedOutputPolicy: protocol.UnsolicitedOutputPolicyIgnore, // a browser may add what nobody asked for (§9)
	})
	if err != nil {
		return Party{}, fmt.Errorf("passkeys for %s: %w", name, err)
	}
	return Party{auth}, nil
}

// Takes reports whether there can be passkeys.
func (p Party) Takes() bool { return p.auth != nil }

// holder is a moderator with their passkeys, as the library asks for them.
type holder struct {
	models.Moderator
	passkeys []models.Passkey
}

func (h holder) WebAuthnID() []byte          { return h.UserHandle[:] }
func (h holder) WebAuthnName() string        { return h.Email }
func (h holder) WebAuthnDisplayName() string { return h.Name }

// WebAuthnCredentials are the passkeys without their counts: those are compared where they are kept.
func (h holder) WebAuthnCredentials() (all []webauthn.Credential) {
	for _, p := range h.passkeys {
		c := webauthn.Credential{ID: p.CredentialID, PublicKey: p.PublicKey, Flags: webauthn.CredentialFlags{BackupEligible: p.Kept == models.KeptSynced}}
		for _, way := range p.Ways() {
			c.Transport = append(c.Transport, protocol.AuthenticatorTransport(way))
		}
		all = append(all, c)
	}
	return all
}
