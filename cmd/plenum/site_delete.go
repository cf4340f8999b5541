package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"plenum/cmd/internal/config"
	"plenum/models"
	"plenum/moderation/notify"
)

type siteDelete struct {
	Slug    string `arg:"" help:"Its name in addresses."`
	Confirm string `placeholder:"SLUG" help:"The same name again: without it nothing is deleted, but said what would be lost."`
	JSON    bool   `name:"json" help:"Print what was deleted as JSON."`
}

// deleted is what a deletion prints.
type deleted struct {
	Site string `json:"site"`
	models.Loss
	Mails int `json:"mails"` // files in the data folder
}

// Run ends the site for everybody at once, and then deletes it. Whoever interrupts the second runs the command once more.
func (c siteDelete) Run(ctx context.Context, s config.Settings, io streams) error {
	return with(ctx, s, func(i *instance) error {
		site, moving, err := i.direct.EndingSite(ctx, c.Slug)
		switch {
		case errors.Is(err, models.ErrNotFound):
			return fmt.Errorf("there is no site %q", c.Slug)
		case err != nil:
			return err
		case moving:
			return fmt.Errorf("%s is being moved to another cluster, where it would be deleted too: let the move end first (docs/scaling.md)", c.Slug)
		}
		loss, err := i.direct.Loss(ctx, site.ID)
		if err != nil {
			return err
		}
		if c.Confirm != c.Slug {
			return c.refusal(loss)
		}
		mails, err := c.delete(ctx, i, s, site, io.err)
		if err != nil {
			return err
		}
		return c.say(io.out, deleted{c.Slug, loss, mails})
	})
}

// delete answers how many mails in the data folder were the site's.
func (c siteDelete) delete(ctx context.Context, i *instance, s config.Settings, site models.Site, errs io.Writer) (mails int, err error) {
	if err := i.flow.EndSite(ctx, site); err != nil {
		return 0, err
	}
	fmt.Fprintf(errs, "%s answers as a site that is not there; deleting what it held\n", site.Slug)
	if err := c.tellCDN(ctx, i, site, errs); err != nil {
		return 0, err
	}
	folder, err := mailFolder(s)
	if err != nil {
		return 0, err
	}
	letters := notify.Folder{Path: folder}
	if mails, err = letters.Drop(site.ID); err != nil { // while the site can still be found, if this is cut off
		return 0, err
	}
	if err := c.deleteRows(ctx, i, site); err != nil && !errors.Is(err, models.ErrNotFound) {
		return 0, fmt.Errorf("what %s held is still there, run the same once more: %w", site.Slug, err)
	}
	late, err := letters.Drop(site.ID) // of jobs that ran meanwhile
	return mails + late, err
}

// What somebody has been writing since before the end is over soon: see the limits of a serving transaction.
const (
	deletionTries = 40
	deletionPause = 500 * time.Millisecond
)

func (c siteDelete) deleteRows(ctx context.Context, i *instance, site models.Site) error {
	for try := 1; ; try++ {
		err := i.flow.DeleteSite(ctx, site)
		if try == deletionTries || !errors.Is(err, models.ErrConflict) {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(deletionPause):
		}
	}
}

// heardWithin is how long a replica may go on after the end of a site, where its connection has just broken without a word.
const heardWithin = 2 * time.Second

// tellCDN has the CDN drop the site's pages, once no replica answers with one. That it does not is no reason to keep the
// data: what is left to do is said.
func (c siteDelete) tellCDN(ctx context.Context, i *instance, site models.Site, errs io.Writer) error {
	left := fmt.Sprintf("a CDN may show pages of %s for %d seconds more", site.Slug, site.SharedCacheSeconds)
	switch {
	case site.PurgeURL == "" && site.SharedCacheSeconds > 0:
		fmt.Fprintln(errs, left)
		return nil
	case site.PurgeURL == "":
		return nil
	}
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(heardWithin):
	}
	postman := notify.NewPostman(i.direct, nil, nil, nil, i.secret)
	postman.Caller = i.flow.Outgoing.Client()
	if err := postman.PurgeEnded(ctx, site); err != nil {
		fmt.Fprintf(errs, "%s, unless you drop the tag %s there: %v\n", left, site.Tags(nil)[0], err)
	}
	return nil
}

func (c siteDelete) refusal(l models.Loss) error {
	var b strings.Builder
	fmt.Fprintf(&b, "nothing is deleted yet. With %s would go, for good:\n", c.Slug)
	fmt.Fprintf(&b, "  %d comments under %d articles\n", l.Comments, l.Articles)
	fmt.Fprintf(&b, "  %d decisions and other entries of its log\n", l.Entries)
	fmt.Fprintf(&b, "  %d subscriptions of readers\n", l.Subscriptions)
	fmt.Fprintf(&b, "  %d open jobs: mails, webhooks, batches\n", l.Jobs)
	fmt.Fprintf(&b, "  %d accounts, of people who serve no other site%s\n", len(l.Leaving), listed(l.Leaving))
	fmt.Fprintf(&b, "  %d roles, of people who serve other sites too and keep their account%s\n", len(l.Staff), listed(l.Staff))
	fmt.Fprintf(&b, "Keep it first: plenum export --site %s > %s.jsonl\n", c.Slug, c.Slug)
	fmt.Fprintf(&b, "Then: plenum site delete %s --confirm %s", c.Slug, c.Slug)
	return errors.New(b.String())
}

func listed(people []string) string {
	if len(people) == 0 {
		return ""
	}
	return ": " + strings.Join(people, ", ")
}

func (c siteDelete) say(out io.Writer, d deleted) error {
	if c.JSON {
		return json.NewEncoder(out).Encode(d)
	}
	_, err := fmt.Fprintf(out, "%s: deleted %d comments, %d entries of the log, %d jobs, %d accounts and %d mails\n",
		d.Site, d.Comments, d.Entries, d.Jobs, len(d.Leaving), d.Mails)
	return err
}
