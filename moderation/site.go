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
)

// maxThreadDepth is the deepest level that the API tells callers, too.
const maxThreadDepth = 20

// SiteChange is what holds for a whole site; nil fields stay as they are.
type SiteChange struct {
	CloseAfterDays *int // after which articles close that set nothing else; 0: never
	TargetMinutes  *int // the promise; of what comes in from now on
	ThreadDepth    *int // levels of answers that stand below each other
	Reaction       *string

	SharedCacheSeconds *int // for which a CDN may keep public pages without asking; 0: it asks each time
}

// SetSite changes what holds for a site: for the command line. Threads that close or open by it are so at once.
func (f *Flow) SetSite(ctx context.Context, site models.Site, c SiteChange) (models.Site, error) {
	if d := c.CloseAfterDays; d != nil {
		if *d < 0 || *d > maxCloseDays {
			return site, invalid("close_after_days", "invalid.between", "min", 0, "max", maxCloseDays)
		}
		if site.CloseAfterDays = d; *d == 0 {
			site.CloseAfterDays = nil
		}
	}
	if m := c.TargetMinutes; m != nil {
		if *m < 1 || *m > maxTarget {
			return site, invalid("target_minutes", "invalid.between", "min", 1, "max", maxTarget)
		}
		site.TargetMinutes = *m
	}
	if n := c.SharedCacheSeconds; n != nil {
		if *n < 0 || *n > maxSharedCache {
			return site, invalid("shared_cache_seconds", "invalid.between", "min", 0, "max", maxSharedCache)
		}
		site.SharedCacheSeconds = *n
	}
	if d := c.ThreadDepth; d != nil {
		if *d < 1 || *d > maxThreadDepth {
			return site, invalid("thread_depth", "invalid.between", "min", 1, "max", maxThreadDepth)
		}
		site.ThreadDepth = *d
	}
	if r := c.Reaction; r != nil {
		if *r != models.ReactionAgree && *r != "none" {
			return site, invalid("reaction", "invalid.value")
		}
		site.Reaction = *r
	}
	return site, f.Store.SetSite(ctx, site)
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
