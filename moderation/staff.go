package moderation

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"plenum/models"
	"plenum/moderation/internal/keys"
	"plenum/moderation/markup"
	"plenum/moderation/notify"
)

// NewMember is somebody to be given a role on a site, by their address.
type NewMember struct{ Email, Name, Role string }

// Staff is who moderates a site, with what, and what was changed of that.
type Staff struct {
	Members []models.Member
	Tokens  []models.Token
	Changes []models.StaffChange // the newest first
}

// Staff answers it to an admin, with so many of the changes.
func (f *Flow) Staff(ctx context.Context, site models.Site, actor Actor, changes int) (s Staff, err error) {
	if !actor.AtLeast(RoleAdmin) {
		return s, forbidden("refusal.role")
	}
	if s.Members, err = f.Store.Members(ctx, site.ID); err != nil {
		return s, err
	}
	if s.Tokens, err = f.Store.Tokens(ctx, site.ID); err != nil {
		return s, err
	}
	s.Changes, err = f.Store.StaffChanges(ctx, site.ID, changes)
	return s, err
}

// Outranks reports whether an admin may give this role, or take it: roles are granted only below one's own.
func (a Actor) Outranks(role string) bool {
	return slices.Contains(ranks, role) && slices.Index(ranks, a.Role) > slices.Index(ranks, role)
}

// Grantable are the roles that the actor may give, the lowest first.
func (a Actor) Grantable() []string { return ranks[:max(0, slices.Index(ranks, a.Role))] }

// Invite gives whoever has the address a role on the site, and sends them a link by which they set a password.
func (f *Flow) Invite(ctx context.Context, site models.Site, actor Actor, n NewMember) (models.Member, error) {
	if err := actor.grants(n.Role); err != nil {
		return models.Member{}, err
	}
	email, name := keys.CanonicalAddress(n.Email), strings.TrimSpace(n.Name)
	before, _, isAddress := strings.Cut(email, "@")
	if !isAddress || before == "" || markup.HasControl(email) {
		return models.Member{}, invalid("email", "invalid.email")
	}
	if name == "" {
		name = before
	}
	member := models.Member{Name: name, Email: email, Role: n.Role, CreatedAt: f.now()}
	err := f.changeStaff(ctx, site, func(tx *models.Tx, staff []models.Membership) (models.StaffChange, error) {
		m, err := tx.InviteModerator(ctx, models.Moderator{ID: f.NewID(), Email: email, Name: name, PasswordHash: nobody, Locale: site.Locale, CreatedAt: f.now()})
		if err != nil {
			return models.StaffChange{}, err
		}
		if roleOf(staff, m.ID) != "" {
			return models.StaffChange{}, conflict("refusal.member_already")
		}
		member.ID, member.Name = m.ID, m.Name
		if err := tx.PutMembership(ctx, models.Membership{SiteID: site.ID, ModeratorID: m.ID, Role: n.Role}, f.now()); err != nil {
			return models.StaffChange{}, err
		}
		notice := notify.AccountNotice{ID: f.NewID(), ModeratorID: m.ID, SiteID: site.ID, At: f.now()}
		return f.change(site, actor, models.StaffInvite, m.ID, &n.Role), tx.Enqueue(ctx, notice, time.Time{})
	})
	return member, err
}

// SetRole gives a member another role. An admin may lower himself, unless he is the last.
func (f *Flow) SetRole(ctx context.Context, site models.Site, actor Actor, id uuid.UUID, role string) error {
	if err := actor.grants(role); err != nil {
		return err
	}
	return f.changeStaff(ctx, site, func(tx *models.Tx, staff []models.Membership) (models.StaffChange, error) {
		if err := actor.commands(staff, id); err != nil {
			return models.StaffChange{}, err
		}
		return f.change(site, actor, models.StaffRole, id, &role),
			tx.PutMembership(ctx, models.Membership{SiteID: site.ID, ModeratorID: id, Role: role}, f.now())
	})
}

// RemoveMember takes somebody off the site with their API tokens. An admin may go himself, unless he is the last.
func (f *Flow) RemoveMember(ctx context.Context, site models.Site, actor Actor, id uuid.UUID) error {
	if err := actor.write(RoleAdmin); err != nil {
		return err
	}
	return f.changeStaff(ctx, site, func(tx *models.Tx, staff []models.Membership) (models.StaffChange, error) {
		if err := actor.commands(staff, id); err != nil {
			return models.StaffChange{}, err
		}
		return f.change(site, actor, models.StaffRemove, id, nil), tx.DeleteMembership(ctx, site.ID, id)
	})
}

