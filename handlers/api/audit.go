package api

import (
	"encoding/hex"
	"net/http"
	"strconv"

	"github.com/gin-gonic/gin"

	"plenum/handlers/internal/request"
	"plenum/handlers/internal/respond"
)

// entry is one line of the log with its place in the chain; hashes are in hexadecimal.
type entry struct {
	Seq int64 `json:"seq"`
	respond.Decision
	PublicRevision *int   `json:"public_revision"`
	HeldRevision   *int   `json:"held_revision"`
	StatementHash  string `json:"statement_hash"`
	NoteHash       string `json:"note_hash"`
	PrevHash       string `json:"prev_hash"`
	Hash           string `json:"hash"`
}

// Audit lists the site's append-only log, oldest first: from the start, after the sequence number ?after=, or from a cursor.
func (h *Handler) Audit(c *gin.Context) error {
	after, err := strconv.ParseInt(c.DefaultQuery("after", "0"), 10, 64)
	if err != nil || after < 0 {
		return request.Malformed("after", "type")
	}
	limit, err := request.Limit(c)
	if err != nil {
		return err
	}
	site := request.Site(c)
	binding := "audit\n" + site.ID.String()
	if _, err := h.Cursors.Read(c, binding, &after); err != nil {
		return err
	}
	events, err := h.Flow.Log(c.Request.Context(), site.ID, after, limit+1)
	if err != nil {
		return err
	}
	answer := list[entry]{Items: []entry{}}
	for _, e := range events[:min(limit, len(events))] {
		answer.Items = append(answer.Items, entry{Seq: e.Seq, Decision: respond.NewDecision(e), PublicRevision: e.PublicRevision,
			HeldRevision: e.HeldRevision, StatementHash: hex.EncodeToString(e.StatementHash), NoteHash: hex.EncodeToString(e.NoteHash),
			PrevHash: hex.EncodeToString(e.PrevHash), Hash: hex.EncodeToString(e.Hash)})
	}
	if n := len(answer.Items); n > 0 {
		if answer.Next, err = h.cursor(len(events) > limit, binding, answer.Items[n-1].Seq); err != nil {
			return err
		}
	}
	return h.Respond.JSON(c, http.StatusOK, answer)
}
