package public

import (
	"encoding/json"
	"errors"
	"net/url"

	"github.com/gin-gonic/gin"

	"plenum/handlers/internal/request"
	"plenum/handlers/internal/respond"
	"plenum/models"
	"plenum/moderation"
	"plenum/templates"
)

// Submit takes a comment from the page's form and shows its author's own page. What is not acceptable is said beside
// its field, with everything typed still there.
func (h *Handler) Submit(c *gin.Context) error {
	site := request.Site(c)
	form, err := request.CommentForm(c)
	if err == nil {
		form.Locale = respond.Locale(c)
		s := form.Submission("", nil)
		s.Request.Network = request.Network(c)
		receipt, submitErr := h.Flow.Submit(c.Request.Context(), site, s)
		if submitErr == nil {
			return respond.SeeOther(c, "/"+site.Slug+"/comments/"+receipt.ID.String()+"?new=1&token="+url.QueryEscape(receipt.ManageToken)+kept(c))
		}
		err = submitErr
	}
	return h.retry(c, form, err)
}

// retry shows the thread with the form as it was typed, and what is wrong with it.
func (h *Handler) retry(c *gin.Context, form request.Comment, failed error) error {
	fields, notice, status, err := h.Respond.Messages(c, failed)
	if err != nil {
		return err
	}
	q, err := h.threadQuery(c)
	if err != nil {
		return err
	}
	if form.ParentID != nil {
		q.page.Parent.UUID, q.page.Parent.Valid = *form.ParentID, true
	}
	page, err := h.threadPage(c, q)
	if err != nil {
		return err
	}
	page.Form = typed(form, page.Form)
	page.Form.Errors, page.Form.Notice = fields, notice
	h.tellSanction(c, &page.Form, failed)
	if err := offerProof(&page.Form, form, failed); err != nil {
		return err
	}
	return h.Respond.HTML(c, status, "public/thread", page)
}

// tellSanction shows what stands against the writer: the rules, and of a warning what the moderators wrote and the box
// to acknowledge it by.
func (h *Handler) tellSanction(c *gin.Context, form *templates.Form, failed error) {
	var turned *moderation.Sanctioned
	if !errors.As(failed, &turned) {
		return
	}
	set, _ := turned.Rules.In(respond.Locale(c), request.Site(c).Locale)
	form.Sanction = &templates.FormSanction{ID: turned.Sanction.ID, Rules: ruleViews(set.Rules, turned.Sanction.Laid.Rules)}
	if turned.Sanction.Kind == models.SanctionWarn {
		form.Sanction.Warning, form.Sanction.Statement = true, turned.Sanction.Laid.Statement
	}
}

// offerProof gives a form that came too fast the sum that lets it through. Only once: who got it wrong is told to wait.
func offerProof(page *templates.Form, sent request.Comment, failed error) error {
	var fast *moderation.TooFast
	if !errors.As(failed, &fast) || sent.Proof != "" {
		return nil
	}
	challenge, err := json.Marshal(fast.Challenge)
	page.Challenge = string(challenge)
	return err
}

// typed is the form with what was typed, and with the rules as they are now.
func typed(c request.Comment, fresh templates.Form) templates.Form {
	fresh.ArticleURL, fresh.ArticleTitle = c.Article.URL, c.Article.Title
	fresh.ArticleLead, fresh.Signature = c.Article.Lead, c.Article.Signature
	fresh.Name, fresh.Email, fresh.URL, fresh.Body = c.Author.Name, c.Author.Email, c.Author.URL, c.Body
	return fresh
}
