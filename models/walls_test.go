package models_test

import (
	"errors"
	"fmt"
	"reflect"
	"testing"
	"time"

	"github.com/google/uuid"

	"plenum/models"
	"plenum/moderation"
)

// twins are two sites with the same staff, articles, authors and comments; only ids and texts differ.
type twins struct {
	*world
	a, b side
}

type side struct {
	site            models.Site
	held, decided   models.Comment
	article, author uuid.UUID
	entry           models.Entry
	token           string
	report, appeal  uuid.UUID
	appealed        uuid.UUID // the comment
	rejected        uuid.UUID // its author
	loud            loud
	fan             fan
}

func newTwins(t *testing.T) *twins {
	t.Helper()
	w := &twins{world: newWorld(t)}
	w.a.site = w.site
	w.b.site = w.newSite("other")
	w.must(w.flow.Store.CreateModerator(t.Context(), models.Moderator{ID: w.actor.ID, Email: w.actor.Email, Name: "Mo", PasswordHash: "x", Locale: "de", CreatedAt: time.Now()},
		w.a.site.ID, moderation.RoleModerator))
	for _, s := range []*side{&w.a, &w.b} {
		w.site = s.site
		held, decided := w.comment("held on "+s.site.Slug, false), w.comment("decided on "+s.site.Slug, true)
		_, err := w.flow.Decide(t.Context(), s.site, w.actor, moderation.Verdict{CommentID: decided, Version: 2, Action: moderation.Keep, Statement: s.site.Slug, Note: "note"})
		w.must(err)
		w.object(s, decided)
		s.token, err = w.flow.CreateToken(t.Context(), s.site, w.actor.Email, models.ScopeRead)
		w.must(err)
		s.held, s.decided, s.loud = w.row(s.site, held), w.row(s.site, decided), w.warn(s.site)
		s.rejected = w.row(s.site, s.appealed).AuthorID
		s.fan = w.fan(s.site, s.decided)
		s.article, s.author = s.held.ArticleID, s.held.AuthorID
		s.entry, err = w.flow.Store.Entry(t.Context(), s.site.ID, *s.decided.Entry)
		w.must(err)
	}
	return w
}

// object reports the public comment and appeals the refusal of another.
func (w *twins) object(s *side, public uuid.UUID) {
	w.Helper()
	stored, err := w.flow.Store.SiteByID(w.Context(), s.site.ID) // with what the schema gives a new site
	w.must(err)
	s.site = stored
	_, err = w.flow.Report(w.Context(), s.site, moderation.Report{CommentID: public, Kind: models.ReportIllegal, Text: s.site.Slug, GoodFaith: true})
	w.must(err)
	open, err := w.flow.Store.OpenCase(w.Context(), s.site.ID, public)
	w.must(err)
	s.report, s.appealed = open.Reports[0].ID, w.comment("refused on "+s.site.Slug, false)
	_, err = w.flow.Decide(w.Context(), s.site, w.actor, moderation.Verdict{CommentID: s.appealed, Version: 1, Action: moderation.Reject, Rules: []string{"respect"}})
	w.must(err)
	a, err := w.flow.Appeal(w.Context(), s.site, s.appealed, w.flow.ManageToken(s.site.ID, s.appealed), s.site.Slug, moderation.Request{})
	w.must(err)
	s.appeal = a.ID
}

func (w *twins) row(site models.Site, id uuid.UUID) models.Comment {
	w.Helper()
	c, err := w.flow.Store.Comment(w.Context(), site.ID, id)
	w.must(err)
	return c
}

// look is one of the store's questions, about a site and what is on it.
type look struct {
	what string
	ask  func(tx *models.Tx, site uuid.UUID, s side) (any, error)
}

// answer makes a look of any question.
func answer[T any](v T, err error) (any, error) { return v, err }

