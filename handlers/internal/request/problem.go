// Package request reads what came in: who asks, for which site, with which form. What cannot be accepted becomes a
// Problem, which package respond shows.
package request

import (
	"fmt"
	"net/http"
)

// Problem is bad input. Key is its sentence in the catalogue of languages, where it needs more than its status says.
type Problem struct {
	Status int
	Key    string
	Args   map[string]any
	Fields []Field
	To     string // of a page: where this can be mended
}

// Field is one input that is not acceptable, by its name in the API, and why.
type Field struct {
	Name string
	Code string // short and stable, for programs
	Key  string // the sentence
	Args map[string]any
}

func (p *Problem) Error() string {
	return fmt.Sprintf("bad request %d: %s %v", p.Status, p.Key, p.Fields)
}

// Malformed is a 400 about one input.
func Malformed(name, code string) *Problem { return onField(http.StatusBadRequest, name, code) }

// Unauthorized is a 401: no credentials, or none that hold.
func Unauthorized() *Problem { return &Problem{Status: http.StatusUnauthorized} }

// NotFound is a 404.
func NotFound() *Problem { return &Problem{Status: http.StatusNotFound} }

func onField(status int, name, code string) *Problem {
	key := "invalid." + code
	return &Problem{Status: status, Key: key, Fields: []Field{{Name: name, Code: code, Key: key}}}
}
