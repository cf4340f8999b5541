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

// newWord is an entry of a word list to be tried or added.
type newWord struct {
	Kind    string `json:"kind" binding:"required,oneof=word pattern"`
	Text    string `json:"text" binding:"required,max=500,line"`
	Note    string `json:"note" binding:"max=500,line"`
	Minutes int    `json:"minutes" binding:"min=1,max=30"`

	Rule *string `json:"rule" binding:"omitempty,max=40"`
}

func (f newWord) word() models.Word {
	return models.Word{Kind: f.Kind, Text: f.Text, Note: f.Note, Minutes: f.Minutes, Rule: f.Rule}
}

// word is an entry as it stands in the list.
type word struct {
	ID        uuid.UUID     `json:"id"`
	Kind      string        `json:"kind"`
	Text      string        `json:"text"`
	Note      string        `json:"note"`
	Minutes   int           `json:"minutes"`
	Rule      *string       `json:"rule"`
	By        respond.Actor `json:"by"`
	CreatedAt time.Time     `json:"created_at"`
}

func newWordView(w models.Word) word {
	return word{w.ID, w.Kind, w.Text, w.Note, w.Minutes, w.Rule, respond.Actor{ID: w.CreatedBy, Name: w.ByName}, w.CreatedAt.UTC()}
}

// Words lists the site's word list.
func (h *Handler) Words(c *gin.Context) error {
	words, err := h.Flow.Store.Words(c.Request.Context(), request.Site(c).ID)
	if err != nil {
		return err
	}
	answer := struct {
		Items []word `json:"items"`
	}{Items: []word{}}
	for _, w := range words {
		answer.Items = append(answer.Items, newWordView(w))
	}
	return h.Respond.JSON(c, http.StatusOK, answer)
}

// AddWord adds an entry.
func (h *Handler) AddWord(c *gin.Context) error {
	var form newWord
	if err := request.JSON(c, &form); err != nil {
		return err
	}
	w, err := h.Flow.AddWord(c.Request.Context(), request.Site(c), request.Actor(c), form.word())
	if err != nil {
		return err
	}
	return h.Respond.JSON(c, http.StatusCreated, newWordView(w))
}

// trial is what an entry would have hit.
type trial struct {
	Looked   int   `json:"looked"`
	Approved int   `json:"approved"`
	Refused  int   `json:"refused"`
	Hits     []hit `json:"hits"`
}

type hit struct {
	CommentID uuid.UUID `json:"comment_id"`
	Name      string    `json:"name"`
	Body      string    `json:"body"`
	Action    string    `json:"action"`
}

// TryWord shows what an entry would have hit among the last 500 decisions.
func (h *Handler) TryWord(c *gin.Context) error {
	var form newWord
	if err := request.JSON(c, &form); err != nil {
		return err
	}
	t, err := h.Flow.TryWord(c.Request.Context(), request.Site(c), request.Actor(c), form.word())
	if err != nil {
		return err
	}
	answer := trial{t.Looked, t.Approved, t.Refused, []hit{}}
	for _, d := range t.Hits {
		answer.Hits = append(answer.Hits, hit{d.CommentID, d.AuthorName, d.Body, d.Action})
	}
	return h.Respond.JSON(c, http.StatusOK, answer)
}

// RemoveWord takes an entry out.
func (h *Handler) RemoveWord(c *gin.Context) error {
	id, err := request.ID(c, "id")
	if err != nil {
		return err
	}
	if err := h.Flow.RemoveWord(c.Request.Context(), request.Site(c), request.Actor(c), id); err != nil {
		return err
	}
	return respond.NoContent(c)
}
