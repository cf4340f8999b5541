package moderation

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"plenum/models"
	"plenum/moderation/notify"
)

// Wish is what somebody wants to be told of by mail. Lengths and characters are checked already.
type Wish struct {
	Email      string
	Kind       string // models.FollowReplies, FollowArticle or FollowSite
	ArticleKey string // of replies: below this article only; empty: below any. Of a site it is not looked at
	Pace       string // models.PaceOnce or PaceDaily; empty: at once
	Locale     string // of the mails; empty: the site's
	Request    Request
}

const (
	askAgain = time.Hour // the least time between two mails about the same subscription
	asksADay = 5         // mails about subscriptions that strangers can have sent to one address of a site in a day
)

// Subscribe takes a wish and writes to the address to have it confirmed. Whether the address was known, and to follow
// what, shows in that mail and nowhere else: the answer is the same for all.
func (f *Flow) Subscribe(ctx context.Context, site models.Site, w Wish) error {
	if err := w.normalise(site); err != nil {
		return err
	}
	err := f.Store.Serve(ctx, site.ID, func(tx *models.Tx) error {
		if w.Request.Key != "" {
			k := models.Key{Call: "subscriptions", Key: w.Request.Key, RequestHash: w.Request.Hash, Lifetime: keyLifetime}
			if _, first, err := takeKey(ctx, tx, site.ID, k, f.NewID(), f.now()); err != nil || !first {
				return err
			}
		}
		if err := f.asked(ctx, tx, attempt{siteID: site.ID, what: "subscriptions", network: w.Request.Network, email: w.Email}); err != nil {
			return err
		}
		asking, err := f.subscribe(ctx, tx, site.ID, w)
		if err != nil || !asking.Due {
			return err
		}
		return f.writeAbout(ctx, tx, site.ID, asking.ID)
	})
	if err != nil {
		return fmt.Errorf("subscribe: %w", err)
	}
	return nil
}

// subscribeAuthor is Subscribe for the author of a new comment: replies are to all that they write on the site. Whoever
// has confirmed it long ago gets no mail with each comment.
func (f *Flow) subscribeAuthor(ctx context.Context, tx *models.Tx, siteID uuid.UUID, s Submission) error {
	if s.Subscribe == "" {
		return nil
	}
	w := Wish{Email: s.Email, Kind: s.Subscribe, Pace: models.PaceOnce, Locale: s.Locale}
	if w.Kind == models.FollowArticle {
		w.ArticleKey = s.Article.Key
	}
	asking, err := f.subscribe(ctx, tx, siteID, w)
	if err != nil || !asking.Due || asking.Confirmed {
		return err
	}
	return f.writeAbout(ctx, tx, siteID, asking.ID)
}

func (w *Wish) normalise(site models.Site) error {
	w.Email = strings.TrimSpace(w.Email)
	if w.Pace == "" {
		w.Pace = models.PaceOnce
	}
	if w.Locale == "" {
		w.Locale = site.Locale
	}
	if w.Kind == models.FollowSite {
		w.ArticleKey = ""
	}
	if w.Kind == models.FollowArticle && w.ArticleKey == "" {
		return invalid("article", "invalid.required")
	}
	return nil
}

// subscribe notes the wish, unless the address got as many mails about such today as it may be made to get.
func (f *Flow) subscribe(ctx context.Context, tx *models.Tx, siteID uuid.UUID, w Wish) (models.Asking, error) {
	now := f.now()
	follower, err := tx.HoldFollower(ctx, models.Follower{SiteID: siteID, ID: f.NewID(), AddressHash: f.keys.Address(siteID, w.Email), Email: w.Email, CreatedAt: now})
	if err != nil {
		return models.Asking{}, err
	}
	asked, err := tx.Asked(ctx, siteID, follower.ID, now.AddDate(0, 0, -1))
	if err != nil || asked >= asksADay {
		return models.Asking{}, err
	}
	return tx.Subscribe(ctx, models.Subscription{SiteID: siteID, ID: f.NewID(), FollowerID: follower.ID, Kind: w.Kind, ArticleKey: w.ArticleKey,
		Pace: w.Pace, Locale: w.Locale, CreatedAt: now}, now.Add(-askAgain))
}

func (f *Flow) writeAbout(ctx context.Context, tx *models.Tx, siteID, subscriptionID uuid.UUID) error {
	return tx.Enqueue(ctx, notify.SubscriptionNotice{SiteID: siteID, SubscriptionID: subscriptionID, At: f.now()}, time.Time{})
}
