package desk

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"plenum/handlers/internal/request"
	"plenum/handlers/internal/respond"
	"plenum/models"
	"plenum/moderation"
	"plenum/moderation/markup"
	"plenum/templates"
)

// wordForm tries an entry, or adds it.
type wordForm struct {
	Do      string `form:"do"` // try or add
	Kind    string `form:"kind"`
	Text    string `form:"text"`
	Note    string `form:"note"`
	Minutes int    `form:"minutes"`
}

const firstMinutes = 10

// Words shows the site's word list. It is for editors.
func (h *Handler) Words(c *gin.Context) error {
	return h.words(c, http.StatusOK, templates.Words{Kind: models.WordPlain, Minutes: firstMinutes})
}

// PutWord shows what an entry would have hit, or adds it.
func (h *Handler) PutWord(c *gin.Context) error {
	var f wordForm
	if err := request.Form(c, &f); err != nil {
		return err
	}
	page := templates.Words{Kind: f.Kind, Text: f.Text, Note: f.Note, Minutes: f.Minutes}
	w := models.Word{Kind: f.Kind, Text: f.Text, Note: f.Note, Minutes: f.Minutes}
	var err error
	if f.Do == "add" {
		if _, err = h.Flow.AddWord(c.Request.Context(), request.Site(c), request.Actor(c), w); err == nil {
			return respond.SeeOther(c, "/desk/"+request.Site(c).Slug+"/words")
		}
	} else {
		var trial moderation.Trial
		if trial, err = h.Flow.TryWord(c.Request.Context(), request.Site(c), request.Actor(c), w); err == nil {
			page.Tried = trialView(trial)
			return h.words(c, http.StatusOK, page)
		}
	}
	if !respond.Expected(err) {
		return err
	}
	d := h.Respond.Explain(c, err)
	if page.Problem = d.Detail; len(d.Errors) > 0 {
		page.Problem = d.Errors[0].Message
	}
	return h.words(c, d.Status, page)
}

func trialView(t moderation.Trial) *templates.Trial {
	view := &templates.Trial{Looked: t.Looked, Approved: t.Approved, Refused: t.Refused}
	for _, d := range t.Hits {
		view.Hits = append(view.Hits, templates.TrialHit{Name: d.AuthorName, Excerpt: markup.Excerpt(d.Body, excerptLength), Action: d.Action})
	}
	return view
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
	return respond.SeeOther(c, "/desk/"+request.Site(c).Slug+"/words")
}

func (h *Handler) words(c *gin.Context, status int, page templates.Words) error {
	site := request.Site(c)
	if !request.Actor(c).AtLeast(moderation.RoleEditor) {
		return &request.Problem{Status: http.StatusForbidden, Key: "refusal.role"}
	}
	words, err := h.Flow.Store.Words(c.Request.Context(), site.ID)
	if err != nil {
		return err
	}
	page.Site = templates.Site{Slug: site.Slug, Name: site.Name}
	for _, w := range words {
		page.Words = append(page.Words, templates.Word{ID: w.ID, Kind: w.Kind, Text: w.Text, Note: w.Note, Minutes: w.Minutes, By: w.ByName, At: w.CreatedAt})
	}
	return h.sheet(c, status, "desk/words", &page)
}
