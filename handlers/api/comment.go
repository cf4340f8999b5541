package api

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
)

type receipt struct {
	ID          uuid.UUID `json:"id"`
	Status      string    `json:"status"`
	ManageToken string    `json:"manage_token"`
	ManageURL   string    `json:"manage_url"`
	Confirmed   bool      `json:"confirmed"`
}

func (h *Handler) newReceipt(c *gin.Context, r moderation.Receipt) receipt {
	return receipt{ID: r.ID, Status: r.Status, ManageToken: r.ManageToken, Confirmed: r.Confirmed,
		ManageURL: h.BaseURL + "/" + request.Site(c).Slug + "/comments/" + r.ID.String() + "?token=" + url.QueryEscape(r.ManageToken)}
}

// Submit takes a reader's comment and holds it.
func (h *Handler) Submit(c *gin.Context) error {
	var form request.Comment
	asked, err := request.Repeatable(c, &form)
	if err != nil {
		return err
	}
	site := request.Site(c)
	r, err := h.Flow.Submit(c.Request.Context(), site, form.Submission(asked))
	if err != nil {
		return err
	}
	return h.Respond.JSON(c, http.StatusAccepted, h.newReceipt(c, r))
}

type own struct {
	ID           uuid.UUID    `json:"id"`
	Article      article      `json:"article"`
	ParentID     *uuid.UUID   `json:"parent_id"`
	Status       string       `json:"status"`
	Confirmed    bool         `json:"confirmed"`
	ConfirmUntil *time.Time   `json:"confirm_until"`
	Version      int          `json:"version"`
	Author       author       `json:"author"`
	Body         string       `json:"body"`
	HTML         string       `json:"html"`
	PublicHTML   *string      `json:"public_html"`
	EditWaits    bool         `json:"edit_waits"`
	RulesVersion int          `json:"rules_version"`
	CreatedAt    time.Time    `json:"created_at"`
	ErasedAt     *time.Time   `json:"erased_at"`
	Decision     *ownDecision `json:"decision"`
	Appeal       *ownAppeal   `json:"appeal"`
	AppealUntil  *time.Time   `json:"appeal_until"`
	UsualWait    string       `json:"usual_wait"`
}

// ownDecision is what an author is told of a decision: the rules in the wording that they were shown. Whoever decided
// is "a moderator"; spam names no rule.
type ownDecision struct {
	Action       string         `json:"action"`
	CreatedAt    time.Time      `json:"created_at"`
	Rules        []respond.Rule `json:"rules"`
	RulesVersion int            `json:"rules_version"`
	Statement    string         `json:"statement"`
}

// Own shows an author their own comment.
func (h *Handler) Own(c *gin.Context) error {
	id, token, err := managed(c)
	if err != nil {
		return err
	}
	site := request.Site(c)
	o, err := h.Flow.Own(c.Request.Context(), site, id, token)
	if err != nil {
		return err
	}
	return h.Respond.JSON(c, http.StatusOK, newOwn(o, respond.Locale(c), site))
}

func newOwn(o moderation.Own, locale string, site models.Site) own {
	v := own{
		ID: o.ID, ParentID: o.ParentID, Status: o.Status, Version: o.Version,
		Article: newArticle(o.Article),
		Author:  author{Name: o.AuthorName, URL: o.AuthorURL, Role: o.AuthorRole},
		Body:    o.Text.Body, HTML: o.Text.HTML, RulesVersion: o.Comment.RulesVersion, CreatedAt: o.CreatedAt.UTC(), ErasedAt: utc(o.ErasedAt),
		EditWaits: o.Status == models.Approved && o.HeldRevision != nil, UsualWait: site.UsualWait,
	}
	if o.Public != nil {
		v.PublicHTML = &o.Public.HTML
	} else if o.PublicRevision != nil {
		v.PublicHTML = &o.Text.HTML
	}
	if v.Confirmed = o.Unconfirmed == nil; !v.Confirmed {
		until := o.Unconfirmed.ExpiresAt.UTC()
		v.ConfirmUntil = &until
	}
	v.Appeal = newOwnAppeal(o.Appeal)
	if !o.AppealUntil.IsZero() {
		until := o.AppealUntil.UTC()
		v.AppealUntil = &until
	}
	if o.Decision == nil {
		return v
	}
	v.Decision = &ownDecision{Action: o.Decision.Action, CreatedAt: o.Decision.CreatedAt.UTC(), Rules: []respond.Rule{},
		RulesVersion: o.Rules.Version, Statement: o.Decision.Statement}
	if o.Decision.Action == moderation.Spam { // it is refused, and no more is said
		v.Decision.Statement = ""
	}
	set, _ := o.Rules.In(locale, site.Locale)
	for _, rule := range set.Rules {
		for _, broken := range o.Decision.Rules {
			if rule.Code == broken {
				v.Decision.Rules = append(v.Decision.Rules, respond.Rule{Code: rule.Code, Title: rule.Title, Text: rule.Text})
			}
		}
	}
	return v
}

// Edit takes a new text for an author's own comment and holds it.
func (h *Handler) Edit(c *gin.Context) error {
	id, token, err := managed(c)
	if err != nil {
		return err
	}
	var form request.Edit
	if err := request.JSON(c, &form); err != nil {
		return err
	}
	site := request.Site(c)
	if err := h.Flow.Edit(c.Request.Context(), site, id, token, form.Body); err != nil {
		return err
	}
	o, err := h.Flow.Own(c.Request.Context(), site, id, token)
	if err != nil {
		return err
	}
	return h.Respond.JSON(c, http.StatusAccepted, newOwn(o, respond.Locale(c), site))
}

// Withdraw takes an author's own comment back for good; with ?erase=1 it wipes it.
func (h *Handler) Withdraw(c *gin.Context) error {
	id, token, err := managed(c)
	if err != nil {
		return err
	}
	erase, err := request.OneOf(c, "erase", "", "1")
	if err != nil {
		return err
	}
	takeBack := h.Flow.Withdraw
	if erase == "1" {
		takeBack = h.Flow.Erase
	}
	if err := takeBack(c.Request.Context(), request.Site(c), id, token); err != nil {
		return err
	}
	return respond.NoContent(c)
}

// managed reads which comment is meant and the token that manages it. Without a token there is no such comment.
func managed(c *gin.Context) (uuid.UUID, string, error) {
	id, err := request.ID(c, "id")
	if err != nil {
		return uuid.Nil, "", err
	}
	token, ok := request.Bearer(c)
	if !ok {
		return uuid.Nil, "", request.NotFound()
	}
	return id, token, nil
}
