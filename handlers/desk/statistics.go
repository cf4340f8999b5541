package desk

import (
	"bytes"
	"encoding/csv"
	"net/http"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"plenum/handlers/internal/request"
	"plenum/handlers/internal/respond"
	"plenum/moderation"
	"plenum/templates"
)

const reportDays = 30

func (h *Handler) figures(c *gin.Context) (moderation.Figures, error) {
	period, err := request.Dates(c, h.Flow.LastDays(reportDays))
	if err != nil {
		return moderation.Figures{}, err
	}
	return h.Flow.Statistics(c.Request.Context(), request.Site(c), period)
}

// Statistics shows the figures of a period. Who decided how much, editors see of all and others of themselves.
func (h *Handler) Statistics(c *gin.Context) error {
	g, err := h.figures(c)
	if err != nil {
		return err
	}
	site, actor := request.Site(c), request.Actor(c)
	rules, err := h.Flow.Store.Rules(c.Request.Context(), site.ID, 0)
	if err != nil {
		return err
	}
	set, _ := rules.In(respond.Locale(c), site.Locale)
	page := respond.Figures(templates.Site{Slug: site.Slug, Name: site.Name}, g, set.Rules)
	for _, a := range g.Waiting {
		page.Waiting = append(page.Waiting, templates.AgeCount(a))
	}
	for _, m := range g.Moderators {
		if m.ModeratorID == actor.ID || actor.AtLeast(moderation.RoleEditor) {
			page.Moderators = append(page.Moderators, templates.PersonCount{Name: m.Name, Count: m.Count})
		}
	}
	return h.sheet(c, http.StatusOK, "desk/statistics", &page)
}

// StatisticsCSV is the table of days as a file. It holds days and numbers only, nothing that a spreadsheet would run.
func (h *Handler) StatisticsCSV(c *gin.Context) error {
	g, err := h.figures(c)
	if err != nil {
		return err
	}
	rows := [][]string{{"day", "received", "approved", "refused", "median_seconds", "ninetieth_seconds"}}
	for _, d := range g.Days {
		rows = append(rows, []string{d.Day.Format(time.DateOnly), strconv.Itoa(d.Received), strconv.Itoa(d.Approved), strconv.Itoa(d.Refused),
			optional(d.Median), optional(d.Ninetieth)})
	}
	var body bytes.Buffer
	if err := csv.NewWriter(&body).WriteAll(rows); err != nil {
		return err
	}
	c.Header("Content-Disposition", `attachment; filename="`+request.Site(c).Slug+`-`+g.From.Format(time.DateOnly)+`.csv"`)
	return respond.File(c, "text/csv; charset=utf-8", body.Bytes())
}

func optional(n *int) string {
	if n == nil {
		return ""
	}
	return strconv.Itoa(*n)
}
