package handlers

import (
	"fmt"
	"maps"
	"net/http"
	"net/netip"
	"net/url"
	"path"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"plenum/handlers/internal/cache"
	"plenum/handlers/internal/request"
	"plenum/handlers/internal/respond"
	"plenum/static"
)

// wall stands around the whole engine, because the engine answers some requests before any middleware: headers that
// every answer has, only our own host, and one spelling for each path. What does not pass is answered by an engine that
// has no routes, so that it is logged and counted as the rest is.
type wall struct {
	inside, refused, misdirected *gin.Engine
	base                         *url.URL
}

func (l wall) around() http.Handler {
	ours := map[string]bool{}
	for _, route := range l.inside.Routes() {
		ours[route.Path] = true
	}
	always := map[string][]string{ // made once: each answer has them, and most replace the policy by their own
		"X-Content-Type-Options":     {"nosniff"},
		"Referrer-Policy":            {"same-origin"},
		"Cross-Origin-Opener-Policy": {"same-origin"},
		"Permissions-Policy":         {"camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), serial=(), usb=()"},
		"Content-Security-Policy":    {"default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"},
	}
	return http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		maps.Copy(w.Header(), always)
		switch {
		case !knownHost(q, l.base):
			l.misdirected.ServeHTTP(w, q)
		case !plainPath(q.URL, ours):
			l.refused.ServeHTTP(w, q)
		default:
			l.inside.ServeHTTP(w, q)
		}
	})
}

// deskPolicy lets the desk's pages load their own files and be framed by nobody; no script may make HTML of a text.
func deskPolicy(c *gin.Context) {
	c.Header("Content-Security-Policy", "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "+
		"form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'")
}

// knownHost reports whether the request is for the base URL's host; names of this machine are equal, and health is
// asked for under any name.
func knownHost(q *http.Request, base *url.URL) bool {
	if q.URL.Path == "/healthz" || q.URL.Path == "/readyz" {
		return true
	}
	if strings.EqualFold(q.Host, base.Host) {
		return true
	}
	asked, err := url.Parse("//" + q.Host)
	return err == nil && loopback(base.Hostname()) && loopback(asked.Hostname()) && asked.Port() == base.Port() && asked.User == nil
}

func loopback(host string) bool {
	ip, err := netip.ParseAddr(host)
	return strings.EqualFold(host, "localhost") || err == nil && ip.IsLoopback()
}

// plainPath reports whether a path is spelled the one way it has: no // and no dots, nothing escaped that need not be,
// no slash at the end but on a site's own page. Of ours, /desk, the engine would make /desk/ a site's.
func plainPath(u *url.URL, ours map[string]bool) bool {
	if u.RawPath != "" || !strings.HasPrefix(u.Path, "/") {
		return false
	}
	clean := path.Clean(u.Path)
	return u.Path == clean || u.Path == clean+"/" && strings.Count(u.Path, "/") == 2 && !ours[clean]
}

// origin is the base URL without a slash at its end.
func origin(base *url.URL) string { return base.Scheme + "://" + base.Host }

// cookieName has the prefix by which a browser keeps a cookie to this very host, where browsers take it.
func cookieName(secure bool) string {
	if secure {
		return "__Host-plenum"
	}
	return "plenum"
}

// allowed reports whether a page of this origin may write through the reader API of the site.
func allowed(c *gin.Context, origin string) bool {
	return slices.Contains(request.Site(c).Origins, origin)
}

// recovered turns a panic into the neutral answer of every other fault.
func recovered(r *respond.Responder) gin.HandlerFunc {
	return func(c *gin.Context) {
		defer func() {
			if fault := recover(); fault != nil {
				if fault == http.ErrAbortHandler { // how net/http is told to cut a connection
					panic(fault)
				}
				r.Fault(c, fmt.Errorf("panic: %v", fault))
			}
		}()
		c.Next()
	}
}

// file answers a file under the hash of its content: it may be kept for ever.
func (x *router) file(c *gin.Context) error {
	content, contentType, ok := static.Open(c.Request.URL.Path)
	if !ok {
		return request.NotFound()
	}
	c.Header("Cache-Control", "public, max-age=31536000, immutable")
	return x.Shared(c, respond.Shared{Key: cache.Key{Call: "file", Meaning: c.Request.URL.Path}, Make: func() (respond.Body, error) {
		return respond.Body{Type: contentType, Bytes: content}, nil
	}})
}

// embed answers the script that publishers load from their pages, under its one address.
func (x *router) embed(c *gin.Context) error {
	c.Header("Cross-Origin-Resource-Policy", "cross-origin")
	c.Header("Cache-Control", "public, max-age=3600")
	return x.Shared(c, respond.Shared{Key: cache.Key{Call: "embed"}, Make: func() (respond.Body, error) {
		return respond.Body{Type: "text/javascript; charset=utf-8", Bytes: static.Embed()}, nil
	}})
}

// wordpress answers the plugin as WordPress takes it. It is compressed as it is.
func wordpress(c *gin.Context) error {
	c.Request.Header.Del("Accept-Encoding")
	c.Header("Content-Disposition", `attachment; filename="plenum.zip"`)
	return respond.Public(c, "application/zip", static.WordPress())
}
