package api

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"plenum/handlers/internal/request"
	"plenum/handlers/internal/respond"
	"plenum/models"
	"plenum/moderation"
)

type preview struct {
	HTML  string `json:"html"`
	Hints []hint `json:"hints"`
}

// hint is a rule that the text may go against: by which signal, and where a word of the list was found.
type hint struct {
	Signal  string       `json:"signal"`
	Passage string       `json:"passage"`
	Rule    respond.Rule `json:"rule"`
}

// Preview answers a text as a thread would show it. Nothing of it is kept.
func (h *Handler) Preview(c *gin.Context) error {
	var form request.Preview
	if err := request.JSON(c, &form); err != nil {
		return err
	}
	site := request.Site(c)
	p, err := h.Flow.Preview(c.Request.Context(), site, form.Article.Key, form.Body)
	if err != nil {
		return err
	}
	answer := preview{HTML: p.HTML, Hints: []hint{}}
	set, _ := p.Rules.In(respond.Locale(c), site.Locale)
	for _, one := range p.Hints {
		answer.Hints = append(answer.Hints, hint{one.Signal, one.Passage, ruleOf(set, one)})
	}
	return h.Respond.JSON(c, http.StatusOK, answer)
}

// ruleOf is the rule that a hint points at, which is one of those in force.
func ruleOf(set models.RuleSet, one moderation.Hint) respond.Rule {
	for _, r := range set.Rules {
		if r.Code == one.Rule {
			return respond.Rule{Code: r.Code, Title: r.Title, Text: r.Text}
		}
	}
	return respond.Rule{Code: one.Rule}
}

// hintRules says which rule each signal points a writer at; null: none.
type hintRules struct {
	Links     *string `json:"links" binding:"omitempty,max=40"`
	Shouting  *string `json:"shouting" binding:"omitempty,max=40"`
	Duplicate *string `json:"duplicate" binding:"omitempty,max=40"`
	Nearness  *string `json:"nearness" binding:"omitempty,max=40"`
}

// signals are the fields by the names of the signals.
func (r *hintRules) signals() map[string]**string {
	return map[string]**string{"links": &r.Links, "shouting": &r.Shouting, "duplicate": &r.Duplicate, "nearness": &r.Nearness}
}

// Hints answers which signals point writers at which rules.
func (h *Handler) Hints(c *gin.Context) error {
	tied, err := h.Flow.RuleHints(c.Request.Context(), request.Site(c), request.Actor(c))
	if err != nil {
		return err
	}
	var answer hintRules
	for signal, rule := range answer.signals() {
		if code, ok := tied[signal]; ok {
			*rule = &code
		}
	}
	return h.Respond.JSON(c, http.StatusOK, answer)
}

// SetHints sets all of it anew.
func (h *Handler) SetHints(c *gin.Context) error {
	var form hintRules
	if err := request.JSON(c, &form); err != nil {
		return err
	}
	tied := map[string]string{}
	for signal, rule := range form.signals() {
		if *rule != nil {
			tied[signal] = **rule
		}
	}
	if err := h.Flow.SetRuleHints(c.Request.Context(), request.Site(c), request.Actor(c), tied); err != nil {
		return err
	}
	return h.Respond.JSON(c, http.StatusOK, form)
}