// lists are the questions that name a site only.
func (w *twins) lists() []look {
	ctx := w.Context()
	return []look{
		{"article by key", func(tx *models.Tx, site uuid.UUID, _ side) (any, error) { return answer(tx.Article(ctx, site, "a")) }},
		{"articles", func(tx *models.Tx, site uuid.UUID, _ side) (any, error) {
			all, _, err := tx.Articles(ctx, site, models.ArticlesPage{Search: "a", Limit: 100})
			return all, err
		}},
		{"locked article", func(tx *models.Tx, site uuid.UUID, _ side) (any, error) {
			return answer(tx.LockArticle(ctx, site, "a"))
		}},
		{"addresses of the staff", func(tx *models.Tx, site uuid.UUID, _ side) (any, error) { return answer(tx.StaffAddresses(ctx, site)) }},
		{"counts", func(tx *models.Tx, site uuid.UUID, _ side) (any, error) {
			return answer(tx.Counts(ctx, site, []string{"a"}))
		}},
		{"rules", func(tx *models.Tx, site uuid.UUID, _ side) (any, error) { return answer(tx.Rules(ctx, site, 0)) }},
		{"staff", func(tx *models.Tx, site uuid.UUID, _ side) (any, error) { return answer(tx.StaffCount(ctx, site)) }},
		{"version of the rules", func(tx *models.Tx, site uuid.UUID, _ side) (any, error) { return answer(tx.RulesVersion(ctx, site)) }},
		{"next rules", func(tx *models.Tx, site uuid.UUID, _ side) (any, error) { return answer(tx.LockRules(ctx, site)) }},
		{"pending", func(tx *models.Tx, site uuid.UUID, _ side) (any, error) {
			return answer(tx.Queue(ctx, site, models.QueuePage{Lane: models.LanePending, Limit: 100}))
		}},
		{"total", func(tx *models.Tx, site uuid.UUID, _ side) (any, error) {
			return answer(tx.QueueTotal(ctx, []uuid.UUID{site}, models.QueuePage{Lane: models.LanePending, Me: w.actor.ID, Now: w.actorsTime()}))
		}},
		{"totals", func(tx *models.Tx, site uuid.UUID, _ side) (any, error) {
			return answer(tx.QueueTotals(ctx, []uuid.UUID{site}, models.QueuePage{Me: w.actor.ID, Now: w.actorsTime()}))
		}},
		{"published", func(tx *models.Tx, site uuid.UUID, _ side) (any, error) {
			return answer(tx.Published(ctx, site, models.PublishedPage{Limit: 100}))
		}},
		{"ledger", func(tx *models.Tx, site uuid.UUID, _ side) (any, error) { return answer(tx.Ledger(ctx, site, 0, 100)) }},
		{"head", func(tx *models.Tx, site uuid.UUID, _ side) (any, error) { return answer(tx.LedgerHead(ctx, site)) }},
		{"last decision", func(tx *models.Tx, site uuid.UUID, _ side) (any, error) {
			return answer(tx.LastDecision(ctx, site, w.actor.ID))
		}},
		{"statements", func(tx *models.Tx, site uuid.UUID, _ side) (any, error) { return answer(tx.SiteStatements(ctx, site)) }},
		{"strays", func(tx *models.Tx, site uuid.UUID, _ side) (any, error) { return answer(tx.StrayComments(ctx, site)) }},
		{"membership", func(tx *models.Tx, site uuid.UUID, _ side) (any, error) {
			return answer(tx.Membership(ctx, site, w.actor.ID))
		}},
		{"decided", func(tx *models.Tx, site uuid.UUID, _ side) (any, error) {
			return answer(tx.Queue(ctx, site, models.QueuePage{Lane: models.LaneDecided, Limit: 100}))
		}},
		{"found among all", func(tx *models.Tx, site uuid.UUID, s side) (any, error) {
			return answer(tx.Queue(ctx, site, models.QueuePage{Lane: models.LaneAll, Limit: 100, Filter: models.Filter{Found: &[]uuid.UUID{w.a.held.ID, w.b.held.ID}}}))
		}},
		{"search", func(tx *models.Tx, site uuid.UUID, _ side) (any, error) {
			return answer(tx.Search(ctx, site, "decided"))
		}},
		{"staff", func(tx *models.Tx, site uuid.UUID, _ side) (any, error) { return answer(tx.Staff(ctx, site)) }},
		{"release of all", func(tx *models.Tx, site uuid.UUID, _ side) (any, error) {
			return nil, tx.ReleaseAll(ctx, site, w.actor.ID)
		}},
		{"claim", func(tx *models.Tx, site uuid.UUID, _ side) (any, error) {
			return answer(tx.Claim(ctx, site, models.Claim{By: w.actor.ID, Now: w.actorsTime(), Until: w.actorsTime(), Limit: 100}))
		}},
	}
}

