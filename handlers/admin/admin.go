// Package admin is what admins do about a site: what holds for it, who moderates it, and with which proofs; and what editors do
// about its webhooks.
package admin

import (
	"plenum/handlers/internal/respond"
	"plenum/moderation"
)

// Handler answers the admins' pages.
type Handler struct {
	Flow    *moderation.Flow
	Respond *respond.Responder
}
