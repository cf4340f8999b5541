package api

import (
	"net/http"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"plenum/handlers/internal/request"
	"plenum/handlers/internal/respond"
)

// codes are codes for emergencies, in this answer and nowhere else.
type codes struct {
	Codes []string `json:"recovery_codes"`
}

// OfferTOTP makes a secret for the moderator's app and answers it. One that is in use stays: 409.
func (h *Handler) OfferTOTP(c *gin.Context) error {
	m := request.Moderator(c)
	if err := h.Flow.OfferTOTP(c.Request.Context(), m); err != nil {
		return err
	}
	key, err := h.Flow.OfferedTOTP(c.Request.Context(), m)
	if err != nil {
		return err
	}
	return h.Respond.JSON(c, http.StatusCreated, struct {
		Secret string `json:"secret"`
		URL    string `json:"url"`
	}{key.Secret(), key.URL()})
}

// ConfirmTOTP takes the app's first code.
func (h *Handler) ConfirmTOTP(c *gin.Context) error {
	var form struct {
		Code string `json:"code" binding:"required"`
	}
	if err := request.JSON(c, &form); err != nil {
		return err
	}
	fresh, err := h.Flow.ConfirmTOTP(c.Request.Context(), request.Seat(c), form.Code)
	if err != nil {
		return err
	}
	return h.Respond.JSON(c, http.StatusOK, codes{append([]string{}, fresh...)})
}

// RemoveTOTP takes the app away.
func (h *Handler) RemoveTOTP(c *gin.Context) error {
	if err := h.Flow.RemoveTOTP(c.Request.Context(), request.Seat(c)); err != nil {
		return err
	}
	return respond.NoContent(c)
}

// NewCodes makes codes for emergencies in the place of all there were.
func (h *Handler) NewCodes(c *gin.Context) error {
	fresh, err := h.Flow.NewRecoveryCodes(c.Request.Context(), request.Seat(c))
	if err != nil {
		return err
	}
	return h.Respond.JSON(c, http.StatusCreated, codes{fresh})
}

// ChangePassword sets another password, and ends every other session.
func (h *Handler) ChangePassword(c *gin.Context) error {
	var form struct {
		Old   string `json:"old" binding:"required"`
		Fresh string `json:"new" binding:"required"`
	}
	if err := request.JSON(c, &form); err != nil {
		return err
	}
	if err := h.Flow.ChangePassword(c.Request.Context(), request.Seat(c), form.Old, form.Fresh); err != nil {
		return err
	}
	return respond.NoContent(c)
}

// session is a place where the moderator is signed in.
type session struct {
	ID        uuid.UUID `json:"id"`
	Device    string    `json:"device"`
	Factor    string    `json:"factor"`
	CreatedAt time.Time `json:"created_at"`
	SeenAt    time.Time `json:"seen_at"`
	ExpiresAt time.Time `json:"expires_at"`
	Here      bool      `json:"here"`
}

// Sessions lists them, the last used first.
func (h *Handler) Sessions(c *gin.Context) error {
	seat := request.Seat(c)
	all, err := h.Flow.Sessions(c.Request.Context(), seat)
	if err != nil {
		return err
	}
	answer := list[session]{Items: []session{}}
	for _, s := range all {
		answer.Items = append(answer.Items, session{s.ID, s.Device, s.Factor, s.CreatedAt.UTC(), s.SeenAt.UTC(), s.ExpiresAt.UTC(), s.ID == seat.ID})
	}
	return h.Respond.JSON(c, http.StatusOK, answer)
}

// EndSession signs the moderator out in one place.
func (h *Handler) EndSession(c *gin.Context) error {
	id, err := request.ID(c, "id")
	if err != nil {
		return err
	}
	if err := h.Flow.EndSession(c.Request.Context(), request.Seat(c), id); err != nil {
		return err
	}
	return respond.NoContent(c)
}

// SignOutElsewhere signs the moderator out in every other place.
func (h *Handler) SignOutElsewhere(c *gin.Context) error {
	if err := h.Flow.SignOutElsewhere(c.Request.Context(), request.Seat(c)); err != nil {
		return err
	}
	return respond.NoContent(c)
}
