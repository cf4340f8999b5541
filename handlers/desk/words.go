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
	Rule    string `form:"rule"` // empty: none
}

func (f wordForm) word() models.Word {
	w := models.Word{Kind: f.Kind, Text: f.Text, Note: f.Note, Minutes: f.Minutes}
	if f.Rule != "" {
		w.Rule = &f.Rule
	}
	return w
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
	page, w := templates.Words{Kind: f.Kind, Text: f.Text, Note: f.Note, Minutes: f.Minutes, Rule: f.Rule}, f.word()
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
	return h.wordsProblem(c, page, err)
}

// wordsProblem shows the page again with what is wrong.
func (h *Handler) wordsProblem(c *gin.Context, page templates.Words, err error) error {
	if !respond.Expected(err) {
		return err
	}
	d := h.Respond.Explain(c, err)
	if page.Problem = d.Detail; len(d.Errors) > 0 {
		page.Problem = d.Errors[0].Message
	}
	return h.words(c, d.Status, page)
}

// hintForm names the rule that each signal points writers at; empty: none.
type hintForm struct {
	Links     string `form:"links"`
	Shouting  string `form:"shouting"`
	Duplicate string `form:"duplicate"`
	Nearness  string `form:"nearness"`
}

// SetHints sets which signals point writers at which rules before they send.
func (h *Handler) SetHints(c *gin.Context) error {
	var f hintForm
	if err := request.Form(c, &f); err != nil {
		return err
	}
	tied := map[string]string{"links": f.Links, "shouting": f.Shouting, "duplicate": f.Duplicate, "nearness": f.Nearness}
	if err := h.Flow.SetRuleHints(c.Request.Context(), request.Site(c), request.Actor(c), tied); err != nil {
		return h.wordsProblem(c, templates.Words{Kind: models.WordPlain, Minutes: firstMinutes}, err)
	}
	return respond.SeeOther(c, "/desk/"+request.Site(c).Slug+"/words#hints")
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
	tied, err := h.Flow.RuleHints(c.Request.Context(), site, request.Actor(c))
	if err != nil {
		return err
	}
	words, err := h.Flow.Store.Words(c.Request.Context(), site.ID)
	if err != nil {
		return err
	}
	rules, err := h.Flow.Store.Rules(c.Request.Context(), site.ID, 0)
	if err != nil {
		return err
	}
	set, _ := rules.In(respond.Locale(c), site.Locale)
	page.Rules = ruleViews(set.Rules)
	for _, signal := range moderation.HintSignals {
		page.Hints = append(page.Hints, templates.TiedHint{Signal: signal, Rule: tied[signal]})
	}
	page.Site = templates.Site{Slug: site.Slug, Name: site.Name}
	for _, w := range words {
		view := templates.Word{ID: w.ID, Kind: w.Kind, Text: w.Text, Note: w.Note, Minutes: w.Minutes, By: w.ByName, At: w.CreatedAt}
		if w.Rule != nil {
			view.Rule = *w.Rule
		}
		page.Words = append(page.Words, view)
	}
	return h.sheet(c, status, "desk/words", &page)
}
