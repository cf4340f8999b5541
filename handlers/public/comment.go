package public

import (
	"encoding/json"
	"errors"
	"net/http"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"plenum/handlers/internal/request"
	"plenum/handlers/internal/respond"
	"plenum/models"
	"plenum/moderation"
	"plenum/templates"
)

// Submit takes what the page's form sends. A comment is taken, and its author's own page shown; a preview stands above
// the form; what is not acceptable is said beside its field. Everything typed is still there.
func (h *Handler) Submit(c *gin.Context) error {
	form, err := request.CommentForm(c)
	switch {
	case err != nil:
		return h.retry(c, form, err)
	case form.Do == request.DoPreview:
		return h.preview(c, form)
	}
	site := request.Site(c)
	form.Locale = respond.Locale(c)
	s := form.Submission(moderation.Request{Network: request.Network(c)})
	s.HintFirst = form.Do != request.DoAnyway && form.Confirm == ""
	receipt, err := h.Flow.Submit(c.Request.Context(), site, s)
	if err != nil {
		return h.retry(c, form, err)
	}
	own := ownPath(c, receipt.ID, receipt.ManageToken) + "&new=1" + follows(form.Comment)
	if form.Within {
		own += "&within=1"
	}
	return respond.SeeOther(c, own)
}

// follows has the author's own page say that following is still to be confirmed.
func follows(form request.Comment) string {
	if form.Subscribe == "" {
		return ""
	}
	return "&follows=1"
}

// preview shows the form with the text above it as the thread would show it.
func (h *Handler) preview(c *gin.Context, form request.Written) error {
	p, err := h.Flow.Preview(c.Request.Context(), request.Site(c), form.Article.Key, form.Body)
	if err != nil {
		return h.retry(c, form, err)
	}
	return h.again(c, form, http.StatusOK, func(shown *templates.Form, rules []templates.Rule) {
		shown.Preview, shown.Hints = p.HTML, hintViews(p.Hints, rules)
	})
}

// retry shows the form as it was typed, and what is wrong with it or what its author may want to look at.
func (h *Handler) retry(c *gin.Context, form request.Written, failed error) error {
	var hinted *moderation.Hinted
	if errors.As(failed, &hinted) {
		return h.again(c, form, http.StatusOK, func(shown *templates.Form, rules []templates.Rule) {
			shown.Hints = hintViews(hinted.Hints, rules)
		})
	}
	fields, notice, status, err := h.Respond.Messages(c, failed)
	if err != nil {
		return err
	}
	challenge, err := challengeOf(form, failed)
	if err != nil {
		return err
	}
	return h.again(c, form, status, func(shown *templates.Form, _ []templates.Rule) {
		shown.Errors, shown.Notice, shown.Challenge = fields, notice, challenge
		shown.Anyway, shown.TooFast = form.Do == request.DoAnyway, tooFast(failed) || form.Confirm != ""
		h.tellSanction(c, shown, failed)
	})
}

// again shows the thread with the form as it was typed, or to a script the form alone.
func (h *Handler) again(c *gin.Context, form request.Written, status int, say func(*templates.Form, []templates.Rule)) error {
	q, err := h.threadQuery(c)
	if err != nil {
		return err
	}
	if form.ParentID != nil {
		q.parent = uuid.NullUUID{UUID: *form.ParentID, Valid: true}
	}
	if form.Within {
		q.limit = 1
	}
	page, _, err := h.threadPage(c, q)
	if err != nil {
		return err
	}
	page.Form = typed(form.Comment, page.Form)
	say(&page.Form, page.Rules.Rules)
	if form.Within {
		return h.Respond.HTML(c, status, "public/form", page)
	}
	return h.Respond.HTML(c, status, "public/thread", page)
}

// hintViews shows hints with the rules that they point at.
func hintViews(hints []moderation.Hint, rules []templates.Rule) (views []templates.Hint) {
	for _, one := range hints {
		for _, r := range rules {
			if r.Code == one.Rule {
				views = append(views, templates.Hint{Signal: one.Signal, Passage: one.Passage, Rule: r})
			}
		}
	}
	return views
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

// challengeOf is the sum that lets a form through which came too fast. Only once: who got it wrong is told to wait.
func challengeOf(sent request.Written, failed error) (string, error) {
	var fast *moderation.TooFast
	if !errors.As(failed, &fast) || sent.Proof != "" {
		return "", nil
	}
	challenge, err := json.Marshal(fast.Challenge)
	return string(challenge), err
}

// tooFast reports whether a comment might go on at once, with a proof or confirmed by mail.
func tooFast(failed error) bool {
	var fast *moderation.TooFast
	return errors.As(failed, &fast)
}

// typed is the form with what was typed, and with the rules as they are now.
func typed(c request.Comment, fresh templates.Form) templates.Form {
	fresh.ArticleURL, fresh.ArticleTitle = c.Article.URL, c.Article.Title
	fresh.ArticleLead, fresh.Signature = c.Article.Lead, c.Article.Signature
	fresh.Name, fresh.Email, fresh.URL, fresh.Body = c.Author.Name, c.Author.Email, c.Author.URL, c.Body
	fresh.Subscribe = c.Subscribe
	return fresh
}
