// Package signon asks an identity provider who somebody is: OpenID Connect Core 1.0, the authorization code flow, with
// PKCE (RFC 7636). All calls go through the client that it is given.
package signon

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

// Settings name the provider, and this program as it knows it.
type Settings struct {
	Issuer, ClientID, ClientSecret string
	Redirect                       string // the one address that the provider leads back to
}

// Provider is an identity provider. What it says of itself is asked once it is needed, and kept.
type Provider struct {
	settings Settings
	client   *http.Client
	mu       sync.Mutex
	found    *oidc.Provider
}

// New makes a Provider that is called through the client.
func New(s Settings, client *http.Client) *Provider { return &Provider{settings: s, client: client} }

// The two ways in which it goes wrong.
var (
	ErrAway    = errors.New("the identity provider does not answer as it should")
	ErrInvalid = errors.New("the identity provider's answer does not hold")
)

// Wait is what one browser has to bring back. It is for nobody else's eyes.
type Wait struct {
	State, Nonce, Verifier string
	Again                  bool // whoever is signed in at the provider proves it once more
}

// NewWait begins.
func NewWait() Wait {
	return Wait{State: rand.Text(), Nonce: rand.Text(), Verifier: oauth2.GenerateVerifier()}
}

// Knows reports, in constant time, whether a state is the one that was sent.
func (w Wait) Knows(state string) bool {
	return w.State != "" && subtle.ConstantTimeCompare([]byte(w.State), []byte(state)) == 1
}

// Person is who signed in at the provider.
type Person struct {
	Email    string
	Verified bool      // the provider knows that the address is theirs
	Two      bool      // it asked for two factors
	At       time.Time // they last proved who they are; zero: it does not say
}

// Check asks the provider what it says of itself.
func (p *Provider) Check(ctx context.Context) error {
	_, err := p.discover(ctx)
	return err
}

// Begin answers the address at the provider to which the browser goes.
func (p *Provider) Begin(ctx context.Context, w Wait) (string, error) {
	config, err := p.config(ctx)
	if err != nil {
		return "", err
	}
	options := []oauth2.AuthCodeOption{oidc.Nonce(w.Nonce), oauth2.S256ChallengeOption(w.Verifier)}
	if w.Again { // OpenID Connect Core §3.1.2.1: then auth_time is in the token
		options = append(options, oauth2.SetAuthURLParam("prompt", "login"), oauth2.SetAuthURLParam("max_age", "0"))
	}
	return config.AuthCodeURL(w.State, options...), nil
}

// Finish asks for the token behind a code, and holds it to what was sent: signed by the provider, for this program, of this
// time, and with the nonce of this browser.
func (p *Provider) Finish(ctx context.Context, w Wait, code string, now func() time.Time) (Person, error) {
	config, err := p.config(ctx)
	if err != nil {
		return Person{}, err
	}
	answer, err := config.Exchange(p.through(ctx), code, oauth2.VerifierOption(w.Verifier))
	if err != nil {
		return Person{}, exchangeError(err)
	}
	raw, ok := answer.Extra("id_token").(string)
	if !ok {
		return Person{}, fmt.Errorf("%w: no id_token", ErrInvalid)
	}
	token, err := p.found.Verifier(&oidc.Config{ClientID: p.settings.ClientID, Now: now}).Verify(p.through(ctx), raw)
	if err != nil {
		return Person{}, fmt.Errorf("%w: %w", ErrInvalid, err)
	}
	if subtle.ConstantTimeCompare([]byte(token.Nonce), []byte(w.Nonce)) != 1 {
		return Person{}, fmt.Errorf("%w: another nonce", ErrInvalid)
	}
	return person(token)
}

// claims are what of a token is read.
type claims struct {
	Email    string   `json:"email"`
	Verified bool     `json:"email_verified"`
	AMR      []string `json:"amr"`
	ACR      string   `json:"acr"`
	AuthTime int64    `json:"auth_time"`
}

// person reads a token that holds. Two factors are those that it says so of: amr "mfa" (RFC 8176 §2), or acr "phr" or "phrh"
// (OpenID Connect Extended Authentication Profile ACR Values 1.0 §2).
func person(token *oidc.IDToken) (Person, error) {
	var c claims
	if err := token.Claims(&c); err != nil {
		return Person{}, fmt.Errorf("%w: %w", ErrInvalid, err)
	}
	p := Person{Email: c.Email, Verified: c.Verified, Two: slices.Contains(c.AMR, "mfa") || c.ACR == "phr" || c.ACR == "phrh"}
	if c.AuthTime > 0 {
		p.At = time.Unix(c.AuthTime, 0).UTC()
	}
	return p, nil
}

// discover reads what the provider says of itself, the first time.
func (p *Provider) discover(ctx context.Context) (*oidc.Provider, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.found == nil {
		found, err := oidc.NewProvider(p.through(ctx), p.settings.Issuer)
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrAway, err)
		}
		p.found = found
	}
	return p.found, nil
}

func (p *Provider) config(ctx context.Context) (*oauth2.Config, error) {
	found, err := p.discover(ctx)
	if err != nil {
		return nil, err
	}
	return &oauth2.Config{ClientID: p.settings.ClientID, ClientSecret: p.settings.ClientSecret, Endpoint: found.Endpoint(), RedirectURL: p.settings.Redirect,
		Scopes: []string{oidc.ScopeOpenID, "email"}}, nil
}

func (p *Provider) through(ctx context.Context) context.Context {
	return oidc.ClientContext(ctx, p.client)
}

// exchangeError says what the provider answered, by its code: the rest of the answer is for no log.
func exchangeError(err error) error {
	var refused *oauth2.RetrieveError
	if errors.As(err, &refused) {
		return fmt.Errorf("%w: the token call was answered with %d %s", ErrInvalid, refused.Response.StatusCode, refused.ErrorCode)
	}
	return fmt.Errorf("%w: %w", ErrAway, err)
}
