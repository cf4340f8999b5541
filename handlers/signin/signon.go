package signin

import (
	"errors"
	"net/http"

	"github.com/gin-gonic/gin"

	"plenum/handlers/internal/request"
	"plenum/handlers/internal/respond"
	"plenum/moderation"
	"plenum/templates"
)

// signOnCookie is the name of the cookie by which a browser shows that it began a sign-on.
func (h *Handler) signOnCookie() string { return h.Asker.Cookie + "-signon" }

// SignOn leads to the identity provider. It is a link and no form, because a form may only be answered by this program
// (form-action of the content security policy holds for redirects, too).
func (h *Handler) SignOn(c *gin.Context) error {
	wish := moderation.SignOnWish{Next: request.DeskPath(c.Query("next")), Again: c.Query("again") != ""}
	address, keep, err := h.Flow.BeginSignOn(c.Request.Context(), wish)
	if err != nil {
		return h.signOnRefused(c, wish.Next, err)
	}
	h.keep(c, keep, int(moderation.SignOnLifetime.Seconds()))
	return respond.SeeOther(c, address)
}

// SignedOn is where the provider leads back to. It is a GET that opens a session, because RFC 6749 §4.1.2 makes it one: what
// only this browser keeps is what lets nobody else have it do so.
func (h *Handler) SignedOn(c *gin.Context) error {
	kept, err := c.Cookie(h.signOnCookie())
	if err != nil { // then it began nothing
		kept = ""
	}
	h.keep(c, "", -1)
	in, err := h.Flow.EndSignOn(c.Request.Context(), moderation.SignOnAnswer{Kept: kept, State: c.Query("state"), Code: c.Query("code"), Error: c.Query("error"),
		Network: request.Network(c), Device: c.Request.UserAgent()})
	if err != nil {
		return h.signOnRefused(c, "/desk", err)
	}
	h.setCookie(c, in.Token, in.Expires)
	return respond.SeeOther(c, request.DeskPath(in.Next))
}

// signOnRefused shows the door with what was wrong. What only the operator can mend is logged.
func (h *Handler) signOnRefused(c *gin.Context, next string, err error) error {
	var failed *moderation.SignOnFailed
	if errors.As(err, &failed) {
		h.Respond.Log.WarnContext(c.Request.Context(), "sign-on failed", "error", failed.Cause)
	}
	return h.again(c, err, func(status int, problem string) error {
		return h.page(c, status, templates.SignIn{Problem: problem, Next: next})
	})
}

// keep sets the cookie. It comes back from another site's address, so it is not strict.
func (h *Handler) keep(c *gin.Context, value string, seconds int) {
	http.SetCookie(c.Writer, &http.Cookie{Name: h.signOnCookie(), Value: value, Path: "/", MaxAge: seconds,
		HttpOnly: true, Secure: h.Secure, SameSite: http.SameSiteLaxMode})
}
