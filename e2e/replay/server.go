package main

import (
	"context"
	"crypto/rand"
	"errors"
	"strings"

	"plenum/e2e/program"
)

const (
	siteSlug  = "replay"
	moderator = "mod@example.org"
)

// start runs the program on a data folder of its own.
func start(ctx context.Context, bin string) (*program.Program, error) {
	p, err := program.New([]string{"PLENUM_LOG=warn"})
	if err != nil {
		return nil, err
	}
	p.Bin = bin
	if err := p.Start(ctx); err != nil {
		return nil, errors.Join(err, p.Stop())
	}
	return p, nil
}

// open makes the site and its moderator by command line, and answers a client that may moderate.
func open(ctx context.Context, p *program.Program) (*Client, error) {
	if _, err := p.Command(ctx, "", "site", "create", siteSlug, "--name", "Replay", "--origin", p.Base, "--locale", "de"); err != nil {
		return nil, err
	}
	password := rand.Text() + "\n"
	if _, err := p.Command(ctx, password, "moderator", "create", moderator, "--site", siteSlug, "--role", "moderator"); err != nil {
		return nil, err
	}
	token, err := p.Command(ctx, "", "token", "create", moderator, "--site", siteSlug)
	if err != nil {
		return nil, err
	}
	if token = strings.TrimSpace(token); token == "" || strings.ContainsAny(token, " \n") {
		return nil, errors.New("plenum token create: prints more or less than the token alone")
	}
	return newClient(p.Base, token), nil
}
