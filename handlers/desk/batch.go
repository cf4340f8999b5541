package desk

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"plenum/handlers/internal/request"
	"plenum/handlers/internal/respond"
	"plenum/models"
	"plenum/moderation"
	"plenum/templates"
)

// orderForm decides several comments: those picked, or everything of the list. An item is an id and a version.
type orderForm struct {
	Action string   `form:"action"` // as in decisionForm
	Items  []string `form:"item"`
	All    string   `form:"all"`
}

func (f orderForm) order() (o moderation.Order, err error) {
	action, rule, _ := strings.Cut(f.Action, ":")
	o = moderation.Order{Action: action, FromTemplate: true}
	if rule != "" {
		o.Rules = []string{rule}
	}
	for _, item := range f.Items {
		id, version, _ := strings.Cut(item, ":")
		comment, err := uuid.Parse(id)
		if err != nil {
			return o, request.Malformed("item", "value")
		}
		n, err := strconv.ParseInt(version, 10, 32) // what its row has room for
		if err != nil {
			return o, request.Malformed("item", "value")
		}
		o.Items = append(o.Items, models.BatchItem{CommentID: comment, Version: int(n)})
	}
	return o, nil
}

// Order has several comments decided, and shows how far that is.
func (h *Handler) Order(c *gin.Context) error {
	var f orderForm
	if err := request.Form(c, &f); err != nil {
		return err
	}
	o, err := f.order()
	if err != nil {
		return err
	}
	if f.All != "" {
		q, err := request.Question(c)
		if err != nil {
			return err
		}
		o.Question = &q
	}
	return h.ordered(c)(h.Flow.DecideTogether(c.Request.Context(), request.Site(c), request.Actor(c), o))
}

// RemoveBranch takes the open comment down with everything below it.
func (h *Handler) RemoveBranch(c *gin.Context) error {
	id, err := request.ID(c, "id")
	if err != nil {
		return err
	}
	var f decisionForm
	if err := request.Form(c, &f); err != nil {
		return err
	}
	var b models.Batch
	if err = request.Check(&written{f.Statement, f.Note, f.Passage}); err == nil {
		b, err = h.Flow.RemoveBranch(c.Request.Context(), request.Site(c), request.Actor(c), f.verdict(id))
	}
	if err != nil {
		return h.again(c, opened{id: id, in: "branch", failed: err})
	}
	return h.ordered(c)(b, nil)
}

// UndoBatch takes everything back that was decided together.
func (h *Handler) UndoBatch(c *gin.Context) error {
	id, err := request.ID(c, "id")
	if err != nil {
		return err
	}
	return h.ordered(c)(h.Flow.UndoBatch(c.Request.Context(), request.Site(c), request.Actor(c), id))
}

// ordered leads to the page of a batch.
func (h *Handler) ordered(c *gin.Context) func(models.Batch, error) error {
	return func(b models.Batch, err error) error {
		if err != nil {
			return err
		}
		return respond.SeeOther(c, back(c, "/desk/"+request.Site(c).Slug+"/batches/"+b.ID.String()))
	}
}

const refusedShown = 100

// Batch shows how far a batch is, again and again until it is done.
func (h *Handler) Batch(c *gin.Context) error {
	id, err := request.ID(c, "id")
	if err != nil {
		return err
	}
	site := request.Site(c)
	b, err := h.Flow.Store.Batch(c.Request.Context(), site.ID, id)
	if err != nil {
		return err
	}
	page := templates.Batch{Site: templates.Site{Slug: site.Slug, Name: site.Name}, ID: b.ID, Action: b.Action, Total: b.Total, Done: b.Done,
		Refused: b.Refused, CalledOff: b.CalledOff, Finished: b.FinishedAt != nil, Back: queueURL(c)}
	if page.Left = b.CreatedAt.Add(h.Flow.UndoDelay(site)).Sub(h.Flow.Now()); b.Undoes != nil || b.Refused == b.Total {
		page.Left = 0
	}
	refused, err := h.Flow.Store.BatchItems(c.Request.Context(), site.ID, id, models.ItemRefused, 0, refusedShown)
	if err != nil {
		return err
	}
	for _, item := range refused {
		page.Why = append(page.Why, templates.RefusedItem{URL: itemURL(c, site.Slug, item.CommentID), Why: h.Respond.Refused(c, *item.Refusal)})
	}
	return h.sheet(c, http.StatusOK, "desk/batch", &page)
}
