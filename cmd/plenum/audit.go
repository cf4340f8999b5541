package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"plenum/cmd/internal/config"
	"plenum/models"
	"plenum/moderation"
)

type auditCommand struct {
	Verify auditVerify `cmd:"" help:"Compute the chain of a site's ledger again and compare it."`
}

type auditVerify struct {
	Site string `help:"The site's slug. Default: every site."`
	JSON bool   `name:"json" help:"As JSON."`
}

var errBroken = errors.New("the ledger is not what was written")

// Run verifies the ledger of the site, or of every site; it fails where one is not what was written.
func (c auditVerify) Run(ctx context.Context, s config.Settings, io streams) error {
	return with(ctx, s, func(i *instance) error {
		sites, err := c.sites(ctx, i)
		if err != nil {
			return err
		}
		return c.verify(ctx, i, io, sites)
	})
}

// verify prints what it found of each site.
func (c auditVerify) verify(ctx context.Context, i *instance, io streams, sites []models.Site) error {
	var broken error
	for _, site := range sites {
		v, err := i.flow.VerifyLedger(ctx, site)
		if err != nil {
			return err
		}
		if err := c.print(io, v); err != nil {
			return err
		}
		if v.Fault != nil {
			broken = errBroken
		}
	}
	return broken
}

func (c auditVerify) sites(ctx context.Context, i *instance) ([]models.Site, error) {
	if c.Site == "" {
		return i.store.Sites(ctx)
	}
	site, err := i.site(ctx, c.Site)
	return []models.Site{site}, err
}

func (c auditVerify) print(io streams, v moderation.Verification) error {
	if c.JSON {
		return json.NewEncoder(io.out).Encode(v)
	}
	if v.Fault != nil {
		fmt.Fprintf(io.out, "%s: entry %d (%s): %s; the %d entries before hold\n", v.Site, v.Fault.Seq, v.Fault.ID, v.Fault.Why, v.Entries)
		return nil
	}
	fmt.Fprintf(io.out, "%s: %d entries hold, and the head is signed\n", v.Site, v.Entries)
	return nil
}
