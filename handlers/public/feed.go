package public

import (
	"errors"
	"net/url"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"plenum/handlers/internal/cache"
	"plenum/handlers/internal/request"
	"plenum/handlers/internal/respond"
	"plenum/models"
	"plenum/templates/feed"
)

const feedSize = 50

// Atom, RSS and JSONFeed answer the newest published comments of a site, or of one article with ?article=.
func (h *Handler) Atom(c *gin.Context) error { return h.feed(c, "feed.atom", feed.Atom) }

// RSS is Atom as RSS 2.0.
func (h *Handler) RSS(c *gin.Context) error { return h.feed(c, "feed.rss", feed.RSS) }

// JSONFeed is Atom as JSON Feed 1.1.
func (h *Handler) JSONFeed(c *gin.Context) error { return h.feed(c, "feed.json", feed.JSON) }

func (h *Handler) feed(c *gin.Context, name string, format feed.Format) error {
	var articles []string
	if c.Query("article") != "" {
		key, err := request.ArticleKey(c)
		if err != nil {
			return err
		}
		articles = []string{key}
	}
	return h.Respond.Shared(c, respond.Shared{
		Key:      cache.Key{Site: request.Site(c).ID, Call: name, Locale: respond.Locale(c), Meaning: c.Query("article")},
		Articles: articles,
		Make: func() (respond.Body, error) {
			f, err := h.read(c, name)
			if err != nil {
				return respond.Body{}, err
			}
			body, err := format.Write(f)
			return respond.Body{Type: format.Type, Bytes: body}, err
		},
	})
}

// read fills the feed.
func (h *Handler) read(c *gin.Context, name string) (feed.Feed, error) {
	f, page, err := h.feedHead(c, name)
	if err != nil || page == nil {
		return f, err
	}
	all, err := h.Flow.Store.Readers().Published(c.Request.Context(), request.Site(c).ID, *page)
	for _, p := range all {
		f.Entries = append(f.Entries, h.entry(c, p))
	}
	return f, err
}

// feedHead names the feed and what stands in it; nothing for an article that nobody has commented on.
func (h *Handler) feedHead(c *gin.Context, name string) (feed.Feed, *models.PublishedPage, error) {
	site, locale := request.Site(c), respond.Locale(c)
	base := h.BaseURL + "/" + site.Slug + "/"
	f := feed.Feed{ID: "urn:uuid:" + site.ID.String(), Locale: locale, Self: base + name, Home: base, Updated: site.CreatedAt,
		Title: h.Respond.Templates.T(locale, "feed.site", map[string]any{"site": site.Name})}
	page := &models.PublishedPage{Limit: feedSize}
	if c.Query("article") == "" {
		f.Self += addressed(c, url.Values{})
		return f, page, nil
	}
	key, err := request.ArticleKey(c)
	if err != nil {
		return f, nil, err
	}
	f.Self += addressed(c, url.Values{"article": {key}})
	f.Home = h.threadURL(site, key)
	a, err := h.Flow.Store.Article(c.Request.Context(), site.ID, key)
	if errors.Is(err, models.ErrNotFound) || err == nil && a.Version == 1 {
		f.Title = h.Respond.Templates.T(locale, "feed.article", map[string]any{"site": site.Name, "title": ""})
		f.ID = "urn:uuid:" + uuid.NewSHA1(site.ID, []byte(key)).String()
		return f, nil, nil
	}
	if err != nil {
		return f, nil, err
	}
	f.ID = "urn:uuid:" + uuid.NewSHA1(site.ID, []byte(key)).String()
	f.Title = h.Respond.Templates.T(locale, "feed.article", map[string]any{"site": site.Name, "title": a.Title})
	page.ArticleID = uuid.NullUUID{UUID: a.ID, Valid: true}
	return f, page, nil
}

// addressed is the query by which the feed was asked for: one in another language than the site's is another feed.
func addressed(c *gin.Context, query url.Values) string {
	if wish := respond.SiteView(c).Wish; wish != "" {
		query.Set("locale", wish)
	}
	if len(query) == 0 {
		return ""
	}
	return "?" + query.Encode()
}

func (h *Handler) threadURL(site models.Site, key string) string {
	return h.BaseURL + "/" + site.Slug + "/thread?" + url.Values{"article": {key}}.Encode()
}

func (h *Handler) entry(c *gin.Context, p models.Publication) feed.Entry {
	address := h.threadURL(request.Site(c), p.ArticleKey)
	permalink := func(id uuid.UUID) string { return address + "&comment=" + id.String() + "#c-" + id.String() }
	e := feed.Entry{
		ID: "urn:uuid:" + p.ID.String(), URL: permalink(p.ID), Name: p.AuthorName, NameURL: p.AuthorURL, HTML: p.HTML,
		Published: *p.PublishedAt, Updated: *p.PublishedAt,
		Title: h.Respond.Templates.T(respond.Locale(c), "feed.entry", map[string]any{"name": p.AuthorName, "title": p.ArticleTitle}),
	}
	if p.EditedAt != nil && p.EditedAt.After(e.Updated) {
		e.Updated = *p.EditedAt
	}
	if p.ParentID != nil {
		e.AnswersID, e.AnswersURL = "urn:uuid:"+p.ParentID.String(), permalink(*p.ParentID)
	}
	return e
}
