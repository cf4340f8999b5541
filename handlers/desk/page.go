package desk

import (
	"slices"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"plenum/handlers/internal/request"
	"plenum/handlers/internal/respond"
	"plenum/models"
	"plenum/moderation"
	"plenum/moderation/markup"
	"plenum/templates"
)

// opened is what stands in the middle of the desk: a comment, with what was typed and why it was refused.
type opened struct {
	id              uuid.UUID // zero: nothing
	statement, note string
	problem         string
}

const listSize = 50

// rank is where a page of the list ends.
type rank struct {
	At time.Time `json:"t"`
	ID uuid.UUID `json:"i"`
}

// page gathers the desk: lanes and list, the open comment, and the offer to undo.
func (h *Handler) page(c *gin.Context, o opened) (templates.Desk, error) {
	site, actor, now := request.Site(c), request.Actor(c), h.Flow.Now()
	page := templates.Desk{Site: templates.Site{Slug: site.Slug, Name: site.Name}, Me: actor.Name, Role: actor.Role,
		View: view(c), Lane: known(c.Query("lane")), Target: site.Target(), Editor: actor.AtLeast(moderation.RoleEditor)}
	sites, err := h.Flow.Store.Memberships(c.Request.Context(), actor.ID)
	if err != nil {
		return page, err
	}
	for _, s := range sites {
		page.Sites = append(page.Sites, templates.Site{Slug: s.Slug, Name: s.SiteName})
	}
	if err := h.list(c, &page, o.id, now); err != nil {
		return page, err
	}
	if page.Rules, err = h.rules(c); err != nil {
		return page, err
	}
	if page.Undo, err = h.undoOffer(c, now); err != nil || o.id == uuid.Nil {
		return page, err
	}
	page.Open, err = h.item(c, o, page.Rules, now)
	return page, err
}

// list fills the lane's list, and marks what k and j open.
func (h *Handler) list(c *gin.Context, page *templates.Desk, here uuid.UUID, now time.Time) error {
	site, me := request.Site(c), request.Actor(c).ID
	binding := "desk\n" + site.ID.String() + "\n" + page.Lane
	var after rank
	if _, err := h.Cursors.Read(c, binding, &after); err != nil {
		return err
	}
	q, err := h.Flow.Queue(c.Request.Context(), site, models.QueuePage{Lane: page.Lane, After: after.At, AfterID: after.ID, Limit: listSize})
	if err != nil {
		return err
	}
	for _, lane := range []string{models.LanePending, models.LaneEdited} {
		page.Lanes = append(page.Lanes, templates.Lane{Key: lane, Total: q.Total(lane), Current: lane == page.Lane})
	}
	if q.Totals.Oldest != nil {
		page.Oldest = now.Sub(*q.Totals.Oldest)
	}
	for _, w := range q.Items {
		page.Items = append(page.Items, queueItem(page.Site, w, me, now, here))
	}
	markNeighbours(page.Items)
	if q.More {
		last := q.Items[len(q.Items)-1]
		page.Next, err = h.Cursors.Write(binding, rank{last.RankAt, last.ID})
	}
	return err
}

const excerptLength = 140

