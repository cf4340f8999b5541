package public

import (
	"net/http"
	"net/url"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"plenum/handlers/internal/request"
	"plenum/handlers/internal/respond"
	"plenum/models"
	"plenum/moderation"
	"plenum/templates"
)

// Following shows the holder of the link what its address follows on the site.
func (h *Handler) Following(c *gin.Context) error {
	l, err := mailed(c)
	if err != nil {
		return err
	}
	all, err := h.Flow.Following(c.Request.Context(), request.Site(c), l)
	if err != nil {
		return err
	}
	page := templates.Following{Site: respond.SiteView(c), ID: l.ID, Token: l.Token, Email: all.Follower.Email, Confirmed: c.Query("confirmed") == "1" && len(all.Items) > 0}
	for _, s := range all.Items {
		page.Items = append(page.Items, templates.FollowedItem{Followed: whatFollowed(s), ID: s.ID, ArticleKey: s.ArticleKey,
			Daily: s.Pace == models.PaceDaily, Unconfirmed: s.ConfirmedAt == nil})
	}
	return h.Respond.HTML(c, http.StatusOK, "public/following", page)
}

// SetFollowing changes or ends one of these things, and shows the page again.
func (h *Handler) SetFollowing(c *gin.Context) error {
	id, err := request.ID(c, "id")
	if err != nil {
		return err
	}
	var form request.FollowingForm
	if err := request.Form(c, &form); err != nil {
		return err
	}
	subscriptionID, err := form.ID()
	if err != nil {
		return err
	}
	l := moderation.Link{ID: id, Token: form.Token}
	if err := h.setFollowing(c, l, subscriptionID, form.Act); err != nil {
		return err
	}
	return respond.SeeOther(c, "/"+request.Site(c).Slug+"/followers/"+id.String()+"?token="+url.QueryEscape(l.Token)+kept(c))
}

func (h *Handler) setFollowing(c *gin.Context, l moderation.Link, subscriptionID uuid.UUID, act string) error {
	if act == "end" {
		return h.Flow.StopFollowing(c.Request.Context(), request.Site(c), l, subscriptionID)
	}
	return h.Flow.SetPace(c.Request.Context(), request.Site(c), l, subscriptionID, act)
}
