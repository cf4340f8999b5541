package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"plenum/cmd/internal/config"
)

type migrateCommand struct {
	Up     migrateUp     `cmd:"" help:"Apply what is missing."`
	Status migrateStatus `cmd:"" help:"List every step."`
}

type migrateUp struct{}

// Run applies what is missing. Any number of them may run at once.
func (migrateUp) Run(ctx context.Context, s config.Settings, io streams) (err error) {
	i, err := open(ctx, s)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, i.close()) }()
	applied, err := i.direct.Migrate(ctx)
	if err != nil {
		return err
	}
	for _, version := range applied {
		fmt.Fprintf(io.out, "applied %d\n", version)
	}
	fmt.Fprintln(io.err, "the database is up to date")
	return nil
}

type migrateStatus struct {
	JSON bool `name:"json" help:"As JSON."`
}

// Run lists every step and when it was applied.
func (m migrateStatus) Run(ctx context.Context, s config.Settings, io streams) (err error) {
	i, err := open(ctx, s)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, i.close()) }()
	all, err := i.direct.Migrations(ctx)
	if err != nil {
		return err
	}
	if m.JSON {
		return json.NewEncoder(io.out).Encode(all)
	}
	for _, step := range all {
		when := "waits"
		if !step.AppliedAt.IsZero() {
			when = step.AppliedAt.UTC().Format(time.RFC3339)
		}
		fmt.Fprintf(io.out, "%d  %s  %s\n", step.Version, when, step.Name)
	}
	return nil
}
