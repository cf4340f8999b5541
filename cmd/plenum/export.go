package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"

	"plenum/cmd/internal/config"
	"plenum/models"
)

type exportCommand struct {
	Site string `required:"" help:"The slug of the site."`
}

// Run prints everything of the site, a JSON document a line: docs/export.md says which.
func (c exportCommand) Run(ctx context.Context, s config.Settings, io streams) error {
	return with(ctx, s, func(i *instance) error {
		site, err := i.site(ctx, c.Site)
		if err != nil {
			return err
		}
		out, records := bufio.NewWriterSize(io.out, 1<<16), 0
		head, err := json.Marshal(exportHead{"export", "plenum", models.ExportVersion, site.Slug, site.Name, site.Locale, site.Origins})
		if err != nil {
			return err
		}
		fmt.Fprintf(out, "%s\n", head)
		err = i.flow.Store.Export(ctx, site.ID, func(record string, row []byte) error {
			records++
			_, err := fmt.Fprintf(out, "{\"record\":%q,\"row\":%s}\n", record, row)
			return err
		})
		if err != nil {
			return err
		}
		fmt.Fprintf(out, "{\"record\":\"end\",\"records\":%d}\n", records)
		return out.Flush()
	})
}

// exportHead is the first line: what the file is, and of which site.
type exportHead struct {
	Record  string   `json:"record"`
	Format  string   `json:"format"`
	Version int      `json:"version"`
	Site    string   `json:"site"`
	Name    string   `json:"name"`
	Locale  string   `json:"locale"`
	Origins []string `json:"origins"`
}
