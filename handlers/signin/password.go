package signin

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"plenum/handlers/internal/request"
	"plenum/handlers/internal/respond"
	"plenum/moderation"
	"plenum/templates"
)

// Forgot shows the form that asks for a link.
func (h *Handler) Forgot(c *gin.Context) error {
	return h.Respond.HTML(c, http.StatusOK, "desk/forgot", templates.Forgot{})
}

// SendLink sends a link by mail, and says the same whoever has the address or nobody.
func (h *Handler) SendLink(c *gin.Context) error {
	if err := h.Asker.SameOrigin(c); err != nil {
		return err
	}
	var f struct {
		Email string `form:"email"`
	}
	if err := request.Form(c, &f); err != nil {
		return err
	}
	err := h.Flow.ForgotPassword(c.Request.Context(), moderation.Credentials{Email: f.Email, Network: request.Network(c)})
	if err != nil {
		return h.again(c, err, func(status int, problem string) error {
			return h.Respond.HTML(c, status, "desk/forgot", templates.Forgot{Email: f.Email, Problem: problem})
		})
	}
	return h.Respond.HTML(c, http.StatusOK, "desk/forgot", templates.Forgot{Sent: true})
}

// Password shows the form of a link that holds. It uses nothing up.
func (h *Handler) Password(c *gin.Context) error {
	return h.password(c, http.StatusOK, templates.NewPassword{Token: c.Query("token")})
}

// SetPassword sets the password of whoever the link was sent to.
func (h *Handler) SetPassword(c *gin.Context) error {
	if err := h.Asker.SameOrigin(c); err != nil {
		return err
	}
	var f struct {
		Token    string `form:"token"`
		Password string `form:"password"`
	}
	if err := request.Form(c, &f); err != nil {
		return err
	}
	if err := h.Flow.SetPasswordByLink(c.Request.Context(), f.Token, f.Password); err != nil {
		return h.again(c, err, func(status int, problem string) error {
			return h.password(c, status, templates.NewPassword{Token: f.Token, Problem: problem})
		})
	}
	return respond.SeeOther(c, "/desk/signin")
}

func (h *Handler) password(c *gin.Context, status int, page templates.NewPassword) error {
	m, err := h.Flow.LinkOwner(c.Request.Context(), page.Token)
	if err != nil {
		return err
	}
	respond.SetLocale(c, m.Locale)
	page.Email = m.Email
	return h.Respond.HTML(c, status, "desk/password", page)
}
