package respond

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"plenum/handlers/internal/request"
	"plenum/models"
	"plenum/moderation"
	"plenum/templates"
)

// Document is an RFC 9457 problem document.
type Document struct {
	Type   string       `json:"type"`
	Title  string       `json:"title"`
	Status int          `json:"status"`
	Detail string       `json:"detail"`
	Errors []FieldError `json:"errors,omitempty"`
	// Extensions (RFC 9457 §3.2) of a conflict: what is in force, or what happened meanwhile.
	Rules   *Rules   `json:"rules,omitempty"`
	Comment *Current `json:"comment,omitempty"`
	// Of a new comment or an edit: what stands against its author.
	Sanction *Standing `json:"sanction,omitempty"`
	// Of a new comment that came too fast: a sum whose solution lets it through at once.
	Challenge *moderation.Challenge `json:"challenge,omitempty"`

	wait time.Duration // until it may be asked again
}

// FieldError is one input that is not acceptable.
type FieldError struct {
	Field   string `json:"field"`
	Code    string `json:"code"`
	Message string `json:"message"`
}

// Current is the state of a comment that somebody else changed meanwhile.
type Current struct {
	ID        string     `json:"id"`
	Version   int        `json:"version"`
	Status    string     `json:"status"`
	Decisions []Decision `json:"decisions"`
}

// Standing is what its author is told of a sanction: of a warning, what to acknowledge; of a pause or a ban, its end.
type Standing struct {
	ID        uuid.UUID  `json:"id"`
	Kind      string     `json:"kind"`
	Until     *time.Time `json:"until"`
	Statement string     `json:"statement"`
	Rules     []Rule     `json:"rules"`
}

const retryAfter = "2" // seconds

// Explain turns an error into a problem document in the language of the answer. What is nobody's expected no is logged
// with the request's id and answered with one neutral sentence that names the id.
func (r *Responder) Explain(c *gin.Context, err error) Document {
	var problem *request.Problem
	var refusal *moderation.Refusal
	switch {
	case errors.As(err, &problem):
		return r.document(c, problem)
	case errors.As(err, &refusal):
		d := r.document(c, refused(refusal))
		d.wait = refusal.Wait
		r.extend(c, &d, err)
		return d
	case errors.Is(err, models.ErrNotFound):
		return r.document(c, request.NotFound())
	case errors.Is(err, models.ErrConflict):
		return r.document(c, &request.Problem{Status: http.StatusConflict})
	case c.Request.Context().Err() != nil: // the asker has gone: nobody reads this
		r.log(c).Debug("asker gone", "route", c.FullPath())
		return r.document(c, &request.Problem{Status: http.StatusServiceUnavailable})
	case models.Unavailable(err):
		r.log(c).Warn("database away", "route", c.FullPath(), "error", err)
		return r.document(c, &request.Problem{Status: http.StatusServiceUnavailable})
	}
	r.log(c).Error("request failed", "method", c.Request.Method, "route", c.FullPath(), "error", err)
	d := r.document(c, &request.Problem{Status: http.StatusInternalServerError})
	d.Detail += " (" + r.requestID(c) + ")"
	return d
}

// Said is what the person did wrong, in one sentence: that of the field it was about, where it was about one.
func (d Document) Said() string {
	if len(d.Errors) > 0 {
		return d.Errors[0].Message
	}
	return d.Detail
}

// Expected reports whether an error is a no that the asker can do something about.
func Expected(err error) bool {
	var problem *request.Problem
	var refusal *moderation.Refusal
	return errors.As(err, &problem) || errors.As(err, &refusal)
}

var refusalStatus = map[moderation.Kind]int{
	moderation.Invalid: http.StatusUnprocessableEntity, moderation.Conflict: http.StatusConflict, moderation.Forbidden: http.StatusForbidden,
	moderation.TooSoon: http.StatusTooManyRequests, moderation.Gone: http.StatusGone, moderation.Unknown: http.StatusUnauthorized,
}

// refused is a refusal of the domain as bad input.
func refused(r *moderation.Refusal) *request.Problem {
	p := &request.Problem{Status: refusalStatus[r.Kind], Key: r.Key, Args: r.Args}
	if r.Field != "" || r.Kind == moderation.Invalid {
		_, code, _ := strings.Cut(r.Key, ".")
		p.Fields = []request.Field{{Name: r.Field, Code: code, Key: r.Key, Args: r.Args}}
	}
	return p
}

func (r *Responder) document(c *gin.Context, p *request.Problem) Document {
	locale, status := Locale(c), http.StatusText(p.Status)
	number := itoa(p.Status)
	d := Document{Type: "about:blank", Status: p.Status, Title: r.Templates.T(locale, "problem."+number+".title", nil)}
	if d.Title == "" {
		d.Title = status
	}
	d.Detail = r.Templates.T(locale, "problem."+number+".detail", nil)
	if p.Key != "" {
		d.Detail = r.Templates.T(locale, p.Key, p.Args)
	}
	for _, f := range p.Fields {
		d.Errors = append(d.Errors, FieldError{Field: f.Name, Code: f.Code, Message: r.Templates.T(locale, f.Key, f.Args)})
	}
	return d
}

// extend adds to a conflict what a client needs to go on. What whoever runs this should know is logged.
func (r *Responder) extend(c *gin.Context, d *Document, err error) {
	var rules *moderation.StaleRules
	if errors.As(err, &rules) {
		current := NewRules(rules.Current, Locale(c), request.Site(c).Locale)
		d.Rules = &current
	}
	var stale *moderation.StaleVersion
	if errors.As(err, &stale) {
		d.Comment = &Current{ID: stale.Comment.ID.String(), Version: stale.Comment.Version, Status: stale.Comment.Status,
			Decisions: NewDecisions(stale.Since)}
	}
	var fast *moderation.TooFast
	if errors.As(err, &fast) {
		d.Challenge = &fast.Challenge
	}
	var copied *moderation.CopiedPasskey
	if errors.As(err, &copied) {
		r.log(c).Warn("a passkey may have been copied: its count was used before", "passkey", copied.Passkey, "moderator", copied.Moderator)
	}
	var turned *moderation.Sanctioned
	if errors.As(err, &turned) {
		d.Sanction = newStanding(turned, Locale(c), request.Site(c).Locale)
	}
}

