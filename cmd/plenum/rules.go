package main

import (
	"context"
	"fmt"
	"os"

	"plenum/cmd/internal/config"
	"plenum/moderation"
)

type rulesCommand struct {
	Publish rulesPublish `cmd:"" help:"Make the next version of a site's rules from a YAML file."`
}

type rulesPublish struct {
	File string `arg:"" type:"existingfile" help:"YAML: locales, in each an intro and rules with code, title and text."`
	Site string `required:"" help:"The site's slug."`
}

// Run publishes the rules and prints the number of the new version.
func (c rulesPublish) Run(ctx context.Context, s config.Settings, io streams) error {
	text, err := os.ReadFile(c.File)
	if err != nil {
		return fmt.Errorf("read the rules: %w", err)
	}
	rules, err := moderation.ParseRules(text)
	if err != nil {
		return err
	}
	return with(ctx, s, func(i *instance) error {
		site, err := i.site(ctx, c.Site)
		if err != nil {
			return err
		}
		version, err := i.flow.PublishRules(ctx, site, moderation.Actor{}, rules)
		if err == nil {
			fmt.Fprintln(io.out, version)
		}
		return err
	})
}
