package moderation

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"plenum/models"
)

// Own is what an author sees of his comment.
type Own struct {
	models.Comment
	Text     models.Revision  // what waits, else the newest
	Public   *models.Revision // what is public, if that is an older one
	Article  models.Article
	Decision *Event             // the newest that stands
	Rules    models.RuleVersion // in the wording that the author was shown; the decision's, where a rule is newer

	Appeal      *AppealView // of the decision that stands, else the newest; nil: none
	AppealUntil time.Time   // an appeal may be made until then; zero: not, or not any more

	Unconfirmed *models.Unconfirmed // the address must be confirmed first; nil: it need not, or is
}

// Own finds an author's own comment by its token; with another one there is no such comment.
func (f *Flow) Own(ctx context.Context, site models.Site, id uuid.UUID, token string) (o Own, err error) {
	if !f.keys.Manages(token, site.ID, id) {
		return Own{}, fmt.Errorf("own comment %s: %w", id, models.ErrNotFound)
	}
	err = f.Store.Look(ctx, site.ID, func(tx *models.Tx) error {
		c, err := tx.Comment(ctx, site.ID, id)
		if err != nil {
			return err
		}
		o.Comment = c
		text := c.Revision
		if c.Status == models.Pending { // what waits may be older: a public text reopened after its edit was refused
			text = *c.HeldRevision
		}
		if o.Text, err = tx.Revision(ctx, site.ID, id, text); err != nil {
			return err
		}
		if c.PublicRevision != nil && *c.PublicRevision != c.Revision {
			public, err := tx.Revision(ctx, site.ID, id, *c.PublicRevision)
			if err != nil {
				return err
			}
			o.Public = &public
		}
		if o.Article, err = tx.ArticleByID(ctx, site.ID, c.ArticleID); err != nil {
			return err
		}
		o.Article.State = f.ArticleState(site, o.Article)
		history, err := events(ctx, tx.Queries, c, 0)
		if err != nil {
			return err
		}
		if err := o.explain(ctx, tx, history); err != nil {
			return err
		}
		return f.heard(ctx, tx, site, &o, history)
	})
	if f.yetToConfirm(err, site.ID, id, token) {
		o, err = f.ownUnconfirmed(ctx, site, id)
	}
	if err != nil {
		return Own{}, fmt.Errorf("own comment: %w", err)
	}
	return o, nil
}

// explain adds the newest decision that stands and the rules it named.
func (o *Own) explain(ctx context.Context, tx *models.Tx, history []Event) (err error) {
	o.Decision = standing(history)
	if o.Rules, err = tx.Rules(ctx, o.SiteID, o.RulesVersion); err != nil || o.Decision == nil {
		return err
	}
	if !o.Rules.Has(o.Decision.Rules) {
		o.Rules, err = tx.Rules(ctx, o.SiteID, o.Decision.RulesVersion)
	}
	return err
}

// heard adds the author's appeal, or until when one may be made.
func (f *Flow) heard(ctx context.Context, tx *models.Tx, site models.Site, o *Own, history []Event) error {
	views, err := appealViews(ctx, tx.Queries, o.Comment, history)
	if err != nil {
		return err
	}
	if len(views) > 0 {
		o.Appeal = &views[len(views)-1]
	}
	about := appealable(o.Comment, entries(history))
	if about == nil {
		return nil
	}
	if o.Appeal != nil && o.Appeal.Appealed == about.ID {
		return nil
	}
	o.Appeal = nil
	if end := appealEnd(site, *about); !f.now().After(end) {
		o.AppealUntil = end
	}
	return nil
}

// DecidedAt is when the standing decision was made; zero before.
func (o Own) DecidedAt() time.Time {
	if o.Decision == nil {
		return time.Time{}
	}
	return o.Decision.CreatedAt
}
