package desk

import (
	"maps"
	"net/http"
	"slices"

	"github.com/gin-gonic/gin"

	"plenum/handlers/internal/request"
	"plenum/handlers/internal/respond"
	"plenum/models"
	"plenum/moderation"
	"plenum/templates"
)

// Rules shows the rules in force as they are published, and the statements that their keys fill in. It is for editors.
func (h *Handler) Rules(c *gin.Context) error {
	page := templates.EditRules{}
	if word := c.Query("did"); word == "published" || word == "saved" {
		page.Did = word
	}
	return h.editRules(c, http.StatusOK, page)
}

// rulesForm is the next version of the rules.
type rulesForm struct {
	Text string `form:"text"`
}

// PublishRules makes the next version of the rules.
func (h *Handler) PublishRules(c *gin.Context) error {
	var f rulesForm
	if err := request.Form(c, &f); err != nil {
		return err
	}
	page := templates.EditRules{Text: lines(f.Text)}
	texts, err := moderation.ParseRules([]byte(page.Text))
	if err != nil {
		page.Problem = h.Respond.Templates.T(respond.Locale(c), "editrules.unreadable", nil)
		return h.editRules(c, http.StatusUnprocessableEntity, page)
	}
	if _, err := h.Flow.PublishRules(c.Request.Context(), request.Site(c), request.Actor(c), texts); err != nil {
		return h.refusedRules(c, page, err)
	}
	return respond.SeeOther(c, "/desk/"+request.Site(c).Slug+"/rules?did=published")
}

// statementForm words the statement of a rule.
type statementForm struct {
	Version int    `form:"version"`
	Locale  string `form:"locale"`
	Code    string `form:"code"`
	Text    string `form:"text"`
}

// worded holds what names the rule to its limits.
type worded struct {
	Version int    `json:"version" binding:"min=1,max=2147483647"` // no more than its row has room for
	Locale  string `json:"locale" binding:"required,oneof=de en"`
	Code    string `json:"code" binding:"required,max=40,line"`
}

// PutStatement words the statement that a rule's key fills in.
func (h *Handler) PutStatement(c *gin.Context) error {
	var f statementForm
	if err := request.Form(c, &f); err != nil {
		return err
	}
	err := request.Check(&worded{f.Version, f.Locale, f.Code})
	if err == nil {
		err = h.Flow.PutStatementTemplate(c.Request.Context(), request.Site(c), request.Actor(c),
			models.StatementTemplate{Version: f.Version, Locale: f.Locale, Code: f.Code, Text: f.Text})
	}
	if err != nil {
		return h.refusedRules(c, templates.EditRules{}, err)
	}
	return respond.SeeOther(c, "/desk/"+request.Site(c).Slug+"/rules?did=saved")
}

func (h *Handler) refusedRules(c *gin.Context, page templates.EditRules, err error) error {
	if !respond.Expected(err) {
		return err
	}
	d := h.Respond.Explain(c, err)
	if page.Problem = d.Detail; len(d.Errors) > 0 {
		page.Problem = d.Errors[0].Field + ": " + d.Errors[0].Message
	}
	return h.editRules(c, d.Status, page)
}

func (h *Handler) editRules(c *gin.Context, status int, page templates.EditRules) error {
	site := request.Site(c)
	if !request.Actor(c).AtLeast(moderation.RoleEditor) {
		return &request.Problem{Status: http.StatusForbidden, Key: "refusal.role"}
	}
	rules, written, err := h.Flow.RuleFile(c.Request.Context(), site.ID)
	if err != nil {
		return err
	}
	page.Site, page.Version = templates.Site{Slug: site.Slug, Name: site.Name}, rules.Version
	if page.Text == "" {
		page.Text = written
	}
	for _, locale := range slices.Sorted(maps.Keys(rules.Locales)) {
		for _, r := range rules.Locales[locale].Rules {
			page.Rules = append(page.Rules, templates.EditedRule{Rule: templates.Rule{Number: r.Number, Code: r.Code, Title: r.Title},
				Locale: locale, Statement: r.Statement})
		}
	}
	return h.sheet(c, status, "desk/rules", &page)
}
