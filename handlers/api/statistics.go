package api

import (
	"encoding/hex"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"plenum/handlers/internal/request"
	"plenum/handlers/internal/respond"
	"plenum/models"
	"plenum/moderation"
)

// figures are what may be public of a period: nobody's name is in them.
type figures struct {
	From         string         `json:"from"`
	To           string         `json:"to"`
	Received     int            `json:"received"`
	Decided      int            `json:"decided"`
	Actions      map[string]int `json:"actions"`
	Rules        []ruleCount    `json:"rules"`
	Median       *int           `json:"median_seconds"`
	Ninetieth    *int           `json:"ninetieth_seconds"`
	SortedShare  *int           `json:"sorted_percent"` // moved forward by signals; none was decided by them
	Reports      int            `json:"reports"`
	Kept         int            `json:"reports_kept"`
	TakenDown    int            `json:"reports_taken_down"`
	Appeals      int            `json:"appeals"`
	Upheld       int            `json:"appeals_upheld"`
	Overturned   int            `json:"appeals_overturned"`
	ReversalRate *int           `json:"reversal_percent"`
	Days         []dayCount     `json:"days"`
}

type ruleCount struct {
	Code  string `json:"code"`
	Count int    `json:"count"`
}

type dayCount struct {
	Day       string `json:"day"`
	Received  int    `json:"received"`
	Approved  int    `json:"approved"`
	Refused   int    `json:"refused"`
	Median    *int   `json:"median_seconds"`
	Ninetieth *int   `json:"ninetieth_seconds"`
}

// statistics are the figures with what only the staff sees.
type statistics struct {
	figures
	Waiting    []ageCount       `json:"waiting"`
	Moderators []moderatorCount `json:"moderators"`
}

type ageCount struct {
	Minutes *int `json:"under_minutes"` // null: longer than all before
	Count   int  `json:"count"`
}

type moderatorCount struct {
	respond.Actor
	Count int `json:"count"`
}

// transparency is the public report.
type transparency struct {
	figures
	Heads []head `json:"heads"`
}

// head is the signed end of the log as it stood on a day.
type head struct {
	Day   string `json:"day"`
	Count int64  `json:"count"`
	Hash  string `json:"hash"`
	Mac   string `json:"mac"`
}

const reportDays = 30

// Statistics answers the figures of a period; who decided how much, editors see of all and others of themselves.
func (h *Handler) Statistics(c *gin.Context) error {
	g, err := h.counted(c)
	if err != nil {
		return err
	}
	actor := request.Actor(c)
	answer := statistics{figures: newFigures(g), Waiting: []ageCount{}, Moderators: []moderatorCount{}}
	for _, a := range g.Waiting {
		view := ageCount{Count: a.Count}
		if a.Minutes > 0 {
			view.Minutes = &a.Minutes
		}
		answer.Waiting = append(answer.Waiting, view)
	}
	for _, m := range g.Moderators {
		if m.ModeratorID == actor.ID || actor.AtLeast(moderation.RoleEditor) {
			answer.Moderators = append(answer.Moderators, moderatorCount{respond.Actor{ID: m.ModeratorID, Name: m.Name}, m.Count})
		}
	}
	return h.Respond.JSON(c, http.StatusOK, answer)
}

// Transparency answers the public report of a period.
func (h *Handler) Transparency(c *gin.Context) error {
	g, err := h.counted(c)
	if err != nil {
		return err
	}
	answer := transparency{figures: newFigures(g), Heads: []head{}}
	for _, d := range g.Heads {
		answer.Heads = append(answer.Heads, head{d.Day.Format(time.DateOnly), d.Count, hex.EncodeToString(d.Hash), hex.EncodeToString(d.Mac)})
	}
	return h.Respond.PublicJSON(c, answer)
}

func (h *Handler) counted(c *gin.Context) (moderation.Figures, error) {
	period, err := request.Dates(c, h.Flow.LastDays(reportDays))
	if err != nil {
		return moderation.Figures{}, err
	}
	return h.Flow.Statistics(c.Request.Context(), request.Site(c), period)
}

func newFigures(g moderation.Figures) figures {
	v := figures{From: g.From.Format(time.DateOnly), To: g.To.Format(time.DateOnly), Received: g.Received, Decided: g.Decided, Actions: map[string]int{},
		Rules: []ruleCount{}, Median: g.Median, Ninetieth: g.Ninetieth, SortedShare: g.SortedShare(), Reports: g.Reports, Kept: g.Kept, TakenDown: g.TakenDown,
		Appeals: g.Appeals, Upheld: g.Upheld, Overturned: g.Overturned, ReversalRate: g.ReversalRate(), Days: []dayCount{}}
	for _, a := range g.Actions {
		v.Actions[a.Action] = a.Count
	}
	for _, r := range g.Rules {
		v.Rules = append(v.Rules, ruleCount(r))
	}
	for _, d := range g.Days {
		v.Days = append(v.Days, newDay(d))
	}
	return v
}

func newDay(d models.DayCount) dayCount {
	return dayCount{d.Day.Format(time.DateOnly), d.Received, d.Approved, d.Refused, d.Median, d.Ninetieth}
}
