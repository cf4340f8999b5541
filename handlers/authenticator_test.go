package handlers_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"slices"
	"testing"
)

// The flags of authenticator data (WebAuthn §6.1).
const (
	userPresent  = 1 << 0
	userVerified = 1 << 2
	backupAble   = 1 << 3
	backedUp     = 1 << 4
	attested     = 1 << 6
)

// authenticator is a device in a browser that does what it is asked for, and whatever a test has it do instead. It has one
// passkey.
type authenticator struct {
	*testing.T
	origin, party string
	key           *ecdsa.PrivateKey
	id, handle    []byte // of the credential, of its owner
	flags         byte
	count         uint32
	challenge     string // what it answers instead of what it was asked
}

// authenticator is one at the world's own address, which counts and verifies.
func (w *world) authenticator() *authenticator {
	w.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	w.must(err)
	id := make([]byte, 32)
	_, err = rand.Read(id)
	w.must(err)
	return &authenticator{T: w.T, origin: w.localhost(), party: "localhost", key: key, id: id, flags: userPresent | userVerified}
}

// request is what the server asks of a browser, of a new credential and of one to be shown.
type request struct {
	PublicKey struct {
		Challenge string `json:"challenge"`
		User      struct {
			ID   string `json:"id"`
			Name string `json:"name"`
		} `json:"user"`
		RP    struct{ ID, Name string } `json:"rp"`
		RPID  string                    `json:"rpId"`
		Allow []struct {
			ID string `json:"id"`
		} `json:"allowCredentials"`
		Exclude []struct {
			ID string `json:"id"`
		} `json:"excludeCredentials"`
		Verify    string `json:"userVerification"`
		Selection struct {
			Verify   string `json:"userVerification"`
			Resident string `json:"residentKey"`
		} `json:"authenticatorSelection"`
		Attestation string `json:"attestation"`
	} `json:"publicKey"`
}

func b64(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

// make answers navigator.credentials.create() with attestation none.
func (a *authenticator) make(q request) string {
	a.Helper()
	handle, err := base64.RawURLEncoding.DecodeString(q.PublicKey.User.ID)
	if err != nil {
		a.Fatal(err)
	}
	a.handle = handle
	data := a.data(a.flags|attested, slices.Concat(make([]byte, 16), binary.BigEndian.AppendUint16(nil, uint16(len(a.id))), a.id, a.cose()))
	object := slices.Concat([]byte("\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x59"), binary.BigEndian.AppendUint16(nil, uint16(len(data))), data)
	return a.credential(map[string]any{"clientDataJSON": b64(a.client("webauthn.create", q)), "attestationObject": b64(object),
		"transports": []string{"internal", "telepathy"}})
}

// show answers navigator.credentials.get(). A device that counts does so.
func (a *authenticator) show(q request) string {
	a.Helper()
	client, data := a.client("webauthn.get", q), a.data(a.flags, nil)
	hash := sha256.Sum256(client)
	digest := sha256.Sum256(append(slices.Clone(data), hash[:]...))
	signature, err := ecdsa.SignASN1(rand.Reader, a.key, digest[:])
	if err != nil {
		a.Fatal(err)
	}
	return a.credential(map[string]any{"clientDataJSON": b64(client), "authenticatorData": b64(data), "signature": b64(signature), "userHandle": b64(a.handle)})
}

func (a *authenticator) credential(response map[string]any) string {
	a.Helper()
	text, err := json.Marshal(map[string]any{"id": b64(a.id), "rawId": b64(a.id), "type": "public-key", "response": response, "clientExtensionResults": map[string]any{}})
	if err != nil {
		a.Fatal(err)
	}
	return string(text)
}

// client is the browser's part: what it was asked, and by whom.
func (a *authenticator) client(kind string, q request) []byte {
	a.Helper()
	challenge := q.PublicKey.Challenge
	if a.challenge != "" {
		challenge = a.challenge
	}
	text, err := json.Marshal(map[string]any{"type": kind, "challenge": challenge, "origin": a.origin, "crossOrigin": false})
	if err != nil {
		a.Fatal(err)
	}
	return text
}

// data is the authenticator data (§6.1).
func (a *authenticator) data(flags byte, more []byte) []byte {
	party := sha256.Sum256([]byte(a.party))
	return slices.Concat(party[:], []byte{flags}, binary.BigEndian.AppendUint32(nil, a.count), more)
}

// cose is the public key as a COSE_Key (RFC 9053 §7.1.1), in CBOR: of kind EC2, for ES256, on P-256.
func (a *authenticator) cose() []byte {
	a.Helper()
	point, err := a.key.PublicKey.Bytes()
	if err != nil {
		a.Fatal(err)
	}
	return slices.Concat([]byte("\xa5\x01\x02\x03\x26\x20\x01\x21\x58\x20"), point[1:33], []byte("\x22\x58\x20"), point[33:65])
}
