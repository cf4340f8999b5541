package api

import (
	"math"
	"net/http"
	"strconv"

	"github.com/gin-gonic/gin"

	"plenum/handlers/internal/cache"
	"plenum/handlers/internal/request"
	"plenum/handlers/internal/respond"
	"plenum/models"
	"plenum/moderation"
)

// Rules answers the rules in force, or the version that the path names.
func (h *Handler) Rules(c *gin.Context) error {
	version := 0
	if text := c.Param("version"); text != "" {
		n, err := strconv.ParseInt(text, 10, 32) // what the database counts in
		if version = int(n); err != nil || version < 1 || strconv.Itoa(version) != text {
			return request.NotFound()
		}
	}
	locale, err := request.OneOf(c, "locale", respond.Locale(c), "de", "en")
	if err != nil {
		return err
	}
	site := request.Site(c)
	return h.Respond.Shared(c, respond.Shared{
		Key: cache.Key{Site: site.ID, Call: "rules", Locale: locale, Meaning: strconv.Itoa(version)},
		Make: func() (respond.Body, error) {
			rules, err := h.Flow.Store.Rules(c.Request.Context(), site.ID, version)
			if err != nil {
				return respond.Body{}, err
			}
			return h.Respond.JSONBody(respond.NewRules(rules, locale, site.Locale))
		},
	})
}

// PublishRules makes the next version of the rules.
func (h *Handler) PublishRules(c *gin.Context) error {
	var form moderation.RuleTexts
	if err := request.JSON(c, &form); err != nil {
		return err
	}
	site := request.Site(c)
	version, err := h.Flow.PublishRules(c.Request.Context(), site, request.Actor(c), form)
	if err != nil {
		return err
	}
	rules, err := h.Flow.Store.Rules(c.Request.Context(), site.ID, version)
	if err != nil {
		return err
	}
	return h.Respond.JSON(c, http.StatusCreated, respond.NewRules(rules, respond.Locale(c), site.Locale))
}

// statementTemplate is what a rule's key fills in for authors of one language.
type statementTemplate struct {
	Locale string `json:"locale" binding:"required,oneof=de en"`
	Code   string `json:"code" binding:"required,max=40,line"`
	Text   string `json:"text" binding:"max=1000,text"`
}

// PutStatement words the statement of a rule.
func (h *Handler) PutStatement(c *gin.Context) error {
	version, err := strconv.Atoi(c.Param("version"))
	if err != nil || version < 1 || version > math.MaxInt32 {
		return request.NotFound()
	}
	var form statementTemplate
	if err := request.JSON(c, &form); err != nil {
		return err
	}
	err = h.Flow.PutStatementTemplate(c.Request.Context(), request.Site(c), request.Actor(c),
		models.StatementTemplate{Version: version, Locale: form.Locale, Code: form.Code, Text: form.Text})
	if err != nil {
		return err
	}
	return respond.NoContent(c)
}
