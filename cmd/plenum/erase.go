package main

import (
	"context"
	"encoding/json"
	"fmt"

	"plenum/cmd/internal/config"
)

type eraseCommand struct {
	Address string `arg:"" help:"The e-mail address of whoever asks."`
	Site    string `required:"" help:"The site's slug."`
	JSON    bool   `name:"json" help:"As JSON."`
}

// Run erases everything under the address, and prints how much that was.
func (c eraseCommand) Run(ctx context.Context, s config.Settings, io streams) error {
	return with(ctx, s, func(i *instance) error {
		site, err := i.site(ctx, c.Site)
		if err != nil {
			return err
		}
		erased, err := i.flow.ErasePerson(ctx, site, c.Address)
		if err != nil {
			return err
		}
		if c.JSON {
			return json.NewEncoder(io.out).Encode(erased)
		}
		fmt.Fprintf(io.out, "%s: erased %d comments, %d reports and %d subscriptions\n", site.Slug, erased.Comments, erased.Reports, erased.Subscriptions)
		return nil
	})
}
