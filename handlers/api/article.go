package api

import (
	"encoding/json"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"plenum/handlers/internal/request"
	"plenum/models"
	"plenum/moderation"
)

// named is a field that may be null: whether it was named at all, and its value.
type named[T any] struct {
	Named bool
	Value *T
}

// UnmarshalJSON is asked for null too, and not for a field that is missing.
func (n *named[T]) UnmarshalJSON(text []byte) error {
	n.Named = true
	return json.Unmarshal(text, &n.Value)
}

// change is nil for a field that was not named.
func (n *named[T]) change() **T {
	if !n.Named {
		return nil
	}
	return &n.Value
}

// namedArticle is what an editor says of an article. What is not named stays as it is.
type namedArticle struct {
	Key            string           `json:"key" binding:"required,key"`
	URL            string           `json:"url" binding:"required,max=2000,http_url"`
	Title          string           `json:"title" binding:"required,max=300,line"`
	Text           *string          `json:"text" binding:"omitempty,max=100000,text"`
	State          string           `json:"state" binding:"omitempty,oneof=open closed"`
	Section        *string          `json:"section" binding:"omitempty,max=80,line"`
	Lead           *string          `json:"lead" binding:"omitempty,max=2000,text"`
	Notice         *string          `json:"notice" binding:"omitempty,max=1000,text"`
	SlowMinutes    *int             `json:"slow_minutes"`
	CloseAfterDays named[int]       `json:"close_after_days"`
	ClosesAt       named[time.Time] `json:"closes_at"`
}

func (f *namedArticle) change() moderation.ArticleChange {
	change := moderation.ArticleChange{Key: f.Key, URL: &f.URL, Title: &f.Title, Text: f.Text, Section: f.Section, Lead: f.Lead,
		Notice: f.Notice, SlowMinutes: f.SlowMinutes, CloseAfterDays: f.CloseAfterDays.change(), ClosesAt: f.ClosesAt.change()}
	if f.State != "" {
		change.State = &f.State
	}
	return change
}

// settings is an article with all that editors set of it.
type settings struct {
	article
	SetState       string    `json:"set_state"`
	ID             uuid.UUID `json:"id"`
	Section        string    `json:"section"`
	Lead           string    `json:"lead"`
	CloseAfterDays *int      `json:"close_after_days"`
	CreatedAt      time.Time `json:"created_at"`
}

// newSettings shows the article with its state as readers see it, and as it is set.
func (h *Handler) newSettings(c *gin.Context, a models.Article) settings {
	shown := a
	shown.State = h.Flow.ArticleState(request.Site(c), a)
	return settings{article: newArticle(shown), SetState: a.State, ID: a.ID, Section: a.Section, Lead: a.Lead, CloseAfterDays: a.CloseAfterDays, CreatedAt: a.CreatedAt.UTC()}
}

// newArticle is what anybody may know of an article.
func newArticle(a models.Article) article {
	v := article{Key: a.Key, URL: a.URL, Title: a.Title, State: a.State, Notice: a.Notice, SlowMinutes: a.SlowMinutes}
	if a.ClosesAt != nil {
		at := a.ClosesAt.UTC()
		v.ClosesAt = &at
	}
	return v
}

// PutArticle sets what is known of an article.
func (h *Handler) PutArticle(c *gin.Context) error {
	var form namedArticle
	if err := request.JSON(c, &form); err != nil {
		return err
	}
	a, err := h.Flow.PutArticle(c.Request.Context(), request.Site(c), request.Actor(c), form.change())
	if err != nil {
		return err
	}
	return h.Respond.JSON(c, http.StatusOK, h.newSettings(c, a))
}

// made is where a page of a list ends that is ordered by time of making, newest first.
type made struct {
	At time.Time `json:"t"`
	ID uuid.UUID `json:"i"`
}

// Articles lists the site's articles, newest first, or those with ?q= in their title or key.
func (h *Handler) Articles(c *gin.Context) error {
	limit, err := request.Limit(c)
	if err != nil {
		return err
	}
	search, err := request.Search(c)
	if err != nil {
		return err
	}
	site := request.Site(c)
	binding := "articles\n" + site.ID.String() + "\n" + search
	var after made
	if _, err := h.Cursors.Read(c, binding, &after); err != nil {
		return err
	}
	all, more, err := h.Flow.Articles(c.Request.Context(), site, models.ArticlesPage{Search: search, Before: after.At, BeforeID: after.ID, Limit: limit})
	if err != nil {
		return err
	}
	answer := list[settings]{Items: []settings{}}
	for _, a := range all {
		answer.Items = append(answer.Items, h.newSettings(c, a))
	}
	if n := len(all); n > 0 {
		if answer.Next, err = h.cursor(more, binding, made{all[n-1].CreatedAt, all[n-1].ID}); err != nil {
			return err
		}
	}
	return h.Respond.JSON(c, http.StatusOK, answer)
}
