// Package admin is what admins do about a site: who moderates it, and with which proofs.
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
