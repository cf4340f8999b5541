package main

import (
	"context"
	"fmt"

	"plenum/cmd/internal/config"
	"plenum/cmd/internal/demo"
)

type demoCommand struct{}

// Run fills the demo; where it is filled already, nothing is changed.
func (demoCommand) Run(ctx context.Context, s config.Settings, io streams) error {
	base, err := s.Base()
	if err != nil {
		return err
	}
	return with(ctx, s, func(i *instance) error {
		if _, err := demo.Fill(ctx, i.flow, base); err != nil {
			return err
		}
		fmt.Fprintln(io.err, "the demo is filled; plenum serve --demo shows it")
		return nil
	})
}
