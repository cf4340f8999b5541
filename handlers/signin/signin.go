// Package signin lets moderators into the desk and out of it.
package signin

import (
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"plenum/handlers/internal/request"
	"plenum/handlers/internal/respond"
	"plenum/moderation"
	"plenum/templates"
)

// Handler answers the door of the desk.
type Handler struct {
	Flow    *moderation.Flow
	Respond *respond.Responder
	Asker   *request.Asker
	Secure  bool // the cookie goes over https, or to this machine, only
}

// Page shows the form.
func (h *Handler) Page(c *gin.Context) error {
	return h.page(c, http.StatusOK, templates.SignIn{Next: request.DeskPath(c.Query("next"))})
}

func (h *Handler) page(c *gin.Context, status int, page templates.SignIn) error {
	page.Passkeys = h.Flow.Party.Takes()
	page.SignOn = h.Flow.SignOn != nil
	return h.Respond.HTML(c, status, "desk/signin", page)
}

type form struct {
	Email    string `form:"email"`
	Password string `form:"password"`
	Next     string `form:"next"`
}

// SignIn opens a session, or shows the form again with the same sentence for whatever was wrong.
func (h *Handler) SignIn(c *gin.Context) error {
	if err := h.Asker.SameOrigin(c); err != nil {
		return err
	}
	var f form
	if err := request.Form(c, &f); err != nil {
		return err
	}
	token, expires, err := h.Flow.SignIn(c.Request.Context(), moderation.Credentials{Email: f.Email, Password: f.Password, Network: request.Network(c), Device: c.Request.UserAgent()})
	if err != nil {
		if !respond.Expected(err) {
			return err
		}
		d := h.Respond.Explain(c, err)
		respond.Headers(c, d)
		return h.page(c, d.Status, templates.SignIn{Email: f.Email, Problem: d.Detail, Next: request.DeskPath(f.Next)})
	}
	h.setCookie(c, token, expires)
	return respond.SeeOther(c, request.DeskPath(f.Next))
}

// SignOut ends the session.
func (h *Handler) SignOut(c *gin.Context) error {
	token, err := c.Cookie(h.Asker.Cookie)
	if err != nil {
		return request.Unauthorized()
	}
	if err := h.Flow.SignOut(c.Request.Context(), token); err != nil {
		return err
	}
	h.setCookie(c, "", time.Unix(1, 0))
	return respond.SeeOther(c, "/desk/signin")
}

func (h *Handler) setCookie(c *gin.Context, token string, expires time.Time) {
	http.SetCookie(c.Writer, &http.Cookie{Name: h.Asker.Cookie, Value: token, Path: "/", Expires: expires,
		HttpOnly: true, Secure: h.Secure, SameSite: http.SameSiteLaxMode})
}
