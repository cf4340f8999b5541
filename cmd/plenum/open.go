package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"

	"plenum/cmd/internal/config"
	"plenum/models"
	"plenum/models/postgres"
	"plenum/moderation"
	"plenum/moderation/outgoing"
	"plenum/moderation/signon"
)

// instance is the program's database and domain, open.
type instance struct {
	store   *models.Store // as requests use it
	direct  *models.Store // without a pooler between: migrations and jobs; the same, where there is none
	flow    *moderation.Flow
	private *postgres.Server // nil where DATABASE_URL names a database
	log     *slog.Logger
	secret  []byte
}

// open connects to the database that is set, or starts the private one for the time until close.
func open(ctx context.Context, s config.Settings) (_ *instance, err error) {
	i := &instance{log: s.Logger()}
	defer func() {
		if err != nil {
			err = errors.Join(err, i.close())
		}
	}()
	if i.secret, err = s.SecretBytes(); err != nil {
		return nil, err
	}
	address := s.DatabaseURL
	if address == "" {
		if address, err = i.startPrivate(ctx, s); err != nil {
			return nil, err
		}
	}
	if i.store, err = models.Open(ctx, address); err != nil {
		return nil, err
	}
	if s.ReplicaURL != "" {
		if err = i.store.ReadFrom(ctx, s.ReplicaURL); err != nil {
			return nil, err
		}
	}
	i.direct = i.store
	if s.DirectURL != "" {
		if i.direct, err = models.Open(ctx, s.DirectURL); err != nil {
			return nil, err
		}
	}
	networks, err := s.OutgoingNetworks()
	if err != nil {
		return nil, err
	}
	i.flow = moderation.New(i.store, i.secret)
	i.flow.Outgoing = outgoing.New(networks...)
	if i.flow.SignOn, err = signOn(s, i.flow.Outgoing); err != nil {
		return nil, err
	}
	i.flow.Undo, i.flow.Unlimited, i.flow.Now = s.Undo, s.Limits == "off", i.store.Now
	i.flow.NewID = i.store.NewID
	return i, nil
}

// signOn is the identity provider that is set; nil: none is.
func signOn(s config.Settings, gate *outgoing.Gate) (*signon.Provider, error) {
	if s.OIDCIssuer == "" {
		return nil, nil
	}
	base, err := s.Base()
	if err != nil {
		return nil, err
	}
	if s.OIDCClient == "" {
		return nil, errors.New("PLENUM_OIDC_ISSUER needs PLENUM_OIDC_CLIENT_ID: what the identity provider knows this program by")
	}
	if err := gate.Check(s.OIDCIssuer); err != nil {
		return nil, fmt.Errorf("PLENUM_OIDC_ISSUER must be a public https address, or in PLENUM_OUTGOING_NETWORKS: %w", err)
	}
	back := base.JoinPath("desk", "signon", "callback").String()
	return signon.New(signon.Settings{Issuer: s.OIDCIssuer, ClientID: s.OIDCClient, ClientSecret: s.OIDCSecret, Redirect: back}, gate.Client()), nil
}

// ready is open with the schema of this release, and the database's clock.
func ready(ctx context.Context, s config.Settings) (*instance, error) {
	i, err := open(ctx, s)
	if err != nil {
		return nil, err
	}
	if _, err := i.direct.Migrate(ctx); err != nil {
		return nil, errors.Join(err, i.close())
	}
	if err := i.store.SetClock(ctx); err != nil {
		i.log.Warn("the database's clock is not known yet", "error", err)
	}
	return i, nil
}

func (i *instance) startPrivate(ctx context.Context, s config.Settings) (string, error) {
	dir, err := s.Folder()
	if err != nil {
		return "", err
	}
	i.private, err = postgres.Start(ctx, postgres.Config{Dir: filepath.Join(dir, "postgres"), Log: i.log})
	if err != nil {
		return "", fmt.Errorf("start the private PostgreSQL: %w", err)
	}
	return i.private.DSN(), nil
}

func (i *instance) close() error {
	if i.store != nil {
		i.store.Close()
	}
	if i.direct != nil && i.direct != i.store {
		i.direct.Close()
	}
	if i.private != nil {
		return i.private.Close()
	}
	return nil
}

// with runs a command on the open instance.
func with(ctx context.Context, s config.Settings, do func(i *instance) error) (err error) {
	i, err := ready(ctx, s)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, i.close()) }()
	return do(i)
}

// site finds the site that a command names.
func (i *instance) site(ctx context.Context, slug string) (models.Site, error) {
	site, err := i.store.Site(ctx, slug)
	if errors.Is(err, models.ErrNotFound) {
		err = fmt.Errorf("there is no site %q; make one by: plenum site create %s --name NAME --origin https://www.example.org", slug, slug)
	}
	return site, err
}
