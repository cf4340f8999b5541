package main

import (
	"context"
	"fmt"

	"plenum/cmd/internal/config"
	"plenum/moderation"
)

type siteCommand struct {
	Create siteCreate `cmd:"" help:"Make a site with the first version of its rules."`
}

type siteCreate struct {
	Slug   string   `arg:"" help:"Its name in addresses: a-z, 0-9 and -."`
	Name   string   `required:"" help:"Its name for people."`
	Origin []string `required:"" placeholder:"https://www.example.org" help:"Where its articles are, scheme://host[:port]; may be given several times."`
	Locale string   `enum:"de,en" default:"de" help:"Its language: de or en."`
}

// Run makes the site.
func (c siteCreate) Run(ctx context.Context, s config.Settings, io streams) error {
	return with(ctx, s, func(i *instance) error {
		site, err := i.flow.CreateSite(ctx, moderation.NewSite{Slug: c.Slug, Name: c.Name, Origins: c.Origin, Locale: c.Locale})
		if err != nil {
			return err
		}
		fmt.Fprintln(io.out, site.ID)
		fmt.Fprintf(io.err, "made the site %s; next: plenum moderator create YOU@EXAMPLE.ORG --site %s --role admin\n", site.Slug, site.Slug)
		return nil
	})
}
