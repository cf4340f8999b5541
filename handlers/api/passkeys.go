package api

import (
	"net/http"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/uuid"

	"plenum/handlers/internal/request"
	"plenum/handlers/internal/respond"
	"plenum/models"
	"plenum/moderation"
)

// passkey is one without what opens the desk.
type passkey struct {
	ID        uuid.UUID  `json:"id"`
	Name      string     `json:"name"`
	Kept      string     `json:"kept"`
	CreatedAt time.Time  `json:"created_at"`
	UsedAt    *time.Time `json:"used_at"`
	CopiedAt  *time.Time `json:"copied_at"`
}

func newPasskeyView(p models.Passkey) passkey {
	return passkey{p.ID, p.Name, p.Kept, p.CreatedAt.UTC(), inUTC(p.UsedAt), inUTC(p.CopiedAt)}
}

// Prove takes a proof from whoever is signed in, or owes a second factor.
func (h *Handler) Prove(c *gin.Context) error {
	var form struct {
		Password   string         `json:"password"`
		Code       string         `json:"code"`
		Credential jsontext.Value `json:"credential"`
	}
	if err := request.JSON(c, &form); err != nil {
		return err
	}
	proof := moderation.Proof{Password: form.Password, Code: form.Code, Passkey: form.Credential}
	if err := h.Flow.ProveAgain(c.Request.Context(), request.Seat(c), proof); err != nil {
		return err
	}
	return respond.NoContent(c)
}

// AskPasskey answers what a browser needs to show a passkey of whoever is signed in.
func (h *Handler) AskPasskey(c *gin.Context) error {
	options, err := h.Flow.AskPasskey(c.Request.Context(), request.Seat(c))
	if err != nil {
		return err
	}
	return h.Respond.JSON(c, http.StatusOK, options)
}

// OfferPasskey answers what a browser needs to make a passkey.
func (h *Handler) OfferPasskey(c *gin.Context) error {
	options, err := h.Flow.OfferPasskey(c.Request.Context(), request.Seat(c))
	if err != nil {
		return err
	}
	return h.Respond.JSON(c, http.StatusOK, options)
}

// Passkeys lists the moderator's own.
func (h *Handler) Passkeys(c *gin.Context) error {
	all, err := h.Flow.Passkeys(c.Request.Context(), request.Moderator(c))
	if err != nil {
		return err
	}
	answer := list[passkey]{Items: []passkey{}}
	for _, p := range all {
		answer.Items = append(answer.Items, newPasskeyView(p))
	}
	return h.Respond.JSON(c, http.StatusOK, answer)
}

// RegisterPasskey keeps a new one. Codes for emergencies are in this answer and nowhere else.
func (h *Handler) RegisterPasskey(c *gin.Context) error {
	var form struct {
		Name       string         `json:"name" binding:"required"`
		Credential jsontext.Value `json:"credential" binding:"required"`
	}
	if err := request.JSON(c, &form); err != nil {
		return err
	}
	made, fresh, err := h.Flow.RegisterPasskey(c.Request.Context(), request.Seat(c), moderation.NewPasskey{Name: form.Name, Credential: form.Credential})
	if err != nil {
		return err
	}
	return h.Respond.JSON(c, http.StatusCreated, struct {
		passkey
		Codes []string `json:"recovery_codes"`
	}{newPasskeyView(made), append([]string{}, fresh...)})
}

// RenamePasskey gives one another name.
func (h *Handler) RenamePasskey(c *gin.Context) error {
	id, err := request.ID(c, "id")
	if err != nil {
		return err
	}
	var form struct {
		Name string `json:"name" binding:"required"`
	}
	if err := request.JSON(c, &form); err != nil {
		return err
	}
	p, err := h.Flow.RenamePasskey(c.Request.Context(), request.Moderator(c), id, form.Name)
	if err != nil {
		return err
	}
	return h.Respond.JSON(c, http.StatusOK, newPasskeyView(p))
}

// RemovePasskey takes one away.
func (h *Handler) RemovePasskey(c *gin.Context) error {
	id, err := request.ID(c, "id")
	if err != nil {
		return err
	}
	if err := h.Flow.RemovePasskey(c.Request.Context(), request.Seat(c), id); err != nil {
		return err
	}
	return respond.NoContent(c)
}
