package moderation

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"plenum/models"
	"plenum/moderation/markup"
)

// Edit replaces the text of an author's own comment. A pending comment gets a new revision that waits in its place; of
// an approved one the new text is held, and what was approved stays up until a moderator decides. The same text again
// changes nothing. The token is the comment's; with another one there is no such comment.
func (f *Flow) Edit(ctx context.Context, site models.Site, id uuid.UUID, token, body string) error {
	body = markup.Clean(body)
	if markup.IsBlank(body) {
		return invalid("body", "invalid.required")
	}
	html, err := markup.Render(body)
	if err != nil {
		return fmt.Errorf("edit comment %s: %w", id, err)
	}
	var found triaged
	if f.keys.Manages(token, site.ID, id) {
		found = f.triageEdit(ctx, site, id, body)
	}
	err = f.own(ctx, site, id, token, func(tx *models.Tx, c models.Comment) error {
		if c.Status != models.Pending && c.Status != models.Approved {
			return invalid("", "refusal.edit_state")
		}
		if err := f.mayEdit(ctx, tx, c); err != nil {
			return err
		}
		newest, err := tx.Revision(ctx, site.ID, id, c.Judged())
		if err != nil || newest.Body == body {
			return err
		}
		if err := f.asked(ctx, tx, attempt{siteID: site.ID, what: "edits", article: id.String()}); err != nil {
			return err
		}
		next := c.Revision + 1
		change, err := f.authored(ctx, tx, c, models.KindEdit, edit)
		if err != nil {
			return err
		}
		change.Entry.Revision, change.Entry.HeldRevision = next, &next
		change.Revision = &models.Revision{SiteID: site.ID, CommentID: id, Number: next, Body: body, HTML: html,
			MarkupVersion: markup.Version, CreatedAt: change.Entry.CreatedAt, Signals: found.signals}
		change.Claim = true
		change.waitOn(site, c, found.priority)
		change.Moots = true // the appeal of an older edit's refusal
		_, err = f.record(ctx, tx, change)
		return err
	})
	if f.yetToConfirm(err, site.ID, id, token) {
		return f.editUnconfirmed(ctx, site, id, body)
	}
	return err
}

// waitOn gives an edit its place in the queue: since when it was sent, or what waits already.
func (o *outcome) waitOn(site models.Site, c models.Comment, priority int) {
	since := o.Entry.CreatedAt
	if c.HeldRevision != nil {
		since = c.WaitingSince
	}
	place := waiting(site, since, priority)
	o.RankAt, o.WaitingSince, o.Priority = place.RankAt, place.WaitingSince, place.Priority
}

// triageEdit is triage of a new text for a comment that is there.
func (f *Flow) triageEdit(ctx context.Context, site models.Site, id uuid.UUID, body string) triaged {
	s := sorting{site: site, commentID: id, text: known(markup.Text(body))}
	if c, err := f.Store.Comment(ctx, site.ID, id); err == nil {
		if article, err := f.Store.ArticleByID(ctx, site.ID, c.ArticleID); err == nil {
			s.articleKey = article.Key
		}
		if author, err := f.Store.Author(ctx, site.ID, c.AuthorID); err == nil {
			s.addressHash = author.AddressHash
		}
	}
	return f.triage(ctx, s)
}

// Withdraw takes an author's own comment back, from any state and for good. Withdrawing twice is the same as once.
func (f *Flow) Withdraw(ctx context.Context, site models.Site, id uuid.UUID, token string) error {
	err := f.own(ctx, site, id, token, func(tx *models.Tx, c models.Comment) error {
		if c.Status == models.Withdrawn {
			return nil
		}
		return f.takeBack(ctx, tx, site, c, taking{models.KindWithdrawal, withdraw})
	})
	if f.yetToConfirm(err, site.ID, id, token) {
		return f.eraseUnconfirmed(ctx, site, id)
	}
	return err
}

// taking is how an author takes a comment back: the kind and the action of the entry.
type taking struct{ kind, action string }

// takeBack leads a comment out of every queue and off every public surface, for good.
func (f *Flow) takeBack(ctx context.Context, tx *models.Tx, site models.Site, c models.Comment, t taking) error {
	change, err := f.authored(ctx, tx, c, t.kind, t.action)
	if err != nil {
		return err
	}
	change.Entry.State, change.FeaturedAt = models.State{Status: models.Withdrawn}, nil
	change.Handling = settled(change.Handling)
	change.Public, change.Moots = c.PublicRevision != nil, true
	open, err := openCase(ctx, tx.Queries, c)
	if err != nil {
		return err
	}
	if open != nil { // there is nothing left to decide
		f.closeCase(site, *open, &change)
	}
	_, err = f.record(ctx, tx, change)
	return err
}

// own runs f in a transaction that holds the author's own comment.
func (f *Flow) own(ctx context.Context, site models.Site, id uuid.UUID, token string, do func(*models.Tx, models.Comment) error) error {
	if !f.keys.Manages(token, site.ID, id) {
		return fmt.Errorf("comment %s: %w", id, models.ErrNotFound)
	}
	return f.Store.Serve(ctx, site.ID, func(tx *models.Tx) error {
		c, err := tx.LockComment(ctx, site.ID, id)
		if err != nil {
			return err
		}
		return do(tx, c)
	})
}

// authored begins the outcome of something that the author does, with the state as it is.
func (f *Flow) authored(ctx context.Context, tx *models.Tx, c models.Comment, kind, action string) (o outcome, err error) {
	rules, err := tx.RulesVersion(ctx, c.SiteID)
	if err != nil {
		return o, err
	}
	o.webhooks, err = tx.WebhooksFor(ctx, c.SiteID, action)
	o.Handling, o.FeaturedAt = c.Handling, c.FeaturedAt
	o.Entry = models.Entry{SiteID: c.SiteID, ID: f.NewID(), Kind: kind, Action: action, CommentID: c.ID, Version: c.Version + 1,
		Revision: c.Judged(), State: c.State, RulesVersion: rules, CreatedAt: f.now()}
	return o, err
}

// ManageToken is what the author of a comment shows to see, edit and withdraw it.
func (f *Flow) ManageToken(siteID, commentID uuid.UUID) string {
	return f.keys.ManageToken(siteID, commentID)
}
