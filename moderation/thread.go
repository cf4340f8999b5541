package moderation

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"plenum/models"
)

// Thread is a page of an article's public thread. An article that nobody has commented on is an empty thread.
type Thread struct {
	Article models.Article // address and title are empty until something of it was public
	Rules   models.RuleVersion
	Total   int // approved comments in all
	Places  []models.Place
	More    bool
	Parent  *models.Place // the public comment that the reader answers, if asked for
	Until   time.Time     // when it is no longer so by itself, because the article closes; zero: never
}

// ThreadPage asks for a page of the thread of the article with Key.
type ThreadPage struct {
	Key    string
	Parent uuid.NullUUID
	models.ThreadPage
}

// Thread reads what the public may see of an article's thread.
func (f *Flow) Thread(ctx context.Context, site models.Site, p ThreadPage) (t Thread, err error) {
	// The same version as that of an article whose comments all wait: nobody can tell that something does.
	t.Article = models.Article{Key: p.Key, State: models.ArticleOpen, Version: 1}
	err = f.Store.Serve(ctx, site.ID, func(tx *models.Tx) error {
		if t.Rules, err = tx.Rules(ctx, site.ID, 0); err != nil {
			return err
		}
		known, err := tx.Article(ctx, site.ID, p.Key)
		if errors.Is(err, models.ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
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
		return t.read(ctx, tx, site, p)
	})
	if err != nil {
		return Thread{}, fmt.Errorf("thread: %w", err)
	}
	return t, nil
}

func (t *Thread) read(ctx context.Context, tx *models.Tx, site models.Site, p ThreadPage) error {
	counts, err := tx.Counts(ctx, site.ID, []string{p.Key})
	if err != nil {
		return err
	}
	t.Total = counts[p.Key]
	p.ArticleID = t.Article.ID
	if t.Places, t.More, err = tx.Thread(ctx, site.ID, p.ThreadPage); err != nil || !p.Parent.Valid {
		return err
	}
	place, err := tx.Place(ctx, site.ID, p.Parent.UUID)
	if err == nil {
		t.Parent = &place
	}
	return ignoreMissing(err)
}

// Last is the last place of the page that is public: where the next page goes on. nil on an empty page.
func (t Thread) Last() *models.Place {
	for i := len(t.Places) - 1; i >= 0; i-- {
		if t.Places[i].Public {
			return &t.Places[i]
		}
	}
	return nil
}
