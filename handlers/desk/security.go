package desk

import (
	"bytes"
	"errors"
	"fmt"
	"image/png"
	"net/http"

	"github.com/gin-gonic/gin"
	"github.com/mileusna/useragent"

	"plenum/handlers/internal/request"
	"plenum/handlers/internal/respond"
	"plenum/models"
	"plenum/moderation"
	"plenum/templates"
)

// did are the words for what was just done, as the address carries them.
var did = map[string]bool{"app": true, "app_removed": true, "passkey": true, "passkey_named": true, "passkey_removed": true, "password": true, "ended": true,
	"revoked": true}

// Security shows a moderator's own ways in.
func (h *Handler) Security(c *gin.Context) error {
	page := templates.Security{}
	if word := c.Query("did"); did[word] {
		page.Notice = word
	}
	return h.security(c, http.StatusOK, page)
}

func (h *Handler) security(c *gin.Context, status int, page templates.Security) error {
	ctx, seat := c.Request.Context(), request.Seat(c)
	s, err := h.Flow.Security(ctx, seat)
	if err != nil {
		return err
	}
	page.HasTOTP, page.Left = s.HasTOTP, s.CodesLeft
	if page.Passkeys, page.Takes = passkeyItems(s.Passkeys), h.Flow.Party.Takes(); !moderation.Unequipped(seat) || page.HasSecond() {
		page.Back = "/desk"
	}
	if s.Offered != nil {
		page.Offered = s.Offered.Secret()
	}
	for _, at := range s.Sessions {
		page.Sessions = append(page.Sessions, templates.SessionItem{ID: at.ID, Device: device(at.Device), Since: at.CreatedAt, Seen: at.SeenAt,
			Factor: at.Factor, Here: at.ID == seat.ID})
	}
	page.Sites, page.Tokens = tokenItems(s)
	return h.sheet(c, status, "desk/security", &page)
}

// device names a browser and its system, as "Firefox, Windows"; what is not a browser's name of itself stays as it is.
func device(agent string) string {
	if known := useragent.Parse(agent); known.OS != "" {
		return known.Name + ", " + known.OS
	}
	return agent
}

// minded leads back to the page of what was done, or shows it with what was refused.
func (h *Handler) minded(c *gin.Context, word string, err error) error {
	if err == nil {
		return respond.SeeOther(c, "/desk/security?did="+word)
	}
	if !respond.Expected(err) {
		return err
	}
	d := h.Respond.Explain(c, err)
	respond.Headers(c, d)
	return h.security(c, d.Status, templates.Security{Problem: d.Said()})
}

const pictureSize = 200 // pixels

// TOTPPicture is the secret that waits for its first code, as a QR code.
func (h *Handler) TOTPPicture(c *gin.Context) error {
	key, err := h.Flow.OfferedTOTP(c.Request.Context(), request.Moderator(c))
	if err != nil {
		return err
	}
	picture, err := key.Image(pictureSize, pictureSize)
	if err != nil {
		return fmt.Errorf("draw a QR code: %w", err)
	}
	var body bytes.Buffer
	if err := png.Encode(&body, picture); err != nil {
		return fmt.Errorf("draw a QR code: %w", err)
	}
	return respond.File(c, "image/png", body.Bytes())
}

// OfferTOTP makes a secret for an app; one that is in use stays.
func (h *Handler) OfferTOTP(c *gin.Context) error {
	err := h.Flow.OfferTOTP(c.Request.Context(), request.Moderator(c))
	if err != nil && !errors.Is(err, models.ErrConflict) {
		return err
	}
	return respond.SeeOther(c, "/desk/security")
}

// ConfirmTOTP takes the app's first code, and shows codes for emergencies where they were just made.
func (h *Handler) ConfirmTOTP(c *gin.Context) error {
	var f struct {
		Code string `form:"code"`
	}
	if err := request.Form(c, &f); err != nil {
		return err
	}
	fresh, err := h.Flow.ConfirmTOTP(c.Request.Context(), request.Seat(c), f.Code)
	if err != nil || len(fresh) == 0 {
		return h.minded(c, "app", err)
	}
	return h.security(c, http.StatusOK, templates.Security{Notice: "app", Codes: fresh})
}

// RemoveTOTP takes the app away.
func (h *Handler) RemoveTOTP(c *gin.Context) error {
	return h.minded(c, "app_removed", h.Flow.RemoveTOTP(c.Request.Context(), request.Seat(c)))
}

// NewCodes makes codes for emergencies, and shows them this once.
func (h *Handler) NewCodes(c *gin.Context) error {
	fresh, err := h.Flow.NewRecoveryCodes(c.Request.Context(), request.Seat(c))
	if err != nil {
		return h.minded(c, "", err)
	}
	return h.security(c, http.StatusOK, templates.Security{Codes: fresh})
}

// ChangePassword sets another password.
func (h *Handler) ChangePassword(c *gin.Context) error {
	var f struct {
		Old   string `form:"old"`
		Fresh string `form:"fresh"`
	}
	if err := request.Form(c, &f); err != nil {
		return err
	}
	return h.minded(c, "password", h.Flow.ChangePassword(c.Request.Context(), request.Seat(c), f.Old, f.Fresh))
}

// EndSession signs the moderator out in one other place.
func (h *Handler) EndSession(c *gin.Context) error {
	id, err := request.ID(c, "id")
	if err != nil {
		return err
	}
	return h.minded(c, "ended", h.Flow.EndSession(c.Request.Context(), request.Seat(c), id))
}

// SignOutElsewhere signs the moderator out in every other place.
func (h *Handler) SignOutElsewhere(c *gin.Context) error {
	return h.minded(c, "ended", h.Flow.SignOutElsewhere(c.Request.Context(), request.Seat(c)))
}
