package public

import (
	"net/http"
	"net/url"

	"github.com/gin-gonic/gin"

	"plenum/handlers/internal/request"
	"plenum/handlers/internal/respond"
	"plenum/models"
	"plenum/moderation"
	"plenum/templates"
)

// Confirm shows what a mailed link would confirm. Programs open links before people do: it changes nothing.
func (h *Handler) Confirm(c *gin.Context) error {
	l, err := mailed(c)
	if err != nil {
		return err
	}
	s, err := h.Flow.ToConfirm(c.Request.Context(), request.Site(c), l)
	if err != nil {
		return err
	}
	return h.Respond.HTML(c, http.StatusOK, "public/subscription", landing(c, "confirm", s))
}

// SendConfirm confirms, and goes on to all that the address follows.
func (h *Handler) SendConfirm(c *gin.Context) error {
	l, err := mailed(c)
	if err != nil {
		return err
	}
	all, err := h.Flow.Confirm(c.Request.Context(), request.Site(c), l)
	if err != nil {
		return err
	}
	return respond.SeeOther(c, "/"+request.Site(c).Slug+"/followers/"+all.ID.String()+"?confirmed=1&token="+url.QueryEscape(all.Token)+kept(c))
}

// End shows what a mailed link would end. It changes nothing.
func (h *Handler) End(c *gin.Context) error {
	l, err := mailed(c)
	if err != nil {
		return err
	}
	s, there, err := h.Flow.ToEnd(c.Request.Context(), request.Site(c), l)
	if err != nil {
		return err
	}
	page := landing(c, "end", s)
	page.Done = !there
	return h.Respond.HTML(c, http.StatusOK, "public/subscription", page)
}

// SendEnd ends a subscription: for the button of the page, and for mail programs by themselves. RFC 8058 §3.1: no sign-in,
// no cookie, nothing else to fill in, no redirect; what the body says is not looked at.
func (h *Handler) SendEnd(c *gin.Context) error {
	return h.sendEnd(c, "end", func(l moderation.Link) error { return h.Flow.Unsubscribe(c.Request.Context(), request.Site(c), l) })
}

// EndDigest shows the way out of a daily mail. It changes nothing.
func (h *Handler) EndDigest(c *gin.Context) error {
	l, err := mailed(c)
	if err != nil {
		return err
	}
	if err := h.Flow.MayEndDigest(request.Site(c), l); err != nil {
		return err
	}
	return h.Respond.HTML(c, http.StatusOK, "public/subscription", landing(c, "end_daily", models.Followed{}))
}

// SendEndDigest ends all that comes by the daily mail, as SendEnd ends one thing.
func (h *Handler) SendEndDigest(c *gin.Context) error {
	return h.sendEnd(c, "end_daily", func(l moderation.Link) error { return h.Flow.EndDigest(c.Request.Context(), request.Site(c), l) })
}

func (h *Handler) sendEnd(c *gin.Context, act string, end func(moderation.Link) error) error {
	l, err := mailed(c)
	if err != nil {
		return err
	}
	if err := end(l); err != nil {
		return err
	}
	page := landing(c, act, models.Followed{})
	page.Done = true
	return h.Respond.HTML(c, http.StatusOK, "public/subscription", page)
}

// mailed reads a link as a mail has it.
func mailed(c *gin.Context) (moderation.Link, error) {
	id, err := request.ID(c, "id")
	return moderation.Link{ID: id, Token: c.Query("token")}, err
}

// landing is the page of a mailed link. Its button sends to the page's own address.
func landing(c *gin.Context, act string, s models.Followed) templates.SubscriptionPage {
	return templates.SubscriptionPage{Site: respond.SiteView(c), Act: act, What: whatFollowed(s), Action: c.Request.URL.RequestURI()}
}

func whatFollowed(s models.Followed) templates.Followed {
	return templates.Followed{Kind: s.Kind, Narrow: s.ArticleKey != "", Title: s.ArticleTitle}
}
