package models

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
)

// Member is somebody of a site's staff, as its admins see them.
type Member struct {
	ID                uuid.UUID
	Name, Email, Role string
	HasSecond         bool // a second factor
	CreatedAt         time.Time
}

// The things that are done about a site's staff.
const (
	StaffInvite = "invite"
	StaffRole   = "role"
	StaffRemove = "remove"
	StaffToken  = "token"
	StaffRevoke = "revoke"
	StaffSecond = "second_factor"
)

// StaffChange is one entry of the append-only log of who was given or taken what on a site.
type StaffChange struct {
	SiteID, ID  uuid.UUID
	Action      string
	ActorID     *uuid.UUID // nil: the command line
	ModeratorID *uuid.UUID // nil: the site as a whole
	Role        *string    // that they have from then on
	Detail      string     // words of ours
	CreatedAt   time.Time
	Actor, Name string // of a list: their names
}

// Members lists a site's staff by name.
func (q Queries) Members(ctx context.Context, siteID uuid.UUID) (all []Member, err error) {
	err = q.at(ctx, siteID, func(tx *Tx) error {
		return tx.db.Raw(`select o.id, o.name, o.email, m.role, m.created_at,
				exists (select from totp_secrets t where t.moderator_id = o.id and t.confirmed_at is not null)
					or exists (select from passkeys p where p.moderator_id = o.id) as has_second
			from memberships m join moderators o on o.id = m.moderator_id where m.site_id = ? order by o.name, o.id`, siteID).Scan(&all).Error
	})
	if err != nil {
		return nil, fmt.Errorf("members: %w", err)
	}
	return all, nil
}

// LockMembers lists who has which role, and lets nobody else change that before the end of the transaction.
func (t *Tx) LockMembers(_ context.Context, siteID uuid.UUID) (all []Membership, err error) {
	err = t.db.Raw(`select site_id, moderator_id, role from memberships where site_id = ? order by moderator_id for update`, siteID).Scan(&all).Error
	if err != nil {
		return nil, fmt.Errorf("lock the members: %w", err)
	}
	return all, nil
}

// InviteModerator finds who has the address, or makes them as they are given.
func (q Queries) InviteModerator(ctx context.Context, m Moderator) (found Moderator, err error) {
	err = q.run(ctx, Scope{}, func(tx *Tx) error {
		if err := tx.db.Exec(`insert into moderators (id, email, name, password_hash, locale, created_at)
			values (@ID, @Email, @Name, @PasswordHash, @Locale, @CreatedAt) on conflict (email) do nothing`, m).Error; err != nil {
			return err
		}
		return first(tx.db.Raw(`select * from moderators where email = ?`, m.Email).Scan(&found))
	})
	if err != nil {
		return Moderator{}, fmt.Errorf("invite a moderator: %w", err)
	}
	return found, nil
}

// PutMembership gives somebody a role on a site.
func (q Queries) PutMembership(ctx context.Context, m Membership, now time.Time) error {
	return q.ofSite(ctx, m.SiteID, "put a membership", `insert into memberships (site_id, moderator_id, role, created_at) values (?, ?, ?, ?)
		on conflict (site_id, moderator_id) do update set role = excluded.role`, m.SiteID, m.ModeratorID, m.Role, now)
}

// DeleteMembership takes somebody off a site, with their API tokens there; what they hold is free again.
func (q Queries) DeleteMembership(ctx context.Context, siteID, moderatorID uuid.UUID) error {
	for _, statement := range []string{
		`update comments set claimed_by = null, claimed_until = null where site_id = ? and claimed_by = ?`,
		`delete from api_tokens where site_id = ? and moderator_id = ?`,
		`delete from memberships where site_id = ? and moderator_id = ?`,
	} {
		if err := q.ofSite(ctx, siteID, "delete a membership", statement, siteID, moderatorID); err != nil {
			return err
		}
	}
	return nil
}

// SetSecondFactor sets whether a site demands a second factor of its staff: optional or required.
func (q Queries) SetSecondFactor(ctx context.Context, siteID uuid.UUID, demand string) error {
	return q.ofSite(ctx, siteID, "set the second factor", `update sites set second_factor = ? where id = ?`, demand, siteID)
}

// CreateStaffChange appends to the log.
func (q Queries) CreateStaffChange(ctx context.Context, c StaffChange) error {
	return q.ofSite(ctx, c.SiteID, "log a change of the staff", `insert into staff_changes (site_id, id, action, actor_id, moderator_id, role, detail, created_at)
		values (@SiteID, @ID, @Action, @ActorID, @ModeratorID, @Role, @Detail, @CreatedAt)`, c)
}

// StaffChanges lists the newest entries of the log.
func (q Queries) StaffChanges(ctx context.Context, siteID uuid.UUID, limit int) (all []StaffChange, err error) {
	err = q.at(ctx, siteID, func(tx *Tx) error {
		return tx.db.Raw(`select c.*, coalesce(a.name, '') as actor, coalesce(o.name, '') as name from staff_changes c
			left join moderators a on a.id = c.actor_id left join moderators o on o.id = c.moderator_id
			where c.site_id = ? order by c.created_at desc, c.id desc limit ?`, siteID, limit).Scan(&all).Error
	})
	if err != nil {
		return nil, fmt.Errorf("changes of the staff: %w", err)
	}
	return all, nil
}

func (q Queries) ofSite(ctx context.Context, siteID uuid.UUID, what, statement string, args ...any) error {
	err := q.at(ctx, siteID, func(tx *Tx) error { return tx.db.Exec(statement, args...).Error })
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	return nil
}
