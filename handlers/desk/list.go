package desk

import (
	"net/url"
	"slices"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"plenum/handlers/internal/request"
	"plenum/models"
	"plenum/moderation"
	"plenum/moderation/markup"
	"plenum/moderation/triage"
	"plenum/templates"
)

const (
	listSize      = 50
	excerptLength = 140
)

// list fills the lane's list, of one site or of all, and marks what k and j open.
func (h *Handler) list(c *gin.Context, page *templates.Desk, here uuid.UUID) (err error) {
	ask, err := request.Question(c)
	if err != nil {
		return err
	}
	ask.Limit = listSize
	if page.View, err = view(c); err != nil {
		return err
	}
	me := request.Moderator(c).ID
	binding := "desk\n" + page.Home() + "\n" + me.String() + "\n" + page.View.Encode()
	if _, err := h.Cursors.Read(c, binding, &ask.After); err != nil {
		return err
	}
	sites, err := h.Flow.Store.Memberships(c.Request.Context(), me)
	if err != nil {
		return err
	}
	q, err := h.queue(c, page.All, ask)
	if err != nil {
		return err
	}
	page.Lane, page.Search, page.Taken = ask.Lane, search(c), c.Query("free") == "none"
	show(page, sites, q, shown{me, here, h.Flow.Now()})
	if q.More {
		page.Next, err = h.Cursors.Write(binding, q.Items[len(q.Items)-1].Position())
	}
	return err
}

func (h *Handler) queue(c *gin.Context, all bool, ask moderation.Question) (moderation.Queue, error) {
	if all {
		return h.Flow.QueueOf(c.Request.Context(), request.Moderator(c).ID, ask)
	}
	return h.Flow.Queue(c.Request.Context(), request.Site(c), request.Actor(c), ask)
}

// shown says to whom a list is shown, when, and which item is open.
type shown struct {
	me, here uuid.UUID
	now      time.Time
}

// show puts lanes and items on the page.
func show(page *templates.Desk, sites []models.Membership, q moderation.Queue, to shown) {
	names := map[string]string{}
	for _, s := range sites {
		page.Sites = append(page.Sites, templates.Site{Slug: s.Slug, Name: s.SiteName})
		names[s.Slug] = s.SiteName
	}
	for _, lane := range models.Lanes {
		total := q.Total(lane)
		page.Lanes = append(page.Lanes, templates.Lane{Key: lane, Total: total, More: total >= models.CountCap, Current: lane == page.Lane})
	}
	if q.Totals.Oldest != nil {
		page.Oldest = to.now.Sub(*q.Totals.Oldest)
	}
	for _, w := range q.Items {
		item := queueItem(page.Lane, w, to)
		item.Site.Name = names[w.SiteSlug]
		page.Items = append(page.Items, item)
	}
	markNeighbours(page.Items)
}

func queueItem(lane string, w models.Waiting, to shown) templates.QueueItem {
	item := templates.QueueItem{ID: w.ID, Version: w.Version, Site: templates.Site{Slug: w.SiteSlug}, Status: w.Status, Name: w.AuthorName,
		Excerpt: markup.Excerpt(w.Body, excerptLength), Article: w.ArticleTitle, Waited: to.now.Sub(w.Since),
		Late: w.DueAt.Before(to.now), Here: w.ID == to.here, Priority: w.Priority}
	switch lane {
	case models.LaneDecided, models.LaneAll:
		item.At = w.SortAt
	case models.LaneSetAside:
		item.Aside = *w.SetAsideUntil
	}
	if holder, held := w.HeldBy(uuid.Nil, to.now); held {
		if item.Mine = holder == to.me; !item.Mine {
			item.Holder = w.Holder
		}
	}
	return item
}

// markNeighbours finds the items before and after the open one that nobody else has open; from nothing, the first.
func markNeighbours(items []templates.QueueItem) {
	here := slices.IndexFunc(items, func(i templates.QueueItem) bool { return i.Here })
	for i := here + 1; i < len(items); i++ {
		if items[i].Holder == "" {
			items[i].Next = true
			break
		}
	}
	for i := here - 1; i >= 0; i-- {
		if items[i].Holder == "" {
			items[i].Previous = true
			break
		}
	}
}

// search is what narrows the list, as it was asked for.
func search(c *gin.Context) templates.Search {
	return templates.Search{Words: c.Query("q"), Sort: c.DefaultQuery("sort", models.SortUrgent), Article: c.Query("article"), Section: c.Query("section"),
		Author: c.Query("author"), Rule: c.Query("rule"), Signal: c.Query("signal"), Language: c.Query("language"), Age: c.Query("older"),
		Signals: triage.Names()}
}

// across reports whether the moderator works on the list of all sites.
func across(c *gin.Context) bool { return c.Query("all") == "1" }

// view is what of the address leads back to the same list.
func view(c *gin.Context) (url.Values, error) {
	v, err := url.ParseQuery(request.Wish(c))
	if v.Get("state") == "" {
		v.Set("state", models.LanePending)
	}
	if across(c) {
		v.Set("all", "1")
	}
	return v, err
}
