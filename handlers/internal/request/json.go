package request

import (
	"crypto/sha256"
	"errors"
	"io"
	"mime"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"plenum/moderation"
)

// The largest request bodies, in bytes. In a form a letter beyond ASCII takes six, and up to twelve: one that holds far too
// much is still read, so that it comes back with what was typed.
const (
	maxBody = 128 << 10
	maxForm = 1 << 20
)

// JSON reads the body into form: one document of at most 128 KiB in UTF-8, each field known and named once. Then the
// form's own rules are checked.
func JSON(c *gin.Context, form any) error {
	_, err := document(c, form)
	return err
}

// Repeatable reads the body into form as JSON does, and by what a repeated request is known: its Idempotency-Key, and the
// SHA-256 of its body.
func Repeatable(c *gin.Context, form any) (moderation.Request, error) {
	key, err := idempotencyKey(c)
	if err != nil {
		return moderation.Request{}, err
	}
	body, err := document(c, form)
	sum := sha256.Sum256(body)
	return moderation.Request{Key: key, Hash: sum[:], Network: Network(c)}, err
}

// idempotencyKey reads the header of that name: empty, or 1 to 128 visible ASCII characters.
func idempotencyKey(c *gin.Context) (string, error) {
	values := c.Request.Header.Values("Idempotency-Key")
	if len(values) == 0 {
		return "", nil
	}
	visible := func(r rune) bool { return r > ' ' && r < 0x7f }
	key := values[0]
	if len(values) > 1 || key == "" || len(key) > 128 || strings.IndexFunc(key, func(r rune) bool { return !visible(r) }) >= 0 {
		return "", Malformed("Idempotency-Key", "header")
	}
	return key, nil
}

// document reads the body into form, and answers its bytes.
func document(c *gin.Context, form any) ([]byte, error) {
	kind, params, err := mime.ParseMediaType(c.GetHeader("Content-Type"))
	if charset := params["charset"]; err != nil || kind != "application/json" || charset != "" && !strings.EqualFold(charset, "utf-8") ||
		c.GetHeader("Content-Encoding") != "" {
		return nil, onField(http.StatusUnsupportedMediaType, "Content-Type", "media_type")
	}
	body, err := readBody(c, maxBody)
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(body, form, json.RejectUnknownMembers(true)); err != nil {
		return nil, unreadable(err)
	}
	return body, Check(form)
}

func readBody(c *gin.Context, most int64) ([]byte, error) {
	body, err := io.ReadAll(http.MaxBytesReader(c.Writer, c.Request.Body, most))
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return nil, onField(http.StatusRequestEntityTooLarge, "body", "too_large")
	}
	if err != nil { // the client went away or sent a broken stream
		return nil, Malformed("", "json")
	}
	return body, nil
}

// unreadable names the field that a document fails at. What is no JSON is malformed; what is JSON of another shape is
// invalid.
func unreadable(err error) *Problem {
	var shape *json.SemanticError
	if errors.As(err, &shape) {
		code := "type"
		if errors.Is(err, json.ErrUnknownName) {
			code = "unknown"
		}
		return onField(http.StatusUnprocessableEntity, fieldName(shape.JSONPointer), code)
	}
	var syntax *jsontext.SyntacticError
	if !errors.As(err, &syntax) {
		return Malformed("", "json")
	}
	switch {
	case errors.Is(err, jsontext.ErrDuplicateName):
		return Malformed(fieldName(syntax.JSONPointer), "duplicate")
	case strings.Contains(syntax.Err.Error(), "surrogate"): // half a character, written as JSON should be
		return onField(http.StatusUnprocessableEntity, fieldName(syntax.JSONPointer), "encoding")
	case strings.Contains(syntax.Err.Error(), "UTF-8"):
		return Malformed(fieldName(syntax.JSONPointer), "encoding")
	}
	return Malformed(fieldName(syntax.JSONPointer), "json")
}

// fieldName writes a JSON pointer the way errors name fields: author.name.
func fieldName(p jsontext.Pointer) string {
	var parts []string
	for token := range p.Tokens() {
		parts = append(parts, token)
	}
	return strings.Join(parts, ".")
}
