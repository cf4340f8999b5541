package moderation

import (
	"context"
	"crypto/sha256"
	"errors"
	"net/url"
	"regexp"
	"slices"

	"plenum/models"
)

// reserved are the first segments of the program's own paths.
var reserved = []string{"api", "desk", "static", "embed", "healthz", "readyz", "metrics", "demo", "admin"}

var slugForm = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{1,39}$`)

// NewSite is a site to be made. Origins are exact: scheme://host[:port].
type NewSite struct {
	Slug, Name, Locale string
	Origins            []string
}

// CreateSite adds a site with the first version of its rules.
func (f *Flow) CreateSite(ctx context.Context, n NewSite) (models.Site, error) {
	if err := n.check(); err != nil {
		return models.Site{}, err
	}
	texts, err := ParseRules(firstRules)
	if err != nil {
		return models.Site{}, err
	}
	site := models.Site{ID: f.NewID(), Slug: n.Slug, Name: n.Name, Locale: n.Locale, Origins: n.Origins,
		TargetMinutes: 60, CreatedAt: f.now()}
	rules := models.RuleVersion{Version: 1, PublishedAt: site.CreatedAt, Locales: texts.sets()}
	mac := f.keys.Head(site.ID, 0, make([]byte, sha256.Size)) // an empty ledger is signed too: else all of one could be deleted
	if err := f.Store.CreateSite(ctx, site, rules, mac); errors.Is(err, models.ErrConflict) {
		return models.Site{}, invalid("slug", "refusal.slug_taken", "slug", n.Slug)
	} else if err != nil {
		return models.Site{}, err
	}
	return f.Store.SiteByID(ctx, site.ID) // with what the schema gives a new site
}

// The longest promise, in minutes, and the longest time that a CDN keeps pages, in seconds.
const (
	maxTarget      = 30 * 24 * 60
	maxSharedCache = 24 * 60 * 60
	maxUndo        = 24 * 60 * 60
	minAppealDays  = 183 // DSA Art. 20(1): six months at least
	maxAppealDays  = 3650
	maxBurst       = 1000
	maxPace        = 60 * 60
	maxBulk        = 1_000_000
	maxRemembered  = 23 * 60 * 60 // seconds: whom a limit counts is forgotten within the day
)

// maxThreadDepth is the deepest level that the API tells callers, too.
const maxThreadDepth = 20

// SiteChange is what holds for a whole site; nil fields stay as they are.
type SiteChange struct {
	CloseAfterDays *int // after which articles close that set nothing else; 0: never
	TargetMinutes  *int // the promise; of what comes in from now on
	UndoSeconds    *int // how long mails of a decision wait
	AppealDays     *int // within which an author may appeal
	ThreadDepth    *int // levels of answers that stand below each other
	Reaction       *string

	LimitBurst, LimitSeconds *int    // of one network or address: so many comments at once, then one in so many seconds
	Confirm                  *string // yes: a comment enters the queue once its author has confirmed the address; or no

	BulkHour, BulkDay, RemovalsHour *int // see models.Site

	SharedCacheSeconds *int     // for which a CDN may keep public pages without asking; 0: it asks each time
	Purge              *Purging // how that CDN is told what to drop
}

// SetSite changes what holds for a site: for the command line. Threads that close or open by it are so at once.
func (f *Flow) SetSite(ctx context.Context, site models.Site, c SiteChange) (models.Site, error) {
	if err := c.numbers(&site); err != nil {
		return site, err
	}
	if r := c.Reaction; r != nil {
		if *r != models.ReactionAgree && *r != "none" {
			return site, invalid("reaction", "invalid.value")
		}
		site.Reaction = *r
	}
	if w := c.Confirm; w != nil {
		if *w != "yes" && *w != "no" {
			return site, invalid("confirm", "invalid.value")
		}
		site.RequireConfirmed = *w == "yes"
	}
	if p := c.Purge; p != nil {
		if err := f.setPurge(&site, *p); err != nil {
			return site, err
		}
	}
	return site, f.Store.SetSite(ctx, site)
}

// numbers sets those that are within their bounds.
func (c SiteChange) numbers(site *models.Site) error {
	days, undo := 0, 0
	for _, n := range []struct {
		name     string
		wish     *int
		min, max int
		set      *int
	}{
		{"close_after_days", c.CloseAfterDays, 0, maxCloseDays, &days},
		{"target_minutes", c.TargetMinutes, 1, maxTarget, &site.TargetMinutes},
		{"undo_seconds", c.UndoSeconds, 0, maxUndo, &undo},
		{"appeal_days", c.AppealDays, minAppealDays, maxAppealDays, &site.AppealDays},
		{"thread_depth", c.ThreadDepth, 1, maxThreadDepth, &site.ThreadDepth},
		{"limit_burst", c.LimitBurst, 1, maxBurst, &site.LimitBurst},
		{"limit_seconds", c.LimitSeconds, 1, maxPace, &site.LimitSeconds},
		{"bulk_hour", c.BulkHour, 1, maxBulk, &site.BulkHour},
		{"bulk_day", c.BulkDay, 1, maxBulk, &site.BulkDay},
		{"removals_hour", c.RemovalsHour, 1, maxBulk, &site.RemovalsHour},
		{"shared_cache_seconds", c.SharedCacheSeconds, 0, maxSharedCache, &site.SharedCacheSeconds},
	} {
		if n.wish == nil {
			continue
		}
		if *n.wish < n.min || *n.wish > n.max {
			return invalid(n.name, "invalid.between", "min", n.min, "max", n.max)
		}
		*n.set = *n.wish
	}
	if c.CloseAfterDays != nil {
		if site.CloseAfterDays = &days; days == 0 {
			site.CloseAfterDays = nil
		}
	}
	if c.UndoSeconds != nil {
		site.UndoSeconds = &undo
	}
	if site.LimitBurst*site.LimitSeconds > maxRemembered {
		return invalid("limit_seconds", "invalid.between", "min", 1, "max", maxRemembered/site.LimitBurst)
	}
	return nil
}

func (n NewSite) check() error {
	if !slugForm.MatchString(n.Slug) || slices.Contains(reserved, n.Slug) {
		return invalid("slug", "refusal.slug", "slug", n.Slug)
	}
	if n.Name == "" {
		return invalid("name", "invalid.required")
	}
	if len(n.Origins) == 0 {
		return invalid("origins", "invalid.required")
	}
	for _, origin := range n.Origins {
		u, err := url.Parse(origin)
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || origin != u.Scheme+"://"+u.Host {
			return invalid("origins", "refusal.origin", "origin", origin)
		}
	}
	return nil
}

// Mac signs what goes out to come back unchanged, for one purpose: cursors.
func (f *Flow) Mac(purpose string, parts ...[]byte) []byte { return f.keys.Sign(purpose, parts...) }
