// Package desk is where moderators work: server-rendered, keyboard first, and usable without JavaScript.
package desk

import (
	"net/http"
	"net/url"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"plenum/handlers/internal/request"
	"plenum/handlers/internal/respond"
	"plenum/models"
	"plenum/moderation"
)

// Handler answers the desk.
type Handler struct {
	Flow    *moderation.Flow
	Respond *respond.Responder
	Cursors request.Cursors
}

// Locale answers in the moderator's own language.
func (h *Handler) Locale(c *gin.Context) error {
	respond.SetLocale(c, request.Moderator(c).Locale)
	return nil
}

// Door leads to the queue of the moderator's first site.
func (h *Handler) Door(c *gin.Context) error {
	sites, err := h.Flow.Store.Memberships(c.Request.Context(), request.Moderator(c).ID)
	if err != nil {
		return err
	}
	if len(sites) == 0 {
		return &request.Problem{Status: http.StatusForbidden, Key: "refusal.no_site"}
	}
	return respond.SeeOther(c, "/desk/"+sites[0].Slug+"/queue")
}

// Queue shows a lane with nothing open.
func (h *Handler) Queue(c *gin.Context) error {
	page, err := h.page(c, opened{})
	if err != nil {
		return err
	}
	return h.Respond.HTML(c, http.StatusOK, "desk/desk", page)
}

// Comment shows a comment. It changes nothing: only a claim opens an item for deciding.
func (h *Handler) Comment(c *gin.Context) error {
	id, err := request.ID(c, "id")
	if err != nil {
		return err
	}
	page, err := h.page(c, opened{id: id})
	if err != nil {
		return err
	}
	return h.Respond.HTML(c, http.StatusOK, "desk/desk", page)
}

// claimForm names the item to open; none: the next one, or as many as Limit says, of which the first is opened.
type claimForm struct {
	ID    string `form:"id"`
	Limit int    `form:"limit"`
}

// maxClaim is how many items a moderator may take at a time at the desk.
const maxClaim = 10

// Claim opens the named item, or the next one of the lane, for this moderator alone.
func (h *Handler) Claim(c *gin.Context) error {
	var f claimForm
	if err := request.Form(c, &f); err != nil {
		return err
	}
	if f.ID == "" {
		return h.take(c, min(max(f.Limit, 1), maxClaim))
	}
	id, err := uuid.Parse(f.ID)
	if err != nil {
		return request.NotFound()
	}
	if _, err := h.Flow.ClaimOne(c.Request.Context(), request.Site(c), request.Actor(c), id); err != nil {
		return err
	}
	return respond.SeeOther(c, itemURL(c, id))
}

// take leases the next items of the lane and opens the first of them.
func (h *Handler) take(c *gin.Context, limit int) error {
	if limit == 1 {
		return h.next(c, uuid.NullUUID{})
	}
	items, err := h.Flow.Claim(c.Request.Context(), request.Site(c), request.Actor(c), known(c.Query("lane")), limit, moderation.Lease)
	if err != nil {
		return err
	}
	if len(items) == 0 { // what waits is mine already
		return h.next(c, uuid.NullUUID{})
	}
	return respond.SeeOther(c, itemURL(c, items[0].ID))
}

// next opens the item of the lane behind the one named; the queue, where there is none.
func (h *Handler) next(c *gin.Context, after uuid.NullUUID) error {
	item, err := h.Flow.ClaimNext(c.Request.Context(), request.Site(c), request.Actor(c), known(c.Query("lane")), after)
	if err != nil {
		return err
	}
	if item == nil {
		return respond.SeeOther(c, queueURL(c))
	}
	return respond.SeeOther(c, itemURL(c, item.ID))
}

// Release puts an item back and shows the queue.
func (h *Handler) Release(c *gin.Context) error {
	id, err := request.ID(c, "id")
	if err != nil {
		return err
	}
	if err := h.Flow.Release(c.Request.Context(), request.Site(c), request.Actor(c), id); err != nil {
		return err
	}
	return respond.SeeOther(c, queueURL(c))
}

type localeForm struct {
	Locale   string `form:"locale"`
	ReturnTo string `form:"return_to"`
}

// SetLocale changes the language of the moderator's desk.
func (h *Handler) SetLocale(c *gin.Context) error {
	var f localeForm
	if err := request.Form(c, &f); err != nil {
		return err
	}
	if f.Locale != "de" && f.Locale != "en" {
		return request.Malformed("locale", "value")
	}
	if err := h.Flow.Store.SetLocale(c.Request.Context(), request.Moderator(c).ID, f.Locale); err != nil {
		return err
	}
	return respond.SeeOther(c, request.DeskPath(f.ReturnTo))
}

// known is the lane, or the first one for a name that is none.
func known(lane string) string {
	if lane == models.LaneEdited {
		return lane
	}
	return models.LanePending
}

// kept are the words of an address that say which list the moderator works on.
var kept = []string{"lane"}

// view is what of the address leads back to the same list.
func view(c *gin.Context) url.Values {
	v := url.Values{}
	for _, name := range kept {
		if value := c.Query(name); value != "" {
			v.Set(name, value)
		}
	}
	v.Set("lane", known(v.Get("lane")))
	return v
}

func queueURL(c *gin.Context) string {
	return "/desk/" + request.Site(c).Slug + "/queue?" + view(c).Encode()
}

func itemURL(c *gin.Context, id uuid.UUID) string {
	return "/desk/" + request.Site(c).Slug + "/comments/" + id.String() + "?" + view(c).Encode()
}