func newStanding(t *moderation.Sanctioned, locale, fallback string) *Standing {
	s := &Standing{ID: t.Sanction.ID, Kind: t.Sanction.Kind, Rules: []Rule{}}
	if t.Sanction.Until != nil {
		until := t.Sanction.Until.UTC()
		s.Until = &until
	}
	if t.Sanction.Kind == models.SanctionWarn {
		s.Statement = t.Sanction.Laid.Statement
	}
	set, _ := t.Rules.In(locale, fallback)
	for _, rule := range set.Rules {
		if slices.Contains(t.Sanction.Laid.Rules, rule.Code) {
			s.Rules = append(s.Rules, Rule{Code: rule.Code, Title: rule.Title, Text: rule.Text})
		}
	}
	return s
}

func (r *Responder) problem(c *gin.Context, err error) {
	d := r.Explain(c, err)
	body, failed := encode(d)
	if failed != nil {
		r.log(c).Error("request failed", "error", failed)
	}
	Headers(c, d)
	c.Data(d.Status, "application/problem+json", body)
}

// problemPage shows an error as a page; whoever is not signed in is sent to the door.
func (r *Responder) problemPage(c *gin.Context, err error) {
	d := r.Explain(c, err)
	var problem *request.Problem
	to := ""
	if errors.As(err, &problem) {
		to = problem.To
	}
	if d.Status == http.StatusUnauthorized && request.Reads(c) {
		to = "/desk/signin?next=" + escape(c.Request.URL.RequestURI())
	}
	if to != "" {
		seeOther(c, to)
		return
	}
	page := templates.Problem{Status: d.Status, Title: d.Title, Detail: d.Detail}
	if _, ok := request.FoundSite(c); ok {
		page.Site = SiteView(c)
	}
	if path := c.Request.URL.Path; path == "/desk" || strings.HasPrefix(path, "/desk/") {
		page.Site, page.Desk = templates.Site{}, true
	}
	if d.Status == http.StatusUnauthorized {
		page.SignIn = "/desk/signin?next=" + request.Here(c)
	}
	Headers(c, d)
	if err := r.HTML(c, d.Status, "public/problem", page); err != nil {
		r.log(c).Error("request failed", "error", err)
		c.Status(http.StatusInternalServerError)
	}
}

// Headers sets what an answer of the document's status must have beside it.
func Headers(c *gin.Context, d Document) {
	c.Header("Cache-Control", "no-store")
	switch d.Status {
	case http.StatusUnauthorized:
		c.Header("WWW-Authenticate", `Bearer realm="plenum"`)
	case http.StatusServiceUnavailable, http.StatusTooManyRequests:
		c.Header("Retry-After", retryAfter)
		if d.wait > 0 {
			c.Header("Retry-After", itoa(int((d.wait+time.Second-1)/time.Second)))
		}
		if c.Writer.Header().Get("Access-Control-Allow-Origin") != "" {
			c.Header("Access-Control-Expose-Headers", "Retry-After")
		}
	}
}

func (r *Responder) fallback(c *gin.Context, err error) {
	if belowAPI(c) {
		r.problem(c, err)
		return
	}
	r.problemPage(c, err)
}

func belowAPI(c *gin.Context) bool { return strings.HasPrefix(c.Request.URL.Path, "/api/") }

// Messages answers what is wrong with each field of a form, under the names that the form gives them, and the sentence
// above it. An error that is not about a form is given back.
func (r *Responder) Messages(c *gin.Context, err error) (fields map[string]string, notice string, status int, _ error) {
	if !Expected(err) {
		return nil, "", 0, err
	}
	d := r.Explain(c, err)
	if !slices.Contains([]int{http.StatusUnprocessableEntity, http.StatusConflict, http.StatusRequestEntityTooLarge, http.StatusTooManyRequests}, d.Status) {
		return nil, "", 0, err
	}
	Headers(c, d)
	fields = map[string]string{}
	for _, e := range d.Errors {
		_, name, dotted := strings.Cut(e.Field, ".")
		if !dotted || strings.HasPrefix(e.Field, "article.") {
			name = e.Field
		}
		if inForm[name] {
			fields[name] = e.Message
		} else {
			notice = e.Message
		}
	}
	if len(d.Errors) == 0 {
		notice = d.Detail
	}
	return fields, notice, d.Status, nil
}

// inForm are the fields that a reader sees; anything else is said above the form.
var inForm = map[string]bool{"name": true, "email": true, "url": true, "body": true,
	"kind": true, "rule": true, "text": true, "good_faith": true, "acknowledge": true}

// Fault answers a fault of ours, unless an answer was begun.
func (r *Responder) Fault(c *gin.Context, err error) {
	c.Abort()
	if c.Writer.Written() {
		r.log(c).Error("request failed after its answer began", "route", c.FullPath(), "error", err)
		return
	}
	r.fallback(c, err)
}

// Refused says in words why a comment of a batch was refused; what the sentence is about is not kept.
func (r *Responder) Refused(c *gin.Context, key string) string {
	if sentence := r.Templates.T(Locale(c), key, nil); sentence != key {
		return sentence
	}
	return r.Templates.T(Locale(c), "refusal.batch_item", nil)
}
