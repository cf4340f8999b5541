package admin

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"plenum/handlers/internal/request"
	"plenum/handlers/internal/respond"
	"plenum/models"
	"plenum/moderation"
	"plenum/templates"
)

// groups are the parts of the page, each with its numbers by the names in moderation.SettingBounds.
var groups = []struct {
	name    string
	numbers []string
}{
	{"promise", []string{"target_minutes", "report_target_minutes", "appeal_target_minutes", "appeal_days"}},
	{"threads", []string{"close_after_days", "thread_depth"}},
	{"writing", []string{"limit_burst", "limit_seconds"}},
	{"desk", []string{"undo_seconds", "bulk_hour", "bulk_day", "removals_hour"}},
	{"cdn", []string{"shared_cache_seconds"}},
}

// settingsForm is the whole page but its numbers: a box that is not checked is not sent.
type settingsForm struct {
	Seen    string `form:"seen"`
	Name    string `form:"name"`
	Origins string `form:"origins"` // one a line
	Agree   string `form:"agree"`
	Confirm string `form:"confirm"`
}

// Settings shows what holds for the site, and what was changed of it.
func (h *Handler) Settings(c *gin.Context) error {
	changes, err := request.Changes(c)
	if err != nil {
		return err
	}
	s, err := h.Flow.Settings(c.Request.Context(), request.Site(c), request.Actor(c), changes)
	if err != nil {
		return err
	}
	page := templates.Settings{Saved: c.Query("saved") == "1", Name: s.Site.Name, Origins: strings.Join(s.Site.Origins, "\n"),
		Agree: s.Site.Reaction == models.ReactionAgree, Confirm: s.Site.RequireConfirmed, Older: len(s.Changes) == changes}
	return h.settings(c, http.StatusOK, page, s, func(name string) string { return strconv.Itoa(s.Numbers[name]) })
}

// settings shows the page with these numbers.
func (h *Handler) settings(c *gin.Context, status int, page templates.Settings, s moderation.Settings, number func(name string) string) error {
	page.Site, page.CDN = templates.Site{Slug: s.Site.Slug, Name: s.Site.Name}, s.CDN
	for _, g := range groups {
		group := templates.SettingGroup{Name: g.name}
		for _, name := range g.numbers {
			b := moderation.SettingBounds[name]
			group.Numbers = append(group.Numbers, templates.SettingNumber{Name: name, Value: number(name), Min: b.Min, Max: b.Max})
		}
		page.Groups = append(page.Groups, group)
	}
	for _, e := range s.Changes {
		page.Changes = append(page.Changes, templates.SettingChangeItem{At: e.CreatedAt, Actor: e.Actor, Setting: e.Setting, Was: e.Was, Becomes: e.Becomes})
	}
	if len(s.Changes) > 0 {
		page.Seen = s.Changes[0].ID
	}
	return h.Respond.Sheet(c, status, "desk/settings", &page)
}

// ChangeSettings takes the form. What is refused is shown again as it was typed.
func (h *Handler) ChangeSettings(c *gin.Context) error {
	var f settingsForm
	if err := request.Form(c, &f); err != nil {
		return err
	}
	site, actor := request.Site(c), request.Actor(c)
	s, err := h.Flow.Settings(c.Request.Context(), site, actor, request.NewestChanges)
	if err != nil {
		return err
	}
	change, err := f.change(c, s)
	if err == nil {
		_, err = h.Flow.ChangeSettings(c.Request.Context(), site, actor, change)
	}
	if err == nil {
		return respond.SeeOther(c, "/desk/"+site.Slug+"/settings?saved=1")
	}
	if !respond.Expected(err) {
		return err
	}
	d := h.Respond.Explain(c, err)
	typed := templates.Settings{Problem: d.Said(), Name: f.Name, Origins: f.Origins, Agree: f.Agree == "on", Confirm: f.Confirm == "on",
		Older: len(s.Changes) == request.NewestChanges}
	if len(d.Errors) > 0 {
		typed.Wrong = d.Errors[0].Field
	}
	return h.settings(c, d.Status, typed, s, c.PostForm)
}

// change is what the form wants otherwise than it is: a delay that is the program's stays the program's.
func (f settingsForm) change(c *gin.Context, s moderation.Settings) (change moderation.SiteChange, err error) {
	seen, err := uuid.Parse(f.Seen)
	if err != nil {
		return change, request.Malformed("", "value")
	}
	reaction, confirm := "none", "no"
	if f.Agree == "on" {
		reaction = models.ReactionAgree
	}
	if f.Confirm == "on" {
		confirm = "yes"
	}
	change = moderation.SiteChange{Name: &f.Name, Origins: strings.Fields(f.Origins), Reaction: &reaction, Confirm: &confirm, Seen: &seen, Numbers: map[string]int{}}
	for _, g := range groups {
		for _, name := range g.numbers {
			n, err := request.Whole(name, c.PostForm(name))
			if err != nil {
				return change, err
			}
			if n != nil && *n != s.Numbers[name] {
				change.Numbers[name] = *n
			}
		}
	}
	return change, nil
}