func queueItem(site templates.Site, w models.Waiting, me uuid.UUID, now time.Time, here uuid.UUID) templates.QueueItem {
	item := templates.QueueItem{ID: w.ID, Version: w.Version, Site: site, Status: w.Status, Name: w.AuthorName, Excerpt: markup.Excerpt(w.Body, excerptLength), Article: w.ArticleTitle,
		Waited: now.Sub(w.CreatedAt), Late: w.RankAt.Before(now), Here: w.ID == here}
	if holder, held := w.HeldBy(uuid.Nil, now); held {
		if item.Mine = holder == me; !item.Mine {
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

// undoOffer is my newest decision while it may be taken back.
func (h *Handler) undoOffer(c *gin.Context, now time.Time) (*templates.Undo, error) {
	site := request.Site(c)
	last, until, err := h.Flow.Undoable(c.Request.Context(), site, request.Actor(c))
	if err != nil || last == nil {
		return nil, err
	}
	comment, err := h.Flow.Store.Comment(c.Request.Context(), site.ID, last.CommentID)
	if err != nil {
		return nil, err
	}
	undo := &templates.Undo{CommentID: last.CommentID, Version: comment.Version, Action: last.Action, Name: comment.AuthorName,
		Until: until, Left: until.Sub(now)}
	if len(last.Rules) == 0 {
		return undo, nil
	}
	rules, err := h.Flow.Store.Rules(c.Request.Context(), site.ID, last.RulesVersion)
	if err != nil {
		return nil, err
	}
	set, _ := rules.In(respond.Locale(c), site.Locale)
	for _, r := range set.Rules {
		if r.Code == last.Rules[0] {
			undo.Rule = r.Title
		}
	}
	return undo, nil
}

// rules are those in force, in the language of the desk where they have it.
func (h *Handler) rules(c *gin.Context) ([]templates.Rule, error) {
	site := request.Site(c)
	rules, err := h.Flow.Store.Rules(c.Request.Context(), site.ID, 0)
	if err != nil {
		return nil, err
	}
	set, _ := rules.In(respond.Locale(c), site.Locale)
	return ruleViews(set.Rules), nil
}

// item is the open comment with its context.
func (h *Handler) item(c *gin.Context, o opened, rules []templates.Rule, now time.Time) (*templates.DeskItem, error) {
	site, actor := request.Site(c), request.Actor(c)
	r, err := h.Flow.Review(c.Request.Context(), site.ID, o.id)
	if err != nil {
		return nil, err
	}
	item := &templates.DeskItem{
		ID: r.ID, Version: r.Version, Status: r.Status, Article: templates.Article{Key: r.Article.Key, URL: r.Article.URL,
			Title: r.Article.Title, Open: r.Article.State == models.ArticleOpen},
		ParentIsGone: r.ParentID != nil && r.Parent == nil, Name: r.AuthorName, URL: r.AuthorURL, Email: r.Author.Email != nil,
		HTML: r.Text.HTML, CreatedAt: r.CreatedAt, RulesVersion: r.RulesVersion, Rules: rules,
		Record: templates.Record{Since: r.Record.Since, Approved: r.Record.Approved, Rejected: r.Record.Rejected, Removed: r.Record.Removed,
			Spam: r.Record.Spam, Waiting: r.Record.Pending, ByAddress: r.Record.ByAddress},
		Statement: o.statement, Note: o.note, Problem: o.problem,
	}
	if r.Public != nil {
		item.PublicHTML = r.Public.HTML
	}
	if r.Parent != nil {
		item.Ancestors = []templates.Comment{placeView(*r.Parent)}
	}
	for _, p := range r.Siblings {
		item.Siblings = append(item.Siblings, templates.Published{Comment: placeView(p), PublishedAt: *p.PublishedAt})
	}
	item.History = historyViews(r.History, rules)
	h.offer(item, r, actor, now)
	return item, nil
}

// offer says what this moderator may do with the item now: nothing while another has it open, or before it is claimed.
func (h *Handler) offer(item *templates.DeskItem, r moderation.Review, actor moderation.Actor, now time.Time) {
	holder, held := r.HeldBy(uuid.Nil, now)
	if item.Mine = held && holder == actor.ID; held && !item.Mine {
		item.Holder = r.Holder
		return
	}
	if r.HeldRevision != nil && !item.Mine {
		return
	}
	for _, action := range moderation.Fits(r.State) {
		if actor.May(action) {
			item.Actions = append(item.Actions, action)
		}
	}
}

func historyViews(history []moderation.Event, rules []templates.Rule) (views []templates.HistoryEntry) {
	for _, e := range history {
		var broken []templates.Rule
		for _, r := range rules {
			if slices.Contains(e.Rules, r.Code) {
				broken = append(broken, r)
			}
		}
		views = append(views, templates.HistoryEntry{At: e.CreatedAt, Action: e.Action, Actor: e.Actor, Rules: broken,
			Statement: e.Statement, Note: e.Note})
	}
	return views
}

func ruleViews(rules []models.Rule) (views []templates.Rule) {
	for _, r := range rules {
		views = append(views, templates.Rule{Number: r.Number, Code: r.Code, Title: r.Title, Text: r.Text})
	}
	return views
}

func placeView(p models.Place) templates.Comment {
	return templates.Comment{ID: p.ID, Name: p.AuthorName, URL: p.AuthorURL, Staff: p.AuthorRole == "staff", HTML: p.HTML, CreatedAt: p.CreatedAt}
}
