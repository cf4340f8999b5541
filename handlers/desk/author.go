package desk

import (
	"net/http"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"plenum/handlers/internal/request"
	"plenum/handlers/internal/respond"
	"plenum/models"
	"plenum/moderation"
	"plenum/moderation/markup"
	"plenum/templates"
)

const (
	authorComments = 50
	usualDays      = 7 // of a pause
)

// made is where a page of a list ends that is ordered by time of making.
type made struct {
	At time.Time `json:"t"`
	ID uuid.UUID `json:"i"`
}

// authorURL is where the desk shows an author, with the comment that led there as the occasion.
func authorURL(c *gin.Context, authorID, commentID uuid.UUID) string {
	return "/desk/" + request.Site(c).Slug + "/authors/" + authorID.String() + "?comment=" + commentID.String()
}

// Author shows an author: the record, sanctions, and what they wrote.
func (h *Handler) Author(c *gin.Context) error {
	id, err := request.ID(c, "id")
	if err != nil {
		return err
	}
	page, err := h.authorPage(c, id)
	if err != nil {
		return err
	}
	page.Form = templates.SanctionForm{Days: usualDays, CommentID: c.Query("comment")}
	return h.sheet(c, http.StatusOK, "desk/author", &page)
}

func (h *Handler) authorPage(c *gin.Context, id uuid.UUID) (page templates.AuthorPage, err error) {
	site, actor := request.Site(c), request.Actor(c)
	binding := "desk author\n" + site.ID.String() + "\n" + id.String()
	var after made
	if _, err := h.Cursors.Read(c, binding, &after); err != nil {
		return page, err
	}
	a, err := h.Flow.Author(c.Request.Context(), site.ID, models.AuthorPage{AuthorID: id, Before: after.At, BeforeID: after.ID, Limit: authorComments})
	if err != nil {
		return page, err
	}
	page = templates.AuthorPage{Site: templates.Site{Slug: site.Slug, Name: site.Name}, ID: id, Kinds: actor.Sanctions(), Back: "/desk/" + site.Slug + "/queue"}
	if page.Rules, err = h.rules(c); err != nil {
		return page, err
	}
	page.Record = h.recordView(c, a.Record, page.Rules)
	page.Record.Sanction = ""
	for _, s := range a.Record.Sanctions {
		page.Sanctions = append(page.Sanctions, h.sanctionView(s, actor, site, page.Rules))
	}
	for _, w := range a.Comments {
		if page.Name == "" {
			page.Name = w.AuthorName
		}
		page.Comments = append(page.Comments, templates.WrittenItem{ID: w.ID, Name: w.AuthorName, Excerpt: markup.Excerpt(w.Body, excerptLength),
			Article: named(w), Status: w.Status, At: w.CreatedAt})
	}
	if a.More {
		last := a.Comments[len(a.Comments)-1]
		page.Next, err = h.Cursors.Write(binding, made{last.CreatedAt, last.ID})
	}
	return page, err
}

// named is the title of a comment's article, or its key.
func named(w models.WrittenComment) string {
	if w.ArticleTitle == "" {
		return w.ArticleKey
	}
	return w.ArticleTitle
}

func (h *Handler) sanctionView(s moderation.Sanction, actor moderation.Actor, site models.Site, rules []templates.Rule) templates.SanctionItem {
	v := templates.SanctionItem{ID: s.ID, Kind: s.Kind, State: "over", At: s.CreatedAt, Actor: s.Laid.Actor, Rules: broken(rules, s.Laid.Rules),
		Statement: s.Laid.Statement, Note: s.Laid.Note}
	if s.Until != nil {
		v.Until = *s.Until
	}
	switch {
	case s.Ended != nil:
		v.State, v.EndedAt, v.EndedBy = "lifted", s.Ended.CreatedAt, s.Ended.Actor
	case s.AcknowledgedAt != nil:
		v.State, v.EndedAt = "acknowledged", *s.AcknowledgedAt
	case s.InForce(h.Flow.Now()):
		v.State, v.MayLift = "in_force", h.Flow.MayLift(site, actor, s)
	}
	return v
}

// sanctionForm is a sanction as the page's form sends it.
type sanctionForm struct {
	Kind      string   `form:"kind"`
	Days      int      `form:"days"`
	CommentID string   `form:"comment_id"`
	Rules     []string `form:"rules"`
	Statement string   `form:"statement"`
	Note      string   `form:"note"`
}

// lengthy is the end of what lasts so many days; nil: it has none.
func (f sanctionForm) lengthy(now time.Time) *time.Time {
	if f.Days <= 0 {
		return nil
	}
	until := now.Add(time.Duration(f.Days) * 24 * time.Hour)
	return &until
}

// Sanction warns, pauses or bans an author, and shows them again.
func (h *Handler) Sanction(c *gin.Context) error {
	id, err := request.ID(c, "id")
	if err != nil {
		return err
	}
	var f sanctionForm
	if err := request.Form(c, &f); err != nil {
		return err
	}
	f.Statement, f.Note = lines(f.Statement), lines(f.Note)
	s := moderation.Sanctioning{AuthorID: id, Kind: f.Kind, Until: f.lengthy(h.Flow.Now()), Rules: f.Rules, Statement: f.Statement, Note: f.Note}
	if comment, err := uuid.Parse(f.CommentID); err == nil {
		s.CommentID = &comment
	}
	if err = request.Check(&written{Statement: f.Statement, Note: f.Note}); err == nil {
		_, err = h.Flow.Sanction(c.Request.Context(), request.Site(c), request.Actor(c), s)
	}
	if err != nil {
		return h.sanctionAgain(c, id, f, err)
	}
	return respond.SeeOther(c, "/desk/"+request.Site(c).Slug+"/authors/"+id.String()+"#sanctions")
}

// sanctionAgain shows the author once more, with what was refused and everything typed.
func (h *Handler) sanctionAgain(c *gin.Context, id uuid.UUID, f sanctionForm, failed error) error {
	if !respond.Expected(failed) {
		return failed
	}
	d := h.Respond.Explain(c, failed)
	page, err := h.authorPage(c, id)
	if err != nil {
		return err
	}
	page.Form = templates.SanctionForm{Kind: f.Kind, Days: f.Days, CommentID: f.CommentID, Codes: f.Rules, Statement: f.Statement, Note: f.Note, Problem: said(d)}
	return h.sheet(c, d.Status, "desk/author", &page)
}

// said is the sentence about what was refused.
func said(d respond.Document) string {
	if len(d.Errors) > 0 {
		return d.Errors[0].Message
	}
	return d.Detail
}

// Lift ends a sanction early, and shows its author.
func (h *Handler) Lift(c *gin.Context) error {
	id, err := request.ID(c, "id")
	if err != nil {
		return err
	}
	var f struct {
		Note string `form:"note"`
	}
	if err := request.Form(c, &f); err != nil {
		return err
	}
	f.Note = lines(f.Note)
	if err := request.Check(&written{Note: f.Note}); err != nil {
		return err
	}
	s, err := h.Flow.Lift(c.Request.Context(), request.Site(c), request.Actor(c), id, f.Note)
	if err != nil {
		return err
	}
	return respond.SeeOther(c, "/desk/"+request.Site(c).Slug+"/authors/"+s.AuthorID.String()+"#sanctions")
}
