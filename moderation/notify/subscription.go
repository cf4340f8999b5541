package notify

import (
	"context"
	"errors"
	"fmt"

	"plenum/models"
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