func (w *twins) actorsTime() time.Time { return time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC) }

// named are the questions that name something on the site.
func (w *twins) named() []look {
	ctx := w.Context()
	return append(append(w.people(), w.following()...), []look{
		{"article", func(tx *models.Tx, site uuid.UUID, s side) (any, error) {
			return answer(tx.ArticleByID(ctx, site, s.article))
		}},
		{"author", func(tx *models.Tx, site uuid.UUID, s side) (any, error) {
			return answer(tx.Author(ctx, site, s.author))
		}},
		{"record", func(tx *models.Tx, site uuid.UUID, s side) (any, error) {
			return answer(tx.AuthorRecord(ctx, site, s.author))
		}},
		{"comment", func(tx *models.Tx, site uuid.UUID, s side) (any, error) {
			return answer(tx.Comment(ctx, site, s.decided.ID))
		}},
		{"locked comment", func(tx *models.Tx, site uuid.UUID, s side) (any, error) {
			return answer(tx.LockComment(ctx, site, s.decided.ID))
		}},
		{"revision", func(tx *models.Tx, site uuid.UUID, s side) (any, error) {
			return answer(tx.Revision(ctx, site, s.decided.ID, 1))
		}},
		{"revisions", func(tx *models.Tx, site uuid.UUID, s side) (any, error) {
			return answer(tx.Revisions(ctx, site, s.decided.ID))
		}},
		{"history", func(tx *models.Tx, site uuid.UUID, s side) (any, error) {
			return answer(tx.History(ctx, site, s.decided.ID, 0))
		}},
		{"entry", func(tx *models.Tx, site uuid.UUID, s side) (any, error) {
			return answer(tx.Entry(ctx, site, s.entry.ID))
		}},
		{"statements of a comment", func(tx *models.Tx, site uuid.UUID, s side) (any, error) {
			return answer(tx.Statements(ctx, site, s.decided.ID))
		}},
		{"open case", func(tx *models.Tx, site uuid.UUID, s side) (any, error) {
			return answer(tx.OpenCase(ctx, site, s.decided.ID))
		}},
		{"report", func(tx *models.Tx, site uuid.UUID, s side) (any, error) {
			return answer(tx.ReportByID(ctx, site, s.report))
		}},
		{"appeal", func(tx *models.Tx, site uuid.UUID, s side) (any, error) {
			return answer(tx.AppealByID(ctx, site, s.appeal))
		}},
		{"appeals", func(tx *models.Tx, site uuid.UUID, s side) (any, error) {
			return answer(tx.Appeals(ctx, site, s.appealed))
		}},
		{"statements of an entry", func(tx *models.Tx, site uuid.UUID, s side) (any, error) {
			return answer(tx.EntryStatements(ctx, site, s.entry.ID))
		}},
		{"thread", func(tx *models.Tx, site uuid.UUID, s side) (any, error) {
			places, _, err := tx.Thread(ctx, site, models.ThreadPage{ArticleID: s.article, Limit: 100})
			return places, err
		}},
		{"newest", func(tx *models.Tx, site uuid.UUID, s side) (any, error) {
			places, _, err := tx.Thread(ctx, site, models.ThreadPage{ArticleID: s.article, Limit: 100, Sort: models.SortNewest})
			return places, err
		}},
		{"top", func(tx *models.Tx, site uuid.UUID, s side) (any, error) {
			places, _, err := tx.Thread(ctx, site, models.ThreadPage{ArticleID: s.article, Limit: 100, Sort: models.SortTop})
			return places, err
		}},
		{"branches", func(tx *models.Tx, site uuid.UUID, s side) (any, error) {
			branches, _, err := tx.Branches(ctx, site, models.BranchesPage{ArticleID: s.article, Limit: 100, Fold: 10, Slack: 2})
			return branches, err
		}},
		{"published under an article", func(tx *models.Tx, site uuid.UUID, s side) (any, error) {
			return answer(tx.Published(ctx, site, models.PublishedPage{ArticleID: uuid.NullUUID{UUID: s.article, Valid: true}, Limit: 100}))
		}},
		{"place", func(tx *models.Tx, site uuid.UUID, s side) (any, error) {
			return answer(tx.Place(ctx, site, s.decided.ID))
		}},
		{"siblings", func(tx *models.Tx, site uuid.UUID, s side) (any, error) {
			return answer(tx.Siblings(ctx, site, s.held, 100))
		}},
		{"claim of one", func(tx *models.Tx, site uuid.UUID, s side) (any, error) {
			return answer(tx.Claim(ctx, site, models.Claim{By: w.actor.ID, Now: w.actorsTime(), Until: w.actorsTime(), Limit: 1, ID: uuid.NullUUID{UUID: s.held.ID, Valid: true}}))
		}},
		{"whether it waits", func(tx *models.Tx, site uuid.UUID, s side) (any, error) {
			return answer(tx.Waits(ctx, site, s.held.ID))
		}},
		{"release", func(tx *models.Tx, site uuid.UUID, s side) (any, error) {
			held, err := tx.Release(ctx, site, s.held.ID, w.actor.ID)
			if !held && err == nil {
				err = models.ErrNotFound
			}
			return nil, err
		}},
	}...)
}

