package main

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"plenum/cmd/internal/config"
	"plenum/models"
	"plenum/moderation"
)

type moderatorCommand struct {
	Create  moderatorCreate  `cmd:"" help:"Give a person a role on a site; the password is read from standard input."`
	Unlock  moderatorUnlock  `cmd:"" help:"Take app, passkeys and codes for emergencies from a person who lost them; the password stays."`
	Suspend moderatorSuspend `cmd:"" help:"Take every way in from a person, on all sites: password, passkeys, sessions, links, API tokens."`
}

type moderatorSuspend struct {
	Email string `arg:"" help:"The address they sign in with."`
}

// Run suspends the moderator, who can ask for a link to set a new password.
func (c moderatorSuspend) Run(ctx context.Context, s config.Settings, io streams) error {
	return with(ctx, s, func(i *instance) error {
		err := i.flow.Suspend(ctx, c.Email)
		if errors.Is(err, models.ErrNotFound) {
			return fmt.Errorf("nobody signs in with %s", c.Email)
		}
		if err == nil {
			fmt.Fprintf(io.err, "%s is signed out everywhere, without password, passkeys and tokens; roles stay\n", c.Email)
		}
		return err
	})
}

type moderatorCreate struct {
	Email  string `arg:"" help:"The address to sign in with."`
	Site   string `required:"" help:"The site's slug."`
	Role   string `required:"" enum:"moderator,editor,admin" help:"moderator, editor or admin."`
	Name   string `help:"The name that colleagues see. Default: the part of the address before the @."`
	Locale string `enum:"de,en," default:"" help:"The language of the desk. Default: the site's."`
}

// Run makes the moderator, or changes name, password and role of the one with that address.
func (c moderatorCreate) Run(ctx context.Context, s config.Settings, io streams) error {
	before, _, ok := strings.Cut(c.Email, "@")
	if !ok || before == "" {
		return fmt.Errorf("%q is no e-mail address", c.Email)
	}
	password, err := readPassword(io.in)
	if err != nil {
		return err
	}
	return with(ctx, s, func(i *instance) error {
		site, err := i.site(ctx, c.Site)
		if err != nil {
			return err
		}
		err = i.flow.CreateModerator(ctx, site, moderation.NewModerator{Email: c.Email, Name: cmp.Or(c.Name, before), Password: password,
			Role: c.Role, Locale: cmp.Or(c.Locale, site.Locale)})
		if err == nil {
			fmt.Fprintf(io.err, "%s is %s of %s\n", c.Email, c.Role, site.Slug)
		}
		return err
	})
}

type moderatorUnlock struct {
	Email string `arg:"" help:"The address to sign in with."`
}

// Run takes every second factor away, and ends every session of the person.
func (c moderatorUnlock) Run(ctx context.Context, s config.Settings, io streams) error {
	return with(ctx, s, func(i *instance) error {
		err := i.flow.Unlock(ctx, c.Email)
		if errors.Is(err, models.ErrNotFound) {
			return fmt.Errorf("nobody signs in with %s", c.Email)
		}
		if err == nil {
			fmt.Fprintf(io.err, "%s signs in with the password alone\n", c.Email)
		}
		return err
	})
}

// readPassword reads the password, which is the first line.
func readPassword(in io.Reader) (string, error) {
	line, err := firstLine(in)
	if err != nil {
		return "", fmt.Errorf("read the password: %w", err)
	}
	if line == "" {
		return "", errors.New("no password on standard input")
	}
	return line, nil
}

// firstLine reads a secret: the first line, without its end.
func firstLine(in io.Reader) (string, error) {
	line, err := bufio.NewReader(in).ReadString('\n')
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return strings.TrimRight(line, "\r\n"), err
}

type tokenCommand struct {
	Create tokenCreate `cmd:"" help:"Make an API token and print it, alone."`
}

type tokenCreate struct {
	Email string `arg:"" help:"Whose token it is: it may do what they may."`
	Site  string `required:"" help:"The site's slug."`
	Scope string `enum:"read,write" default:"write" help:"read or write."`
}

// Run makes the token. It is shown once.
func (c tokenCreate) Run(ctx context.Context, s config.Settings, io streams) error {
	return with(ctx, s, func(i *instance) error {
		site, err := i.site(ctx, c.Site)
		if err != nil {
			return err
		}
		token, err := i.flow.CreateToken(ctx, site, c.Email, c.Scope)
		if errors.Is(err, models.ErrNotFound) {
			return fmt.Errorf("%s is no moderator of %s; first: plenum moderator create %s --site %s --role moderator", c.Email, c.Site, c.Email, c.Site)
		}
		if err == nil {
			fmt.Fprintln(io.out, token)
		}
		return err
	})
}
