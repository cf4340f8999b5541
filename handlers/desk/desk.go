// Package desk is where moderators work: server-rendered, keyboard first, and usable without JavaScript.
package desk

import (
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"plenum/handlers/internal/request"
	"plenum/handlers/internal/respond"
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
	return h.sheet(c, http.StatusOK, "desk/desk", &page)
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
	return h.sheet(c, http.StatusOK, "desk/desk", &page)
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
	return respond.SeeOther(c, itemURL(c, request.Site(c).Slug, id))
}

// take leases the next items of the lane and opens the first of them.
func (h *Handler) take(c *gin.Context, limit int) error {
	if limit == 1 {
		return h.next(c, uuid.NullUUID{})
	}
	ask, err := request.Question(c)
	if err != nil {
		return err
	}
	items, err := h.Flow.Claim(c.Request.Context(), request.Site(c), request.Actor(c), ask.Lane, limit, moderation.Lease)
	if err != nil {
		return err
	}
	if len(items) == 0 { // what waits is mine already
		return h.next(c, uuid.NullUUID{})
	}
	return respond.SeeOther(c, itemURL(c, request.Site(c).Slug, items[0].ID))
}

// next opens the item of the lane behind the one named; the queue, where there is none.
func (h *Handler) next(c *gin.Context, after uuid.NullUUID) error {
	if across(c) {
		return h.nextOfAll(c)
	}
	ask, err := request.Question(c)
	if err != nil {
		return err
	}
	item, err := h.Flow.ClaimNext(c.Request.Context(), request.Site(c), request.Actor(c), ask, after)
	if err != nil {
		return err
	}
	if item == nil {
		return respond.SeeOther(c, noneFreeURL(c))
	}
	return respond.SeeOther(c, itemURL(c, request.Site(c).Slug, item.ID))
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

// Leave lets an item go soon, because its page is being left. It answers nothing: nobody is there to read it.
func (h *Handler) Leave(c *gin.Context) error {
	id, err := request.ID(c, "id")
	if err != nil {
		return err
	}
	if err := h.Flow.Leave(c.Request.Context(), request.Site(c), request.Actor(c), id); err != nil {
		return err
	}
	return respond.NoContent(c)
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

// queueURL is the list that the moderator works on.
func queueURL(c *gin.Context) string {
	if across(c) {
		return back(c, "/desk/queue")
	}
	return back(c, "/desk/"+request.Site(c).Slug+"/queue")
}

// noneFreeURL is that list after an attempt to open the next: what it holds, if anything, is not free for this moderator.
func noneFreeURL(c *gin.Context) string {
	list := queueURL(c)
	if strings.Contains(list, "?") {
		return list + "&free=none"
	}
	return list + "?free=none"
}

// itemURL is a comment of a site, with the list beside it that the moderator works on.
func itemURL(c *gin.Context, slug string, id uuid.UUID) string {
	return back(c, "/desk/"+slug+"/comments/"+id.String())
}

// back is a path with what leads back to the same list.
func back(c *gin.Context, path string) string {
	wish := request.Wish(c)
	if across(c) {
		wish = strings.TrimPrefix(wish+"&all=1", "&")
	}
	if wish == "" {
		return path
	}
	return path + "?" + wish
}
