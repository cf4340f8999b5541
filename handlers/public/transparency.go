package public

import (
	"github.com/gin-gonic/gin"

	"plenum/handlers/internal/request"
	"plenum/handlers/internal/respond"
)

const reportDays = 30

// Transparency shows the public report of a period: the last thirty days, unless the address says otherwise.
func (h *Handler) Transparency(c *gin.Context) error {
	period, err := request.Dates(c, h.Flow.LastDays(reportDays))
	if err != nil {
		return err
	}
	site := request.Site(c)
	figures, err := h.Flow.Statistics(c.Request.Context(), site, period)
	if err != nil {
		return err
	}
	rules, err := h.Flow.Store.Readers().Rules(c.Request.Context(), site.ID, 0)
	if err != nil {
		return err
	}
	set, _ := rules.In(respond.Locale(c), site.Locale)
	page := respond.Figures(respond.SiteView(c), figures, set.Rules)
	page.Heads = respond.Heads(figures.Heads)
	return h.Respond.PublicHTML(c, "public/transparency", page)
}
