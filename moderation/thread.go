package moderation

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"plenum/models"
)

// Of a branch longer than a page the first foldAt comments are shown, and the rest on the branch's own page. One that
// fits on a page is shown whole.
const (
	foldAt    = 80
	foldSlack = 20
)

// Thread is a page of an article's public thread. An article that nobody has commented on is an empty thread.
type Thread struct {
	Article models.Article // address and title are empty until something of it was public
	Rules   models.RuleVersion
	Total   int // approved comments in all
	Places  []models.Place
	Sizes   map[uuid.UUID]int // of a page by branches: the public comments of each, by its root
	Next    *models.Spot      // where the next page goes on; nil: this is the last
	Parent  *models.Place     // the public comment that the reader answers, if asked for
	Missing bool              // the comment that was asked for is not public, or never was
	Until   time.Time         // when it is no longer so by itself, because the article closes; zero: never
}

// ThreadPage asks for a page of the thread of the article with Key.
type ThreadPage struct {
	Key    string
	Parent uuid.NullUUID
	models.ThreadPage
}

// BranchesPage asks for a page by branches of the thread of the article with Key; with Comment, for one that shows it.
type BranchesPage struct {
	Key             string
	Parent, Comment uuid.NullUUID
	Sort            string
	After           models.Spot
	Limit           int
}

// Thread reads what the public may see of an article's thread, comment by comment in reading order.
func (f *Flow) Thread(ctx context.Context, site models.Site, p ThreadPage) (Thread, error) {
	p.Sort = sortOf(site, p.Sort)
	return f.readThread(ctx, site, p.Key, func(tx *models.Tx, t *Thread) (err error) {
		p.ArticleID = t.Article.ID
		var more bool
		if t.Places, more, err = tx.Thread(ctx, site.ID, p.ThreadPage); err != nil {
			return err
		}
		if more {
			t.Next = t.end()
		}
		if more && p.Sort == models.SortTop {
			if t.Next.Agreed, err = tx.AgreedWith(ctx, site.ID, t.Next.Root); err != nil {
				return err
			}
		}
		return t.answer(ctx, tx, site, p.Parent)
	})
}

// Branches reads the same by whole branches, long ones folded. Of a comment that is asked for, the page shows at least its
// branch from there on: the thread's first page, if it stands there, else one that begins with its root.
func (f *Flow) Branches(ctx context.Context, site models.Site, p BranchesPage) (Thread, error) {
	page := models.BranchesPage{Sort: sortOf(site, p.Sort), After: p.After, Limit: p.Limit, Fold: foldAt, Slack: foldSlack}
	return f.readThread(ctx, site, p.Key, func(tx *models.Tx, t *Thread) error {
		page.ArticleID = t.Article.ID
		if p.Comment.Valid {
			if err := t.seek(ctx, tx, p.Comment.UUID, &page); err != nil {
				return err
			}
		} else if err := t.branches(ctx, tx, site.ID, page); err != nil {
			return err
		}
		return t.answer(ctx, tx, site, p.Parent)
	})
}

// sortOf is the sort that is asked for, where the site has what it sorts by.
func sortOf(site models.Site, sort string) string {
	if sort == models.SortTop && site.Reaction != models.ReactionAgree {
		return models.SortOldest
	}
	return sort
}

// readThread reads what every page of a thread has, and then the page.
func (f *Flow) readThread(ctx context.Context, site models.Site, key string, page func(*models.Tx, *Thread) error) (t Thread, err error) {
	err = f.Store.Read(ctx, site.ID, func(tx *models.Tx) error {
		// The same version as that of an article whose comments all wait: nobody can tell that something does.
		t = Thread{Article: models.Article{SiteID: site.ID, Key: key, State: models.ArticleOpen, Version: 1}}
		head, err := tx.ThreadHead(ctx, site.ID, key)
		if err != nil {
			return err
		}
		known := head.Article
		if t.Rules, t.Total = head.Rules, head.Total; known.ID == uuid.Nil {
			return nil
		}
		t.Article = known
		if t.Article.State = f.ArticleState(site, known); t.Article.State == models.ArticleOpen {
			if closing := known.Closing(site); closing != nil {
				t.Until = *closing
			}
		}
		if known.Version == 1 {
			t.Article.URL, t.Article.Title = "", ""
		}
		if err := page(tx, &t); err != nil {
			return err
		}
		t.tellApart(site, head.Bylines)
		return nil
	})
	if err != nil {
		return Thread{}, fmt.Errorf("thread: %w", err)
	}
	if site.Reaction != models.ReactionAgree {
		for i := range t.Places {
			t.Places[i].Agreed = 0
		}
	}
	return t, nil
}

// end is the spot of the page's last place that is public.
func (t *Thread) end() *models.Spot {
	for i := len(t.Places) - 1; i >= 0; i-- {
		if p := t.Places[i]; p.Public {
			return &models.Spot{Root: p.RootID, Path: p.Path}
		}
	}
	return nil
}

// answer finds the comment that the reader answers.
func (t *Thread) answer(ctx context.Context, tx *models.Tx, site models.Site, parent uuid.NullUUID) error {
	if !parent.Valid {
		return nil
	}
	place, err := tx.Place(ctx, site.ID, parent.UUID)
	if err == nil {
		t.Parent = &place
	}
	return ignoreMissing(err)
}

// branches reads a page of whole branches.
func (t *Thread) branches(ctx context.Context, tx *models.Tx, siteID uuid.UUID, page models.BranchesPage) error {
	all, more, err := tx.Branches(ctx, siteID, page)
	if err != nil {
		return err
	}
	t.Places, t.Sizes, t.Next = nil, make(map[uuid.UUID]int, len(all)), nil
	for _, b := range all {
		root := b.Places[0].RootID
		t.Places, t.Sizes[root] = append(t.Places, b.Places...), b.Size
		if more {
			t.Next = &models.Spot{Root: root, Agreed: b.Agreed}
		}
	}
	return nil
}

// seek reads the page that shows a comment. What is not public is not there, whatever it is.
func (t *Thread) seek(ctx context.Context, tx *models.Tx, id uuid.UUID, page *models.BranchesPage) error {
	siteID := t.Article.SiteID
	place, err := tx.Place(ctx, siteID, id)
	if err != nil && !errors.Is(err, models.ErrNotFound) {
		return err
	}
	if err != nil || place.ArticleID != t.Article.ID {
		t.Missing = true
		return t.branches(ctx, tx, siteID, *page)
	}
	ordinal, agreed, err := tx.Ordinal(ctx, siteID, t.Article.ID, place)
	if err != nil {
		return err
	}
	if ordinal > foldAt {
		page.Within = models.Spot{Root: place.RootID, Path: place.Path}
	}
	if err := t.branches(ctx, tx, siteID, *page); err != nil {
		return err
	}
	if _, here := t.Sizes[place.RootID]; here {
		return nil
	}
	page.After, page.From = models.Spot{Root: place.RootID, Agreed: agreed}, true
	return t.branches(ctx, tx, siteID, *page)
}
