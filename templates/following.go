package templates

import "github.com/google/uuid"

// Followed says what somebody is told of by mail. Title is the article's, empty while nobody may know it.
type Followed struct {
	Kind   string // replies, article or site
	Narrow bool   // of one article only
	Title  string
}

// Words names the noun that says it.
func (f Followed) Words() string {
	switch {
	case f.Kind == "site" || !f.Narrow:
		return "follow." + f.Kind
	case f.Title == "":
		return "follow." + f.Kind + "_below"
	}
	return "follow." + f.Kind + "_on"
}

// Follow is the page on which a reader asks to be told by mail.
type Follow struct {
	Site    Site
	Article Article
	Form    FollowForm
	Sent    bool // it is asked for: the rest is in the mail
}

// FollowForm is the wish as typed so far; Errors maps a field to its message in the language of the page.
type FollowForm struct {
	Site                    Site
	ArticleKey, Email, Kind string
	Daily                   bool
	Errors                  map[string]string
	Notice                  string
}

// SubscriptionPage is where a mailed link leads. It does nothing by itself: its button does.
type SubscriptionPage struct {
	Site   Site
	Act    string   // confirm, end, or end_daily
	What   Followed // of confirm and end, while it is there
	Done   bool
	Action string // where the button sends
}

// Following is the page of everything that one address follows on the site.
type Following struct {
	Site      Site
	ID        uuid.UUID
	Token     string
	Email     string
	Items     []FollowedItem
	Confirmed bool // just now
}

// FollowedItem is one of these things.
type FollowedItem struct {
	Followed
	ID                 uuid.UUID
	Daily, Unconfirmed bool
	ArticleKey         string
}

// SubscriptionMail asks to confirm that somebody is told of something, or says that they are already. It holds nothing
// that a stranger typed.
type SubscriptionMail struct {
	Site                          Site
	What                          Followed
	Daily, Known                  bool
	ConfirmURL, ManageURL, EndURL string // of the first two, the one that fits
}

// Case names the words of the mail.
func (m SubscriptionMail) Case() string {
	if m.Known {
		return "subscription_known"
	}
	return "subscription_ask"
}

// About is what the subject ends with: the site.
func (m SubscriptionMail) About() string { return m.Site.Name }

// ToldComment is a public comment in a mail.
type ToldComment struct{ Name, Text, URL string }

// FollowUpMail tells a follower of one comment.
type FollowUpMail struct {
	Site              Site
	Article           Article
	What              Followed
	Comment           ToldComment
	EndURL, ManageURL string
}

// Case names the words of the mail.
func (m FollowUpMail) Case() string {
	if m.What.Kind == "replies" {
		return "follow_up_reply"
	}
	return "follow_up"
}

// About is what the subject ends with: the article, or the site where it has no title yet.
func (m FollowUpMail) About() string {
	if m.Article.Title != "" {
		return m.Article.Title
	}
	return m.Site.Name
}

// DigestMail tells a follower of all that is new since the last one.
type DigestMail struct {
	Site              Site
	Articles          []DigestArticle
	Total, More       int // More: how many are not quoted
	EndURL, ManageURL string
}

// DigestArticle is one article's part of a digest.
type DigestArticle struct {
	Article  Article
	Comments []ToldComment
}

// Case names the words of the mail.
func (DigestMail) Case() string { return "digest" }

// About is what the subject ends with: the site.
func (m DigestMail) About() string { return m.Site.Name }
