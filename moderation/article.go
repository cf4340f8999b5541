package moderation

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"plenum/models"
	"plenum/moderation/markup"
)

// The limits of what editors set of an article.
const (
	maxTitle     = 300
	maxSection   = 80
	maxLead      = 2000
	maxNotice    = 1000
	maxSlow      = 24 * 60 // minutes
	maxCloseDays = 3650
)

// setArticle is the action of an entry about an article.
const setArticle = "article"

// ArticleChange is what an editor sets of the article with Key. A nil field stays as it is; a new article begins open,
// with nothing else. One of which nothing was public yet needs URL and Title: so far a reader may have named them.
type ArticleChange struct {
	Key                   string
	URL, Title, Text      *string
	Section, Lead, Notice *string
	State                 *string     // open or closed
	ClosesAt              **time.Time // a nil inside: it does not close at a time
	CloseAfterDays        **int       // a nil inside: as the site has it; 0: never
	SlowMinutes           *int
}

// PutArticle adds an article or sets what is known of the one with its key. It is for editors. What changes is an entry
// of the ledger about the article, whose note names it; where nothing does, there is none.
func (f *Flow) PutArticle(ctx context.Context, site models.Site, actor Actor, change ArticleChange) (stored models.Article, err error) {
	if err := actor.write(RoleEditor); err != nil {
		return models.Article{}, err
	}
	if err := change.check(site); err != nil {
		return models.Article{}, err
	}
	err = f.Store.Serve(ctx, site.ID, func(tx *models.Tx) error {
		if err := tx.LockLedger(ctx, site.ID); err != nil {
			return err
		}
		old, err := tx.LockArticle(ctx, site.ID, change.Key)
		switch nameless := change.URL == nil || change.Title == nil; {
		case errors.Is(err, models.ErrNotFound) && nameless: // there is nothing to show readers of it
			return invalid("key", "refusal.article_unknown")
		case errors.Is(err, models.ErrNotFound):
			old = models.Article{SiteID: site.ID, ID: f.NewID(), Key: change.Key, State: models.ArticleOpen, CreatedAt: f.now()}
		case err != nil:
			return err
		case old.Version == 1 && nameless: // what a reader called it would be public from now on
			return invalid("title", "refusal.article_unnamed")
		}
		next := change.on(old)
		changes := differences(old, next)
		if stored = old; len(changes) == 0 && old.Version > 1 {
			return nil
		}
		if stored, err = tx.PutArticle(ctx, next); err != nil || len(changes) == 0 {
			return err
		}
		if err := tx.TellDesk(ctx, site.ID); err != nil {
			return err
		}
		return f.logArticle(ctx, tx, actor, stored, changes)
	})
	if err != nil {
		return models.Article{}, fmt.Errorf("put article: %w", err)
	}
	return stored, nil
}

// Articles lists a site's articles for its staff, newest first, as they are set.
func (f *Flow) Articles(ctx context.Context, site models.Site, p models.ArticlesPage) ([]models.Article, bool, error) {
	return f.Store.Articles(ctx, site.ID, p)
}

func (f *Flow) logArticle(ctx context.Context, tx *models.Tx, actor Actor, a models.Article, changes []string) error {
	rules, err := tx.RulesVersion(ctx, a.SiteID)
	if err != nil {
		return err
	}
	e := models.Entry{SiteID: a.SiteID, ID: f.NewID(), Kind: models.KindDecision, Action: setArticle, ArticleID: &a.ID,
		RulesVersion: rules, ActorID: &actor.ID, CreatedAt: f.now()}
	texts := writeDown(&e, "", strings.Join(changes, "\n"))
	return f.log(ctx, tx, e, texts)
}

