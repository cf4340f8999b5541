package api

import (
	"net/http"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"plenum/handlers/internal/request"
	"plenum/handlers/internal/respond"
	"plenum/models"
	"plenum/moderation"
)

// Subscribe takes a wish to be told by mail. It answers the same whether the address is known or not.
func (h *Handler) Subscribe(c *gin.Context) error {
	var form request.Subscription
	asked, err := request.Repeatable(c, &form)
	if err != nil {
		return err
	}
	w := form.Wish(respond.Locale(c))
	w.Request = asked
	if err := h.Flow.Subscribe(c.Request.Context(), request.Site(c), w); err != nil {
		return err
	}
	return h.Respond.JSON(c, http.StatusAccepted, struct {
		Status string `json:"status"`
	}{"pending"})
}

// Confirm confirms a subscription by the token of the mail, and answers the way to all that its address follows.
func (h *Handler) Confirm(c *gin.Context) error {
	l, err := mailed(c)
	if err != nil {
		return err
	}
	all, err := h.Flow.Confirm(c.Request.Context(), request.Site(c), l)
	if err != nil {
		return err
	}
	return h.Respond.JSON(c, http.StatusOK, struct {
		ID    uuid.UUID `json:"follower_id"`
		Token string    `json:"follower_token"`
	}{all.ID, all.Token})
}

// Unsubscribe ends a subscription by the token of a mail.
func (h *Handler) Unsubscribe(c *gin.Context) error {
	l, err := mailed(c)
	if err != nil {
		return err
	}
	if err := h.Flow.Unsubscribe(c.Request.Context(), request.Site(c), l); err != nil {
		return err
	}
	return respond.NoContent(c)
}

// EndDigest ends all that comes by the daily mail, by that mail's token.
func (h *Handler) EndDigest(c *gin.Context) error {
	l, err := mailed(c)
	if err != nil {
		return err
	}
	if err := h.Flow.EndDigest(c.Request.Context(), request.Site(c), l); err != nil {
		return err
	}
	return respond.NoContent(c)
}

type following struct {
	Email string         `json:"email"`
	Items []subscription `json:"items"`
}

type subscription struct {
	ID          uuid.UUID  `json:"id"`
	Kind        string     `json:"kind"`
	Article     string     `json:"article"`
	Pace        string     `json:"pace"`
	CreatedAt   time.Time  `json:"created_at"`
	ConfirmedAt *time.Time `json:"confirmed_at"`
}

// Following lists what an address follows on the site, by the token of any mail to it.
func (h *Handler) Following(c *gin.Context) error {
	l, err := mailed(c)
	if err != nil {
		return err
	}
	return h.showFollowing(c, l)
}

func (h *Handler) showFollowing(c *gin.Context, l moderation.Link) error {
	all, err := h.Flow.Following(c.Request.Context(), request.Site(c), l)
	if err != nil {
		return err
	}
	v := following{Email: all.Follower.Email, Items: []subscription{}}
	for _, s := range all.Items {
		v.Items = append(v.Items, newSubscription(s.Subscription))
	}
	return h.Respond.JSON(c, http.StatusOK, v)
}

func newSubscription(s models.Subscription) subscription {
	v := subscription{ID: s.ID, Kind: s.Kind, Article: s.ArticleKey, Pace: s.Pace, CreatedAt: s.CreatedAt.UTC()}
	if s.ConfirmedAt != nil {
		at := s.ConfirmedAt.UTC()
		v.ConfirmedAt = &at
	}
	return v
}

// SetPace sets how soon the follower is told of one thing.
func (h *Handler) SetPace(c *gin.Context) error {
	l, err := mailed(c)
	if err != nil {
		return err
	}
	id, err := request.ID(c, "subscription")
	if err != nil {
		return err
	}
	var form request.Pace
	if err := request.JSON(c, &form); err != nil {
		return err
	}
	if err := h.Flow.SetPace(c.Request.Context(), request.Site(c), l, id, form.Pace); err != nil {
		return err
	}
	return h.showFollowing(c, l)
}

// StopFollowing ends one thing that the follower is told of.
func (h *Handler) StopFollowing(c *gin.Context) error {
	l, err := mailed(c)
	if err != nil {
		return err
	}
	id, err := request.ID(c, "subscription")
	if err != nil {
		return err
	}
	if err := h.Flow.StopFollowing(c.Request.Context(), request.Site(c), l, id); err != nil {
		return err
	}
	return respond.NoContent(c)
}

// mailed reads what a mailed link is about and its token, here as a header. Without one there is no such thing.
func mailed(c *gin.Context) (moderation.Link, error) {
	id, token, err := managed(c)
	return moderation.Link{ID: id, Token: token}, err
}
