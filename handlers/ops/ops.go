// Package ops answers whoever runs the program: is it alive, can it serve.
package ops

import (
	"context"
	"errors"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/gin-gonic/gin"

	"plenum/handlers/internal/respond"
	"plenum/models"
)

// Handler answers health and readiness.
type Handler struct {
	Store    *models.Store
	Respond  *respond.Responder
	stopping atomic.Bool
}

// Stop makes the program not ready, so that no new work is sent to it while it finishes what it has.
func (h *Handler) Stop() { h.stopping.Store(true) }

type health struct {
	Status string `json:"status"`
	Why    string `json:"why,omitempty"`
}

// Alive answers as long as the program runs.
func (h *Handler) Alive(c *gin.Context) error {
	return h.Respond.JSON(c, http.StatusOK, health{Status: "ok"})
}

const readyTimeout = time.Second

// Ready answers whether the program can serve, and why not.
func (h *Handler) Ready(c *gin.Context) error {
	if h.stopping.Load() {
		return h.notReady(c, "stopping")
	}
	ctx, cancel := context.WithTimeout(c.Request.Context(), readyTimeout)
	defer cancel()
	err := h.Store.Ready(ctx)
	switch {
	case errors.Is(err, models.ErrBehind):
		return h.notReady(c, "migrations pending: plenum migrate up")
	case errors.Is(err, models.ErrAway):
		return h.notReady(c, "database away")
	case err != nil:
		return err
	}
	return h.Respond.JSON(c, http.StatusOK, health{Status: "ready"})
}

func (h *Handler) notReady(c *gin.Context, why string) error {
	c.Header("Retry-After", "2")
	return h.Respond.JSON(c, http.StatusServiceUnavailable, health{Status: "not ready", Why: why})
}
