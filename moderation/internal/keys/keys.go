// Package keys derives everything that Plenum keeps secret or compares in secret from the one PLENUM_SECRET.
package keys

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/netip"
	"strings"

	"github.com/google/uuid"
	"golang.org/x/net/idna"
)

// Keys is the secret behind every derived token, hash and mac.
type Keys struct{ secret []byte }

// New takes the bytes of PLENUM_SECRET.
func New(secret []byte) Keys { return Keys{secret} }

// ManageToken is what an author shows to manage a comment: 43 characters, the same each time, stored nowhere.
func (k Keys) ManageToken(siteID, commentID uuid.UUID) string {
	return base64.RawURLEncoding.EncodeToString(k.mac("manage", siteID[:], commentID[:]))
}

// Manages reports whether the token is the comment's, in constant time.
func (k Keys) Manages(token string, siteID, commentID uuid.UUID) bool {
	return hmac.Equal([]byte(token), []byte(k.ManageToken(siteID, commentID)))
}

// What a mailed link may do, beside managing a comment.
const (
	ConfirmComment = "confirm comment"         // that waits for its author
	Confirm        = "confirm subscription"    // of a subscription
	Unsubscribe    = "end subscription"        // of a subscription
	NoDigest       = "end daily mail"          // of a follower
	Inquiry        = "inquiry"                 // to get or erase what is kept under an address
	Following      = "change what is followed" // of a follower
)

// Token is what a mailed link shows to do one thing to one row: 43 characters, the same each time, stored nowhere.
func (k Keys) Token(purpose string, siteID, id uuid.UUID) string {
	return base64.RawURLEncoding.EncodeToString(k.mac(purpose, siteID[:], id[:]))
}

// Allows reports whether the token is the one for this purpose, site and row, in constant time.
func (k Keys) Allows(token, purpose string, siteID, id uuid.UUID) bool {
	return hmac.Equal([]byte(token), []byte(k.Token(purpose, siteID, id)))
}

// PasswordLink is the token of a link by which a password is set: 43 characters, the same for the same link.
func (k Keys) PasswordLink(id uuid.UUID) string {
	return base64.RawURLEncoding.EncodeToString(k.mac("password link", id[:]))
}

// Address is the hash by which a site knows an e-mail address; nil for none.
func (k Keys) Address(siteID uuid.UUID, email string) []byte {
	if email == "" {
		return nil
	}
	return k.mac("address", siteID[:], []byte(CanonicalAddress(email)))
}

// Network is the hash by which a site knows the network that a request came from: an IPv4 address, or the /64 of an IPv6
// one. It is nil for an address that tells nobody apart: of this machine, or of a private network, as a proxy's is.
func (k Keys) Network(siteID uuid.UUID, addr netip.Addr) []byte {
	addr = addr.Unmap()
	if !addr.IsGlobalUnicast() || addr.IsPrivate() {
		return nil
	}
	return k.mac("network", siteID[:], network(addr))
}

// network is what is kept of an address: the whole of an IPv4 one, the /64 of an IPv6 one.
func network(addr netip.Addr) []byte {
	addr = addr.Unmap().WithZone("")
	bits := addr.BitLen()
	if addr.Is6() {
		bits = 64 // what a provider gives one household
	}
	return netip.PrefixFrom(addr, bits).Masked().Addr().AsSlice()
}

// LimitNetwork is the bucket of a network for one thing that is asked for, of this machine's and of private ones too.
func (k Keys) LimitNetwork(siteID uuid.UUID, what string, addr netip.Addr) []byte {
	return k.mac("limit network", siteID[:], []byte(what), network(addr))
}

// LimitAddress is the bucket of an e-mail address for one thing that is asked for.
func (k Keys) LimitAddress(siteID uuid.UUID, what, email string) []byte {
	return k.mac("limit address", siteID[:], []byte(what), []byte(CanonicalAddress(email)))
}

// LimitThread is the bucket of an article for one thing that is asked for.
func (k Keys) LimitThread(siteID uuid.UUID, what, article string) []byte {
	return k.mac("limit thread", siteID[:], []byte(what), []byte(article))
}

// Person is the hash by which a reader's agreement with one comment is counted once, until the salt goes with its day.
func (k Keys) Person(salt []byte, commentID uuid.UUID, network []byte, browser string) []byte {
	return k.mac("agreement", salt, commentID[:], network, []byte(browser))
}

// Publisher is the key by which a site's publisher signs the names of its articles: 43 characters.
func (k Keys) Publisher(siteID uuid.UUID) string {
	return base64.RawURLEncoding.EncodeToString(k.mac("publisher", siteID[:]))
}

// Head is the mac over the end of a site's ledger.
func (k Keys) Head(siteID uuid.UUID, count int64, hash []byte) []byte {
	return k.mac("ledger head", siteID[:], fmt.Appendf(nil, "%d", count), hash)
}

// Sign is the mac over a text for one purpose: cursors.
func (k Keys) Sign(purpose string, parts ...[]byte) []byte { return k.mac(purpose, parts...) }

// Seal hides a text that must be read again, bound to its purpose and to whose it is.
func (k Keys) Seal(purpose string, whose uuid.UUID, text []byte) ([]byte, error) {
	box, err := k.box(purpose)
	if err != nil {
		return nil, err
	}
	nonce := make([]byte, box.NonceSize())
	if _, err := rand.Read(nonce); err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	return box.Seal(nonce, nonce, text, whose[:]), nil
}

// Unseal reads what Seal hid.
func (k Keys) Unseal(purpose string, whose uuid.UUID, sealed []byte) ([]byte, error) {
	box, err := k.box(purpose)
	if err != nil {
		return nil, err
	}
	if len(sealed) < box.NonceSize() {
		return nil, fmt.Errorf("unseal: %d bytes", len(sealed))
	}
	text, err := box.Open(nil, sealed[:box.NonceSize()], sealed[box.NonceSize():], whose[:])
	if err != nil {
		return nil, fmt.Errorf("unseal: %w", err)
	}
	return text, nil
}

func (k Keys) box(purpose string) (cipher.AEAD, error) {
	block, err := aes.NewCipher(k.mac("seal " + purpose))
	if err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	box, err := cipher.NewGCM(block)
	if err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	return box, nil
}

func (k Keys) mac(purpose string, parts ...[]byte) []byte {
	h := hmac.New(sha256.New, k.secret)
	fmt.Fprintf(h, "%s\x00", purpose)
	for _, part := range parts {
		fmt.Fprintf(h, "%d\x00", len(part)) // so that no two lists of parts read the same
		h.Write(part)
	}
	return h.Sum(nil)
}

// CanonicalAddress is one spelling for an e-mail address: trimmed, in lower case, the domain in its ASCII form.
func CanonicalAddress(email string) string {
	email = strings.ToLower(strings.TrimSpace(email))
	at := strings.LastIndexByte(email, '@')
	if at < 0 {
		return email
	}
	if domain, err := idna.Lookup.ToASCII(email[at+1:]); err == nil {
		return email[:at+1] + domain
	}
	return email
}
