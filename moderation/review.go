package moderation

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"plenum/models"
	"plenum/moderation/markup"
)

// Review is everything that a moderator sees about one comment.
type Review struct {
	models.Comment
	Text      models.Revision  // what a decision is about now
	Public    *models.Revision // what is public while an edit waits
	Revisions []models.Revision
	Article   models.Article
	Ancestors []models.Place // what it answers, from the root down; one that is not public is an empty place
	Siblings  []models.Place
	Author    models.Author
	Record    Record
	History   []Event
	Holder    string // who holds the claim
	DueAt     time.Time

	Replies int               // below it, public or waiting
	Signals []SignalView      // of Text
	Diff    []markup.Piece    // of what is public and the edit that waits
	Drafts  map[string]string // the statement that each rule in force fills in, by its code, in the author's language
	Case    *models.Case      // open, with its reports; nil: none
	Appeals []AppealView      // oldest first
	OnlyOne bool              // the site has one moderator, who can decide no appeal of his own decisions
}

// Review gathers what a moderator needs to decide a comment. It changes nothing.
func (f *Flow) Review(ctx context.Context, siteID, id uuid.UUID) (r Review, err error) {
	err = f.Store.Serve(ctx, siteID, func(tx *models.Tx) error {
		if r.Comment, err = tx.Comment(ctx, siteID, id); err != nil {
			return err
		}
		if r.Revisions, err = tx.Revisions(ctx, siteID, id); err != nil {
			return err
		}
		r.Text = r.Revisions[r.Judged()-1]
		// rank_at is the promise less the priority, so this is the promise.
		r.DueAt = r.RankAt.Add(time.Duration(r.Priority) * time.Minute)
		if r.HeldRevision != nil && r.PublicRevision != nil {
			r.Public = &r.Revisions[*r.PublicRevision-1]
		}
		if r.Public != nil {
			r.Diff = markup.Diff(markup.TextOf(r.Public.HTML), markup.TextOf(r.Text.HTML))
		}
		return f.surround(ctx, tx, &r)
	})
	if err != nil {
		return Review{}, fmt.Errorf("review: %w", err)
	}
	return r, nil
}

// Parent is the comment that it answers directly; nil where there is none, or it is not public.
func (r Review) Parent() *models.Place {
	if n := len(r.Ancestors); n > 0 && r.Ancestors[n-1].Public {
		return &r.Ancestors[n-1]
	}
	return nil
}

const siblings = 5

func (f *Flow) surround(ctx context.Context, tx *models.Tx, r *Review) (err error) {
	if r.Article, err = tx.ArticleByID(ctx, r.SiteID, r.ArticleID); err != nil {
		return err
	}
	if r.Author, err = tx.Author(ctx, r.SiteID, r.AuthorID); err != nil {
		return err
	}
	if r.Record, err = authorRecord(ctx, tx.Queries, r.SiteID, r.AuthorID); err != nil {
		return err
	}
	if r.Siblings, err = tx.Siblings(ctx, r.SiteID, r.Comment, siblings); err != nil {
		return err
	}
	if r.History, err = events(ctx, tx.Queries, r.Comment, 0); err != nil {
		return err
	}
	if r.Ancestors, err = tx.Ancestors(ctx, r.SiteID, r.Comment); err != nil {
		return err
	}
	if err := objections(ctx, tx, r); err != nil {
		return err
	}
	if r.Replies, err = tx.BranchSize(ctx, r.SiteID, r.Comment, maxBranch); err != nil {
		return err
	}
	site, err := tx.SiteByID(ctx, r.SiteID)
	if err != nil {
		return err
	}
	r.Article.State = f.ArticleState(site, r.Article)
	if err := draft(ctx, tx, site, r); err != nil {
		return err
	}
	found, err := tx.Signals(ctx, r.SiteID, r.ID, r.Text.Number)
	if err != nil {
		return err
	}
	r.Signals = signalViews(found)
	if r.ClaimedBy == nil || !r.ClaimedUntil.After(f.now()) {
		return nil
	}
	names, err := tx.ModeratorNames(ctx, []uuid.UUID{*r.ClaimedBy})
	r.Holder = names[*r.ClaimedBy]
	return err
}

// draft adds the statements that rules fill in for the author.
func draft(ctx context.Context, tx *models.Tx, site models.Site, r *Review) error {
	version, err := tx.RulesVersion(ctx, r.SiteID)
	if err != nil {
		return err
	}
	templates, err := tx.StatementTemplates(ctx, r.SiteID, version)
	r.Drafts = drafts(templates, r.Locale, site.Locale)
	return err
}

// objections adds what readers reported and the author appealed.
func objections(ctx context.Context, tx *models.Tx, r *Review) (err error) {
	if r.Case, err = openCase(ctx, tx.Queries, r.Comment); err != nil {
		return err
	}
	if r.Appeals, err = appealViews(ctx, tx.Queries, r.Comment, r.History); err != nil {
		return err
	}
	staff, err := tx.StaffCount(ctx, r.SiteID)
	r.OnlyOne = staff == 1
	return err
}
