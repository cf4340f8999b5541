package desk

import (
	"strings"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"plenum/handlers/internal/request"
	"plenum/handlers/internal/respond"
	"plenum/moderation"
)

// decisionForm is what a key of the desk sends. Action is a verb, or a verb and the rule it goes by: reject:topic.
type decisionForm struct {
	Action    string `form:"action"`
	Version   int    `form:"version"`
	Statement string `form:"statement"`
	Note      string `form:"note"`
	Passage   string `form:"passage"`
}

// written holds what was typed to its limits.
type written struct {
	Statement string `json:"statement" binding:"max=5000,text"`
	Note      string `json:"note" binding:"max=5000,text"`
	Passage   string `json:"passage" binding:"max=300,text"`
}

func (f decisionForm) verdict(id uuid.UUID) moderation.Verdict {
	action, rule, _ := strings.Cut(f.Action, ":")
	v := moderation.Verdict{CommentID: id, Version: f.Version, Action: action, Statement: f.Statement, Note: f.Note,
		FromTemplate: true, Passage: f.Passage}
	if rule != "" {
		v.Rules = []string{rule}
	}
	return v
}

// Decide decides the open comment and opens the next one. What does not go through is said on the same page, with what
// another did meanwhile and everything typed still there.
func (h *Handler) Decide(c *gin.Context) error {
	id, err := request.ID(c, "id")
	if err != nil {
		return err
	}
	var f decisionForm
	if err := request.Form(c, &f); err != nil {
		return err
	}
	f.Statement, f.Note = lines(f.Statement), lines(f.Note)
	err = request.Check(&written{f.Statement, f.Note, f.Passage})
	if err == nil {
		_, err = h.Flow.Decide(c.Request.Context(), request.Site(c), request.Actor(c), f.verdict(id))
	}
	if err != nil {
		return h.again(c, opened{id: id, statement: f.Statement, note: f.Note, passage: f.Passage, in: "decide", failed: err})
	}
	if f.Action != moderation.Undo {
		return h.next(c, uuid.NullUUID{UUID: id, Valid: true})
	}
	if _, err := h.Flow.ClaimOne(c.Request.Context(), request.Site(c), request.Actor(c), id); err != nil {
		return err
	}
	return respond.SeeOther(c, itemURL(c, request.Site(c).Slug, id))
}

// lines is text from a form, which sends line ends as CR LF.
func lines(s string) string { return strings.TrimSpace(strings.ReplaceAll(s, "\r\n", "\n")) }
