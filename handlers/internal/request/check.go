package request

import (
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"strconv"
	"strings"

	"github.com/go-playground/validator/v10"

	"plenum/moderation/markup"
)

var validate = newValidator()

// newValidator knows the binding tags of forms, and four of ours: text is free of control characters, line also of line
// ends, markdown is the body of a comment, and key is the publisher's name for an article. A key is taken as it is sent: a
// form that has one leaves white space on it, or what is written under a key could not be read under it.
func newValidator() *validator.Validate {
	v := validator.New(validator.WithRequiredStructEnabled())
	v.SetTagName("binding")
	v.RegisterTagNameFunc(func(f reflect.StructField) string {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		return name
	})
	text := func(f validator.FieldLevel) bool { return !markup.HasControl(f.Field().String()) }
	line := func(f validator.FieldLevel) bool {
		return !markup.HasControl(f.Field().String()) && !strings.ContainsAny(f.Field().String(), "\r\n\t\u2028\u2029")
	}
	if err := errors.Join(v.RegisterValidation("text", text), v.RegisterValidation("line", line)); err != nil {
		panic(err) // a programming error: the tags are constants
	}
	v.RegisterAlias("markdown", "required,max="+strconv.Itoa(markup.MaxLength)+",text")
	v.RegisterAlias("key", "max=512,line")
	return v
}

// trimmer is a form that takes white space off what was typed before it is measured.
type trimmer interface{ trim() }

// Check holds a form to its binding tags and answers a 422 that names every field that fails.
func Check(form any) error {
	if t, ok := form.(trimmer); ok {
		t.trim()
	}
	err := validate.Struct(form)
	var failures validator.ValidationErrors
	if err == nil {
		return nil
	}
	if !errors.As(err, &failures) {
		return fmt.Errorf("check a form: %w", err)
	}
	p := &Problem{Status: http.StatusUnprocessableEntity}
	own := reflect.Indirect(reflect.ValueOf(form)).Type().Name() + "."
	for _, f := range failures {
		p.Fields = append(p.Fields, failed(strings.TrimPrefix(f.Namespace(), own), f))
	}
	return p
}

// codes translates validator's tags into ours.
var codes = map[string]string{"text": "control", "line": "control", "http_url": "url", "gt": "required"}

// measured is what is too much or too little of: characters where nothing else is said.
var measured = map[reflect.Kind]string{reflect.Int: "_number", reflect.Slice: "_list"}

func failed(path string, f validator.FieldError) Field {
	name, code := apiName(path), f.ActualTag()
	if ours, ok := codes[code]; ok {
		code = ours
	}
	field := Field{Name: name, Code: code, Key: "invalid." + code}
	switch code {
	case "min", "max":
		limit, err := strconv.Atoi(f.Param())
		if err != nil {
			panic(err) // a programming error: the tags are constants
		}
		field.Args, field.Key = map[string]any{code: limit}, field.Key+measured[f.Kind()]
	case "oneof":
		field.Args = map[string]any{"values": strings.ReplaceAll(f.Param(), " ", ", ")}
	}
	return field
}

// apiName is the name of a field as the API has it, items.0.id: without the names of embedded structs, which alone begin with
// a capital.
func apiName(path string) string {
	var parts []string
	for _, part := range strings.Split(path, ".") {
		if part[0] < 'A' || part[0] > 'Z' {
			parts = append(parts, part)
		}
	}
	return indices.Replace(strings.Join(parts, "."))
}

var indices = strings.NewReplacer("[", ".", "]", "")
