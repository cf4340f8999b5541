package main

import (
	"context"
	"fmt"
	"io"

	"plenum/cmd/internal/config"
	"plenum/moderation"
)

type siteCommand struct {
	Create   siteCreate   `cmd:"" help:"Make a site with the first version of its rules."`
	Set      siteSet      `cmd:"" help:"Change what holds for a whole site."`
	Delete   siteDelete   `cmd:"" help:"Delete a site, with everything that it holds."`
	EmbedKey siteEmbedKey `cmd:"" help:"Print the key by which the publisher's system signs the names of articles."`
}

type siteCreate struct {
	Slug   string   `arg:"" help:"Its name in addresses: a-z, 0-9 and -."`
	Name   string   `required:"" help:"Its name for people."`
	Origin []string `required:"" placeholder:"https://www.example.org" help:"Where its articles are, scheme://host[:port]; may be given several times."`
	Locale string   `enum:"de,en" default:"de" help:"Its language: de or en."`
}

// Run makes the site.
func (c siteCreate) Run(ctx context.Context, s config.Settings, io streams) error {
	return with(ctx, s, func(i *instance) error {
		site, err := i.flow.CreateSite(ctx, moderation.NewSite{Slug: c.Slug, Name: c.Name, Origins: c.Origin, Locale: c.Locale})
		if err != nil {
			return err
		}
		fmt.Fprintln(io.out, site.ID)
		fmt.Fprintf(io.err, "made the site %s; next: plenum moderator create YOU@EXAMPLE.ORG --site %s --role admin\n", site.Slug, site.Slug)
		return nil
	})
}

type siteSet struct {
	Slug         string   `arg:"" help:"Its name in addresses."`
	Name         *string  `help:"Its name for people."`
	Origin       []string `placeholder:"https://www.example.org" help:"Where its articles are, scheme://host[:port]; all of them, so it may be given several times."`
	CloseAfter   *int     `placeholder:"DAYS" help:"Days after which its articles close that set nothing else; 0: they stay open."`
	Target       *int     `placeholder:"MINUTES" help:"The promise: a comment is decided within so many minutes."`
	ReportTarget *int     `placeholder:"MINUTES" help:"The same of a report."`
	AppealTarget *int     `placeholder:"MINUTES" help:"The same of an appeal."`
	CDN          *int     `name:"cdn" placeholder:"SECONDS" help:"For how long a CDN may keep public pages without asking; what is taken down stays up there for as long. 0: it asks each time."`
	Purge        *string  `placeholder:"ADDRESS|none" help:"Where that CDN is told what to drop (docs/scaling.md). The header by which the call authorises itself, as 'Authorization: Bearer TOKEN', is read from standard input; empty: none."`

	Undo       *int `name:"undo-delay" placeholder:"SECONDS" help:"How long a decision can be undone and its mails wait."`
	AppealDays *int `placeholder:"DAYS" help:"Within which an author may appeal; 183 at least (DSA Art. 20)."`

	LimitBurst   *int    `placeholder:"COMMENTS" help:"So many comments at once from one network or address; beyond it a proof of work is asked for."`
	LimitSeconds *int    `placeholder:"SECONDS" help:"And then one in so many seconds."`
	Confirm      *string `placeholder:"yes|no" help:"Whether a comment enters the queue only once its author has confirmed the address by mail."`

	BulkHour     *int `placeholder:"DECISIONS" help:"So many decisions of one person in an hour; beyond them none are made in bulk, only one by one."`
	BulkDay      *int `placeholder:"DECISIONS" help:"The same in a day."`
	RemovalsHour *int `placeholder:"COMMENTS" help:"So many public comments may one person take down in an hour."`

	ThreadDepth *int    `placeholder:"LEVELS" help:"So many levels of answers stand below each other, 1 to 20; deeper ones beside each other."`
	Reaction    *string `placeholder:"agree|none" help:"Whether readers may agree with comments."`
}

// Run changes what is named, and says what holds now.
func (c siteSet) Run(ctx context.Context, s config.Settings, io streams) error {
	return with(ctx, s, func(i *instance) error {
		site, err := i.site(ctx, c.Slug)
		if err != nil {
			return err
		}
		change, err := c.change(io.in)
		if err != nil {
			return err
		}
		if site, err = i.flow.SetSite(ctx, site, change); err != nil {
			return err
		}
		days := 0
		if site.CloseAfterDays != nil {
			days = *site.CloseAfterDays
		}
		fmt.Fprintf(io.err, "%s: articles close after %d days (0: never), a comment is decided within %d minutes, answers stand %d levels deep, reaction: %s\n",
			site.Slug, days, site.TargetMinutes, site.ThreadDepth, site.Reaction)
		told, err := i.flow.PurgeShown(site)
		if err == nil && told != "" {
			fmt.Fprintf(io.err, "%s: a CDN is told at %s what to drop\n", site.Slug, told)
		}
		return err
	})
}

func (c siteSet) change(in io.Reader) (moderation.SiteChange, error) {
	purge, err := c.purging(in)
	change := moderation.SiteChange{Name: c.Name, Origins: c.Origin, Reaction: c.Reaction, Confirm: c.Confirm, Purge: purge, Numbers: map[string]int{}}
	for name, n := range map[string]*int{
		"target_minutes": c.Target, "report_target_minutes": c.ReportTarget, "appeal_target_minutes": c.AppealTarget, "appeal_days": c.AppealDays,
		"close_after_days": c.CloseAfter, "thread_depth": c.ThreadDepth, "limit_burst": c.LimitBurst, "limit_seconds": c.LimitSeconds,
		"undo_seconds": c.Undo, "bulk_hour": c.BulkHour, "bulk_day": c.BulkDay, "removals_hour": c.RemovalsHour, "shared_cache_seconds": c.CDN,
	} {
		if n != nil {
			change.Numbers[name] = *n
		}
	}
	return change, err
}

// purging reads the secret beside its address, so that a new address never gets the secret of another.
func (c siteSet) purging(in io.Reader) (*moderation.Purging, error) {
	switch {
	case c.Purge == nil:
		return nil, nil
	case *c.Purge == "none":
		return &moderation.Purging{}, nil
	}
	header, err := firstLine(in)
	if err != nil {
		return nil, fmt.Errorf("read the header: %w", err)
	}
	return &moderation.Purging{Address: *c.Purge, Header: header}, nil
}

type siteEmbedKey struct {
	Slug string `arg:"" help:"The site's name in addresses."`
}

// Run prints the key. Whoever holds it can name the site's articles, and nothing else.
func (c siteEmbedKey) Run(ctx context.Context, s config.Settings, io streams) error {
	return with(ctx, s, func(i *instance) error {
		site, err := i.site(ctx, c.Slug)
		if err != nil {
			return err
		}
		fmt.Fprintln(io.out, i.flow.PublisherKey(site))
		return nil
	})
}
