package notify

import (
	"context"
	"errors"
	"fmt"
	"net/url"

	"github.com/google/uuid"

	"plenum/models"
	"plenum/moderation/internal/keys"
	"plenum/templates"
)

// DeliverSubscription asks to confirm a subscription, unless it was ended before it was asked for. The letter holds
// nothing that whoever subscribed has typed: it goes to an address that need not be theirs.
func (p *Postman) DeliverSubscription(ctx context.Context, n SubscriptionNotice) error {
	letter, err := p.subscriptionLetter(ctx, n)
	if errors.Is(err, models.ErrNotFound) {
		return nil
	}
	if err == nil {
		err = p.Sender.Send(ctx, letter)
	}
	if err != nil {
		return fmt.Errorf("deliver subscription %s: %w", n.SubscriptionID, err)
	}
	return nil
}

func (p *Postman) subscriptionLetter(ctx context.Context, n SubscriptionNotice) (l Letter, err error) {
	site, err := p.Store.SiteByID(ctx, n.SiteID)
	if err != nil {
		return l, err
	}
	s, err := p.Store.Subscription(ctx, n.SiteID, n.SubscriptionID)
	if err != nil {
		return l, err
	}
	f, err := p.Store.Follower(ctx, n.SiteID, s.FollowerID)
	if err != nil {
		return l, err
	}
	links := links{p, site, s.Locale}
	m := templates.SubscriptionMail{
		Site:  templates.Site{Slug: site.Slug, Name: site.Name},
		What:  templates.Followed{Kind: s.Kind, Narrow: s.ArticleKey != "", Title: s.ArticleTitle},
		Daily: s.Pace == models.PaceDaily, Known: s.ConfirmedAt != nil, EndURL: links.end(s.ID),
	}
	if m.Known {
		m.ManageURL = links.manage(f.ID)
	} else {
		m.ConfirmURL = links.confirm(s.ID)
	}
	l = Letter{ID: fmt.Sprintf("subscription.%s.%d@%s", s.ID, n.At.Unix(), p.BaseURL.Hostname()), SiteID: site.ID, FromName: site.Name, To: f.Email,
		Date: p.Now(), Locale: s.Locale, Unsubscribe: m.EndURL}
	l.Subject, l.Text, l.HTML, err = p.Templates.SubscriptionMail(s.Locale, m)
	return l, err
}

// links are the addresses in mails to followers of a site. Each token is good for one purpose and one row.
type links struct {
	*Postman
	site   models.Site
	locale string
}

func (l links) confirm(id uuid.UUID) string {
	return l.link(keys.Confirm, id, "subscriptions", "confirm")
}
func (l links) end(id uuid.UUID) string { return l.link(keys.Unsubscribe, id, "subscriptions", "end") }
func (l links) noDigest(id uuid.UUID) string {
	return l.link(keys.NoDigest, id, "digests", "end")
}
func (l links) manage(id uuid.UUID) string { return l.link(keys.Following, id, "followers", "") }

func (l links) link(purpose string, id uuid.UUID, of, act string) string {
	return l.at(url.Values{"token": {l.Keys.Token(purpose, l.site.ID, id)}}, of, id.String(), act)
}

// comment is where a comment stands in its thread.
func (l links) comment(articleKey string, id uuid.UUID) string {
	return l.at(url.Values{"article": {articleKey}, "comment": {id.String()}}, "thread") + "#c-" + id.String()
}

func (l links) at(query url.Values, path ...string) string {
	u := l.BaseURL.JoinPath(append([]string{l.site.Slug}, path...)...)
	if l.locale != l.site.Locale {
		query.Set("locale", l.locale)
	}
	u.RawQuery = query.Encode()
	return u.String()
}
