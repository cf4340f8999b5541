package notify

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"plenum/models"
	"plenum/moderation/markup"
	"plenum/templates"
)

// DeliverFollowUp tells a follower of a comment, unless it is told already, no longer public, or no longer followed. Once
// the mail was handed on that is noted, so that only a crash between the two can have it sent a second time, under the
// same id.
func (p *Postman) DeliverFollowUp(ctx context.Context, n FollowUpNotice) error {
	told := models.Told{SiteID: n.SiteID, CommentID: n.CommentID, FollowerID: n.FollowerID, Entry: n.EntryID}
	u, err := p.Store.FollowUp(ctx, told)
	if errors.Is(err, models.ErrNotFound) {
		return nil
	}
	var letter Letter
	if err == nil {
		letter, err = p.followUpLetter(ctx, u)
	}
	if err == nil {
		err = p.Sender.Send(ctx, letter)
	}
	if err == nil {
		err = p.Store.MarkTold(ctx, told, p.Now())
	}
	if err != nil {
		return fmt.Errorf("deliver follow-up of comment %s to %s: %w", n.CommentID, n.FollowerID, err)
	}
	return nil
}

func (p *Postman) followUpLetter(ctx context.Context, u models.FollowUp) (l Letter, err error) {
	site, err := p.Store.SiteByID(ctx, u.Follower.SiteID)
	if err != nil {
		return l, err
	}
	locale, links := u.Subscription.Locale, links{p, site, u.Subscription.Locale}
	m := templates.FollowUpMail{
		Site: templates.Site{Slug: site.Slug, Name: site.Name}, Article: articleView(u.Article),
		What: what(u), Comment: commentView(links, u), EndURL: links.end(u.Subscription.ID), ManageURL: links.manage(u.Follower.ID),
	}
	l = Letter{ID: p.followUpID(u.CommentID, u.Follower.ID), ThreadID: p.threadID(u), SiteID: site.ID, FromName: site.Name, To: u.Follower.Email,
		Date: p.Now(), Locale: locale, Unsubscribe: m.EndURL}
	l.ReferenceID = l.ThreadID
	if u.ParentID != nil {
		l.ReferenceID = p.followUpID(*u.ParentID, u.Follower.ID)
	}
	l.Subject, l.Text, l.HTML, err = p.Templates.FollowUpMail(locale, m)
	return l, err
}

// followUpID is the same at each try, and the one that a mail about an answer refers to.
func (p *Postman) followUpID(commentID, followerID uuid.UUID) string {
	return fmt.Sprintf("follow-up.%s.%s@%s", commentID, followerID, p.BaseURL.Hostname())
}

// threadID names the conversation below an article. No mail has it: mail programs put together what refers to the same.
func (p *Postman) threadID(u models.FollowUp) string {
	return fmt.Sprintf("article.%s.%s@%s", u.Article.ID, u.Follower.ID, p.BaseURL.Hostname())
}

func what(u models.FollowUp) templates.Followed {
	return templates.Followed{Kind: u.Subscription.Kind, Narrow: u.Subscription.ArticleKey != "", Title: u.Article.Title}
}

func commentView(l links, u models.FollowUp) templates.ToldComment {
	return templates.ToldComment{Name: u.AuthorName, Text: markup.Text(u.Body), URL: l.comment(u.Article.Key, u.CommentID)}
}

func articleView(a models.Article) templates.Article {
	return templates.Article{Key: a.Key, URL: a.URL, Title: a.Title}
}
