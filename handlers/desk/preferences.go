package desk

import (
	"net/http"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"plenum/handlers/internal/request"
	"plenum/handlers/internal/respond"
	"plenum/models"
	"plenum/moderation"
	"plenum/templates"
)

// sheet writes a page of the desk as its moderator likes it.
func (h *Handler) sheet(c *gin.Context, status int, name string, page respond.Worn) error {
	return h.Respond.Sheet(c, status, name, page)
}

// Preferences shows how the moderator likes the desk.
func (h *Handler) Preferences(c *gin.Context) error {
	set, sites, err := h.Flow.Preferences(c.Request.Context(), request.Moderator(c))
	if err != nil {
		return err
	}
	page := templates.Preferences{Locale: set.Locale, Saved: c.Query("saved") == "1", Back: "/desk"}
	for _, s := range sites {
		kinds := set.Alerts[s.SiteID]
		page.Alerts = append(page.Alerts, templates.SiteAlerts{ID: s.SiteID, Name: s.SiteName,
			Waiting: slices.Contains(kinds, models.AlertWaiting), Late: slices.Contains(kinds, models.AlertLate)})
	}
	return h.sheet(c, http.StatusOK, "desk/preferences", &page)
}

// preferencesForm is the whole of them: a box that is not checked is not sent.
type preferencesForm struct {
	Locale     string   `form:"locale"`
	Scheme     string   `form:"scheme"`
	SingleKeys string   `form:"single_keys"`
	Alerts     []string `form:"alert"` // SITE:KIND
}

// SetPreferences takes the form.
func (h *Handler) SetPreferences(c *gin.Context) error {
	var f preferencesForm
	if err := request.Form(c, &f); err != nil {
		return err
	}
	if !slices.Contains([]string{"de", "en"}, f.Locale) || !slices.Contains([]string{"system", "light", "dark"}, f.Scheme) {
		return request.Malformed("locale", "value")
	}
	set := moderation.Preferences{Locale: f.Locale, Scheme: f.Scheme, SingleKeys: "off", Alerts: map[uuid.UUID][]string{}}
	if f.SingleKeys == "on" {
		set.SingleKeys = "on"
	}
	for _, wish := range f.Alerts {
		site, kind, _ := strings.Cut(wish, ":")
		id, err := uuid.Parse(site)
		if err != nil || kind != models.AlertWaiting && kind != models.AlertLate {
			return request.Malformed("alert", "value")
		}
		set.Alerts[id] = append(set.Alerts[id], kind)
	}
	if err := h.Flow.SetPreferences(c.Request.Context(), request.Moderator(c), set); err != nil {
		return err
	}
	return respond.SeeOther(c, "/desk/preferences?saved=1")
}
