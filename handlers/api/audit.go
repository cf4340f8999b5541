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

// Audit lists the site's append-only log after the sequence number ?after=, oldest first.
func (h *Handler) Audit(c *gin.Context) error {
	after, err := strconv.ParseInt(c.DefaultQuery("after", "0"), 10, 64)
	if err != nil || after < 0 {
		return request.Malformed("after", "type")
	}
	limit, err := request.Limit(c)
	if err != nil {
		return err
	}
	events, err := h.Flow.Log(c.Request.Context(), request.Site(c).ID, after, limit)
	if err != nil {
		return err
	}
	answer := struct {
		Items []entry `json:"items"`
	}{Items: []entry{}}
	for _, e := range events {
		answer.Items = append(answer.Items, entry{Seq: e.Seq, Decision: respond.NewDecision(e), PublicRevision: e.PublicRevision,
			HeldRevision: e.HeldRevision, StatementHash: hex.EncodeToString(e.StatementHash), NoteHash: hex.EncodeToString(e.NoteHash),
			PrevHash: hex.EncodeToString(e.PrevHash), Hash: hex.EncodeToString(e.Hash)})
	}
	return h.Respond.JSON(c, http.StatusOK, answer)
}
