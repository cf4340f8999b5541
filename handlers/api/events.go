package api

import (
	"errors"
	"net/http"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"plenum/handlers/internal/live"
	"plenum/handlers/internal/request"
	"plenum/handlers/internal/respond"
	"plenum/models"
)

// Events streams the states of an article's thread: the one now, and each that follows. Only what is public has a state.
func (h *Handler) Events(c *gin.Context) error {
	key, err := request.ArticleKey(c)
	if err != nil {
		return err
	}
	return h.stream(c, "thread", func() (*live.Stream, error) {
		return h.Hub.Thread(c.Request.Context(), request.Site(c).ID, key)
	})
}

// QueueEvents streams that something changed at the site's desk; what, its lists tell.
func (h *Handler) QueueEvents(c *gin.Context) error {
	return h.stream(c, "queue", func() (*live.Stream, error) { return h.Hub.Desk([]uuid.UUID{request.Site(c).ID}) })
}

// QueueEventsAcross is QueueEvents of all sites that the signed-in moderator serves.
func (h *Handler) QueueEventsAcross(c *gin.Context) error {
	sites, err := h.Flow.Store.Memberships(c.Request.Context(), request.Moderator(c).ID)
	if err != nil {
		return err
	}
	var ids []uuid.UUID
	for _, s := range sites {
		ids = append(ids, s.SiteID)
	}
	return h.stream(c, "queue", func() (*live.Stream, error) { return h.Hub.Desk(ids) })
}

func (h *Handler) stream(c *gin.Context, name string, open func() (*live.Stream, error)) error {
	if c.Request.Method == http.MethodHead {
		return respond.Events(c, respond.Stream[models.ThreadState]{})
	}
	s, err := open()
	if errors.Is(err, live.ErrFull) {
		return &request.Problem{Status: http.StatusServiceUnavailable}
	}
	if err != nil {
		return err
	}
	defer s.Close()
	return respond.Events(c, respond.Stream[models.ThreadState]{Name: name, Events: s.C, Done: s.Done()})
}
