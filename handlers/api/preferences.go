package api

import (
	"net/http"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"plenum/handlers/internal/request"
	"plenum/models"
	"plenum/moderation"
)

// preferences is how the signed-in moderator likes the desk, and which mails they want of which site.
type preferences struct {
	Locale     string   `json:"locale" binding:"required,oneof=de en"`
	Scheme     string   `json:"scheme" binding:"required,oneof=system light dark"`
	SingleKeys string   `json:"single_keys" binding:"required,oneof=on off"`
	Alerts     []alerts `json:"alerts" binding:"dive"`
}

type alerts struct {
	Site  string   `json:"site" binding:"required"`
	Kinds []string `json:"kinds" binding:"dive,oneof=waiting late"`
}

// Preferences answers what the moderator set, with every site that they serve.
func (h *Handler) Preferences(c *gin.Context) error {
	set, sites, err := h.Flow.Preferences(c.Request.Context(), request.Moderator(c))
	if err != nil {
		return err
	}
	answer := preferences{Locale: set.Locale, Scheme: set.Scheme, SingleKeys: set.SingleKeys, Alerts: []alerts{}}
	for _, s := range sites {
		answer.Alerts = append(answer.Alerts, alerts{s.Slug, append([]string{}, set.Alerts[s.SiteID]...)})
	}
	return h.Respond.JSON(c, http.StatusOK, answer)
}

// SetPreferences sets all of them: of a site that is not named no mails are wanted.
func (h *Handler) SetPreferences(c *gin.Context) error {
	var form preferences
	if err := request.JSON(c, &form); err != nil {
		return err
	}
	sites, err := h.Flow.Store.Memberships(c.Request.Context(), request.Moderator(c).ID)
	if err != nil {
		return err
	}
	set := moderation.Preferences{Locale: form.Locale, Scheme: form.Scheme, SingleKeys: form.SingleKeys, Alerts: form.wanted(sites)}
	if err := h.Flow.SetPreferences(c.Request.Context(), request.Moderator(c), set); err != nil {
		return err
	}
	return h.Respond.JSON(c, http.StatusOK, form)
}

// wanted is what the form wants by the sites' ids; of a site that the moderator does not serve by no site's, which is refused.
func (p preferences) wanted(sites []models.Membership) map[uuid.UUID][]string {
	ids, kinds := map[string]uuid.UUID{}, map[uuid.UUID][]string{}
	for _, s := range sites {
		ids[s.Slug] = s.SiteID
	}
	for _, a := range p.Alerts {
		kinds[ids[a.Site]] = a.Kinds
	}
	return kinds
}
