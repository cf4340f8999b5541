package desk

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"plenum/handlers/internal/request"
	"plenum/models"
	"plenum/moderation"
	"plenum/templates"
)

func passkeyItems(all []models.Passkey) (items []templates.PasskeyItem) {
	for _, p := range all {
		item := templates.PasskeyItem{ID: p.ID, Name: p.Name, Kept: p.Kept, Since: p.CreatedAt, Copied: p.CopiedAt != nil}
		if p.UsedAt != nil {
			item.Used = *p.UsedAt
		}
		items = append(items, item)
	}
	return items
}

// AddPasskey keeps a passkey that a script had the browser make, and shows codes for emergencies where they were just made.
func (h *Handler) AddPasskey(c *gin.Context) error {
	var f struct {
		Name       string `form:"name"`
		Credential string `form:"credential"`
	}
	if err := request.Form(c, &f); err != nil {
		return err
	}
	_, fresh, err := h.Flow.RegisterPasskey(c.Request.Context(), request.Seat(c), moderation.NewPasskey{Name: f.Name, Credential: []byte(f.Credential)})
	if err != nil || len(fresh) == 0 {
		return h.minded(c, "passkey", err)
	}
	return h.security(c, http.StatusOK, templates.Security{Notice: "passkey", Codes: fresh})
}

// RenamePasskey gives one of the moderator's own another name.
func (h *Handler) RenamePasskey(c *gin.Context) error {
	id, err := request.ID(c, "id")
	if err != nil {
		return err
	}
	var f struct {
		Name string `form:"name"`
	}
	if err := request.Form(c, &f); err != nil {
		return err
	}
	_, err = h.Flow.RenamePasskey(c.Request.Context(), request.Moderator(c), id, f.Name)
	return h.minded(c, "passkey_named", err)
}

// RemovePasskey takes one of the moderator's own away.
func (h *Handler) RemovePasskey(c *gin.Context) error {
	id, err := request.ID(c, "id")
	if err != nil {
		return err
	}
	return h.minded(c, "passkey_removed", h.Flow.RemovePasskey(c.Request.Context(), request.Seat(c), id))
}
