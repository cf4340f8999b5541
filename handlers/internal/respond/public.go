package respond

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/andybalholm/brotli"
	"github.com/gin-gonic/gin"
)

// Public writes bytes that are the same for everybody: compressed as the browser accepts, with a strong ETag for each
// encoding, and 304 for whoever has them already.
func Public(c *gin.Context, contentType string, body []byte) error {
	encoding := negotiate(c.GetHeader("Accept-Encoding"))
	sum := sha256.Sum256(body)
	tag := base64.RawURLEncoding.EncodeToString(sum[:15])
	h := c.Writer.Header()
	h.Set("Content-Type", contentType)
	h.Set("Vary", "Accept-Encoding")
	if h.Get("Cache-Control") == "" {
		h.Set("Cache-Control", "public, no-cache")
	}
	if encoding != "" {
		compressed, err := compress(encoding, body)
		if err != nil {
			return err
		}
		body, tag = compressed, tag+"-"+encoding
		h.Set("Content-Encoding", encoding)
		h.Set("Content-Length", strconv.Itoa(len(body)))
	}
	h.Set("ETag", `"`+tag+`"`)
	c.Request.Header.Del("Range") // a part of compressed bytes is of use to nobody
	// It answers If-None-Match and HEAD by RFC 9110 §13.1.2.
	http.ServeContent(c.Writer, c.Request, "", time.Time{}, bytes.NewReader(body))
	return nil
}

func compress(encoding string, body []byte) ([]byte, error) {
	var out bytes.Buffer
	var w io.WriteCloser = gzip.NewWriter(&out)
	if encoding == "br" {
		w = brotli.NewWriterLevel(&out, 5)
	}
	if _, err := w.Write(body); err != nil {
		return nil, fmt.Errorf("compress: %w", err)
	}
	if err := w.Close(); err != nil {
		return nil, fmt.Errorf("compress: %w", err)
	}
	return out.Bytes(), nil
}

// negotiate picks br, gzip or nothing: the first of these that the header accepts with a weight above zero.
func negotiate(accept string) string {
	accepted := map[string]bool{}
	for _, part := range strings.Split(accept, ",") {
		name, params, _ := strings.Cut(strings.TrimSpace(part), ";")
		weight, found := strings.CutPrefix(strings.TrimSpace(params), "q=")
		q, err := strconv.ParseFloat(weight, 64)
		accepted[strings.ToLower(name)] = !found || err == nil && q > 0
	}
	for _, name := range []string{"br", "gzip"} {
		if accepted[name] {
			return name
		}
	}
	return ""
}

func itoa(n int) string { return strconv.Itoa(n) }

func escape(s string) string { return url.QueryEscape(s) }
