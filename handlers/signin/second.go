package signin

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"plenum/handlers/internal/request"
	"plenum/handlers/internal/respond"
	"plenum/moderation"
	"plenum/templates"
)

// Second asks for the second factor that whoever signed in with a password owes.
func (h *Handler) Second(c *gin.Context) error {
	return h.second(c, http.StatusOK, templates.Second{Next: request.DeskPath(c.Query("next"))})
}

type proofForm struct {
	Password   string `form:"password"`
	Code       string `form:"code"`
	Credential string `form:"credential"` // of a passkey: a script fills it in
	Next       string `form:"next"`
}

func (f proofForm) proof() moderation.Proof {
	return moderation.Proof{Password: f.Password, Code: f.Code, Passkey: []byte(f.Credential)}
}

// Prove takes a code or a passkey, or shows the form again.
func (h *Handler) Prove(c *gin.Context) error {
	var f proofForm
	if err := request.Form(c, &f); err != nil {
		return err
	}
	next := request.DeskPath(f.Next)
	if err := h.Flow.Prove(c.Request.Context(), request.Seat(c), f.proof()); err != nil {
		return h.again(c, err, func(status int, problem string) error {
			return h.second(c, status, templates.Second{Next: next, Problem: problem})
		})
	}
	return respond.SeeOther(c, next)
}

// Confirm asks somebody who is signed in for a proof once more, before secrets or roles are changed.
func (h *Handler) Confirm(c *gin.Context) error {
	return h.confirm(c, http.StatusOK, templates.Second{Next: request.DeskPath(c.Query("next"))})
}

// Confirmed takes the password, a code or a passkey.
func (h *Handler) Confirmed(c *gin.Context) error {
	var f proofForm
	if err := request.Form(c, &f); err != nil {
		return err
	}
	next := request.DeskPath(f.Next)
	if err := h.Flow.ProveAgain(c.Request.Context(), request.Seat(c), f.proof()); err != nil {
		return h.again(c, err, func(status int, problem string) error {
			return h.confirm(c, status, templates.Second{Next: next, Problem: problem})
		})
	}
	return respond.SeeOther(c, next)
}

// again shows a form once more, with what was refused; any other error is given back.
func (h *Handler) again(c *gin.Context, failed error, show func(status int, problem string) error) error {
	if !respond.Expected(failed) {
		return failed
	}
	d := h.Respond.Explain(c, failed)
	respond.Headers(c, d)
	return show(d.Status, d.Said())
}

func (h *Handler) second(c *gin.Context, status int, page templates.Second) error {
	page.HasPasskey = request.Seat(c).HasPasskey
	return h.Respond.HTML(c, status, "desk/second", &page)
}

func (h *Handler) confirm(c *gin.Context, status int, page templates.Second) error {
	page.HasSecond, page.HasPasskey = request.Seat(c).HasSecond, request.Seat(c).HasPasskey
	page.SignOn = h.Flow.SignOn != nil
	return h.Respond.HTML(c, status, "desk/confirm", &page)
}