// check refuses what no article may have.
func (c ArticleChange) check(site models.Site) error {
	if c.URL != nil && !within(site, *c.URL) {
		return invalid("url", "refusal.article_url")
	}
	for _, text := range []struct {
		field string
		value *string
		max   int
	}{{"title", c.Title, maxTitle}, {"section", c.Section, maxSection}, {"lead", c.Lead, maxLead}, {"notice", c.Notice, maxNotice}} {
		if text.value != nil && utf8.RuneCountInString(*text.value) > text.max {
			return invalid(text.field, "invalid.max", "max", text.max)
		}
		if text.value != nil && markup.HasControl(*text.value) {
			return invalid(text.field, "invalid.control")
		}
	}
	if c.SlowMinutes != nil && (*c.SlowMinutes < 0 || *c.SlowMinutes > maxSlow) {
		return invalid("slow_minutes", "invalid.between", "min", 0, "max", maxSlow)
	}
	if c.CloseAfterDays != nil && *c.CloseAfterDays != nil && (**c.CloseAfterDays < 0 || **c.CloseAfterDays > maxCloseDays) {
		return invalid("close_after_days", "invalid.between", "min", 0, "max", maxCloseDays)
	}
	return nil
}

// on is the article with the change made.
func (c ArticleChange) on(a models.Article) models.Article {
	set(&a.URL, c.URL)
	set(&a.Title, c.Title)
	set(&a.Text, c.Text)
	set(&a.Section, c.Section)
	set(&a.Lead, c.Lead)
	set(&a.Notice, c.Notice)
	set(&a.State, c.State)
	set(&a.ClosesAt, c.ClosesAt)
	set(&a.CloseAfterDays, c.CloseAfterDays)
	set(&a.SlowMinutes, c.SlowMinutes)
	if a.ClosesAt != nil {
		at := a.ClosesAt.UTC().Truncate(time.Microsecond)
		a.ClosesAt = &at
	}
	return a
}

// set writes a value that was named.
func set[T any](to, value *T) {
	if value != nil {
		*to = *value
	}
}

// differences names what changed, one a line as the API names it, with the new value where it is ours and short.
func differences(old, next models.Article) (changes []string) {
	compare := func(field, from, to string, shown string) {
		if from != to {
			changes = append(changes, field+shown)
		}
	}
	compare("url", old.URL, next.URL, "")
	compare("title", old.Title, next.Title, "")
	compare("text", old.Text, next.Text, "")
	compare("section", old.Section, next.Section, "")
	compare("lead", old.Lead, next.Lead, "")
	compare("notice", old.Notice, next.Notice, ": "+next.Notice)
	compare("state", old.State, next.State, ": "+next.State)
	compare("closes_at", moment(old.ClosesAt), moment(next.ClosesAt), ": "+moment(next.ClosesAt))
	compare("close_after_days", number(old.CloseAfterDays), number(next.CloseAfterDays), ": "+number(next.CloseAfterDays))
	compare("slow_minutes", strconv.Itoa(old.SlowMinutes), strconv.Itoa(next.SlowMinutes), ": "+strconv.Itoa(next.SlowMinutes))
	return changes
}

func moment(t *time.Time) string {
	if t == nil {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

// ArticleState is the state that readers see: an article whose time is over is closed.
func (f *Flow) ArticleState(site models.Site, a models.Article) string {
	if a.Closed(site, f.now()) {
		return models.ArticleClosed
	}
	return models.ArticleOpen
}

// slow refuses a second comment of the same writer under an article in slow mode before its time. Whoever can be told
// from others neither by an address nor by a network is asked for an address.
func (f *Flow) slow(ctx context.Context, tx *models.Tx, a models.Article, w models.Writer) error {
	if a.SlowMinutes == 0 || a.ID == uuid.Nil {
		return nil
	}
	if w.AddressHash == nil && w.NetworkHash == nil {
		return invalid("author.email", "refusal.slow_address", "count", a.SlowMinutes)
	}
	pause := time.Duration(a.SlowMinutes) * time.Minute
	last, err := tx.LastWritten(ctx, a, w, f.now().Add(-pause))
	if err != nil || last == nil {
		return err
	}
	wait := last.Add(pause).Sub(f.now())
	minutes := int((wait + time.Minute - 1) / time.Minute)
	return &Refusal{Kind: TooSoon, Key: "refusal.slow", Args: map[string]any{"count": minutes}, Wait: wait}
}
