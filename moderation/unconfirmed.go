package moderation

import (
	"context"
	"errors"

	"github.com/google/uuid"

	"plenum/models"
	"plenum/moderation/markup"
)

// Confirmable is a comment as its author sees it before it is confirmed, by the mailed token. It changes nothing; Own's
// Unconfirmed is nil where it is confirmed already.
func (f *Flow) Confirmable(ctx context.Context, site models.Site, id uuid.UUID, token string) (Own, error) {
	if _, err := f.unconfirmed(ctx, site, id, token); err != nil {
		return Own{}, err
	}
	return f.Own(ctx, site, id, f.ManageToken(site.ID, id))
}

// ownUnconfirmed is Own of a comment that is not among the comments yet.
func (f *Flow) ownUnconfirmed(ctx context.Context, site models.Site, id uuid.UUID) (o Own, err error) {
	err = f.Store.Serve(ctx, site.ID, func(tx *models.Tx) error {
		u, err := tx.Unconfirmed(ctx, site.ID, id)
		if err != nil {
			return err
		}
		s, err := sent(u)
		if err != nil {
			return err
		}
		if o.Article, err = tx.Article(ctx, site.ID, u.ArticleKey); errors.Is(err, models.ErrNotFound) {
			o.Article, err = models.Article{SiteID: site.ID, Key: u.ArticleKey, State: models.ArticleOpen, CreatedAt: u.CreatedAt}, nil
		}
		if err != nil {
			return err
		}
		o.Article.State = f.ArticleState(site, o.Article)
		o.Comment = models.Comment{SiteID: site.ID, ID: id, ParentID: s.ParentID, AuthorName: s.Name, AuthorURL: s.URL, AuthorRole: "reader",
			Locale: u.Locale, RulesVersion: s.RulesVersion, State: start(), Version: 1, Revision: 1, CreatedAt: u.CreatedAt}
		if o.Rules, err = tx.Rules(ctx, site.ID, s.RulesVersion); err != nil {
			return err
		}
		o.Text = models.Revision{SiteID: site.ID, CommentID: id, Number: 1, Body: s.Body, CreatedAt: u.CreatedAt}
		if u.WithdrawnAt != nil {
			o.State, o.ErasedAt = models.State{Status: models.Withdrawn}, u.WithdrawnAt
			return nil
		}
		o.Unconfirmed = &u
		o.Text.HTML, err = markup.Render(s.Body)
		return err
	})
	return o, err
}

// changeUnconfirmed runs a change of an author's own comment that is not among the comments yet. The token was checked.
func (f *Flow) changeUnconfirmed(ctx context.Context, site models.Site, id uuid.UUID, change func(*models.Tx, models.Unconfirmed) error) error {
	return f.Store.Serve(ctx, site.ID, func(tx *models.Tx) error {
		u, err := tx.LockUnconfirmed(ctx, site.ID, id)
		if err != nil {
			return err
		}
		return change(tx, u)
	})
}

// editUnconfirmed replaces the text of what nobody has read yet.
func (f *Flow) editUnconfirmed(ctx context.Context, site models.Site, id uuid.UUID, body string) error {
	return f.changeUnconfirmed(ctx, site, id, func(tx *models.Tx, u models.Unconfirmed) error {
		if u.WithdrawnAt != nil {
			return invalid("", "refusal.edit_state")
		}
		s, err := sent(u)
		if err != nil {
			return err
		}
		s.Body = body
		text, err := kept(s)
		if err != nil {
			return err
		}
		return tx.ChangeUnconfirmed(ctx, site.ID, id, text)
	})
}

// eraseUnconfirmed takes back what nobody has read yet. Nothing of it is left, as of what is erased.
func (f *Flow) eraseUnconfirmed(ctx context.Context, site models.Site, id uuid.UUID) error {
	return f.changeUnconfirmed(ctx, site, id, func(tx *models.Tx, u models.Unconfirmed) error {
		if u.WithdrawnAt != nil {
			return nil
		}
		return tx.WithdrawUnconfirmed(ctx, site.ID, id, f.now())
	})
}

// yetToConfirm reports whether an author's own comment was not found because its address is not confirmed yet.
func (f *Flow) yetToConfirm(err error, siteID, id uuid.UUID, token string) bool {
	return errors.Is(err, models.ErrNotFound) && f.keys.Manages(token, siteID, id)
}
