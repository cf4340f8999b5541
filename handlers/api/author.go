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

// record is how an author's comments fared, and what was laid on them.
type record struct {
	Since     time.Time   `json:"since"`
	Approved  int         `json:"approved"`
	Rejected  int         `json:"rejected"`
	Spam      int         `json:"spam"`
	Removed   int         `json:"removed"`
	Pending   int         `json:"pending"`
	ByAddress bool        `json:"by_address"`
	ByRule    []ruleCount `json:"by_rule"`
	Reports   int         `json:"reports"`
	Appeals   int         `json:"appeals"`
	Notes     []note      `json:"notes"`
	Sanctions []sanction  `json:"sanctions"`
}

type note struct {
	CommentID uuid.UUID `json:"comment_id"`
	Text      string    `json:"text"`
	Actor     string    `json:"actor"`
	CreatedAt time.Time `json:"created_at"`
}

func newRecord(r moderation.Record, now time.Time) record {
	v := record{Since: r.Since.UTC(), Approved: r.Approved, Rejected: r.Rejected, Spam: r.Spam, Removed: r.Removed, Pending: r.Pending,
		ByAddress: r.ByAddress, ByRule: []ruleCount{}, Reports: r.Reports, Appeals: r.Appeals, Notes: []note{}, Sanctions: []sanction{}}
	for _, rule := range r.Rules {
		v.ByRule = append(v.ByRule, ruleCount(rule))
	}
	for _, n := range r.Notes {
		v.Notes = append(v.Notes, note{n.CommentID, n.Text, n.Actor, n.CreatedAt.UTC()})
	}
	for _, s := range r.Sanctions {
		v.Sanctions = append(v.Sanctions, newSanction(s, now))
	}
	return v
}

// sanction is a warning, a pause or a ban with its grounds.
type sanction struct {
	ID             uuid.UUID      `json:"id"`
	AuthorID       uuid.UUID      `json:"author_id"`
	Kind           string         `json:"kind"`
	CommentID      *uuid.UUID     `json:"comment_id"`
	Until          *time.Time     `json:"until"`
	Rules          []string       `json:"rules"`
	RulesVersion   int            `json:"rules_version"`
	Statement      string         `json:"statement"`
	Note           string         `json:"note"`
	Actor          respond.Actor  `json:"actor"`
	CreatedAt      time.Time      `json:"created_at"`
	InForce        bool           `json:"in_force"`
	AcknowledgedAt *time.Time     `json:"acknowledged_at"`
	LiftedAt       *time.Time     `json:"lifted_at"`
	LiftedBy       *respond.Actor `json:"lifted_by"`
}

func newSanction(s moderation.Sanction, now time.Time) sanction {
	v := sanction{ID: s.ID, AuthorID: s.AuthorID, Kind: s.Kind, CommentID: s.CommentID, Until: utc(s.Until), Rules: append([]string{}, s.Laid.Rules...),
		RulesVersion: s.Laid.RulesVersion, Statement: s.Laid.Statement, Note: s.Laid.Note, Actor: respond.Actor{ID: *s.Laid.ActorID, Name: s.Laid.Actor},
		CreatedAt: s.CreatedAt.UTC(), InForce: s.InForce(now), AcknowledgedAt: utc(s.AcknowledgedAt)}
	if s.Ended != nil {
		v.LiftedAt, v.LiftedBy = utc(&s.Ended.CreatedAt), &respond.Actor{ID: *s.Ended.ActorID, Name: s.Ended.Actor}
	}
	return v
}

func utc(t *time.Time) *time.Time {
	if t == nil {
		return nil
	}
	at := t.UTC()
	return &at
}

type wroteComment struct {
	ID        uuid.UUID `json:"id"`
	Status    string    `json:"status"`
	Name      string    `json:"name"`
	HTML      string    `json:"html"`
	Article   string    `json:"article"`
	CreatedAt time.Time `json:"created_at"`
}

// Author answers an author's record and a page of their comments, newest first.
func (h *Handler) Author(c *gin.Context) error {
	id, err := request.ID(c, "id")
	if err != nil {
		return err
	}
	limit, err := request.Limit(c)
	if err != nil {
		return err
	}
	site := request.Site(c)
	binding := "author\n" + site.ID.String() + "\n" + id.String()
	var after made
	if _, err := h.Cursors.Read(c, binding, &after); err != nil {
		return err
	}
	a, err := h.Flow.Author(c.Request.Context(), site.ID, models.AuthorPage{AuthorID: id, Before: after.At, BeforeID: after.ID, Limit: limit})
	if err != nil {
		return err
	}
	answer := struct {
		ID       uuid.UUID      `json:"id"`
		Record   record         `json:"record"`
		Comments []wroteComment `json:"comments"`
		Next     *string        `json:"next_cursor"`
	}{ID: a.ID, Record: newRecord(a.Record, h.Flow.Now()), Comments: []wroteComment{}}
	for _, w := range a.Comments {
		answer.Comments = append(answer.Comments, wroteComment{w.ID, w.Status, w.AuthorName, w.HTML, w.ArticleKey, w.CreatedAt.UTC()})
	}
	if n := len(a.Comments); n > 0 {
		if answer.Next, err = h.cursor(a.More, binding, made{a.Comments[n-1].CreatedAt, a.Comments[n-1].ID}); err != nil {
			return err
		}
	}
	return h.Respond.JSON(c, http.StatusOK, answer)
}

type newSanctionForm struct {
	Kind      string     `json:"kind" binding:"required,oneof=warn pause ban network"`
	CommentID *uuid.UUID `json:"comment_id"`
	Until     *time.Time `json:"until"`
	Rules     []string   `json:"rules" binding:"max=9,dive,required,max=40"`
	Statement string     `json:"statement" binding:"max=5000,text"`
	Note      string     `json:"note" binding:"max=5000,text"`
}

// Sanction warns, pauses or bans an author.
func (h *Handler) Sanction(c *gin.Context) error {
	id, err := request.ID(c, "id")
	if err != nil {
		return err
	}
	var form newSanctionForm
	asked, err := request.Repeatable(c, &form)
	if err != nil {
		return err
	}
	s, err := h.Flow.Sanction(c.Request.Context(), request.Site(c), request.Actor(c), moderation.Sanctioning{AuthorID: id, Kind: form.Kind,
		CommentID: form.CommentID, Until: form.Until, Rules: form.Rules, Statement: form.Statement, Note: form.Note,
		Request: asked})
	if err != nil {
		return err
	}
	return h.Respond.JSON(c, http.StatusCreated, newSanction(s, h.Flow.Now()))
}

// Lift ends a sanction early.
func (h *Handler) Lift(c *gin.Context) error {
	id, err := request.ID(c, "id")
	if err != nil {
		return err
	}
	var form struct {
		Note string `json:"note" binding:"max=5000,text"`
	}
	if err := request.JSON(c, &form); err != nil {
		return err
	}
	s, err := h.Flow.Lift(c.Request.Context(), request.Site(c), request.Actor(c), id, form.Note)
	if err != nil {
		return err
	}
	return h.Respond.JSON(c, http.StatusOK, newSanction(s, h.Flow.Now()))
}