var errBack = errors.New("put everything back")

// with asks in a transaction that sees the sites, and puts back what the question changed.
func (w *twins) with(sites []uuid.UUID, do func(tx *models.Tx) (any, error)) (got any, asked error) {
	w.Helper()
	err := w.flow.Store.ServeAll(w.Context(), sites, func(tx *models.Tx) error {
		got, asked = do(tx)
		return errBack
	})
	if !errors.Is(err, errBack) {
		w.Fatal(err)
	}
	return got, asked
}

// Each wall stands alone: with the rows of both sites in sight, a question about one is answered from it alone.
func TestEveryQuestionStaysOnItsSite(t *testing.T) {
	w := newTwins(t)
	one, both := []uuid.UUID{w.a.site.ID}, []uuid.UUID{w.a.site.ID, w.b.site.ID}
	for _, l := range append(w.lists(), w.named()...) {
		if l.what == "release" { // of what nobody claimed: there is nothing to compare
			continue
		}
		ask := func(tx *models.Tx) (any, error) { return l.ask(tx, w.a.site.ID, w.a) }
		want, err := w.with(one, ask)
		w.must(err)
		if got, err := w.with(both, ask); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got %s (%v), want %s", l.what, short(got), err, short(want))
		}
	}
}

// An id of another site is the id of nothing.
func TestNoQuestionFindsWhatIsOnAnotherSite(t *testing.T) {
	w := newTwins(t)
	w.do(`update comments set claimed_by = '` + w.actor.ID.String() + `', claimed_until = '2030-01-01'`)
	both := []uuid.UUID{w.a.site.ID, w.b.site.ID}
	for _, l := range w.named() {
		ask := func(tx *models.Tx) (any, error) { return l.ask(tx, w.a.site.ID, w.b) }
		if l.what == "siblings" { // of a comment below the other site's article
			ask = func(tx *models.Tx) (any, error) {
				c := w.b.held
				c.ID = uuid.New()
				return l.ask(tx, w.a.site.ID, side{held: c})
			}
		}
		got, err := w.with(both, ask)
		if empty := reflect.ValueOf(got); !errors.Is(err, models.ErrNotFound) && (err != nil || empty.Kind() != reflect.Slice || empty.Len() > 0) {
			t.Errorf("%s: got %s (%v), want nothing", l.what, short(got), err)
		}
	}
	if _, err := w.flow.TokenActor(t.Context(), w.a.site.ID, w.b.token); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("a token of the other site: got %v, want not found", err)
	}
}

func short(v any) string {
	s := fmt.Sprintf("%+v", v)
	return s[:min(len(s), 300)]
}
