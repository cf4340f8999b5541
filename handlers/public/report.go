package public

import (
	"net/http"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"plenum/handlers/internal/request"
	"plenum/handlers/internal/respond"
	"plenum/templates"
)

// Report shows the form in which a reader reports a public comment. It is the same for everybody.
func (h *Handler) Report(c *gin.Context) error {
	id, err := request.ID(c, "id")
	if err != nil {
		return err
	}
	page, err := h.reportPage(c, id)
	if err != nil {
		return err
	}
	return h.Respond.PublicHTML(c, "public/report", page)
}

func (h *Handler) reportPage(c *gin.Context, id uuid.UUID) (templates.Report, error) {
	site, locale := request.Site(c), respond.Locale(c)
	shown, err := h.Flow.Reportable(c.Request.Context(), site, id)
	if err != nil {
		return templates.Report{}, err
	}
	return templates.Report{Site: respond.SiteView(c), Article: articleView(shown.Article), Comment: place(shown.Place, shown.Article),
		Rules: rulesView(shown.Rules, locale, site.Locale)}, nil
}

// SendReport takes the report and shows its number, or the form again with all that was typed.
func (h *Handler) SendReport(c *gin.Context) error {
	id, err := request.ID(c, "id")
	if err != nil {
		return err
	}
	page, err := h.reportPage(c, id)
	if err != nil {
		return err
	}
	form, failed := request.ReportForm(c)
	if failed == nil {
		if form.Kind == "illegal" { // a rule chosen before is no part of it
			form.Rule = ""
		}
		report := form.Report(id, respond.Locale(c))
		report.Request.Network = request.Network(c)
		page.Number, failed = h.Flow.Report(c.Request.Context(), request.Site(c), report)
	}
	if failed == nil {
		return h.Respond.HTML(c, http.StatusOK, "public/report", page)
	}
	fields, notice, status, err := h.Respond.Messages(c, failed)
	if err != nil {
		return err
	}
	page.Form = templates.ReportForm{Kind: form.Kind, Rule: form.Rule, Text: form.Text, Name: form.Name, Email: form.Email,
		GoodFaith: form.GoodFaith, Errors: fields, Notice: notice}
	return h.Respond.HTML(c, status, "public/report", page)
}
