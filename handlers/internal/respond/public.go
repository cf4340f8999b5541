package respond

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"plenum/handlers/internal/cache"
	"plenum/handlers/internal/request"
)

// Body is what an answer consists of beside its header.
type Body struct {
	Type  string
	Bytes []byte
	Until time.Time // when it is no longer true by itself; zero: never
}

// Shared is an answer that is the same for everybody who asks for the same, and is kept for them.
type Shared struct {
	Key      cache.Key // without its encoding
	Articles []string  // whose threads show in it; none: all of the site's
	Make     func() (Body, error)
}

const readingKey = "plenum.reading"

// FromMemory answers a reader's request whose address is known from memory: nothing is looked up for it, and no
// connection to the database is held. It comes first, so that it saves everything that follows.
func (r *Responder) FromMemory(c *gin.Context) {
	if !request.Reads(c) {
		return
	}
	if page := r.Cache.Spelled(c.Request.RequestURI, negotiate(c.GetHeader("Accept-Encoding"))); page != nil {
		if err := r.send(c, page); err != nil {
			r.Fault(c, err)
		}
		c.Abort()
		return
	}
	c.Set(readingKey, r.Cache.Read(c.Request.RequestURI))
}

// Shared answers what is the same for everybody: compressed as the browser accepts, with a strong ETag for each encoding,
// and 304 for whoever has it already.
func (r *Responder) Shared(c *gin.Context, s Shared) error {
	s.Key.Encoding = negotiate(c.GetHeader("Accept-Encoding"))
	page, err := r.page(c, s)
	if err != nil {
		return err
	}
	if reading, ok := c.Get(readingKey); ok {
		r.Cache.Means(reading.(cache.Reading), s.Key)
	}
	return r.send(c, page)
}

func (r *Responder) send(c *gin.Context, page *cache.Page) error {
	if page.Stale != nil {
		return r.sendStale(c, page)
	}
	send(c, page)
	return nil
}

func (r *Responder) page(c *gin.Context, s Shared) (*cache.Page, error) {
	encoding := s.Key.Encoding
	if encoding == "" {
		return r.Cache.Page(c.Request.Context(), s.Key, s.Articles, func() (*cache.Page, error) {
			body, err := s.Make()
			if err != nil {
				return nil, err
			}
			tag(c, s.Articles)
			return newPage(c, body), nil
		})
	}
	return r.Cache.Page(c.Request.Context(), s.Key, s.Articles, func() (*cache.Page, error) {
		s.Key.Encoding = ""
		plain, err := r.page(c, s)
		if err != nil {
			return nil, err
		}
		return compressed(plain, encoding)
	})
}

// Public is Shared for what is not kept.
func Public(c *gin.Context, contentType string, body []byte) error {
	page := newPage(c, Body{Type: contentType, Bytes: body})
	if encoding := negotiate(c.GetHeader("Accept-Encoding")); encoding != "" {
		var err error
		if page, err = compressed(page, encoding); err != nil {
			return err
		}
	}
	send(c, page)
	return nil
}

// keptFields are those of a header that are the same for everybody. Whatever else the way to a page sets is the asker's.
var keptFields = []string{"Content-Type", "Cache-Control", "Vary", "Content-Security-Policy", "Access-Control-Allow-Origin",
	"Cross-Origin-Resource-Policy", "Plenum-Signature", "Cache-Tag", "Surrogate-Key"}

// newPage is the body with the header that the way to it has set.
func newPage(c *gin.Context, body Body) *cache.Page {
	h := c.Writer.Header()
	sum := sha256.Sum256(body.Bytes)
	h.Set("Content-Type", body.Type)
	h.Set("Vary", "Accept-Encoding")
	if h.Get("Cache-Control") == "" {
		h.Set("Cache-Control", lifetime(c))
	}
	page := &cache.Page{Body: body.Bytes, Tag: `"` + base64.RawURLEncoding.EncodeToString(sum[:15]) + `"`, Until: body.Until}
	for _, name := range keptFields {
		if values := h[name]; len(values) > 0 {
			page.Fields = append(page.Fields, cache.Field{Name: name, Values: values})
		}
	}
	describe(page)
	return page
}

// lifetime is for how long others may keep a page: they ask each time whether it is still true, but for a shared cache
// that the site trusts with more (RFC 9111 §5.2.2.10).
func lifetime(c *gin.Context) string {
	if site, ok := request.FoundSite(c); ok && site.SharedCacheSeconds > 0 {
		return "public, max-age=0, must-revalidate, s-maxage=" + strconv.Itoa(site.SharedCacheSeconds)
	}
	return "public, no-cache"
}

// tag names what shows in a page, for a CDN that the site tells when it changes. Cloudflare reads the one field, Fastly the
// other; both take them out again.
func tag(c *gin.Context, articles []string) {
	if site, ok := request.FoundSite(c); ok && site.PurgeURL != "" {
		tags := site.Tags(articles)
		c.Header("Cache-Tag", strings.Join(tags, ","))
		c.Header("Surrogate-Key", strings.Join(tags, " "))
	}
}

// compressed is the page in another encoding.
func compressed(plain *cache.Page, encoding string) (*cache.Page, error) {
	body, err := compress(encoding, plain.Body)
	if err != nil {
		return nil, err
	}
	page := &cache.Page{Body: body, Tag: plain.Tag[:len(plain.Tag)-1] + "-" + encoding + `"`, Until: plain.Until, Stale: plain.Stale}
	for _, f := range plain.Fields {
		if f.Name != "Etag" && f.Name != "Content-Length" {
			page.Fields = append(page.Fields, f)
		}
	}
	page.Fields = append(page.Fields, cache.Field{Name: "Content-Encoding", Values: []string{encoding}})
	describe(page)
	return page, nil
}

func describe(p *cache.Page) {
	p.Fields = append(p.Fields, cache.Field{Name: "Etag", Values: []string{p.Tag}},
		cache.Field{Name: "Content-Length", Values: []string{strconv.Itoa(len(p.Body))}})
}

// send writes a page. Its fields are put in place as they are: this is the path of nearly every request.
func send(c *gin.Context, p *cache.Page) {
	h := c.Writer.Header()
	for _, f := range p.Fields {
		h[f.Name] = f.Values
	}
	known := c.GetHeader("If-None-Match")
	switch {
	case known == p.Tag:
		notModified(c)
	case known != "": // a list, or a weak one: RFC 9110 §13.1.2
		c.Request.Header.Del("Range") // a part of compressed bytes is of use to nobody
		http.ServeContent(c.Writer, c.Request, "", time.Time{}, bytes.NewReader(p.Body))
	case c.Request.Method == http.MethodHead:
		c.Status(http.StatusOK)
		c.Writer.WriteHeaderNow()
	default:
		c.Status(http.StatusOK)
		if _, err := c.Writer.Write(p.Body); err != nil { // the asker has gone: nobody reads this
			c.Abort()
		}
	}
}

// notModified says that the asker's copy is still true, RFC 9110 §15.4.5.
func notModified(c *gin.Context) {
	h := c.Writer.Header()
	delete(h, "Content-Type")
	delete(h, "Content-Length")
	delete(h, "Content-Encoding")
	c.Status(http.StatusNotModified)
	c.Writer.WriteHeaderNow()
}

func itoa(n int) string { return strconv.Itoa(n) }

func escape(s string) string { return url.QueryEscape(s) }
