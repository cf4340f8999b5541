package api

import (
	"net/http"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"plenum/handlers/internal/request"
	"plenum/handlers/internal/respond"
	"plenum/models"
	"plenum/moderation"
)

// newMember is somebody to be given a role.
type newMember struct {
	Email string `json:"email" binding:"required,max=254,line"`
	Name  string `json:"name" binding:"max=80,line"`
	Role  string `json:"role" binding:"required,oneof=moderator editor admin"`
}

// member is somebody of the site's staff, as admins see them.
type member struct {
	ID        uuid.UUID `json:"id"`
	Name      string    `json:"name"`
	Email     string    `json:"email"`
	Role      string    `json:"role"`
	HasSecond bool      `json:"has_second_factor"`
	CreatedAt time.Time `json:"created_at"`
}

// token is an API token without what it opens.
type token struct {
	ID        uuid.UUID  `json:"id"`
	Name      string     `json:"name"`
	Owner     string     `json:"owner"`
	Scope     string     `json:"scope"`
	CreatedAt time.Time  `json:"created_at"`
	ExpiresAt *time.Time `json:"expires_at"`
}

// staffChange is one entry of the log of who was given or taken what.
type staffChange struct {
	ID        uuid.UUID  `json:"id"`
	Action    string     `json:"action"`
	ActorID   *uuid.UUID `json:"actor_id"`
	Moderator *uuid.UUID `json:"moderator_id"`
	Role      *string    `json:"role"`
	Detail    string     `json:"detail"`
	CreatedAt time.Time  `json:"created_at"`
}

func newMemberView(m models.Member) member {
	return member{m.ID, m.Name, m.Email, m.Role, m.HasSecond, m.CreatedAt.UTC()}
}

func newTokenView(t models.Token) token {
	return token{t.ID, t.Name, t.Owner, t.Scope, t.CreatedAt.UTC(), inUTC(t.ExpiresAt)}
}

// Moderators lists who moderates the site, with their tokens and the changes asked for.
func (h *Handler) Moderators(c *gin.Context) error {
	site := request.Site(c)
	changes, err := request.Changes(c)
	if err != nil {
		return err
	}
	staff, err := h.Flow.Staff(c.Request.Context(), site, request.Actor(c), changes)
	if err != nil {
		return err
	}
	answer := struct {
		SecondFactor string        `json:"second_factor"`
		Items        []member      `json:"items"`
		Tokens       []token       `json:"tokens"`
		Changes      []staffChange `json:"changes"`
	}{site.SecondFactor, []member{}, []token{}, []staffChange{}}
	for _, m := range staff.Members {
		answer.Items = append(answer.Items, newMemberView(m))
	}
	for _, t := range staff.Tokens {
		answer.Tokens = append(answer.Tokens, newTokenView(t))
	}
	for _, e := range staff.Changes {
		answer.Changes = append(answer.Changes, staffChange{e.ID, e.Action, e.ActorID, e.ModeratorID, e.Role, e.Detail, e.CreatedAt.UTC()})
	}
	return h.Respond.JSON(c, http.StatusOK, answer)
}

// Invite gives somebody a role by their address.
func (h *Handler) Invite(c *gin.Context) error {
	var form newMember
	if err := request.JSON(c, &form); err != nil {
		return err
	}
	m, err := h.Flow.Invite(c.Request.Context(), request.Site(c), request.Actor(c), moderation.NewMember{Email: form.Email, Name: form.Name, Role: form.Role})
	if err != nil {
		return err
	}
	return h.Respond.JSON(c, http.StatusCreated, newMemberView(m))
}

// SetRole gives a member another role.
func (h *Handler) SetRole(c *gin.Context) error {
	id, err := request.ID(c, "id")
	if err != nil {
		return err
	}
	var form struct {
		Role string `json:"role" binding:"required,oneof=moderator editor admin"`
	}
	if err := request.JSON(c, &form); err != nil {
		return err
	}
	if err := h.Flow.SetRole(c.Request.Context(), request.Site(c), request.Actor(c), id, form.Role); err != nil {
		return err
	}
	return respond.NoContent(c)
}

// RemoveMember takes a member off the site.
func (h *Handler) RemoveMember(c *gin.Context) error {
	id, err := request.ID(c, "id")
	if err != nil {
		return err
	}
	if err := h.Flow.RemoveMember(c.Request.Context(), request.Site(c), request.Actor(c), id); err != nil {
		return err
	}
	return respond.NoContent(c)
}

// SetSecondFactor sets whether the site demands a second factor.
func (h *Handler) SetSecondFactor(c *gin.Context) error {
	var form struct {
		SecondFactor string `json:"second_factor" binding:"required,oneof=optional required"`
	}
	if err := request.JSON(c, &form); err != nil {
		return err
	}
	if err := h.Flow.SetSecondFactor(c.Request.Context(), request.Site(c), request.Actor(c), form.SecondFactor); err != nil {
		return err
	}
	return respond.NoContent(c)
}

// MakeToken makes an API token of the moderator's own. It is in this answer and nowhere else.
func (h *Handler) MakeToken(c *gin.Context) error {
	var form struct {
		Name  string `json:"name" binding:"max=80,line"`
		Scope string `json:"scope" binding:"required,oneof=read write"`
		Days  int    `json:"days" binding:"min=0,max=3650"`
	}
	if err := request.JSON(c, &form); err != nil {
		return err
	}
	actor := request.Actor(c)
	made, secret, err := h.Flow.MakeToken(c.Request.Context(), request.Site(c), actor, moderation.NewToken{Name: form.Name, Scope: form.Scope, Days: form.Days})
	if err != nil {
		return err
	}
	made.Owner = actor.Name
	return h.Respond.JSON(c, http.StatusCreated, struct {
		token
		Token string `json:"token"`
	}{newTokenView(made), secret})
}

// RevokeToken takes an API token away.
func (h *Handler) RevokeToken(c *gin.Context) error {
	id, err := request.ID(c, "id")
	if err != nil {
		return err
	}
	if err := h.Flow.RevokeToken(c.Request.Context(), request.Site(c), request.Actor(c), id); err != nil {
		return err
	}
	return respond.NoContent(c)
}
