package request

import (
	"strings"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"plenum/moderation"
)

// Subscription is a wish to be told by mail, from the API as JSON and from the page as a form.
type Subscription struct {
	Email   string `json:"email" binding:"required,max=254,email"`
	Article string `json:"article" binding:"key"`
	Kind    string `json:"kind" binding:"required,oneof=replies article site"`
	Pace    string `json:"pace" binding:"omitempty,oneof=once daily"`
}

func (f *Subscription) trim() { f.Email = strings.TrimSpace(f.Email) }

// Wish is what moderation takes.
func (f *Subscription) Wish(locale string) moderation.Wish {
	return moderation.Wish{Email: f.Email, Kind: f.Kind, ArticleKey: f.Article, Pace: f.Pace, Locale: locale}
}

// SubscriptionForm reads the page's form; the article is in its address. The wish is answered also with an error, so that
// nothing typed is lost.
func SubscriptionForm(c *gin.Context) (Subscription, error) {
	var form struct {
		Email string `form:"email"`
		Kind  string `form:"kind"`
		Pace  string `form:"pace"`
	}
	if err := Form(c, &form); err != nil {
		return Subscription{}, err
	}
	f := Subscription{Email: form.Email, Article: c.Query("article"), Kind: form.Kind, Pace: form.Pace}
	return f, Check(&f)
}

// Pace is how soon a follower wants to be told.
type Pace struct {
	Pace string `json:"pace" binding:"required,oneof=once daily"`
}

// FollowingForm is what the page of all that somebody follows sends.
type FollowingForm struct {
	Token        string `form:"token"`
	Subscription string `form:"subscription"`
	Act          string `form:"act"` // once, daily or end
}

// ID is the subscription that the form is about; what is no id is not there.
func (f FollowingForm) ID() (uuid.UUID, error) {
	id, err := uuid.Parse(f.Subscription)
	if err != nil {
		return uuid.Nil, NotFound()
	}
	return id, nil
}
