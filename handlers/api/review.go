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
	"plenum/moderation/triage"
)

// review is everything about one comment.
type review struct {
	ID             uuid.UUID          `json:"id"`
	Version        int                `json:"version"`
	Status         string             `json:"status"`
	Article        article            `json:"article"`
	ParentID       *uuid.UUID         `json:"parent_id"`
	Parent         *comment           `json:"parent"`
	Ancestors      []comment          `json:"ancestors"`
	Siblings       []comment          `json:"siblings"`
	Author         author             `json:"author"`
	AuthorID       uuid.UUID          `json:"author_id"`
	Record         record             `json:"record"`
	Body           string             `json:"body"`
	HTML           string             `json:"html"`
	Revision       int                `json:"revision"`
	PublicRevision *int               `json:"public_revision"`
	HeldRevision   *int               `json:"held_revision"`
	Revisions      []revision         `json:"revisions"`
	RulesVersion   int                `json:"rules_version"`
	CreatedAt      time.Time          `json:"created_at"`
	PublishedAt    *time.Time         `json:"published_at"`
	DueAt          time.Time          `json:"due_at"`
	Claim          *claim             `json:"claim"`
	Actions        []string           `json:"actions"`
	History        []respond.Decision `json:"history"`
	Case           *reportCase        `json:"case"`
	Appeals        []appeal           `json:"appeals"`
	OnlyOne        bool               `json:"only_moderator"`
	Priority       int                `json:"priority"`
	Signals        []signal           `json:"signals"`
	Diff           []piece            `json:"diff"`
	Templates      map[string]string  `json:"statement_templates"`
}

type piece struct {
	Op   string `json:"op"`
	Text string `json:"text"`
}

// signal is what triage says of the text.
type signal struct {
	Name        string         `json:"name"`
	Version     int            `json:"version"`
	Unavailable bool           `json:"unavailable"`
	Score       float64        `json:"score"`
	Minutes     int            `json:"minutes"`
	Reason      string         `json:"reason"`
	Args        map[string]any `json:"args"`
	Spans       []triage.Span  `json:"spans"`
}

type revision struct {
	Number    int       `json:"number"`
	Body      string    `json:"body"`
	HTML      string    `json:"html"`
	CreatedAt time.Time `json:"created_at"`
}

// Review answers everything that a moderator needs to decide one comment.
func (h *Handler) Review(c *gin.Context) error {
	id, err := request.ID(c, "id")
	if err != nil {
		return err
	}
	r, err := h.Flow.Review(c.Request.Context(), request.Site(c).ID, id)
	if err != nil {
		return err
	}
	view := newReview(r, h.Flow.Now())
	view.Signals = h.signals(c, r.Signals)
	return h.Respond.JSON(c, http.StatusOK, view)
}

func (h *Handler) signals(c *gin.Context, found []moderation.SignalView) []signal {
	all := []signal{}
	for _, s := range found {
		view := signal{Name: s.Name, Version: s.Version, Unavailable: s.Unavailable, Score: s.Score, Minutes: s.Minutes, Args: s.Fill,
			Spans: append([]triage.Span{}, s.Spans...)}
		if s.Reason != "" {
			view.Reason = h.Respond.Templates.T(respond.Locale(c), s.Reason, s.Fill)
		}
		all = append(all, view)
	}
	return all
}

func newReview(r moderation.Review, now time.Time) review {
	v := review{
		ID: r.ID, Version: r.Version, Status: r.Status, ParentID: r.ParentID,
		Article: newArticle(r.Article), AuthorID: r.AuthorID,
		Siblings: []comment{}, Ancestors: []comment{}, Author: author{Name: r.AuthorName, URL: r.AuthorURL, Role: r.AuthorRole},
		Record: newRecord(r.Record, now),
		Body:   r.Text.Body, HTML: r.Text.HTML, Revision: r.Text.Number, PublicRevision: r.PublicRevision, HeldRevision: r.HeldRevision,
		Revisions: []revision{}, RulesVersion: r.RulesVersion, CreatedAt: r.CreatedAt.UTC(), DueAt: r.DueAt.UTC(),
		Claim: newClaim(r.Comment, r.Holder, now), Actions: append([]string{}, moderation.Fits(r.State)...),
		History: respond.NewDecisions(r.History), Case: newCase(r.Case), Appeals: newAppeals(r.Appeals), OnlyOne: r.OnlyOne,
	}
	v.Priority, v.Diff, v.Templates = r.Priority, []piece{}, r.Drafts
	for _, p := range r.Diff {
		v.Diff = append(v.Diff, piece(p))
	}
	if r.PublishedAt != nil {
		published := r.PublishedAt.UTC()
		v.PublishedAt = &published
	}
	if p := r.Parent(); p != nil {
		parent := newComment(*p)
		v.Parent = &parent
	}
	for _, p := range r.Ancestors {
		v.Ancestors = append(v.Ancestors, newComment(p))
	}
	for _, p := range r.Siblings {
		v.Siblings = append(v.Siblings, newComment(p))
	}
	for _, text := range r.Revisions {
		v.Revisions = append(v.Revisions, newRevision(text))
	}
	return v
}

func newRevision(r models.Revision) revision {
	return revision{Number: r.Number, Body: r.Body, HTML: r.HTML, CreatedAt: r.CreatedAt.UTC()}
}
