// Package respond is the only place that writes a response, and the only place where an error becomes an HTTP status.
package respond

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"plenum/handlers/internal/cache"
	"plenum/handlers/internal/request"
	"plenum/models"
	"plenum/templates"
)

// Responder writes every answer.
type Responder struct {
	Templates *templates.Set
	Log       *slog.Logger
	NewID     func() uuid.UUID
	Cache     *cache.Cache
}

// Func is a handler that says no by an error.
type Func func(c *gin.Context) error

const localeKey = "plenum.locale"

// SetLocale sets the language of the answer.
func SetLocale(c *gin.Context, locale string) { c.Set(localeKey, locale) }

// Locale is the language of the answer: the desk's own, else ?locale=, else the site's, because what is public is the same
// for everybody. At the door and where nothing is, which no cache keeps, there is no site: there it is the browser's.
func Locale(c *gin.Context) string {
	if locale := c.GetString(localeKey); locale != "" {
		return locale
	}
	if wish := c.Query("locale"); wish == "de" || wish == "en" {
		return wish
	}
	if site, ok := request.FoundSite(c); ok {
		return site.Locale
	}
	return templates.Preferred(c.GetHeader("Accept-Language"))
}

// SiteView names the site, and the language that was asked for where it is another one.
func SiteView(c *gin.Context) templates.Site {
	s := request.Site(c)
	v := templates.Site{Slug: s.Slug, Name: s.Name}
	if locale := Locale(c); locale != s.Locale {
		v.Wish = locale
	}
	return v
}

// API adapts a handler of the JSON interface: its errors become problem documents.
func (r *Responder) API(f Func) gin.HandlerFunc { return adapt(f, r.problem) }

// Page adapts a handler of pages: its errors become pages, but for a "site" named api.
func (r *Responder) Page(f Func) gin.HandlerFunc { return adapt(f, r.fallback) }

// adapt has whoever asks wait for others no longer than models.Asked lets them.
func adapt(f Func, fail func(*gin.Context, error)) gin.HandlerFunc {
	return func(c *gin.Context) {
		if asked := models.Asked(c.Request.Context()); asked != c.Request.Context() {
			c.Request = c.Request.WithContext(asked)
		}
		if err := f(c); err != nil {
			fail(c, err)
			c.Abort()
		}
	}
}

// JSON writes one document that is the asker's own: no cache keeps it.
func (r *Responder) JSON(c *gin.Context, status int, v any) error {
	body, err := encode(v)
	if err != nil {
		return err
	}
	c.Header("Cache-Control", "no-store")
	c.Data(status, "application/json; charset=utf-8", body)
	return nil
}

// PublicJSON writes one document that is the same for everybody.
func (r *Responder) PublicJSON(c *gin.Context, v any) error {
	body, err := r.JSONBody(v)
	if err != nil {
		return err
	}
	return Public(c, body.Type, body.Bytes)
}

// JSONBody is one document as the body of an answer.
func (r *Responder) JSONBody(v any) (Body, error) {
	body, err := encode(v)
	return Body{Type: "application/json; charset=utf-8", Bytes: body}, err
}

func encode(v any) ([]byte, error) {
	var body bytes.Buffer
	encoder := json.NewEncoder(&body)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(v); err != nil {
		return nil, fmt.Errorf("write JSON: %w", err)
	}
	return body.Bytes(), nil
}

// HTML writes a page that is the asker's own.
func (r *Responder) HTML(c *gin.Context, status int, name string, page any) error {
	var body bytes.Buffer
	if err := r.Templates.Render(&body, Locale(c), name, page); err != nil {
		return err
	}
	c.Header("Cache-Control", "no-store")
	c.Data(status, "text/html; charset=utf-8", body.Bytes())
	return nil
}

// PublicHTML writes a page that is the same for everybody.
func (r *Responder) PublicHTML(c *gin.Context, name string, page any) error {
	body, err := r.HTMLBody(c, name, page)
	if err != nil {
		return err
	}
	return Public(c, body.Type, body.Bytes)
}

// HTMLBody is a page as the body of an answer.
func (r *Responder) HTMLBody(c *gin.Context, name string, page any) (Body, error) {
	var body bytes.Buffer
	err := r.Templates.Render(&body, Locale(c), name, page)
	return Body{Type: "text/html; charset=utf-8", Bytes: bytes.Clone(body.Bytes())}, err
}

// File writes a file that is the asker's own.
func File(c *gin.Context, contentType string, body []byte) error {
	c.Header("Cache-Control", "no-store")
	c.Data(http.StatusOK, contentType, body)
	return nil
}

// SeeOther sends a browser on after a form was taken.
func SeeOther(c *gin.Context, location string) error {
	seeOther(c, location)
	return nil
}

func seeOther(c *gin.Context, location string) {
	c.Header("Cache-Control", "no-store")
	c.Redirect(http.StatusSeeOther, location)
}

// NoContent answers that it is done.
func NoContent(c *gin.Context) error {
	c.Status(http.StatusNoContent)
	c.Writer.WriteHeaderNow()
	return nil
}

const requestKey = "plenum.request"

// Requests logs each request as one line: id, method, route, status, size and time; never a path or a query, which may
// hold a token. Whatever else is logged of the request has the same id, and so has what its asker is told of a fault.
func (r *Responder) Requests(now func() time.Time) gin.HandlerFunc {
	return func(c *gin.Context) {
		if !r.Log.Enabled(c.Request.Context(), slog.LevelInfo) {
			c.Next()
			return
		}
		start := now()
		c.Next()
		route := c.FullPath()
		if route == "" {
			route = "none"
		}
		r.Log.Info("request", "id", r.requestID(c), "method", c.Request.Method, "route", route, "status", c.Writer.Status(),
			"bytes", c.Writer.Size(), "ms", float64(now().Sub(start).Microseconds())/1000)
	}
}

// log is the log with the request's id.
func (r *Responder) log(c *gin.Context) *slog.Logger { return r.Log.With("id", r.requestID(c)) }

// requestID is made when it is first asked for.
func (r *Responder) requestID(c *gin.Context) string {
	id := c.GetString(requestKey)
	if id == "" {
		id = r.NewID().String()
		c.Set(requestKey, id)
	}
	return id
}

// NotFound answers whatever has no route: a problem document below /api, a page elsewhere.
func (r *Responder) NotFound(c *gin.Context) { r.unrouted(c, http.StatusNotFound) }

// NoMethod answers a route that has no such method.
func (r *Responder) NoMethod(c *gin.Context) { r.unrouted(c, http.StatusMethodNotAllowed) }

// Misdirected answers a request for another host.
func (r *Responder) Misdirected(c *gin.Context) {
	r.fallback(c, &request.Problem{Status: http.StatusMisdirectedRequest})
}

// unrouted says what follows from the address alone, so that scripts of any page may read it.
func (r *Responder) unrouted(c *gin.Context, status int) {
	if belowAPI(c) {
		Readable(c)
	}
	r.fallback(c, &request.Problem{Status: status})
}

// Readable lets scripts of any page read the answer to what they ask without cookies.
func Readable(c *gin.Context) { c.Header("Access-Control-Allow-Origin", "*") }
