package api

import (
	"net/http"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"plenum/handlers/internal/request"
	"plenum/handlers/internal/respond"
	"plenum/moderation"
)

// passing hands an item to a colleague by their id, or to "editors".
type passing struct {
	Version *int   `json:"version" binding:"required"`
	To      string `json:"to" binding:"required,max=40,line"`
	Note    string `json:"note" binding:"max=5000,text"`
}

// toEditors is the name of the editors where a moderator's id could stand.
const toEditors = "editors"

// Pass hands an item that waits to somebody else.
func (h *Handler) Pass(c *gin.Context) error {
	id, err := request.ID(c, "id")
	if err != nil {
		return err
	}
	var form passing
	if err := request.JSON(c, &form); err != nil {
		return err
	}
	p := moderation.Passing{CommentID: id, Version: *form.Version, Note: form.Note}
	if form.To != toEditors {
		to, err := uuid.Parse(form.To)
		if err != nil {
			to = uuid.Nil // nobody's: refused like any other who is not of the site
		}
		p.To = &to
	}
	event, err := h.Flow.Pass(c.Request.Context(), request.Site(c), request.Actor(c), p)
	if err != nil {
		return err
	}
	return h.Respond.JSON(c, http.StatusCreated, respond.NewDecision(event))
}

// settingAside takes an item out of its lanes until a time.
type settingAside struct {
	Version *int      `json:"version" binding:"required"`
	Until   time.Time `json:"until" binding:"required"`
	Note    string    `json:"note" binding:"max=5000,text"`
}

// SetAside takes an item that waits out of its lanes until a time.
func (h *Handler) SetAside(c *gin.Context) error {
	id, err := request.ID(c, "id")
	if err != nil {
		return err
	}
	var form settingAside
	if err := request.JSON(c, &form); err != nil {
		return err
	}
	event, err := h.Flow.SetAside(c.Request.Context(), request.Site(c), request.Actor(c),
		moderation.SettingAside{CommentID: id, Version: *form.Version, Until: form.Until, Note: form.Note})
	if err != nil {
		return err
	}
	return h.Respond.JSON(c, http.StatusCreated, respond.NewDecision(event))
}

// colleague is whom an item can be passed to.
type colleague struct {
	ID   uuid.UUID `json:"id"`
	Name string    `json:"name"`
	Role string    `json:"role"`
}

// Colleagues lists the site's staff.
func (h *Handler) Colleagues(c *gin.Context) error {
	staff, err := h.Flow.Store.Staff(c.Request.Context(), request.Site(c).ID)
	if err != nil {
		return err
	}
	answer := struct {
		Items []colleague `json:"items"`
	}{Items: []colleague{}}
	for _, m := range staff {
		answer.Items = append(answer.Items, colleague{m.ID, m.Name, m.Role})
	}
	return h.Respond.JSON(c, http.StatusOK, answer)
}
