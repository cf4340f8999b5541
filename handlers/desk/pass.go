package desk

import (
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"plenum/handlers/internal/request"
	"plenum/moderation"
)

// toEditors stands for the editors where a colleague's id could.
const toEditors = "editors"

// handlingForm passes an item on, or sets it aside.
type handlingForm struct {
	Version int    `form:"version"`
	To      string `form:"to"`
	Minutes int    `form:"minutes"`
	Note    string `form:"note"`
}

// Pass hands the open comment to a colleague or to the editors, and opens the next one.
func (h *Handler) Pass(c *gin.Context) error {
	return h.handle(c, moderation.Pass, func(id uuid.UUID, f handlingForm) error {
		p := moderation.Passing{CommentID: id, Version: f.Version, Note: f.Note}
		if f.To != toEditors {
			to, err := uuid.Parse(f.To)
			if err != nil {
				return request.Malformed("to", "value")
			}
			p.To = &to
		}
		_, err := h.Flow.Pass(c.Request.Context(), request.Site(c), request.Actor(c), p)
		return err
	})
}

// SetAside takes the open comment out of its lanes until a time, and opens the next one.
func (h *Handler) SetAside(c *gin.Context) error {
	return h.handle(c, moderation.SetAside, func(id uuid.UUID, f handlingForm) error {
		until := h.Flow.Now().Add(time.Duration(f.Minutes) * time.Minute)
		_, err := h.Flow.SetAside(c.Request.Context(), request.Site(c), request.Actor(c),
			moderation.SettingAside{CommentID: id, Version: f.Version, Until: until, Note: f.Note})
		return err
	})
}

func (h *Handler) handle(c *gin.Context, action string, do func(uuid.UUID, handlingForm) error) error {
	id, err := request.ID(c, "id")
	if err != nil {
		return err
	}
	var f handlingForm
	if err := request.Form(c, &f); err != nil {
		return err
	}
	f.Note = lines(f.Note)
	if err = request.Check(&written{Note: f.Note}); err == nil {
		err = do(id, f)
	}
	if err != nil {
		return h.again(c, opened{id: id, note: f.Note, in: action, failed: err})
	}
	return h.next(c, uuid.NullUUID{UUID: id, Valid: true})
}
