package desk

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"plenum/handlers/internal/request"
	"plenum/handlers/internal/respond"
	"plenum/models"
	"plenum/moderation"
	"plenum/templates"
)

const articlesShown = 50

// localTime is how a browser's form writes a time; ours are in UTC, and the page says so.
const localTime = "2006-01-02T15:04"

// Articles lists the site's articles with what editors set of each.
func (h *Handler) Articles(c *gin.Context) error {
	page, err := h.articlesPage(c)
	if err != nil {
		return err
	}
	return h.sheet(c, http.StatusOK, "desk/articles", &page)
}

func (h *Handler) articlesPage(c *gin.Context) (page templates.ArticlesPage, err error) {
	site := request.Site(c)
	page = templates.ArticlesPage{Cursor: c.Query("cursor"), Site: templates.Site{Slug: site.Slug, Name: site.Name}, Editor: request.Actor(c).AtLeast(moderation.RoleEditor),
		Back: "/desk/" + site.Slug + "/queue"}
	if site.CloseAfterDays != nil {
		page.Days = *site.CloseAfterDays
	}
	if page.Search, err = request.Search(c); err != nil {
		return page, err
	}
	binding := "desk articles\n" + site.ID.String() + "\n" + page.Search
	var after made
	if _, err := h.Cursors.Read(c, binding, &after); err != nil {
		return page, err
	}
	all, more, err := h.Flow.Articles(c.Request.Context(), site, models.ArticlesPage{Search: page.Search, Before: after.At, BeforeID: after.ID, Limit: articlesShown})
	if err != nil {
		return page, err
	}
	for _, a := range all {
		page.Articles = append(page.Articles, articleItem(a, a.Closed(site, h.Flow.Now())))
	}
	if more {
		last := all[len(all)-1]
		page.Next, err = h.Cursors.Write(binding, made{last.CreatedAt, last.ID})
	}
	return page, err
}

func articleItem(a models.Article, closed bool) templates.ArticleItem {
	v := templates.ArticleItem{ID: a.ID, Key: a.Key, URL: a.URL, Title: a.Title, TypedURL: a.URL, TypedTitle: a.Title, Section: a.Section, Lead: a.Lead, Notice: a.Notice, State: a.State,
		Closed: closed, Slow: strconv.Itoa(a.SlowMinutes), CreatedAt: a.CreatedAt}
	if a.ClosesAt != nil {
		v.ClosesAt = a.ClosesAt.UTC().Format(localTime)
	}
	if a.CloseAfterDays != nil {
		v.CloseAfterDays = strconv.Itoa(*a.CloseAfterDays)
	}
	return v
}

// articleForm is what an editor sets of an article. An empty field of a time or a number sets none; an empty address or
// title leaves it as it is.
type articleForm struct {
	Key            string `form:"key"`
	URL            string `form:"url"`
	Title          string `form:"title"`
	State          string `form:"state"`
	ClosesAt       string `form:"closes_at"`
	CloseAfterDays string `form:"close_after_days"`
	SlowMinutes    string `form:"slow_minutes"`
	Notice         string `form:"notice"`
	Section        string `form:"section"`
	Lead           string `form:"lead"`
}

func (f articleForm) change() (change moderation.ArticleChange, err error) {
	change = moderation.ArticleChange{Key: f.Key, State: &f.State, Notice: &f.Notice, Section: &f.Section, Lead: &f.Lead}
	if f.URL != "" {
		change.URL = &f.URL
	}
	if f.Title != "" {
		change.Title = &f.Title
	}
	if f.State != models.ArticleOpen && f.State != models.ArticleClosed {
		return change, request.Malformed("state", "value")
	}
	var closes *time.Time
	if f.ClosesAt != "" {
		at, err := time.Parse(localTime, f.ClosesAt)
		if err != nil {
			return change, request.Malformed("closes_at", "type")
		}
		closes = &at
	}
	days, err := request.Whole("close_after_days", f.CloseAfterDays)
	if err != nil {
		return change, err
	}
	slow, err := request.Whole("slow_minutes", f.SlowMinutes)
	if slow == nil {
		slow = new(int)
	}
	change.ClosesAt, change.CloseAfterDays, change.SlowMinutes = &closes, &days, slow
	return change, err
}

// PutArticle sets what the form says of an article, and shows the list again.
func (h *Handler) PutArticle(c *gin.Context) error {
	var f articleForm
	if err := request.Form(c, &f); err != nil {
		return err
	}
	f.Notice, f.Section, f.Lead = lines(f.Notice), strings.TrimSpace(f.Section), lines(f.Lead)
	f.URL, f.Title = strings.TrimSpace(f.URL), strings.Join(strings.Fields(f.Title), " ")
	site := request.Site(c)
	change, err := f.change()
	if err == nil {
		_, err = h.Flow.PutArticle(c.Request.Context(), site, request.Actor(c), change)
	}
	if err != nil {
		return h.articleAgain(c, f, err)
	}
	return respond.SeeOther(c, "/desk/"+site.Slug+"/articles?"+url.Values{"q": {c.Query("q")}, "cursor": {c.Query("cursor")}}.Encode())
}

// articleAgain shows the list once more, with what was refused and everything typed: first, if it is not on this page.
func (h *Handler) articleAgain(c *gin.Context, f articleForm, failed error) error {
	if !respond.Expected(failed) {
		return failed
	}
	d := h.Respond.Explain(c, failed)
	page, err := h.articlesPage(c)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(page.Articles, func(a templates.ArticleItem) bool { return a.Key == f.Key })
	if at < 0 {
		page.Articles, at = slices.Insert(page.Articles, 0, templates.ArticleItem{Key: f.Key}), 0
	}
	f.fill(&page.Articles[at])
	page.Articles[at].Problem = said(d)
	return h.sheet(c, d.Status, "desk/articles", &page)
}

// fill puts what was typed in place of what is set.
func (f articleForm) fill(a *templates.ArticleItem) {
	a.TypedURL, a.TypedTitle, a.State, a.ClosesAt, a.CloseAfterDays = f.URL, f.Title, f.State, f.ClosesAt, f.CloseAfterDays
	a.Slow, a.Notice, a.Section, a.Lead = f.SlowMinutes, f.Notice, f.Section, f.Lead
}
