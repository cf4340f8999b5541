package api

import (
	"net/url"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"plenum/handlers/internal/cache"
	"plenum/handlers/internal/request"
	"plenum/handlers/internal/respond"
	"plenum/models"
	"plenum/moderation"
)

type thread struct {
	Article      article   `json:"article"`
	RulesVersion int       `json:"rules_version"`
	Total        int       `json:"total"`
	Version      int64     `json:"version"`
	Comments     []comment `json:"comments"`
	Next         *string   `json:"next_cursor"`
}

type article struct {
	Key   string `json:"key"`
	URL   string `json:"url"`
	Title string `json:"title"`
	State string `json:"state"`

	Notice      string     `json:"notice"`
	SlowMinutes int        `json:"slow_minutes"`
	ClosesAt    *time.Time `json:"closes_at"`
}

type comment struct {
	ID        uuid.UUID  `json:"id"`
	ParentID  *uuid.UUID `json:"parent_id"`
	Depth     int        `json:"depth"`
	Author    *author    `json:"author"`
	HTML      string     `json:"html"`
	CreatedAt *time.Time `json:"created_at"`
	EditedAt  *time.Time `json:"edited_at"`
	State     string     `json:"state"`
	Replies   int        `json:"replies"`
	Featured  bool       `json:"featured"`
	Agreed    int        `json:"agreed"`
}

type author struct {
	Name string `json:"name"`
	URL  string `json:"url"`
	Role string `json:"role"`
}

// maxShownDepth is the deepest level that callers are told; deeper comments stand beside each other there.
const maxShownDepth = 20

// position is where a page of a thread ends.
type position struct {
	Root   uuid.UUID `json:"r"`
	Path   []byte    `json:"p"`
	Agreed int       `json:"a"`
}

// Thread answers a page of an article's public thread.
func (h *Handler) Thread(c *gin.Context) error {
	page, binding, err := h.threadPage(c)
	if err != nil {
		return err
	}
	meaning := url.Values{"in": {binding}, "limit": {strconv.Itoa(page.Limit)}, "cursor": {c.Query("cursor")}}
	return h.Respond.Shared(c, respond.Shared{
		Key:      cache.Key{Site: request.Site(c).ID, Call: "thread", Meaning: meaning.Encode()},
		Articles: []string{page.Key},
		Make:     func() (respond.Body, error) { return h.threadBody(c, page, binding) },
	})
}

func (h *Handler) threadBody(c *gin.Context, page moderation.ThreadPage, binding string) (body respond.Body, err error) {
	t, err := h.Flow.Thread(c.Request.Context(), request.Site(c), page)
	if err != nil {
		return body, err
	}
	answer := thread{
		Article:      newArticle(t.Article),
		RulesVersion: t.Rules.Version, Total: t.Total, Version: t.Article.Version, Comments: []comment{},
	}
	for _, p := range t.Places {
		answer.Comments = append(answer.Comments, newComment(p))
	}
	if t.Next != nil {
		if answer.Next, err = h.cursor(true, binding, position(*t.Next)); err != nil {
			return body, err
		}
	}
	body, err = h.Respond.JSONBody(answer)
	body.Until = t.Until
	return body, err
}

func (h *Handler) threadPage(c *gin.Context) (p moderation.ThreadPage, binding string, err error) {
	if p.Key, err = request.ArticleKey(c); err != nil {
		return p, "", err
	}
	if p.Limit, err = request.Limit(c); err != nil {
		return p, "", err
	}
	if p.Sort, err = request.OneOf(c, "sort", models.SortOldest, models.SortNewest, models.SortTop); err != nil {
		return p, "", err
	}
	p.Featured = c.Query("featured") == "1"
	binding = "thread\n" + strconv.FormatBool(p.Featured) + "\n" + request.Site(c).ID.String() + "\n" + p.Key + "\n" + p.Sort
	var after position
	if _, err = h.Cursors.Read(c, binding, &after); err != nil {
		return p, "", err
	}
	p.After = models.Spot(after)
	return p, binding, nil
}

func newComment(p models.Place) comment {
	c := comment{ID: p.ID, ParentID: p.ParentID, Depth: min(p.Depth, maxShownDepth), State: models.Removed, Replies: p.Replies}
	if !p.Public {
		return c
	}
	created := p.CreatedAt.UTC()
	c.State, c.HTML, c.CreatedAt = models.Approved, p.HTML, &created
	c.Featured, c.Agreed = p.Featured, p.Agreed
	c.Author = &author{Name: p.AuthorName, URL: p.AuthorURL, Role: p.AuthorRole}
	if p.EditedAt != nil {
		edited := p.EditedAt.UTC()
		c.EditedAt = &edited
	}
	return c
}
