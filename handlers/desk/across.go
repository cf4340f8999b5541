package desk

import (
	"net/http"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"plenum/handlers/internal/request"
	"plenum/handlers/internal/respond"
	"plenum/templates"
)

// All makes the list of all the moderator's sites the one to work on.
func (h *Handler) All(c *gin.Context) error {
	address := *c.Request.URL
	query := address.Query()
	query.Set("all", "1")
	address.RawQuery = query.Encode()
	c.Request.URL = &address
	return nil
}

// QueueOfAll shows a lane of all the moderator's sites with nothing open.
func (h *Handler) QueueOfAll(c *gin.Context) error {
	sites, err := h.Flow.Store.Memberships(c.Request.Context(), request.Moderator(c).ID)
	if err != nil {
		return err
	}
	if len(sites) == 0 {
		return &request.Problem{Status: http.StatusForbidden, Key: "refusal.no_site"}
	}
	page := templates.Desk{Site: templates.Site{Slug: sites[0].Slug, Name: sites[0].SiteName}, Me: request.Moderator(c).Name, All: true}
	if err := h.list(c, &page, uuid.Nil); err != nil {
		return err
	}
	return h.sheet(c, http.StatusOK, "desk/desk", &page)
}

// ClaimOfAll opens the next item of all the moderator's sites.
func (h *Handler) ClaimOfAll(c *gin.Context) error { return h.nextOfAll(c) }

// nextOfAll opens the first item of all sites that is free; the list, where there is none.
func (h *Handler) nextOfAll(c *gin.Context) error {
	ask, err := request.Question(c)
	if err != nil {
		return err
	}
	item, err := h.Flow.ClaimNextOf(c.Request.Context(), request.Moderator(c), ask)
	if err != nil {
		return err
	}
	if item == nil {
		return respond.SeeOther(c, noneFreeURL(c))
	}
	return respond.SeeOther(c, itemURL(c, item.SiteSlug, item.ID))
}
