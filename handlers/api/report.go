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

// Report takes a reader's report of a public comment and answers its number.
func (h *Handler) Report(c *gin.Context) error {
	id, err := request.ID(c, "id")
	if err != nil {
		return err
	}
	var form request.Report
	asked, err := request.Repeatable(c, &form)
	if err != nil {
		return err
	}
	r := form.Report(id, respond.Locale(c))
	r.Request = asked
	number, err := h.Flow.Report(c.Request.Context(), request.Site(c), r)
	if err != nil {
		return err
	}
	return h.Respond.JSON(c, http.StatusAccepted, struct {
		Number string `json:"number"`
	}{number})
}

// reportCase is what readers reported of a comment, waiting for a decision.
type reportCase struct {
	ID       uuid.UUID `json:"id"`
	Revision int       `json:"revision"`
	OpenedAt time.Time `json:"opened_at"`
	DueAt    time.Time `json:"due_at"`
	Reports  []report  `json:"reports"`
}

type report struct {
	Number    string    `json:"number"`
	Kind      string    `json:"kind"`
	Rule      *string   `json:"rule"`
	Text      string    `json:"text"`
	Name      *string   `json:"name"`
	Email     *string   `json:"email"`
	GoodFaith bool      `json:"good_faith"`
	CreatedAt time.Time `json:"created_at"`
}

func newCase(c *models.Case) *reportCase {
	if c == nil {
		return nil
	}
	v := &reportCase{ID: c.ID, Revision: c.Revision, OpenedAt: c.OpenedAt.UTC(), DueAt: c.RankAt.UTC(), Reports: []report{}}
	for _, r := range c.Reports {
		v.Reports = append(v.Reports, report{Number: r.Number, Kind: r.Kind, Rule: r.Rule, Text: r.Text, Name: r.Name, Email: r.Email,
			GoodFaith: r.GoodFaith, CreatedAt: r.CreatedAt.UTC()})
	}
	return v
}
