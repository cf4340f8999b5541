package request

import (
	"cmp"
	"crypto/hmac"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"path"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"
)

// The limits of lists.
const (
	DefaultLimit = 100
	maxLimit     = 200
)

// Limit reads how many items a list may have, 1 to 200.
func Limit(c *gin.Context) (int, error) {
	text := c.Query("limit")
	if text == "" {
		return DefaultLimit, nil
	}
	limit, err := strconv.Atoi(text)
	if err != nil || limit < 1 || limit > maxLimit {
		return 0, Malformed("limit", "limit")
	}
	return limit, nil
}

// Search reads what a list is searched for: at most 200 characters on one line.
func Search(c *gin.Context) (string, error) {
	words := struct {
		Words string `json:"q" binding:"max=200,line"`
	}{strings.TrimSpace(c.Query("q"))}
	if err := Check(&words); err != nil {
		return "", Malformed("q", "value")
	}
	return words.Words, nil
}

// OneOf reads a parameter that must be one of the values; the first is the default, also for an empty one.
func OneOf(c *gin.Context, name string, values ...string) (string, error) {
	text := cmp.Or(c.Query(name), values[0])
	for _, v := range values {
		if v == text {
			return v, nil
		}
	}
	return "", Malformed(name, "value")
}

// NewestChanges are those of a log that is not asked for whole.
const NewestChanges = 50

// Changes reads how many entries of a log of changes are asked for: the newest, or all.
func Changes(c *gin.Context) (int, error) {
	which, err := OneOf(c, "changes", "newest", "all")
	if which == "all" {
		return math.MaxInt32, err
	}
	return NewestChanges, err
}

// ArticleKey reads the article that a reader asks for.
func ArticleKey(c *gin.Context) (string, error) {
	key := struct {
		Key string `json:"article" binding:"required,key"`
	}{c.Query("article")}
	err := Check(&key)
	var problem *Problem
	if errors.As(err, &problem) { // no document: an address that is not as it must be
		problem.Status = http.StatusBadRequest
	}
	return key.Key, err
}

// Cursors writes and reads the places where lists go on. A cursor is opaque and signed, and bound to its call, its
// site and its filters.
type Cursors struct {
	Mac func(purpose string, parts ...[]byte) []byte
}

const macLength = 16

// Write makes the cursor of a position.
func (cs Cursors) Write(binding string, position any) (string, error) {
	text, err := json.Marshal(position)
	if err != nil {
		return "", fmt.Errorf("write a cursor: %w", err)
	}
	return base64.RawURLEncoding.EncodeToString(append(cs.mac(binding, text), text...)), nil
}

// Read reads the request's cursor into position, and reports whether there was one.
func (cs Cursors) Read(c *gin.Context, binding string, position any) (bool, error) {
	text := c.Query("cursor")
	if text == "" {
		return false, nil
	}
	raw, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil || len(raw) < macLength || !hmac.Equal(raw[:macLength], cs.mac(binding, raw[macLength:])) ||
		json.Unmarshal(raw[macLength:], position) != nil {
		return false, Malformed("cursor", "cursor")
	}
	return true, nil
}

func (cs Cursors) mac(binding string, text []byte) []byte {
	return cs.Mac("cursor", []byte(binding), text)[:macLength]
}

// DeskPath is the path of the desk that a form or an address asks to go on to, or the desk's door: nobody is ever sent
// elsewhere.
func DeskPath(next string) string {
	u, err := url.Parse(next)
	if err != nil || u.Scheme != "" || u.Host != "" || u.Opaque != "" || u.EscapedPath() != path.Clean(u.Path) ||
		u.Path != "/desk" && !strings.HasPrefix(u.Path, "/desk/") {
		return "/desk"
	}
	return u.RequestURI()
}
