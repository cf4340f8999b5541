package admin

import (
	"net/http"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"plenum/handlers/internal/request"
	"plenum/handlers/internal/respond"
	"plenum/moderation"
	"plenum/templates"
)

// did are the words for what was just done, as the address carries them.
var did = map[string]bool{"invited": true, "role": true, "removed": true, "revoked": true, "second": true}

// Moderators shows who moderates the site.
func (h *Handler) Moderators(c *gin.Context) error {
	page := templates.Moderators{Role: moderation.RoleModerator}
	if word := c.Query("did"); did[word] {
		page.Notice = word
	}
	return h.moderators(c, http.StatusOK, page)
}

func (h *Handler) moderators(c *gin.Context, status int, page templates.Moderators) error {
	site, actor := request.Site(c), request.Actor(c)
	changes, err := request.Changes(c)
	if err != nil {
		return err
	}
	staff, err := h.Flow.Staff(c.Request.Context(), site, actor, changes)
	if err != nil {
		return err
	}
	page.Site, page.Required = templates.Site{Slug: site.Slug, Name: site.Name}, site.SecondFactor == "required"
	page.Roles, page.Older = actor.Grantable(), len(staff.Changes) == changes
	for _, m := range staff.Members {
		page.Members = append(page.Members, templates.MemberItem{ID: m.ID, Name: m.Name, Email: m.Email, Role: m.Role, Since: m.CreatedAt,
			HasSecond: m.HasSecond, Mine: m.ID == actor.ID, Below: actor.Outranks(m.Role)})
	}
	for _, t := range staff.Tokens {
		item := templates.TokenItem{ID: t.ID, Name: t.Name, Owner: t.Owner, Scope: t.Scope, Since: t.CreatedAt}
		if t.ExpiresAt != nil {
			item.Until = *t.ExpiresAt
		}
		page.Tokens = append(page.Tokens, item)
	}
	for _, e := range staff.Changes {
		item := templates.StaffChangeItem{At: e.CreatedAt, Action: e.Action, Actor: e.Actor, Name: e.Name, Detail: e.Detail}
		if e.Role != nil {
			item.Role = *e.Role
		}
		page.Changes = append(page.Changes, item)
	}
	return h.Respond.Sheet(c, status, "desk/moderators", &page)
}

// done leads back to the page, or shows it with what was refused and what was typed.
func (h *Handler) done(c *gin.Context, word string, typed templates.Moderators, err error) error {
	if err == nil {
		return respond.SeeOther(c, "/desk/"+request.Site(c).Slug+"/moderators?did="+word)
	}
	if !respond.Expected(err) {
		return err
	}
	d := h.Respond.Explain(c, err)
	typed.Problem = d.Said()
	return h.moderators(c, d.Status, typed)
}

// Invite gives somebody a role by their address.
func (h *Handler) Invite(c *gin.Context) error {
	var f struct {
		Email string `form:"email"`
		Name  string `form:"name"`
		Role  string `form:"role"`
	}
	if err := request.Form(c, &f); err != nil {
		return err
	}
	_, err := h.Flow.Invite(c.Request.Context(), request.Site(c), request.Actor(c), moderation.NewMember{Email: f.Email, Name: f.Name, Role: f.Role})
	return h.done(c, "invited", templates.Moderators{Email: f.Email, Name: f.Name, Role: f.Role}, err)
}

// SetRole gives a member another role.
func (h *Handler) SetRole(c *gin.Context) error {
	id, err := request.ID(c, "id")
	if err != nil {
		return err
	}
	var f struct {
		Role string `form:"role"`
	}
	if err := request.Form(c, &f); err != nil {
		return err
	}
	return h.done(c, "role", templates.Moderators{}, h.Flow.SetRole(c.Request.Context(), request.Site(c), request.Actor(c), id, f.Role))
}

// Remove takes a member off the site.
func (h *Handler) Remove(c *gin.Context) error {
	id, err := request.ID(c, "id")
	if err != nil {
		return err
	}
	if err := h.Flow.RemoveMember(c.Request.Context(), request.Site(c), request.Actor(c), id); err != nil || id != request.Actor(c).ID {
		return h.done(c, "removed", templates.Moderators{}, err)
	}
	return respond.SeeOther(c, "/desk")
}

// RevokeToken takes an API token away.
func (h *Handler) RevokeToken(c *gin.Context) error {
	id, err := request.ID(c, "id")
	if err != nil {
		return err
	}
	return h.done(c, "revoked", templates.Moderators{}, h.revoke(c, id))
}

func (h *Handler) revoke(c *gin.Context, id uuid.UUID) error {
	return h.Flow.RevokeToken(c.Request.Context(), request.Site(c), request.Actor(c), id)
}

// SetSecond sets whether the site demands a second factor.
func (h *Handler) SetSecond(c *gin.Context) error {
	var f struct {
		Demand string `form:"second_factor"`
	}
	if err := request.Form(c, &f); err != nil {
		return err
	}
	return h.done(c, "second", templates.Moderators{}, h.Flow.SetSecondFactor(c.Request.Context(), request.Site(c), request.Actor(c), f.Demand))
}
