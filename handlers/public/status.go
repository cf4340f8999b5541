package public

import (
	"errors"
	"net/http"
	"net/url"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"plenum/handlers/internal/request"
	"plenum/handlers/internal/respond"
	"plenum/models"
	"plenum/moderation"
	"plenum/moderation/markup"
	"plenum/templates"
)

// Status shows an author what became of their comment.
func (h *Handler) Status(c *gin.Context) error {
	id, err := request.ID(c, "id")
	if err != nil {
		return err
	}
	page, err := h.statusPage(c, id, c.Query("token"))
	if err != nil {
		return err
	}
	page.JustPosted = c.Query("new") == "1" && page.State == models.Pending
	page.Follows = page.JustPosted && c.Query("follows") == "1"
	if page.Within = c.Query("within") == "1"; page.Within {
		return h.Respond.HTML(c, http.StatusOK, "public/own", page)
	}
	return h.Respond.HTML(c, http.StatusOK, "public/status", page)
}

func (h *Handler) statusPage(c *gin.Context, id uuid.UUID, token string) (templates.Status, error) {
	site := request.Site(c)
	o, err := h.Flow.Own(c.Request.Context(), site, id, token)
	if err != nil {
		return templates.Status{}, err
	}
	page := templates.Status{
		Site: respond.SiteView(c), Article: articleView(o.Article), ID: id, Token: token, State: o.Status,
		Name: o.AuthorName, HTML: o.Text.HTML, Body: o.Text.Body, CreatedAt: o.CreatedAt, DecidedAt: o.DecidedAt(),
		RulesVersion: o.Rules.Version, MayWithdraw: o.Status != models.Withdrawn,
		Erased: o.ErasedAt != nil, MayErase: o.ErasedAt == nil,
		MayEdit: o.Status == models.Pending || o.Status == models.Approved,
		Link:    h.BaseURL + ownPath(c, id, token), Wait: site.UsualWait, Most: markup.MaxLength,
	}
	if o.ParentID != nil {
		page.ParentID = o.ParentID.String()
	}
	page.Edited = o.Revision > 1
	page.Held = o.Status == models.Approved && o.HeldRevision != nil
	page.EditRefused = o.Status == models.Approved && o.HeldRevision == nil && o.Public != nil
	if o.Public != nil {
		page.PublicHTML = o.Public.HTML
	}
	if o.Unconfirmed != nil {
		page.ConfirmUntil = o.Unconfirmed.ExpiresAt
	}
	page.Appeal, page.AppealUntil = appealView(o.Appeal), o.AppealUntil
	explain(&page, o, respond.Locale(c), site.Locale)
	return page, nil
}

// ownPath is where an author's own page is, in the language that was asked for.
func ownPath(c *gin.Context, id uuid.UUID, token string) string {
	return "/" + request.Site(c).Slug + "/comments/" + id.String() + "?token=" + url.QueryEscape(token) + kept(c)
}

// explain adds the grounds of a refusal. Of what is public, or refused as spam, none are given.
func explain(page *templates.Status, o moderation.Own, locale, fallback string) {
	if o.Decision == nil || o.Decision.Action == moderation.Spam {
		return
	}
	page.Statement = o.Decision.Statement
	set, _ := o.Rules.In(locale, fallback)
	page.RulesBroken = ruleViews(set.Rules, append([]string{}, o.Decision.Rules...))
}

// manageForm is what the author's own page sends.
type manageForm struct {
	Token string `form:"token"`
	Body  string `form:"body"`
	Do    string `form:"do"`
}

// Edit takes a new text from the author's own page, or shows it there as the thread would.
func (h *Handler) Edit(c *gin.Context) error {
	return h.manage(c, func(id uuid.UUID, form manageForm) error {
		text := request.Edit{Body: form.Body}
		if err := request.Check(&text); err != nil {
			return err
		}
		if form.Do == request.DoPreview {
			return h.previewEdit(c, text.Body)
		}
		return h.Flow.Edit(c.Request.Context(), request.Site(c), id, form.Token, text.Body)
	})
}

// previewed is the new text as a thread would show it, and that nothing was changed.
type previewed struct{ html string }

func (*previewed) Error() string { return "only a preview was asked for" }

func (h *Handler) previewEdit(c *gin.Context, body string) error {
	p, err := h.Flow.Preview(c.Request.Context(), request.Site(c), "", body)
	if err != nil {
		return err
	}
	return &previewed{p.HTML}
}

// Withdraw takes the comment back from the author's own page.
func (h *Handler) Withdraw(c *gin.Context) error {
	return h.manage(c, func(id uuid.UUID, form manageForm) error {
		return h.Flow.Withdraw(c.Request.Context(), request.Site(c), id, form.Token)
	})
}

// Erase wipes the comment from the author's own page.
func (h *Handler) Erase(c *gin.Context) error {
	return h.manage(c, func(id uuid.UUID, form manageForm) error {
		return h.Flow.Erase(c.Request.Context(), request.Site(c), id, form.Token)
	})
}

// manage runs one verb of the author's own page and shows the page again: anew, or with what is wrong.
func (h *Handler) manage(c *gin.Context, do func(uuid.UUID, manageForm) error) error {
	id, err := request.ID(c, "id")
	if err != nil {
		return err
	}
	var form manageForm
	if err := request.Form(c, &form); err != nil {
		return err
	}
	failed := do(id, form)
	if failed == nil {
		return respond.SeeOther(c, ownPath(c, id, form.Token))
	}
	page, err := h.statusPage(c, id, form.Token)
	if err != nil {
		return err
	}
	page.Body = form.Body
	var seen *previewed
	if errors.As(failed, &seen) {
		page.Preview = seen.html
		return h.Respond.HTML(c, http.StatusOK, "public/status", page)
	}
	fields, notice, status, err := h.Respond.Messages(c, failed)
	if err != nil {
		return err
	}
	if page.Errors = fields; notice != "" {
		page.Errors["body"] = notice
	}
	return h.Respond.HTML(c, status, "public/status", page)
}
