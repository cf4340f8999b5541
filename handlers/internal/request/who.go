package request

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"plenum/handlers/internal/cache"
	"plenum/models"
	"plenum/moderation"
	"plenum/moderation/markup"
)

const (
	siteKey      = "plenum.site"
	actorKey     = "plenum.actor"
	moderatorKey = "plenum.moderator"
	seatKey      = "plenum.seat"
)

// Asker finds out who asks and for which site.
type Asker struct {
	Flow   *moderation.Flow
	Cache  *cache.Cache
	Cookie string // the name of the desk's session cookie
	cross  http.CrossOriginProtection
}

// Site finds the site that the path names; an unknown one is 404.
func (a *Asker) Site(c *gin.Context) error {
	slug := c.Param("site")
	if markup.HasControl(slug) { // a path may hold any bytes, the database takes only text
		return NotFound()
	}
	site, err := a.Cache.Site(c.Request.Context(), slug, func() (models.Site, error) {
		return a.Flow.Store.Site(c.Request.Context(), slug)
	})
	if err != nil {
		return err
	}
	c.Set(siteKey, site)
	return nil
}

// Near finds the site whose name begins an address that leads nowhere, so that what says so is in its language and leads on.
// There need not be one.
func (a *Asker) Near(c *gin.Context) error {
	slug, _, _ := strings.Cut(strings.TrimPrefix(c.Request.URL.Path, "/"), "/")
	if !moderation.IsSlug(slug) {
		return nil
	}
	c.Params = gin.Params{{Key: "site", Value: slug}}
	if err := a.Site(c); !errors.Is(err, models.ErrNotFound) {
		return err
	}
	return nil
}

// Site is the site that the request is for. The route has found it.
func Site(c *gin.Context) models.Site { return c.MustGet(siteKey).(models.Site) }

// FoundSite is Site where the route may be of no site.
func FoundSite(c *gin.Context) (models.Site, bool) {
	site, ok := c.Get(siteKey)
	if !ok {
		return models.Site{}, false
	}
	return site.(models.Site), true
}

// Actor is the moderator who asks, with their role on Site. The route has found them.
func Actor(c *gin.Context) moderation.Actor { return c.MustGet(actorKey).(moderation.Actor) }

// Moderator is who is signed in to the desk. The route has found them.
func Moderator(c *gin.Context) models.Moderator { return c.MustGet(moderatorKey).(models.Moderator) }

// Seat is the session in which a moderator asks. The route has found it.
func Seat(c *gin.Context) models.Seat { return c.MustGet(seatKey).(models.Seat) }

// SignedIn finds who is signed in by the session cookie, with every proof that they owe.
func (a *Asker) SignedIn(c *gin.Context) error {
	for _, step := range []func(*gin.Context) error{a.Seated, a.Proven, a.Equipped} {
		if err := step(c); err != nil {
			return err
		}
	}
	return nil
}

// Seated finds who gave the password to which the session cookie belongs. A write with the cookie must come from the
// desk's own pages; it keeps the session from ending.
func (a *Asker) Seated(c *gin.Context) error {
	token, err := c.Cookie(a.Cookie)
	if err != nil {
		return Unauthorized()
	}
	seat, err := a.Flow.Seat(c.Request.Context(), token)
	if errors.Is(err, models.ErrNotFound) {
		return Unauthorized()
	}
	if err != nil {
		return err
	}
	if err := a.SameOrigin(c); err != nil {
		return err
	}
	c.Set(seatKey, seat)
	c.Set(moderatorKey, seat.Moderator)
	if Reads(c) {
		return nil
	}
	return a.Flow.Touch(c.Request.Context(), seat)
}

// Proven refuses whoever gave a password and owes their second factor.
func (a *Asker) Proven(c *gin.Context) error {
	if moderation.Unproven(Seat(c)) {
		return &Problem{Status: http.StatusForbidden, Key: "refusal.second_owed", To: "/desk/second?next=" + Here(c)}
	}
	return nil
}

// Equipped refuses whoever must have a second factor and has none: they can only set one up.
func (a *Asker) Equipped(c *gin.Context) error {
	if moderation.Unequipped(Seat(c)) {
		return &Problem{Status: http.StatusForbidden, Key: "refusal.second_missing", To: "/desk/security"}
	}
	return nil
}

// Confirmed refuses whoever last proved who they are a while ago: secrets and roles are changed only right after it, and
// never by an API token, which cannot prove anything.
func (a *Asker) Confirmed(c *gin.Context) error {
	if seat, ok := c.Get(seatKey); !ok || !a.Flow.Confirmed(seat.(models.Seat)) {
		return &Problem{Status: http.StatusForbidden, Key: "refusal.confirm", To: "/desk/confirm?next=" + Here(c)}
	}
	return nil
}

// Here is the page that somebody is on: where a form was sent from, the page that showed it.
func Here(c *gin.Context) string {
	at := c.Request.URL.RequestURI()
	if !Reads(c) {
		at = ""
		if from, err := url.Parse(c.Request.Referer()); err == nil && from.Host == c.Request.Host {
			at = from.RequestURI()
		}
	}
	return url.QueryEscape(DeskPath(at))
}

// SameOrigin refuses a write that another site's page sent.
func (a *Asker) SameOrigin(c *gin.Context) error {
	if err := a.cross.Check(c.Request); err != nil {
		return &Problem{Status: http.StatusForbidden, Key: "refusal.cross_site"}
	}
	return nil
}

// Member finds the signed-in moderator's role on the site; without one the site is not there.
func (a *Asker) Member(c *gin.Context) error {
	actor, err := a.Flow.SessionActor(c.Request.Context(), Site(c).ID, Moderator(c))
	if err != nil {
		return err
	}
	c.Set(actorKey, actor)
	return nil
}

// Caller finds the moderator behind an API token, or else behind the session cookie.
func (a *Asker) Caller(c *gin.Context) error {
	token, ok := Bearer(c)
	if !ok {
		if err := a.SignedIn(c); err != nil {
			return err
		}
		return a.Member(c)
	}
	actor, err := a.Flow.TokenActor(c.Request.Context(), Site(c).ID, token)
	if errors.Is(err, models.ErrNotFound) {
		return Unauthorized()
	}
	if err != nil {
		return err
	}
	c.Set(actorKey, actor)
	return nil
}

// Reads reports whether the request changes nothing: HEAD is answered as GET is.
func Reads(c *gin.Context) bool {
	return c.Request.Method == http.MethodGet || c.Request.Method == http.MethodHead
}

// Bearer is the token of the Authorization header.
func Bearer(c *gin.Context) (string, bool) {
	scheme, token, ok := strings.Cut(c.GetHeader("Authorization"), " ")
	return strings.TrimSpace(token), ok && strings.EqualFold(scheme, "Bearer")
}

// ID reads the id in the path; what is no id, or another spelling of one, is not there.
func ID(c *gin.Context, name string) (uuid.UUID, error) {
	id, err := uuid.Parse(c.Param(name))
	if err != nil || id.String() != c.Param(name) {
		return uuid.Nil, NotFound()
	}
	return id, nil
}

func rereadable(body []byte) io.ReadCloser { return io.NopCloser(bytes.NewReader(body)) }
