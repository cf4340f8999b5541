package desk

import (
	"net/http"
	"net/url"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"plenum/handlers/internal/request"
	"plenum/models"
	"plenum/moderation"
	"plenum/templates"
)

const logSize = 50

// Log shows the site's log, newest first. It is for editors.
func (h *Handler) Log(c *gin.Context) error {
	f, err := logFilter(c)
	if err != nil {
		return err
	}
	site := request.Site(c)
	binding := "log\n" + site.ID.String() + "\n" + logQuery(c).Encode()
	if _, err := h.Cursors.Read(c, binding, &f.Before); err != nil {
		return err
	}
	f.Limit = logSize + 1
	events, err := h.Flow.SearchLog(c.Request.Context(), site, request.Actor(c), f)
	if err != nil {
		return err
	}
	page, err := h.logPage(c, events[:min(logSize, len(events))])
	if err != nil {
		return err
	}
	if len(events) > logSize {
		next := logQuery(c)
		cursor, err := h.Cursors.Write(binding, events[logSize-1].Seq)
		if err != nil {
			return err
		}
		next.Set("cursor", cursor)
		page.Next = "?" + next.Encode()
	}
	return h.sheet(c, http.StatusOK, "desk/log", &page)
}

func (h *Handler) logPage(c *gin.Context, events []moderation.Event) (templates.Log, error) {
	site := request.Site(c)
	staff, err := h.Flow.Store.Staff(c.Request.Context(), site.ID)
	if err != nil {
		return templates.Log{}, err
	}
	rules, err := h.rules(c)
	if err != nil {
		return templates.Log{}, err
	}
	page := templates.Log{Site: templates.Site{Slug: site.Slug, Name: site.Name}, Actions: moderation.Actions, Rules: rules,
		Moderators: colleagues(staff, uuid.Nil), Filter: templates.LogFilter{Actor: c.Query("actor"), Action: c.Query("action"), Rule: c.Query("rule"),
			Comment: c.Query("comment"), From: c.Query("from"), To: c.Query("to")}}
	for i, view := range historyViews(events, rules, staff) {
		entry := templates.LogEntry{Seq: events[i].Seq, History: view}
		if events[i].CommentID != uuid.Nil {
			entry.URL = "/desk/" + site.Slug + "/comments/" + events[i].CommentID.String()
		}
		if events[i].AuthorID != nil {
			entry.URL = "/desk/" + site.Slug + "/authors/" + events[i].AuthorID.String()
		}
		page.Entries = append(page.Entries, entry)
	}
	return page, nil
}

// logWords are the parameters that narrow the log.
var logWords = []string{"actor", "action", "rule", "comment", "from", "to"}

func logQuery(c *gin.Context) url.Values {
	v := url.Values{}
	for _, name := range logWords {
		if value := c.Query(name); value != "" {
			v.Set(name, value)
		}
	}
	return v
}

func logFilter(c *gin.Context) (f models.LogFilter, err error) {
	f.Action, f.Rule = c.Query("action"), c.Query("rule")
	for name, id := range map[string]*uuid.NullUUID{"actor": &f.Actor, "comment": &f.Comment} {
		if text := c.Query(name); text != "" {
			if id.UUID, err = uuid.Parse(text); err != nil {
				return f, request.Malformed(name, "value")
			}
			id.Valid = true
		}
	}
	p, err := request.Dates(c, moderation.Period{})
	if f.From, f.To = p.From, p.To; !f.To.IsZero() {
		f.To = f.To.Add(24 * time.Hour)
	}
	return f, err
}
