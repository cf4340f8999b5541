// Package signontest is a small identity provider for tests: one that keeps to the protocol, and lies where it is told to.
package signontest

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// Provider signs in whom it is told to. Change and Sign lie, until they are nil again.
type Provider struct {
	*httptest.Server
	Claims map[string]any // of whoever signs in: email and the like
	Change func(claims map[string]any)
	Sign   func(payload []byte) string // the whole token; nil: as it should be
	Now    func() time.Time

	t      testing.TB
	key    *rsa.PrivateKey
	mu     sync.Mutex
	codes  map[string]url.Values // what was asked for
	Asked  url.Values            // the last time
	Tokens int                   // that were given
}

// Client and Secret are the program's name and password at the provider.
const (
	Client = "plenum"
	Secret = "secret of the client"
)

// New starts a provider on this machine.
func New(t testing.TB, now func() time.Time) *Provider {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	p := &Provider{Claims: map[string]any{}, Now: now, t: t, key: key, codes: map[string]url.Values{}}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /.well-known/openid-configuration", p.discovery)
	mux.HandleFunc("GET /keys", p.keys)
	mux.HandleFunc("GET /authorize", p.authorize)
	mux.HandleFunc("POST /token", p.token)
	p.Server = httptest.NewServer(mux)
	t.Cleanup(p.Close)
	return p
}

func (p *Provider) discovery(w http.ResponseWriter, _ *http.Request) {
	p.answer(w, map[string]any{"issuer": p.URL, "authorization_endpoint": p.URL + "/authorize", "token_endpoint": p.URL + "/token", "jwks_uri": p.URL + "/keys",
		"response_types_supported": []string{"code"}, "subject_types_supported": []string{"public"}, "id_token_signing_alg_values_supported": []string{"RS256", "none", "HS256"}})
}

func (p *Provider) keys(w http.ResponseWriter, _ *http.Request) {
	p.answer(w, jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: p.key.Public(), KeyID: "1", Algorithm: "RS256", Use: "sig"}}})
}

// authorize signs somebody in at once and leads back.
func (p *Provider) authorize(w http.ResponseWriter, q *http.Request) {
	code, asked := rand.Text(), q.URL.Query()
	p.mu.Lock()
	p.codes[code], p.Asked = asked, asked
	p.mu.Unlock()
	back, err := url.Parse(asked.Get("redirect_uri"))
	if err != nil || asked.Get("client_id") != Client || asked.Get("response_type") != "code" || asked.Get("code_challenge_method") != "S256" {
		http.Error(w, "not asked as it should be", http.StatusBadRequest)
		return
	}
	back.RawQuery = url.Values{"code": {code}, "state": {asked.Get("state")}}.Encode()
	http.Redirect(w, q, back.String(), http.StatusFound)
}

// token gives a token for a code, once, to whoever knows what its challenge was made of.
func (p *Provider) token(w http.ResponseWriter, q *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	asked, ok := p.codes[q.PostFormValue("code")]
	delete(p.codes, q.PostFormValue("code"))
	sum := sha256.Sum256([]byte(q.PostFormValue("code_verifier")))
	name, password, _ := q.BasicAuth()
	if !ok || base64.RawURLEncoding.EncodeToString(sum[:]) != asked.Get("code_challenge") || name != Client || password != url.QueryEscape(Secret) ||
		q.PostFormValue("redirect_uri") != asked.Get("redirect_uri") {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusBadRequest)
		p.answer(w, map[string]string{"error": "invalid_grant"})
		return
	}
	now := p.Now()
	claims := map[string]any{"iss": p.URL, "sub": "1", "aud": Client, "nonce": asked.Get("nonce"), "iat": now.Unix(), "exp": now.Add(time.Hour).Unix()}
	maps.Copy(claims, p.Claims)
	if p.Change != nil {
		p.Change(claims)
	}
	payload, err := json.Marshal(claims)
	if err != nil {
		p.t.Error(err)
	}
	p.Tokens++
	sign := p.Sign
	if sign == nil {
		sign = func(payload []byte) string {
			return Signed(p.t, jose.SigningKey{Algorithm: jose.RS256, Key: jose.JSONWebKey{Key: p.key, KeyID: "1"}}, payload)
		}
	}
	p.answer(w, map[string]any{"access_token": "access", "token_type": "Bearer", "id_token": sign(payload)})
}

// Public is the provider's key as everybody has it.
func (p *Provider) Public() []byte { return p.key.N.Bytes() }

// Signed is a token with this payload, by this key.
func Signed(t testing.TB, key jose.SigningKey, payload []byte) string {
	t.Helper()
	signer, err := jose.NewSigner(key, nil)
	if err != nil {
		t.Error(err)
		return ""
	}
	signed, err := signer.Sign(payload)
	if err != nil {
		t.Error(err)
		return ""
	}
	token, err := signed.CompactSerialize()
	if err != nil {
		t.Error(err)
	}
	return token
}

func (p *Provider) answer(w http.ResponseWriter, v any) {
	if w.Header().Get("Content-Type") == "" {
		w.Header().Set("Content-Type", "application/json")
	}
	if err := json.NewEncoder(w).Encode(v); err != nil {
		p.t.Error(err)
	}
}
