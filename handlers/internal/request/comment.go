package request

import (
	"crypto/sha256"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"
	"github.com/gin-gonic/gin/binding"
	"github.com/google/uuid"

	"plenum/moderation"
	"plenum/moderation/markup"
)

// Comment is a new comment, from the API as JSON and from the page as a form.
type Comment struct {
	Article      Article    `json:"article"`
	ParentID     *uuid.UUID `json:"parent_id"`
	Author       Author     `json:"author"`
	Body         string     `json:"body" binding:"markdown"`
	RulesVersion *int       `json:"rules_version" binding:"required"`
	Subscribe    string     `json:"subscribe" binding:"omitempty,oneof=replies article"`
	Locale       string     `json:"locale" binding:"omitempty,oneof=de en"`
	Acknowledge  *uuid.UUID `json:"acknowledge"`                   // a warning that the author has read
	Proof        string     `json:"proof" binding:"max=2000,line"` // of work
	Confirm      string     `json:"confirm" binding:"omitempty,oneof=mail"`
}

// Article names the article of a comment.
type Article struct {
	Key   string `json:"key" binding:"required,key"`
	URL   string `json:"url" binding:"omitempty,max=2000,http_url"`
	Title string `json:"title" binding:"max=300,line"`

	Lead      string `json:"lead" binding:"max=2000,line"` // with Signature only
	Signature string `json:"signature" binding:"max=64,line"`
}

// Author is who writes.
type Author struct {
	Name  string `json:"name" binding:"required,max=80,line"`
	Email string `json:"email" binding:"omitempty,max=254,email"`
	URL   string `json:"url" binding:"omitempty,max=2000,http_url"`
}

func (f *Comment) trim() {
	for _, s := range []*string{&f.Article.Title, &f.Author.Name, &f.Author.Email, &f.Author.URL} {
		*s = strings.TrimSpace(*s)
	}
	f.Body = markup.Clean(f.Body) // a browser's form sends two characters for a line end: it is measured as it is stored
}

// Edit is a new text for a comment.
type Edit struct {
	Body string `json:"body" binding:"markdown"`
}

func (f *Edit) trim() { f.Body = markup.Clean(f.Body) }

// Submission is the comment as moderation takes it.
func (f *Comment) Submission(asked moderation.Request) moderation.Submission {
	return moderation.Submission{
		Article:  f.Article.Name(),
		ParentID: f.ParentID, Name: f.Author.Name, Email: f.Author.Email, URL: f.Author.URL, Body: f.Body,
		RulesVersion: *f.RulesVersion, Locale: f.Locale, Request: asked, Acknowledge: f.Acknowledge, Proof: f.Proof,
		Subscribe: f.Subscribe,
		ByMail:    f.Confirm != "",
	}
}

// Name is the article's as moderation takes it.
func (a Article) Name() moderation.ArticleName {
	return moderation.ArticleName{Key: a.Key, URL: a.URL, Title: a.Title, Lead: a.Lead, Signature: a.Signature}
}

// Preview is a text that somebody would like to see as a thread shows it.
type Preview struct {
	Article struct {
		Key string `json:"key" binding:"key"`
	} `json:"article"`
	Body string `json:"body" binding:"markdown"`
}

func (f *Preview) trim() { f.Body = markup.Clean(f.Body) }

// What a button of the page's form asks for. The first, without a name, sends.
const (
	DoPreview = "preview"
	DoAnyway  = "anyway" // send, whatever hints there are
)

// Written is what the page's form sends.
type Written struct {
	Comment
	Do     string
	Within bool // a script asks, which puts the answer into the page: the form alone will do
}

// commentForm is the comment as the page's form sends it.
type commentForm struct {
	ArticleKey   string `form:"article_key"`
	ArticleURL   string `form:"article_url"`
	ArticleTitle string `form:"article_title"`
	ArticleLead  string `form:"article_lead"`
	Signature    string `form:"article_signature"`
	ParentID     string `form:"parent_id"`
	Name         string `form:"name"`
	Email        string `form:"email"`
	URL          string `form:"url"`
	Body         string `form:"body"`
	RulesVersion *int   `form:"rules_version"`
	Acknowledge  string `form:"acknowledge"`
	Proof        string `form:"proof"`
	Do           string `form:"do"`
	Within       string `form:"within"`
	Subscribe    string `form:"subscribe"`
	Confirm      string `form:"confirm"`
}

// CommentForm reads the page's form. What was written is answered also with an error, so that nothing typed is lost.
func CommentForm(c *gin.Context) (Written, error) {
	var f commentForm
	if err := Form(c, &f); err != nil {
		return Written{}, err
	}
	comment := Written{Do: f.Do, Within: f.Within != ""}
	comment.Comment = Comment{
		Article: Article{Key: f.ArticleKey, URL: f.ArticleURL, Title: f.ArticleTitle, Lead: f.ArticleLead, Signature: f.Signature},
		Author:  Author{Name: f.Name, Email: f.Email, URL: f.URL}, Body: f.Body, RulesVersion: f.RulesVersion, Proof: f.Proof,
		Subscribe: f.Subscribe, Confirm: f.Confirm,
	}
	if f.ParentID != "" {
		parent, err := uuid.Parse(f.ParentID)
		if err != nil {
			return comment, onField(422, "parent_id", "type")
		}
		comment.ParentID = &parent
	}
	if warning, err := uuid.Parse(f.Acknowledge); err == nil { // anything else is no box that was ticked
		comment.Acknowledge = &warning
	}
	if f.Do == DoPreview { // a name can still be given later
		return comment, Check(&Preview{Body: f.Body})
	}
	return comment, Check(&comment.Comment)
}

// Form reads an HTML form of at most 1 MiB; its own rules are the caller's to check.
func Form(c *gin.Context, form any) error {
	body, err := readBody(c, maxForm)
	if err != nil {
		return err
	}
	c.Request.Body = rereadable(body)
	if err := c.ShouldBindWith(form, binding.FormPost); err != nil {
		return Malformed("", "json")
	}
	return nil
}

// Whole reads a number of a form; nil: none was typed.
func Whole(field, typed string) (*int, error) {
	if typed = strings.TrimSpace(typed); typed == "" {
		return nil, nil
	}
	n, err := strconv.Atoi(typed)
	if err != nil {
		return nil, Malformed(field, "type")
	}
	return &n, nil
}

// Hash is the SHA-256 of the parts, for requests that are known again by what they say.
func Hash(parts ...string) []byte {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return sum[:]
}