// SetSecondFactor sets whether the site demands a second factor of its staff.
func (f *Flow) SetSecondFactor(ctx context.Context, site models.Site, actor Actor, demand string) error {
	if err := actor.write(RoleAdmin); err != nil {
		return err
	}
	if demand != "optional" && demand != "required" {
		return invalid("second_factor", "invalid.value")
	}
	return f.changeStaff(ctx, site, func(tx *models.Tx, _ []models.Membership) (models.StaffChange, error) {
		c := f.change(site, actor, models.StaffSecond, uuid.Nil, nil)
		c.ModeratorID, c.Detail = nil, demand
		return c, tx.SetSecondFactor(ctx, site.ID, demand)
	})
}

// RevokeToken takes an API token away: an admin anybody's, others their own.
func (f *Flow) RevokeToken(ctx context.Context, site models.Site, actor Actor, id uuid.UUID) error {
	return f.changeStaff(ctx, site, func(tx *models.Tx, _ []models.Membership) (models.StaffChange, error) {
		t, err := tx.Token(ctx, site.ID, id)
		if err != nil {
			return models.StaffChange{}, err
		}
		if t.ModeratorID != actor.ID && !actor.AtLeast(RoleAdmin) {
			return models.StaffChange{}, forbidden("refusal.role")
		}
		c := f.change(site, actor, models.StaffRevoke, t.ModeratorID, nil)
		c.Detail = t.Scope
		return c, tx.DeleteToken(ctx, site.ID, id)
	})
}

// NewToken is an API token to be made. Days is how long it lasts; zero: until it is revoked.
type NewToken struct {
	Name, Scope string
	Days        int
}

const maxTokenDays = 3650

// MakeToken makes an API token of the actor's own and answers it: it is shown once and stored as a hash.
func (f *Flow) MakeToken(ctx context.Context, site models.Site, actor Actor, n NewToken) (made models.Token, token string, err error) {
	switch {
	case n.Scope != models.ScopeRead && n.Scope != models.ScopeWrite:
		return made, "", invalid("scope", "invalid.value")
	case n.Days < 0 || n.Days > maxTokenDays:
		return made, "", invalid("days", "invalid.value")
	}
	made, token = f.token(site, actor.ID, n)
	err = f.changeStaff(ctx, site, func(tx *models.Tx, _ []models.Membership) (models.StaffChange, error) {
		c := f.change(site, actor, models.StaffToken, actor.ID, nil)
		c.Detail = n.Scope
		return c, tx.CreateToken(ctx, made)
	})
	return made, token, err
}

// changeStaff makes one change of a site's staff together with its entry in the log.
func (f *Flow) changeStaff(ctx context.Context, site models.Site, do func(*models.Tx, []models.Membership) (models.StaffChange, error)) error {
	return f.Store.Serve(ctx, site.ID, func(tx *models.Tx) error {
		staff, err := tx.LockMembers(ctx, site.ID)
		if err != nil {
			return err
		}
		c, err := do(tx, staff)
		if err != nil {
			return err
		}
		return tx.CreateStaffChange(ctx, c)
	})
}

func (f *Flow) change(site models.Site, actor Actor, action string, about uuid.UUID, role *string) models.StaffChange {
	return models.StaffChange{SiteID: site.ID, ID: f.NewID(), Action: action, ActorID: &actor.ID, ModeratorID: &about, Role: role, CreatedAt: f.now()}
}

// grants refuses whoever may not give a role.
func (a Actor) grants(role string) error {
	if err := a.write(RoleAdmin); err != nil {
		return err
	}
	if !slices.Contains(ranks, role) {
		return invalid("role", "invalid.value")
	}
	if !a.Outranks(role) {
		return forbidden("refusal.rank")
	}
	return nil
}

// commands refuses a change of somebody who is not there, of equals, and of the last admin.
func (a Actor) commands(staff []models.Membership, id uuid.UUID) error {
	role := roleOf(staff, id)
	admins := 0
	for _, m := range staff {
		if m.Role == RoleAdmin {
			admins++
		}
	}
	switch {
	case role == "":
		return models.ErrNotFound
	case id == a.ID && admins == 1:
		return invalid("", "refusal.last_admin")
	case id != a.ID && !a.Outranks(role):
		return forbidden("refusal.rank")
	}
	return nil
}

// roleOf is the role that somebody has; empty: none.
func roleOf(staff []models.Membership, id uuid.UUID) string {
	for _, m := range staff {
		if m.ModeratorID == id {
			return m.Role
		}
	}
	return ""
}
