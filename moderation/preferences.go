package moderation

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"plenum/models"
)

// Preferences is how a moderator likes the desk, and which mails they want.
type Preferences struct {
	Locale     string                 // de or en
	Scheme     string                 // system, light or dark
	SingleKeys string                 // on or off
	Alerts     map[uuid.UUID][]string // by site: models.AlertWaiting, models.AlertLate
}

// Preferences answers what a moderator set.
func (f *Flow) Preferences(ctx context.Context, m models.Moderator) (Preferences, []models.Membership, error) {
	p := Preferences{Locale: m.Locale, Scheme: m.Scheme, SingleKeys: m.SingleKeys, Alerts: map[uuid.UUID][]string{}}
	sites, err := f.Store.Memberships(ctx, m.ID)
	if err != nil {
		return p, nil, err
	}
	var ids []uuid.UUID
	for _, s := range sites {
		ids = append(ids, s.SiteID)
	}
	alerts, err := f.Store.Alerts(ctx, ids, m.ID)
	for _, a := range alerts {
		p.Alerts[a.SiteID] = append(p.Alerts[a.SiteID], a.Kind)
	}
	return p, sites, err
}

// SetPreferences sets all of them. Wishes about sites that the moderator does not serve are refused.
func (f *Flow) SetPreferences(ctx context.Context, m models.Moderator, p Preferences) error {
	sites, err := f.Store.Memberships(ctx, m.ID)
	if err != nil {
		return err
	}
	for id := range p.Alerts {
		if !slices.ContainsFunc(sites, func(s models.Membership) bool { return s.SiteID == id }) {
			return invalid("alerts", "invalid.value")
		}
	}
	m.Locale, m.Scheme, m.SingleKeys = p.Locale, p.Scheme, p.SingleKeys
	if err := f.Store.SetLook(ctx, m); err != nil {
		return err
	}
	for _, s := range sites {
		if err := f.Store.PutAlerts(ctx, s.SiteID, m.ID, p.Alerts[s.SiteID]); err != nil {
			return err
		}
	}
	return nil
}
