package signin

import (
	"net/http"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/go-json-experiment/json/jsontext"

	"plenum/handlers/internal/request"
	"plenum/handlers/internal/respond"
	"plenum/moderation"
	"plenum/templates"
)

const visitSeconds = 5 * 60 // as long as the challenge holds

// visitCookie is the name of the cookie by which a browser shows that a challenge was handed to it.
func (h *Handler) visitCookie() string { return h.Asker.Cookie + "-door" }

// Knock answers what a browser needs to show a passkey, the same for everybody. The answer has to come with the cookie that
// is given with it.
func (h *Handler) Knock(c *gin.Context) error {
	if err := h.Asker.SameOrigin(c); err != nil {
		return err
	}
	options, token, err := h.Flow.Knock(c.Request.Context(), request.Network(c))
	if err != nil {
		return err
	}
	h.setVisit(c, token, visitSeconds)
	return h.Respond.JSON(c, http.StatusOK, options)
}

func (h *Handler) setVisit(c *gin.Context, token string, seconds int) {
	http.SetCookie(c.Writer, &http.Cookie{Name: h.visitCookie(), Value: token, Path: "/", MaxAge: seconds,
		HttpOnly: true, Secure: h.Secure, SameSite: http.SameSiteStrictMode})
}

// Enter opens a session with a passkey, or shows the door again.
func (h *Handler) Enter(c *gin.Context) error {
	var f struct {
		Credential string `form:"credential"`
		Next       string `form:"next"`
	}
	if err := request.Form(c, &f); err != nil {
		return err
	}
	if _, err := h.enter(c, []byte(f.Credential)); err != nil {
		return h.again(c, err, func(status int, problem string) error {
			return h.page(c, status, templates.SignIn{Problem: problem, Next: request.DeskPath(f.Next)})
		})
	}
	return respond.SeeOther(c, request.DeskPath(f.Next))
}

// Open opens a session with a passkey, for programs: its cookie comes with the answer.
func (h *Handler) Open(c *gin.Context) error {
	var form struct {
		Credential jsontext.Value `json:"credential"`
	}
	if err := request.JSON(c, &form); err != nil {
		return err
	}
	expires, err := h.enter(c, form.Credential)
	if err != nil {
		return err
	}
	return h.Respond.JSON(c, http.StatusCreated, struct {
		ExpiresAt time.Time `json:"expires_at"`
	}{expires.UTC()})
}

// enter sets the session's cookie in the place of the visit's, whose challenge is used up.
func (h *Handler) enter(c *gin.Context, credential []byte) (expires time.Time, err error) {
	if err := h.Asker.SameOrigin(c); err != nil {
		return expires, err
	}
	visit := moderation.Visit{Device: c.Request.UserAgent()}
	if visit.Token, err = c.Cookie(h.visitCookie()); err != nil { // then there was no challenge
		visit.Token = ""
	}
	token, expires, err := h.Flow.Enter(c.Request.Context(), visit, credential)
	h.setVisit(c, "", -1)
	if err != nil {
		return expires, err
	}
	h.setCookie(c, token, expires)
	return expires, nil
}
