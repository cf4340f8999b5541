package api

import (
	"net/http"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"plenum/handlers/internal/request"
	"plenum/handlers/internal/respond"
	"plenum/models"
	"plenum/moderation"
)

// item is what waits in the queue.
type item struct {
	ID           uuid.UUID  `json:"id"`
	Version      int        `json:"version"`
	Status       string     `json:"status"`
	Article      article    `json:"article"`
	ParentID     *uuid.UUID `json:"parent_id"`
	Author       author     `json:"author"`
	Body         string     `json:"body"`
	HTML         string     `json:"html"`
	Revision     int        `json:"revision"`
	RulesVersion int        `json:"rules_version"`
	CreatedAt    time.Time  `json:"created_at"`
	DueAt        time.Time  `json:"due_at"`
	Claim        *claim     `json:"claim"`

	Site          string         `json:"site"`
	WaitingSince  time.Time      `json:"waiting_since"`
	Priority      int            `json:"priority"`
	SetAsideUntil *time.Time     `json:"set_aside_until"`
	PassedTo      *respond.Actor `json:"passed_to"`
	PassedRole    *string        `json:"passed_role"`
	CaseID        *uuid.UUID     `json:"case_id"`
	AppealID      *uuid.UUID     `json:"appeal_id"`
}

type claim struct {
	By    respond.Actor `json:"by"`
	Until time.Time     `json:"until"`
}

// queuePage is a page of a lane, with how much waits in each; a total of total_cap is that many or more.
type queuePage struct {
	Total    int            `json:"total"`
	TotalCap int            `json:"total_cap"`
	Totals   map[string]int `json:"totals"`
	Items    []item         `json:"items"`
	Next     *string        `json:"next_cursor"`
}

// Queue lists a lane of the site. It changes nothing.
func (h *Handler) Queue(c *gin.Context) error {
	q, err := request.Question(c)
	if err != nil {
		return err
	}
	site := request.Site(c)
	binding := "queue\n" + site.ID.String() + "\n" + request.Wish(c)
	if _, err := h.Cursors.Read(c, binding, &q.After); err != nil {
		return err
	}
	found, err := h.Flow.Queue(c.Request.Context(), site, request.Actor(c), q)
	if err != nil {
		return err
	}
	total := found.Total(q.Lane)
	if total >= models.CountCap { // whoever asks for one site's lane gets its number, however long it takes
		if total, err = h.Flow.Total(c.Request.Context(), site, request.Actor(c), q.Lane); err != nil {
			return err
		}
	}
	return h.queue(c, q, found, page{binding, total})
}

// QueueAcross lists a lane of all sites that the signed-in moderator serves.
func (h *Handler) QueueAcross(c *gin.Context) error {
	q, err := request.Question(c)
	if err != nil {
		return err
	}
	me := request.Moderator(c).ID
	binding := "queues\n" + me.String() + "\n" + request.Wish(c)
	if _, err := h.Cursors.Read(c, binding, &q.After); err != nil {
		return err
	}
	found, err := h.Flow.QueueOf(c.Request.Context(), me, q)
	if err != nil {
		return err
	}
	return h.queue(c, q, found, page{binding, found.Total(q.Lane)})
}

// page is what a page of the queue is bound to, and how many items its lane has.
type page struct {
	binding string
	total   int
}

func (h *Handler) queue(c *gin.Context, q moderation.Question, found moderation.Queue, p page) (err error) {
	answer := queuePage{Total: p.total, TotalCap: models.CountCap, Totals: map[string]int{}, Items: h.items(q.Lane, found.Items)}
	for _, lane := range models.Lanes {
		if lane != models.LaneDecided {
			answer.Totals[lane] = found.Total(lane)
		}
	}
	if n := len(found.Items); n > 0 {
		answer.Next, err = h.cursor(found.More, p.binding, found.Items[n-1].Position())
	}
	if err != nil {
		return err
	}
	return h.Respond.JSON(c, http.StatusOK, answer)
}

