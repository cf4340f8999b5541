package desk

import (
	"net/http"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"plenum/handlers/internal/request"
	"plenum/moderation"
	"plenum/templates"
)

// tokenItems are the sites of a moderator, and their own API tokens there.
func tokenItems(s moderation.Security) (sites []templates.Site, items []templates.TokenItem) {
	names := map[uuid.UUID]templates.Site{}
	for _, site := range s.Sites {
		names[site.SiteID] = templates.Site{Slug: site.Slug, Name: site.SiteName}
		sites = append(sites, names[site.SiteID])
	}
	for _, t := range s.Tokens {
		item := templates.TokenItem{ID: t.ID, Name: t.Name, Scope: t.Scope, Since: t.CreatedAt, Site: names[t.SiteID]}
		if t.ExpiresAt != nil {
			item.Until = *t.ExpiresAt
		}
		items = append(items, item)
	}
	return sites, items
}

// tokenForm is an API token to be made; no days: it lasts until it is revoked.
type tokenForm struct {
	Name  string `form:"name"`
	Scope string `form:"scope"`
	Days  string `form:"days"`
}

// purpose holds what was typed to its limits.
type purpose struct {
	Name string `json:"name" binding:"max=80,line"`
}

// MakeToken makes an API token of the moderator's own, and shows it this once.
func (h *Handler) MakeToken(c *gin.Context) error {
	var f tokenForm
	if err := request.Form(c, &f); err != nil {
		return err
	}
	days, err := request.Whole("days", f.Days)
	if err != nil {
		return err
	}
	if days == nil {
		days = new(int)
	}
	var token string
	if err = request.Check(&purpose{f.Name}); err == nil {
		_, token, err = h.Flow.MakeToken(c.Request.Context(), request.Site(c), request.Actor(c), moderation.NewToken{Name: f.Name, Scope: f.Scope, Days: *days})
	}
	if err != nil {
		return h.minded(c, "", err)
	}
	return h.security(c, http.StatusOK, templates.Security{Token: token})
}

// RevokeToken takes one of the moderator's own API tokens away.
func (h *Handler) RevokeToken(c *gin.Context) error {
	id, err := request.ID(c, "id")
	if err != nil {
		return err
	}
	return h.minded(c, "revoked", h.Flow.RevokeToken(c.Request.Context(), request.Site(c), request.Actor(c), id))
}
