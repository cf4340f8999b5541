package public

import (
	"strconv"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"plenum/handlers/internal/cache"
	"plenum/handlers/internal/request"
	"plenum/handlers/internal/respond"
	"plenum/models"
	"plenum/templates"
)

// moment is where a page of the overview ends.
type moment struct {
	At time.Time `json:"t"`
	ID uuid.UUID `json:"i"`
}

const overviewSize = 50

// Overview lists the recently published comments of a site.
func (h *Handler) Overview(c *gin.Context) error {
	site := request.Site(c)
	binding := "overview\n" + site.ID.String()
	var before moment
	if _, err := h.Cursors.Read(c, binding, &before); err != nil {
		return err
	}
	return h.Respond.Shared(c, respond.Shared{
		Key:  cache.Key{Site: site.ID, Call: "overview", Locale: respond.Locale(c), Meaning: c.Query("cursor")},
		Make: func() (respond.Body, error) { return h.overviewBody(c, binding, before) },
	})
}

func (h *Handler) overviewBody(c *gin.Context, binding string, before moment) (body respond.Body, err error) {
	site := request.Site(c)
	all, err := h.Flow.Store.Readers().Published(c.Request.Context(), site.ID,
		models.PublishedPage{Before: before.At, BeforeID: before.ID, Limit: overviewSize + 1})
	if err != nil {
		return body, err
	}
	page := templates.Overview{Site: respond.SiteView(c)}
	for _, p := range all[:min(overviewSize, len(all))] {
		a := models.Article{Key: p.ArticleKey, URL: p.ArticleURL, Title: p.ArticleTitle}
		page.Comments = append(page.Comments, templates.Published{Comment: place(p.Place, a), Article: articleView(a), PublishedAt: *p.PublishedAt})
	}
	if len(all) > overviewSize {
		last := all[overviewSize-1]
		if page.Next, err = h.Cursors.Write(binding, moment{*last.PublishedAt, last.ID}); err != nil {
			return body, err
		}
	}
	return h.Respond.HTMLBody(c, "public/overview", page)
}

// Rules shows the rules in force, or the version that is asked for.
func (h *Handler) Rules(c *gin.Context) error {
	version := 0
	if text := c.Query("version"); text != "" {
		n, err := strconv.ParseInt(text, 10, 32) // what the database counts in
		if version = int(n); err != nil || version < 1 {
			return request.NotFound()
		}
	}
	return h.Respond.Shared(c, respond.Shared{
		Key:  cache.Key{Site: request.Site(c).ID, Call: "public/rules", Locale: respond.Locale(c), Meaning: strconv.Itoa(version)},
		Make: func() (respond.Body, error) { return h.rulesBody(c, version) },
	})
}

func (h *Handler) rulesBody(c *gin.Context, version int) (body respond.Body, err error) {
	site, locale := request.Site(c), respond.Locale(c)
	current, err := h.Flow.Store.Readers().RulesVersion(c.Request.Context(), site.ID)
	if err != nil {
		return body, err
	}
	rules, err := h.Flow.Store.Readers().Rules(c.Request.Context(), site.ID, version)
	if err != nil {
		return body, err
	}
	return h.Respond.HTMLBody(c, "public/rules", templates.RulesPage{Site: respond.SiteView(c), Rules: rulesView(rules, locale, site.Locale),
		Current: current, Locale: locale})
}
