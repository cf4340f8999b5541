package moderation

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"plenum/models"
	"plenum/moderation/internal/keys"
	"plenum/moderation/notify"
)

// mustConfirm reports whether a comment enters the queue only once its author has confirmed the address.
func mustConfirm(site models.Site, s Submission) bool {
	return !s.Staff && (site.RequireConfirmed || s.ByMail)
}

// await keeps a comment until its author confirms the address, and mails the link by which that is done.
func (f *Flow) await(ctx context.Context, tx *models.Tx, s admission, id uuid.UUID) error {
	m, err := ReadDataMap()
	if err != nil {
		return err
	}
	now := f.now()
	u := models.Unconfirmed{SiteID: s.site.ID, ID: id, ArticleKey: s.Article.Key, Locale: s.Locale, Email: &s.Email,
		AddressHash: s.arrival.Writer.AddressHash, NetworkHash: s.arrival.Writer.NetworkHash, RulesVersion: s.RulesVersion, CreatedAt: now, ExpiresAt: now.Add(m.Rules()["awaited"].Span())}
	if u.Submission, err = kept(s.Submission); err != nil {
		return err
	}
	if err := tx.InsertUnconfirmed(ctx, u); err != nil {
		return err
	}
	return tx.Enqueue(ctx, notify.ConfirmNotice{SiteID: u.SiteID, CommentID: u.ID}, time.Time{})
}

// kept is what is kept of a submission, without what stands in columns of its own or is of the moment.
func kept(s Submission) (string, error) {
	s.Email, s.Request, s.Proof = "", Request{}, ""
	text, err := json.Marshal(s)
	if err != nil {
		return "", fmt.Errorf("keep a submission: %w", err)
	}
	return string(text), nil
}

// sent reads what kept wrote.
func sent(u models.Unconfirmed) (s Submission, err error) {
	if u.WithdrawnAt != nil {
		return Submission{Article: ArticleName{Key: u.ArticleKey}, RulesVersion: u.RulesVersion}, nil
	}
	if err := json.Unmarshal([]byte(u.Submission), &s); err != nil {
		return s, fmt.Errorf("read unconfirmed comment %s: %w", u.ID, err)
	}
	s.Email = *u.Email
	return s, nil
}

// ConfirmComment takes a comment into the queue whose author shows the token that was mailed to the address. Confirming twice
// is the same as once. With another token there is no such comment.
func (f *Flow) ConfirmComment(ctx context.Context, site models.Site, id uuid.UUID, token string) (Receipt, error) {
	receipt := Receipt{ID: id, Status: models.Pending, ManageToken: f.ManageToken(site.ID, id), Confirmed: true}
	u, err := f.unconfirmed(ctx, site, id, token)
	if err != nil || u.ID == uuid.Nil {
		return receipt, err
	}
	s, err := sent(u)
	if err != nil {
		return Receipt{}, err
	}
	f.believe(site, &s.Article)
	made, _, err := f.compose(ctx, site, s, origin{id: id, at: u.CreatedAt})
	if err != nil {
		return Receipt{}, err
	}
	err = f.Store.Serve(ctx, site.ID, func(tx *models.Tx) error {
		now, err := tx.LockUnconfirmed(ctx, site.ID, id)
		if errors.Is(err, models.ErrNotFound) { // by somebody else at this moment
			return nil
		}
		if err == nil && now.Submission != u.Submission {
			err = models.ErrConflict
		}
		if err != nil {
			return err
		}
		from := models.Arrival{Writer: models.Writer{AddressHash: u.AddressHash, NetworkHash: u.NetworkHash}}
		return f.enter(ctx, tx, admission{site: site, Submission: s, arrival: from}, made)
	})
	if err != nil {
		return Receipt{}, fmt.Errorf("confirm comment %s: %w", id, err)
	}
	return receipt, nil
}

// enter submits a comment that is confirmed. Where it was sent to was asked when it was sent; who wrote it is asked again.
func (f *Flow) enter(ctx context.Context, tx *models.Tx, s admission, made models.Submission) error {
	c := &made.Comment
	if s.ParentID != nil {
		parent, err := tx.Comment(ctx, c.SiteID, *s.ParentID)
		if err != nil {
			return err
		}
		c.RootID, c.Depth, c.Path = parent.RootID, parent.Depth+1, slices.Concat(parent.Path, c.ID[:])
	}
	found, err := tx.SanctionsOn(ctx, c.SiteID, s.arrival.Writer, f.now())
	if err != nil {
		return err
	}
	if err := f.welcome(ctx, tx, found, s.Acknowledge); err != nil {
		return err
	}
	if s.here.Webhooks, err = tx.WebhooksFor(ctx, c.SiteID, submit); err != nil {
		return err
	}
	if err := f.store(ctx, tx, s, made); err != nil {
		return err
	}
	if err := tx.DropUnconfirmed(ctx, c.SiteID, c.ID); err != nil {
		return err
	}
	return tx.TellDesk(ctx, c.SiteID)
}

// unconfirmed finds what a mailed token confirms: zero where that has happened already.
func (f *Flow) unconfirmed(ctx context.Context, site models.Site, id uuid.UUID, token string) (models.Unconfirmed, error) {
	if !f.keys.Allows(token, keys.ConfirmComment, site.ID, id) {
		return models.Unconfirmed{}, fmt.Errorf("unconfirmed comment %s: %w", id, models.ErrNotFound)
	}
	u, err := f.Store.Unconfirmed(ctx, site.ID, id)
	if errors.Is(err, models.ErrNotFound) {
		if _, err = f.Store.Comment(ctx, site.ID, id); errors.Is(err, models.ErrNotFound) {
			return u, &Refusal{Kind: Gone, Key: "refusal.confirm_gone"}
		}
		return models.Unconfirmed{}, err
	}
	if err == nil && u.WithdrawnAt != nil {
		return u, &Refusal{Kind: Gone, Key: "refusal.confirm_gone"}
	}
	return u, err
}
