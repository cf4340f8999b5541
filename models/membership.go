package models

import (
	"context"
	"fmt"

	"github.com/google/uuid"
)

// Membership is what a moderator may do on one site.
type Membership struct {
	SiteID, ModeratorID uuid.UUID
	Role                string // moderator, editor or admin
	Slug, SiteName      string
}

// Memberships lists the sites of one moderator by their slugs.
func (q Queries) Memberships(ctx context.Context, moderatorID uuid.UUID) (all []Membership, err error) {
	err = q.run(ctx, Scope{Moderator: moderatorID}, func(tx *Tx) error {
		return tx.db.Raw(`select m.site_id, m.moderator_id, m.role, s.slug, s.name as site_name
			from memberships m join sites s on s.id = m.site_id where m.moderator_id = ? order by s.slug`, moderatorID).Scan(&all).Error
	})
	if err != nil {
		return nil, fmt.Errorf("memberships of %s: %w", moderatorID, err)
	}
	return all, nil
}

// Membership finds the role of a moderator on one site.
func (q Queries) Membership(ctx context.Context, siteID, moderatorID uuid.UUID) (m Membership, err error) {
	err = q.at(ctx, siteID, func(tx *Tx) error {
		return first(tx.db.Raw(`select m.site_id, m.moderator_id, m.role, s.slug, s.name as site_name
			from memberships m join sites s on s.id = m.site_id where m.site_id = ? and m.moderator_id = ?`,
			siteID, moderatorID).Scan(&m))
	})
	if err != nil {
		return Membership{}, fmt.Errorf("membership of %s: %w", moderatorID, err)
	}
	return m, nil
}

// Colleague is somebody of a site's staff, as the others see them.
type Colleague struct {
	ID         uuid.UUID
	Name, Role string
}

// Staff lists who moderates a site, by name.
func (q Queries) Staff(ctx context.Context, siteID uuid.UUID) (all []Colleague, err error) {
	err = q.at(ctx, siteID, func(tx *Tx) error {
		return tx.db.Raw(`select o.id, o.name, m.role from memberships m join moderators o on o.id = m.moderator_id
			where m.site_id = ? order by o.name, o.id`, siteID).Scan(&all).Error
	})
	if err != nil {
		return nil, fmt.Errorf("staff: %w", err)
	}
	return all, nil
}

// StaffAddresses lists the e-mail addresses of whoever moderates a site.
func (q Queries) StaffAddresses(ctx context.Context, siteID uuid.UUID) (all []string, err error) {
	err = q.at(ctx, siteID, func(tx *Tx) error {
		return tx.db.Raw(`select o.email from memberships m join moderators o on o.id = m.moderator_id where m.site_id = ? order by o.email`,
			siteID).Scan(&all).Error
	})
	if err != nil {
		return nil, fmt.Errorf("addresses of the staff: %w", err)
	}
	return all, nil
}
