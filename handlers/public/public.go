// Package public is what readers see: pages that work without JavaScript and without a cookie, and feeds.
package public

import (
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"plenum/handlers/internal/request"
	"plenum/handlers/internal/respond"
	"plenum/models"
	"plenum/moderation"
	"plenum/templates"
)

// Handler answers the readers' pages.
type Handler struct {
	Flow    *moderation.Flow
	Respond *respond.Responder
	Cursors request.Cursors
	BaseURL string // without a slash at the end
}

// Frame lets the site's origins show the page in a frame, and nobody else; the page may load its own files only, and
// its scripts make no HTML out of strings.
func (h *Handler) Frame(c *gin.Context) error {
	ancestors := "'self' " + strings.Join(request.Site(c).Origins, " ")
	c.Header("Content-Security-Policy", "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "+
		"form-action 'self'; base-uri 'none'; require-trusted-types-for 'script'; frame-ancestors "+ancestors)
	return nil
}

// kept is what an address on the same site gets, so that the language asked for is kept.
func kept(c *gin.Context) string {
	if wish := respond.SiteView(c).Wish; wish != "" {
		return "&locale=" + wish
	}
	return ""
}

func articleView(a models.Article) templates.Article {
	return templates.Article{Key: a.Key, URL: a.URL, Title: a.Title, Open: a.State == models.ArticleOpen,
		Notice: a.Notice, SlowMinutes: a.SlowMinutes}
}

func rulesView(v models.RuleVersion, locale, fallback string) templates.Rules {
	set, _ := v.In(locale, fallback)
	return templates.Rules{Version: v.Version, PublishedAt: v.PublishedAt, Intro: set.Intro, Rules: ruleViews(set.Rules, nil)}
}

// ruleViews shows rules: all, or those whose codes are named.
func ruleViews(rules []models.Rule, only []string) (views []templates.Rule) {
	for _, r := range rules {
		if only == nil || slices.Contains(only, r.Code) {
			views = append(views, templates.Rule{Number: r.Number, Code: r.Code, Title: r.Title, Text: r.Text})
		}
	}
	return views
}
