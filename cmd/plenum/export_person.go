package main

import (
	"context"
	"encoding/json"

	"plenum/cmd/internal/config"
)

type exportPersonCommand struct {
	Address string `arg:"" help:"The e-mail address of whoever asks."`
	Site    string `required:"" help:"The site's slug."`
}

// Run prints everything that is kept under the address, as JSON.
func (c exportPersonCommand) Run(ctx context.Context, s config.Settings, io streams) error {
	return with(ctx, s, func(i *instance) error {
		site, err := i.site(ctx, c.Site)
		if err != nil {
			return err
		}
		person, err := i.flow.ExportPerson(ctx, site, c.Address)
		if err != nil {
			return err
		}
		out := json.NewEncoder(io.out)
		out.SetIndent("", "  ")
		return out.Encode(person)
	})
}
