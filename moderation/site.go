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

// IsSlug reports whether a site can have this short name.
func IsSlug(name string) bool { return slugForm.MatchString(name) && !slices.Contains(reserved, name) }

func (n NewSite) check() error {
	if !IsSlug(n.Slug) {
		return invalid("slug", "refusal.slug", "slug", n.Slug)
	}
	if n.Name == "" {
		return invalid("name", "invalid.required")
	}
	return checkOrigins(n.Origins)
}

func checkOrigins(origins []string) error {
	if len(origins) == 0 {
		return invalid("origins", "invalid.required")
	}
	for _, origin := range origins {
		u, err := url.Parse(origin)
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || origin != u.Scheme+"://"+u.Host {
			return invalid("origins", "refusal.origin", "origin", origin)
		}
	}
	return nil
}

// Mac signs what goes out to come back unchanged, for one purpose: cursors.
func (f *Flow) Mac(purpose string, parts ...[]byte) []byte { return f.keys.Sign(purpose, parts...) }