func (h *Handler) items(lane string, waiting []models.Waiting) []item {
	items := []item{}
	for _, w := range waiting {
		i := item{
			ID: w.ID, Version: w.Version, Status: w.Status, ParentID: w.ParentID,
			Article: article{Key: w.ArticleKey, URL: w.ArticleURL, Title: w.ArticleTitle, State: w.ArticleState},
			Author:  author{Name: w.AuthorName, URL: w.AuthorURL, Role: w.AuthorRole},
			Body:    w.Body, HTML: w.HTML, Revision: w.TextRevision, RulesVersion: w.RulesVersion,
			CreatedAt: w.CreatedAt.UTC(), DueAt: w.DueAt.UTC(), Claim: newClaim(w.Comment, w.Holder, h.Flow.Now()),
			Site: w.SiteSlug, WaitingSince: w.Since.UTC(), Priority: w.Priority, SetAsideUntil: inUTC(w.SetAsideUntil), PassedRole: w.PassedRole,
		}
		if w.PassedTo != nil {
			i.PassedTo = &respond.Actor{ID: *w.PassedTo, Name: w.PassedName}
		}
		switch lane {
		case models.LaneReported:
			i.CaseID = &w.SortID
		case models.LaneAppealed:
			i.AppealID = &w.SortID
		}
		items = append(items, i)
	}
	return items
}

func inUTC(t *time.Time) *time.Time {
	if t == nil {
		return nil
	}
	utc := t.UTC()
	return &utc
}

func newClaim(c models.Comment, holder string, now time.Time) *claim {
	by, held := c.HeldBy(uuid.Nil, now)
	if !held {
		return nil
	}
	return &claim{By: respond.Actor{ID: by, Name: holder}, Until: c.ClaimedUntil.UTC()}
}

// claims asks for a lease on the next items.
type claims struct {
	State   string `json:"state" binding:"omitempty,oneof=pending edited reported appealed mine set_aside"`
	Limit   int    `json:"limit" binding:"min=1,max=200"`
	Seconds int    `json:"seconds" binding:"min=1,max=3600"`
}

// Claim leases the next items to the caller alone.
func (h *Handler) Claim(c *gin.Context) error {
	var form claims
	if err := request.JSON(c, &form); err != nil {
		return err
	}
	items, err := h.Flow.Claim(c.Request.Context(), request.Site(c), request.Actor(c), form.State, form.Limit, time.Duration(form.Seconds)*time.Second)
	if err != nil {
		return err
	}
	return h.Respond.JSON(c, http.StatusOK, struct {
		Items []item `json:"items"`
	}{h.items(form.State, items)})
}

// Renew leases the item to the caller, or goes on with their lease: for as long as a page is open.
func (h *Handler) Renew(c *gin.Context) error {
	id, err := request.ID(c, "id")
	if err != nil {
		return err
	}
	held, err := h.Flow.Renew(c.Request.Context(), request.Site(c), request.Actor(c), id)
	if err != nil {
		return err
	}
	return h.Respond.JSON(c, http.StatusOK, newClaim(held.Comment, held.Holder, h.Flow.Now()))
}

// ReleaseAll lets everything go that the caller holds on the site: for a page that is being left.
func (h *Handler) ReleaseAll(c *gin.Context) error {
	if err := h.Flow.ReleaseAll(c.Request.Context(), request.Site(c), request.Actor(c)); err != nil {
		return err
	}
	return respond.NoContent(c)
}

// Release lets a claimed item go.
func (h *Handler) Release(c *gin.Context) error {
	id, err := request.ID(c, "id")
	if err != nil {
		return err
	}
	if err := h.Flow.Release(c.Request.Context(), request.Site(c), request.Actor(c), id); err != nil {
		return err
	}
	return respond.NoContent(c)
}
