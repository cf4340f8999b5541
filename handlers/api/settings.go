package api

import (
	"net/http"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"plenum/handlers/internal/request"
	"plenum/models"
	"plenum/moderation"
)

// settingChange is one entry of the log of the settings.
type settingChange struct {
	ID        uuid.UUID  `json:"id"`
	ActorID   *uuid.UUID `json:"actor_id"`
	Setting   string     `json:"setting"`
	Was       string     `json:"was"`
	Becomes   string     `json:"becomes"`
	CreatedAt time.Time  `json:"created_at"`
}

// Settings says what holds for the site, and the changes of it that are asked for.
func (h *Handler) Settings(c *gin.Context) error {
	changes, err := request.Changes(c)
	if err != nil {
		return err
	}
	s, err := h.Flow.Settings(c.Request.Context(), request.Site(c), request.Actor(c), changes)
	if err != nil {
		return err
	}
	answer := struct {
		Name     string          `json:"name"`
		Origins  models.Strings  `json:"origins"`
		Numbers  map[string]int  `json:"numbers"`
		Reaction string          `json:"reaction"`
		Confirm  string          `json:"confirm"`
		Changes  []settingChange `json:"changes"`
	}{s.Site.Name, s.Site.Origins, s.Numbers, s.Site.Reaction, "no", []settingChange{}}
	if s.Site.RequireConfirmed {
		answer.Confirm = "yes"
	}
	for _, e := range s.Changes {
		answer.Changes = append(answer.Changes, settingChange{e.ID, e.ActorID, e.Setting, e.Was, e.Becomes, e.CreatedAt.UTC()})
	}
	return h.Respond.JSON(c, http.StatusOK, answer)
}

// ChangeSettings sets what is named, and says what holds now.
func (h *Handler) ChangeSettings(c *gin.Context) error {
	var f struct {
		Name     *string        `json:"name" binding:"omitempty,max=80,line"`
		Origins  []string       `json:"origins" binding:"omitempty,max=20"`
		Numbers  map[string]int `json:"numbers"`
		Reaction *string        `json:"reaction" binding:"omitempty,oneof=agree none"`
		Confirm  *string        `json:"confirm" binding:"omitempty,oneof=yes no"`
		Seen     *uuid.UUID     `json:"seen" binding:"required"`
	}
	if err := request.JSON(c, &f); err != nil {
		return err
	}
	change := moderation.SiteChange{Name: f.Name, Origins: f.Origins, Numbers: f.Numbers, Reaction: f.Reaction, Confirm: f.Confirm, Seen: f.Seen}
	if _, err := h.Flow.ChangeSettings(c.Request.Context(), request.Site(c), request.Actor(c), change); err != nil {
		return err
	}
	return h.Settings(c)
}
