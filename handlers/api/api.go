// Package api is the JSON of every verb. Its contract is openapi.json, served beside it and held to it by a test.
package api

import (
	"plenum/handlers/internal/live"
	"plenum/handlers/internal/request"
	"plenum/handlers/internal/respond"
	"plenum/moderation"
)

// Handler answers the calls below /api.
type Handler struct {
	Flow    *moderation.Flow
	Respond *respond.Responder
	Cursors request.Cursors
	BaseURL string // without a slash at the end
	Hub     *live.Hub
}

// list is a page of a list; next_cursor is null at its end.
type list[T any] struct {
	Total *int    `json:"total,omitempty"`
	Items []T     `json:"items"`
	Next  *string `json:"next_cursor"`
}

// cursor writes where a list goes on after position; nil where it does not.
func (h *Handler) cursor(more bool, binding string, position any) (*string, error) {
	if !more {
		return nil, nil
	}
	text, err := h.Cursors.Write(binding, position)
	return &text, err
}
