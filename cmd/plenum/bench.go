package main

import (
	"context"
	"errors"
	"fmt"

	"plenum/cmd/internal/config"
	"plenum/models"
	"plenum/models/sample"
	"plenum/moderation"
	"plenum/moderation/markup"
)

type benchCommand struct {
	Fill benchFill `cmd:"" help:"Fill a new site with comments to measure by. Its log is no chain: for a database that is for nothing else, and for its superuser."`
}

type benchFill struct {
	Comments int    `required:"" help:"How many, from 100 on."`
	Site     string `default:"bench" help:"The name of the site to make."`
}

const fewest = 100

// Run makes the site and fills it, and names the moderator in whose name a token can be made.
func (c benchFill) Run(ctx context.Context, s config.Settings, io streams) error {
	if c.Comments < fewest {
		return fmt.Errorf("a sample has at least %d comments", fewest)
	}
	return with(ctx, s, func(i *instance) error {
		site, err := i.flow.CreateSite(ctx, moderation.NewSite{Slug: c.Site, Name: c.Site, Locale: "de", Origins: []string{"https://news.example"}})
		if err != nil {
			return err
		}
		email := "mo@" + c.Site + ".example"
		mo := models.Moderator{ID: i.flow.NewID(), Email: email, Name: "Mo", PasswordHash: "none: nobody signs in by it", Locale: "de", CreatedAt: i.flow.Now()}
		if err := i.direct.CreateModerator(ctx, mo, site.ID, moderation.RoleEditor); err != nil {
			return err
		}
		plan := sample.Plan{Site: site.ID, Moderator: mo.ID, Comments: c.Comments, Until: i.flow.Now(), Render: markup.Render}
		if err := sample.Fill(ctx, i.direct.Pool().Config().ConnString(), plan); err != nil {
			return errors.Join(err, fmt.Errorf("the site %s is left half filled", site.Slug))
		}
		fmt.Fprintln(io.out, email)
		return nil
	})
}
