package desk

import (
	"net/http"
	"net/url"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"plenum/handlers/internal/request"
	"plenum/handlers/internal/respond"
	"plenum/models"
	"plenum/moderation"
	"plenum/moderation/markup"
	"plenum/templates"
)

// spreeForm names whose decisions are meant, and of which time.
type spreeForm struct {
	By   string `form:"by"`
	From string `form:"from"`
	To   string `form:"to"`
}

// takingsShown is how many comments the page lists of each kind; the numbers are of all.
const takingsShown = 100

// Sprees shows the alarms, and what it would mean to take back all that one person decided in a time.
func (h *Handler) Sprees(c *gin.Context) error {
	f := spreeForm{c.Query("by"), c.Query("from"), c.Query("to")}
	page, err := h.spreesPage(c, f)
	if err != nil || f.By == "" {
		return h.shown(c, http.StatusOK, page, err)
	}
	d, err := request.Decider(page.By, page.From, page.To)
	if err != nil {
		return err
	}
	t, err := h.Flow.TakingBack(c.Request.Context(), request.Site(c), request.Actor(c), d)
	if err != nil {
		return h.spreeRefused(c, page, err)
	}
	page.Asked, page.Takes, page.Leaves, page.Open = true, len(t.Takes), len(t.Leaves), t.Open
	page.Taken, page.Left = h.takings(c, t.Takes), h.takings(c, t.Leaves)
	return h.shown(c, http.StatusOK, page, nil)
}

// UndoSpree takes all of it back, and shows how far that is.
func (h *Handler) UndoSpree(c *gin.Context) error {
	var f spreeForm
	if err := request.Form(c, &f); err != nil {
		return err
	}
	d, err := request.Decider(f.By, f.From, f.To)
	if err != nil {
		return err
	}
	b, err := h.Flow.UndoSpree(c.Request.Context(), request.Site(c), request.Actor(c), d)
	if err == nil {
		return h.ordered(c)(b, nil)
	}
	page, failed := h.spreesPage(c, f)
	if failed != nil {
		return failed
	}
	return h.spreeRefused(c, page, err)
}

func (h *Handler) shown(c *gin.Context, status int, page templates.Sprees, err error) error {
	if err != nil {
		return err
	}
	return h.sheet(c, status, "desk/sprees", &page)
}

// spreeRefused shows the page with what was refused.
func (h *Handler) spreeRefused(c *gin.Context, page templates.Sprees, err error) error {
	if !respond.Expected(err) {
		return err
	}
	d := h.Respond.Explain(c, err)
	page.Problem = d.Said()
	return h.shown(c, d.Status, page, nil)
}

// spreesPage is the page before anything is asked: the alarms, the people, and until now where no end is named.
func (h *Handler) spreesPage(c *gin.Context, f spreeForm) (page templates.Sprees, err error) {
	site, actor, ctx := request.Site(c), request.Actor(c), c.Request.Context()
	page = templates.Sprees{Site: templates.Site{Slug: site.Slug, Name: site.Name}, By: f.By, From: f.From, To: f.To}
	if f.To == "" {
		page.To = h.Flow.Now().UTC().Add(time.Minute).Truncate(time.Minute).Format(localTime)
	}
	if page.Alarms, err = h.alarms(c); err != nil {
		return page, err
	}
	people, err := h.Flow.Deciders(ctx, site, actor)
	page.People = colleagues(people, uuid.Nil)
	return page, err
}

// alarms are those of the last week, for editors.
func (h *Handler) alarms(c *gin.Context) (views []templates.SpreeItem, err error) {
	all, err := h.Flow.Sprees(c.Request.Context(), request.Site(c), request.Actor(c))
	for _, s := range all {
		query := url.Values{"by": {s.ModeratorID.String()}, "from": {s.StartedAt.UTC().Format(localTime)}}
		views = append(views, templates.SpreeItem{URL: "/desk/" + request.Site(c).Slug + "/sprees?" + query.Encode(), Name: s.Name, Kind: s.Kind,
			Count: s.Count, Usual: s.Usual, Since: s.StartedAt, Last: s.LastAt, Over: s.Over})
	}
	return views, err
}

func (h *Handler) takings(c *gin.Context, all []models.Taking) (views []templates.TakingItem) {
	for _, t := range all[:min(len(all), takingsShown)] {
		views = append(views, templates.TakingItem{URL: itemURL(c, request.Site(c).Slug, t.CommentID), Name: t.AuthorName, Text: markup.Excerpt(t.Body, excerptLength), Action: t.Action,
			Status: t.Status, Since: t.Since, SinceBy: t.SinceBy})
	}
	return views
}

// alarmed are the alarms that are not over, for whoever may do something about them.
func (h *Handler) alarmed(c *gin.Context) (open []templates.SpreeItem, err error) {
	if !request.Actor(c).AtLeast(moderation.RoleEditor) {
		return nil, nil
	}
	all, err := h.alarms(c)
	for _, s := range all {
		if !s.Over {
			open = append(open, s)
		}
	}
	return open, err
}
