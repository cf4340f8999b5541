package signon_test

import (
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"errors"
	"net/http"
	"net/netip"
	"net/url"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"plenum/moderation/outgoing"
	"plenum/moderation/signon"
	"plenum/moderation/signon/signontest"
)

var noon = time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)

func now() time.Time { return noon }

const back = "https://comments.example.org/desk/signon/callback"

func provider(t *testing.T, there *signontest.Provider) *signon.Provider {
	t.Helper()
	return signon.New(signon.Settings{Issuer: there.URL, ClientID: signontest.Client, ClientSecret: signontest.Secret, Redirect: back},
		outgoing.New(netip.MustParsePrefix("127.0.0.1/32")).Client())
}

// visit is what a browser does at the provider: it answers what it brings back.
func visit(t *testing.T, address string) url.Values {
	t.Helper()
	browser := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	r, err := browser.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	to, err := r.Location()
	if err != nil {
		t.Fatalf("%s: %v", r.Status, err)
	}
	return to.Query()
}

// signOn goes there and back.
func signOn(t *testing.T, p *signon.Provider, w signon.Wait) (signon.Person, error) {
	t.Helper()
	address, err := p.Begin(t.Context(), w)
	if err != nil {
		t.Fatal(err)
	}
	brought := visit(t, address)
	if !w.Knows(brought.Get("state")) || w.Knows("") || w.Knows("x"+w.State) {
		t.Errorf("got the state %q", brought.Get("state"))
	}
	return p.Finish(t.Context(), w, brought.Get("code"), now)
}

func TestWhoeverTheProviderVouchesForIsKnown(t *testing.T) {
	there := signontest.New(t, now)
	p := provider(t, there)
	for _, c := range []struct {
		claims map[string]any
		want   signon.Person
	}{
		{map[string]any{"email": "mia@news.example", "email_verified": true}, signon.Person{Email: "mia@news.example", Verified: true}},
		{map[string]any{"email": "mia@news.example", "email_verified": false}, signon.Person{Email: "mia@news.example"}},
		{map[string]any{"email": "mia@news.example"}, signon.Person{Email: "mia@news.example"}},
		{map[string]any{"amr": []string{"pwd", "mfa"}}, signon.Person{Two: true}},
		{map[string]any{"amr": []string{"pwd", "otp"}, "acr": "1"}, signon.Person{}},
		{map[string]any{"acr": "phrh", "auth_time": noon.Unix()}, signon.Person{Two: true, At: noon}},
	} {
		there.Claims = c.claims
		if got, err := signOn(t, p, signon.NewWait()); err != nil || got != c.want {
			t.Errorf("%v: got %+v (%v), want %+v", c.claims, got, err, c.want)
		}
	}
	if there.Asked.Get("redirect_uri") != back || there.Asked.Get("prompt") != "" {
		t.Errorf("got %v asked", there.Asked)
	}
	again := signon.NewWait()
	again.Again = true
	if _, err := signOn(t, p, again); err != nil || there.Asked.Get("prompt") != "login" || there.Asked.Get("max_age") != "0" {
		t.Errorf("again: got %v asked (%v), want a fresh proof", there.Asked, err)
	}
}

func TestATokenThatDoesNotHoldIsRefused(t *testing.T) {
	there := signontest.New(t, now)
	p := provider(t, there)
	stranger, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	set := func(name string, value any) func(map[string]any) {
		return func(claims map[string]any) { claims[name] = value }
	}
	for what, lie := range map[string]struct {
		change func(map[string]any)
		sign   func([]byte) string
	}{
		"another nonce":    {change: set("nonce", "another")},
		"no nonce":         {change: set("nonce", "")},
		"another audience": {change: set("aud", "another")},
		"another issuer":   {change: set("iss", "https://evil.example")},
		"expired":          {change: set("exp", noon.Add(-time.Minute).Unix())},
		"not yet":          {change: set("nbf", noon.Add(time.Hour).Unix())},
		"unsigned": {sign: func(payload []byte) string {
			return base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none"}`)) + "." + base64.RawURLEncoding.EncodeToString(payload) + "."
		}},
		"signed with the public key as a password": {sign: func(payload []byte) string {
			return signontest.Signed(t, jose.SigningKey{Algorithm: jose.HS256, Key: there.Public()}, payload)
		}},
		"signed by a stranger": {sign: func(payload []byte) string {
			return signontest.Signed(t, jose.SigningKey{Algorithm: jose.RS256, Key: jose.JSONWebKey{Key: stranger, KeyID: "1"}}, payload)
		}},
		"no token": {sign: func([]byte) string { return "" }},
	} {
		there.Change, there.Sign = lie.change, lie.sign
		if got, err := signOn(t, p, signon.NewWait()); !errors.Is(err, signon.ErrInvalid) {
			t.Errorf("%s: got %+v (%v), want it refused", what, got, err)
		}
	}
}

// A code is good once, and for the browser that began.
func TestACodeOfSomebodyElseIsWorthNothing(t *testing.T) {
	there := signontest.New(t, now)
	p := provider(t, there)
	mine, theirs := signon.NewWait(), signon.NewWait()
	address, err := p.Begin(t.Context(), theirs)
	if err != nil {
		t.Fatal(err)
	}
	code := visit(t, address).Get("code")
	for range 2 {
		if _, err := p.Finish(t.Context(), mine, code, now); !errors.Is(err, signon.ErrInvalid) {
			t.Errorf("got %v, want it refused", err)
		}
	}
}

func TestAProviderThatIsAwayIsAskedAgainLater(t *testing.T) {
	there := signontest.New(t, now)
	closed := signon.New(signon.Settings{Issuer: there.URL, ClientID: signontest.Client}, outgoing.New().Client())
	if err := closed.Check(t.Context()); !errors.Is(err, signon.ErrAway) || !errors.Is(err, outgoing.ErrRefused) {
		t.Errorf("an address that is not called: got %v", err)
	}
	p := provider(t, there)
	good := there.Config.Handler
	there.Config.Handler = http.NotFoundHandler()
	if err := p.Check(t.Context()); !errors.Is(err, signon.ErrAway) {
		t.Errorf("got %v, want it away", err)
	}
	there.Config.Handler = good
	if err := p.Check(t.Context()); err != nil {
		t.Errorf("got %v, want it found", err)
	}
}
