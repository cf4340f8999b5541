package main

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/user"
	"path/filepath"
	"strings"

	"plenum/cmd/internal/config"
	"plenum/models"
	"plenum/moderation"
	"plenum/moderation/transfer"
)

type importCommand struct {
	Format       string            `arg:"" enum:"${formats}" help:"What the file comes from: ${formats}."`
	File         string            `arg:"" help:"The file, as the other system wrote it; it may be compressed by gzip."`
	Site         string            `required:"" help:"The slug of the site that the comments come to."`
	ByIdentifier bool              `help:"Name articles by the source's identifier (WordPress: the post's guid, as our plugin does) instead of their address."`
	Rewrite      map[string]string `mapsep:"none" placeholder:"OLD=NEW" help:"Where addresses of articles that begin with OLD lead now; may be given several times."`
	Hold         bool              `help:"What was public at the source waits in the queue too."`
	DryRun       bool              `help:"Say what would come in, and write nothing."`
	JSON         bool              `name:"json" help:"Print the counts as JSON."`
}

// ownFormat is what plenum export prints.
const ownFormat = "plenum"

// Run brings in what is in the file, and says how much that was and what was passed over.
func (c importCommand) Run(ctx context.Context, s config.Settings, out streams) error {
	file, err := os.Open(c.File)
	if err != nil {
		return err
	}
	defer file.Close()
	if c.Format == ownFormat {
		return c.own(ctx, s, out, file)
	}
	return c.foreign(ctx, s, out, file)
}

// own brings a site of ours in.
func (c importCommand) own(ctx context.Context, s config.Settings, out streams, file *os.File) error {
	if c.DryRun || c.Hold || c.ByIdentifier || len(c.Rewrite) > 0 {
		return errors.New("an export of Plenum comes in as it is: --dry-run, --hold, --by-identifier and --rewrite are for files of other systems")
	}
	records, err := transfer.OpenPlenum(file, models.ExportVersion)
	if err != nil {
		return fmt.Errorf("%s: %w", c.File, err)
	}
	return with(ctx, s, func(i *instance) error {
		site, err := i.site(ctx, c.Site)
		if err != nil {
			return err
		}
		count, failed := i.flow.ImportOwn(ctx, site, records)
		if c.JSON {
			return errors.Join(failed, json.NewEncoder(out.out).Encode(count))
		}
		_, err = fmt.Fprintf(out.out, "%s: %d articles, %d comments by %d authors and %d entries of the log are here\n",
			c.Site, count["article"], count["comment"], count["author"], count["entry"])
		return errors.Join(failed, err)
	})
}

// foreign brings the comments of another system in.
func (c importCommand) foreign(ctx context.Context, s config.Settings, out streams, file *os.File) error {
	note, err := c.note(file)
	if err != nil {
		return err
	}
	reader, err := transfer.Open(c.Format, file, transfer.Options{ByIdentifier: c.ByIdentifier})
	if err != nil {
		return fmt.Errorf("%s: %w", c.File, err)
	}
	return with(ctx, s, func(i *instance) error {
		site, err := i.site(ctx, c.Site)
		if err != nil {
			return err
		}
		count, failed := i.flow.Import(ctx, site, moderation.Import{Reader: reader, Note: note, Hold: c.Hold, DryRun: c.DryRun, Address: c.address,
			Passed: func(p *transfer.Problem) { fmt.Fprintf(out.err, "%s: %v\n", c.File, p) }})
		if err := c.print(out, count); err != nil {
			return err
		}
		if failed == nil && count.Passed > 0 {
			failed = fmt.Errorf("passed over, as told above: %d", count.Passed)
		}
		return failed
	})
}

// note says from where the comments come, and who brought them.
func (c importCommand) note(file *os.File) (string, error) {
	sum := sha256.New()
	if _, err := io.Copy(sum, file); err != nil {
		return "", err
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return "", err
	}
	who, err := user.Current()
	if err != nil {
		return "", err
	}
	host, err := os.Hostname()
	return fmt.Sprintf("plenum import %s: %s, SHA-256 %x; %s@%s", c.Format, filepath.Base(c.File), sum.Sum(nil), who.Username, host), err
}

// address is where an address of the file leads now: of several beginnings that fit, the longest counts.
func (c importCommand) address(old string) string {
	longest := ""
	for from := range c.Rewrite {
		if strings.HasPrefix(old, from) && len(from) > len(longest) {
			longest = from
		}
	}
	return c.Rewrite[longest] + strings.TrimPrefix(old, longest)
}

func (c importCommand) print(out streams, count moderation.Imported) error {
	if c.JSON {
		return json.NewEncoder(out.out).Encode(count)
	}
	word := "imported"
	if c.DryRun {
		word = "would import"
	}
	_, err := fmt.Fprintf(out.out, "%s: %s %d public, %d waiting, %d spam and the places of %d deleted comments; %d were there already, %d passed over\n",
		c.Site, word, count.Public, count.Waiting, count.Spam, count.Deleted, count.Known, count.Passed)
	return err
}
