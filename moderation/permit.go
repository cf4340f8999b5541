package moderation

import (
	"slices"

	"github.com/google/uuid"

	"plenum/models"
)

// The roles of a site's staff, each with all that the one before may do.
const (
	RoleModerator = "moderator"
	RoleEditor    = "editor"
	RoleAdmin     = "admin"
)

var ranks = []string{RoleModerator, RoleEditor, RoleAdmin}

// Actor is a moderator who asks for something on one site.
type Actor struct {
	ID          uuid.UUID
	Name, Email string
	Role        string // on the site
	ReadOnly    bool   // speaks through a token that may only read
}

// AtLeast reports whether the actor has the role or a higher one.
func (a Actor) AtLeast(role string) bool {
	return slices.Index(ranks, a.Role) >= slices.Index(ranks, role)
}

// write refuses whoever may only read, or has a lower role than the one named.
func (a Actor) write(role string) error {
	if a.ReadOnly {
		return forbidden("refusal.scope")
	}
	if !a.AtLeast(role) {
		return forbidden("refusal.role")
	}
	return nil
}

// permit refuses a decision that is not the actor's to make: restore and reopen are for editors, and nobody decides
// what they wrote, or a reply to it.
func permit(actor Actor, written models.Written, action string) error {
	if err := actor.write(roleFor(action)); err != nil {
		return err
	}
	switch {
	case written.Comment:
		return forbidden("refusal.own_comment")
	case written.Parent:
		return forbidden("refusal.own_reply")
	}
	return nil
}

// May reports whether the actor's role allows an action at all; whose comment it is, is another question.
func (a Actor) May(action string) bool { return a.write(roleFor(action)) == nil }

func roleFor(action string) string {
	if slices.Contains([]string{Restore, Reopen, Feature, Unfeature}, action) {
		return RoleEditor
	}
	return RoleModerator
}
