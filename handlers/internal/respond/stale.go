package respond

import (
	"bytes"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"plenum/handlers/internal/cache"
	"plenum/templates"
)

// staleField is the field by which an answer says as of when it is true, because the database is away.
const staleField = "Plenum-Stale"

// sendStale writes a page that was true when the database went away. It says so in its header and, where people read it,
// in their language. Nobody may keep it (RFC 9111 §5.2.2.5), or what is taken down next would live on somewhere else; so
// there is no 304 either, by which a copy that may be kept would be renewed.
func (r *Responder) sendStale(c *gin.Context, p *cache.Page) error {
	h := c.Writer.Header()
	for _, f := range p.Fields {
		h[f.Name] = f.Values
	}
	body, err := r.marked(h, p)
	if err != nil {
		return err
	}
	h.Set("Cache-Control", "no-store")
	h.Set(staleField, p.Stale.AsOf.UTC().Format(time.RFC3339))
	h.Set("Age", strconv.Itoa(int(p.Stale.Age/time.Second))) // RFC 9111 §5.1
	if h.Get("Access-Control-Allow-Origin") != "" {
		h.Set("Access-Control-Expose-Headers", staleField)
	}
	c.Status(http.StatusOK)
	if c.Request.Method == http.MethodHead {
		c.Writer.WriteHeaderNow()
		return nil
	}
	if _, err := c.Writer.Write(body); err != nil { // the asker has gone: nobody reads this
		c.Abort()
	}
	return nil
}

// marked is the body of a page: of HTML with the sentence that it is not of now, which makes other bytes of it.
func (r *Responder) marked(h http.Header, p *cache.Page) ([]byte, error) {
	if !strings.HasPrefix(h.Get("Content-Type"), "text/html") {
		return p.Body, nil
	}
	encoding := h.Get("Content-Encoding")
	body, err := expand(encoding, p.Body)
	if err != nil {
		return nil, err
	}
	var notice bytes.Buffer
	if err := r.Templates.Render(&notice, p.Stale.Locale, "public/stale", templates.Stale{AsOf: p.Stale.AsOf}); err != nil {
		return nil, err
	}
	body = insert(body, notice.Bytes())
	if encoding != "" {
		if body, err = compress(encoding, body); err != nil {
			return nil, err
		}
	}
	h.Del("Etag")
	h["Content-Length"] = []string{strconv.Itoa(len(body))} // the values of before are the page's own
	return body, nil
}

// insert puts a notice at the beginning of what a page says; of a fragment, before it.
func insert(body, notice []byte) []byte {
	const main = "<main>\n" // nobody can write it: signs in texts are escaped
	at := 0
	if found := bytes.Index(body, []byte(main)); found >= 0 {
		at = found + len(main)
	}
	return bytes.Join([][]byte{body[:at], notice, body[at:]}, nil)
}
