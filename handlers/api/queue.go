package api

import (
	"net/http"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"plenum/handlers/internal/request"
	"plenum/handlers/internal/respond"
	"plenum/models"
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
}

type claim struct {
	By    respond.Actor `json:"by"`
	Until time.Time     `json:"until"`
}

// rank is where a page of the queue ends.
type rank struct {
	At time.Time `json:"t"`
	ID uuid.UUID `json:"i"`
}

// Queue lists what waits, most urgent first.
func (h *Handler) Queue(c *gin.Context) error {
	limit, err := request.Limit(c)
	if err != nil {
		return err
	}
	lane, err := request.OneOf(c, "state", models.LanePending, models.LaneEdited)
	if err != nil {
		return err
	}
	site := request.Site(c)
	var after rank
	binding := "queue\n" + site.ID.String() + "\n" + lane
	if _, err := h.Cursors.Read(c, binding, &after); err != nil {
		return err
	}
	q, err := h.Flow.Queue(c.Request.Context(), site, models.QueuePage{Lane: lane, After: after.At, AfterID: after.ID, Limit: limit})
	if err != nil {
		return err
	}
	total := q.Total(lane)
	answer := list[item]{Total: &total, Items: h.items(q.Items)}
	if n := len(q.Items); n > 0 {
		if answer.Next, err = h.cursor(q.More, binding, rank{q.Items[n-1].RankAt, q.Items[n-1].ID}); err != nil {
			return err
		}
	}
	return h.Respond.JSON(c, http.StatusOK, answer)
}

func (h *Handler) items(waiting []models.Waiting) []item {
	items := []item{}
	for _, w := range waiting {
		items = append(items, item{
			ID: w.ID, Version: w.Version, Status: w.Status, ParentID: w.ParentID,
			Article: article{Key: w.ArticleKey, URL: w.ArticleURL, Title: w.ArticleTitle, State: w.ArticleState},
			Author:  author{Name: w.AuthorName, URL: w.AuthorURL, Role: w.AuthorRole},
			Body:    w.Body, HTML: w.HTML, Revision: *w.HeldRevision, RulesVersion: w.RulesVersion,
			CreatedAt: w.CreatedAt.UTC(), DueAt: w.RankAt.UTC(), Claim: newClaim(w.Comment, w.Holder, h.Flow.Now()),
		})
	}
	return items
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
	Limit   int `json:"limit" binding:"required,min=1,max=200"`
	Seconds int `json:"seconds" binding:"required,min=1,max=3600"`
}

// Claim leases the next items to the caller alone.
func (h *Handler) Claim(c *gin.Context) error {
	var form claims
	if _, err := request.JSON(c, &form); err != nil {
		return err
	}
	items, err := h.Flow.Claim(c.Request.Context(), request.Site(c), request.Actor(c), "", form.Limit, time.Duration(form.Seconds)*time.Second)
	if err != nil {
		return err
	}
	return h.Respond.JSON(c, http.StatusOK, struct {
		Items []item `json:"items"`
	}{h.items(items)})
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
