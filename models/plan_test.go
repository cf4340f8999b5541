package models_test

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"plenum/models"
)

// Under the serving role, each list is read by the index that was made for it, and no table that grows is ever read
// whole: neither where PostgreSQL knows the arguments, nor where it keeps one plan for any (it may, after five times).
func TestListsAreReadByTheirIndex(t *testing.T) {
	w := newWorld(t)
	article := w.fill()
	seen := &statements{}
	store, err := models.OpenTraced(t.Context(), w.sql.Config().ConnString(), seen)
	w.must(err)
	t.Cleanup(store.Close)
	for _, read := range w.reads(store, article) {
		seen.all = nil
		if err := read.do(); err != nil {
			t.Fatalf("%s: %v", read.what, err)
		}
		for when, plan := range w.explain(seen.all) {
			if whole := wholeScan.FindString(plan); whole != "" {
				t.Errorf("%s: got a %s at the %s time:\n%s", read.what, whole, when, plan)
			}
			if !strings.Contains(plan, " "+read.index+" ") {
				t.Errorf("%s does not use %s at the %s time:\n%s", read.what, read.index, when, plan)
			}
		}
	}
}

var wholeScan = regexp.MustCompile(`Seq Scan on (comments|ledger|revisions|authors|report_cases|appeals|search_words|sanctions|comment_networks|followers|subscriptions|follow_ups|agreements|agreement_marks)\b`)

// read is a list, and the index it is to be read by.
type read struct {
	what, index string
	do          func() error
}

func (w *world) reads(s *models.Store, article uuid.UUID) []read {
	ctx, site, one := w.Context(), w.site.ID, uuid.NullUUID{UUID: article, Valid: true}
	middle := uuid.MustParse(w.read(`select id::text from comments where public_revision is not null order by path offset 5000 limit 1`))
	c, err := s.Comment(ctx, site, middle)
	w.must(err)
	queue := func(lane string, after time.Time) func() error {
		return func() error {
			_, err := s.Queue(ctx, site, models.QueuePage{Lane: lane, After: models.Position{At: after, ID: middle}, Limit: 50})
			return err
		}
	}
	thread := func(sort string, spot models.Spot) func() error {
		return func() error {
			_, _, err := s.Thread(ctx, site, models.ThreadPage{ArticleID: article, Sort: sort, After: spot, Limit: 100})
			return err
		}
	}
	branches := func(sort string, spot models.Spot) func() error {
		return func() error {
			_, _, err := s.Branches(ctx, site, models.BranchesPage{ArticleID: article, Sort: sort, After: spot, Within: spot, Limit: 100, Fold: 20, Slack: 4})
			return err
		}
	}
	spot := models.Spot{Root: middle, Path: middle[:], Agreed: 40}
	published := func(article uuid.NullUUID, before time.Time) func() error {
		return func() error {
			_, err := s.Published(ctx, site, models.PublishedPage{ArticleID: article, Before: before, BeforeID: middle, Limit: 50})
			return err
		}
	}
	claim := func(c models.Claim) func() error {
		c.By, c.Now, c.Until, c.Limit, c.AddressHash = w.actor.ID, time.Now(), time.Now().Add(time.Minute), 15, make([]byte, 32)
		return func() error {
			return s.Serve(ctx, site, func(tx *models.Tx) error { _, err := tx.Claim(ctx, site, c); return err })
		}
	}
	siblings := func(parent *uuid.UUID) func() error {
		beside := c
		beside.ParentID = parent
		return func() error { _, err := s.Siblings(ctx, site, beside, 5); return err }
	}
	ask := func(p models.QueuePage) func() error {
		p.Limit, p.Now, p.Me = 50, time.Now(), w.actor.ID
		return func() error { _, err := s.Queue(ctx, site, p); return err }
	}
	slow := func(by models.Writer) error {
		return s.Serve(ctx, site, func(tx *models.Tx) error {
			_, err := tx.LastWritten(ctx, models.Article{SiteID: site, ID: article}, by, time.Now().Add(-time.Hour))
			return err
		})
	}
	entry := uuid.MustParse(w.read(`select id::text from ledger limit 1`))
	tell := func(after uuid.UUID) error {
		a := models.Announcement{SiteID: site, CommentID: c.ID, Entry: entry, ArticleKey: "other 3", PublishedAt: time.Now(), Author: make([]byte, 32), Parent: make([]byte, 32)}
		return s.Serve(ctx, site, func(tx *models.Tx) error {
			_, err := tx.NoteFollowUps(ctx, a, models.Round{After: after, Limit: 500, Now: time.Now(), DueAt: time.Now()})
			return err
		})
	}
	verdict := func() error {
		h := models.Hearing{CommentID: middle, AddressHash: make([]byte, 32), Event: "approve", Locale: "de", Drafted: "respect"}
		return s.Serve(ctx, site, func(tx *models.Tx) error { _, err := tx.Hear(ctx, site, h); return err })
	}
	pace := func() error {
		return s.Serve(ctx, site, func(tx *models.Tx) error { _, err := tx.LockPace(ctx, site, w.actor.ID, time.Now(), 1000); return err })
	}
	later := models.Position{Urgency: -1, At: time.Now().Add(time.Hour), ID: middle}
	desk := []read{
		{"pending, oldest", "comments_waiting_age", ask(models.QueuePage{Lane: models.LanePending, Sort: models.SortOldest})},
		{"pending, newest, later page", "comments_waiting_age", ask(models.QueuePage{Lane: models.LanePending, Sort: models.SortNewest, After: later})},
		{"pending by priority", "comments_waiting_priority", ask(models.QueuePage{Lane: models.LanePending, Sort: models.SortPriority})},
		{"edits by priority, later page", "comments_waiting_priority", ask(models.QueuePage{Lane: models.LaneEdited, Sort: models.SortPriority, After: later})},
		{"reported", "report_cases_open", ask(models.QueuePage{Lane: models.LaneReported})},
		{"reported, later page", "report_cases_open", ask(models.QueuePage{Lane: models.LaneReported, After: later})},
		{"reported, newest", "report_cases_open_age", ask(models.QueuePage{Lane: models.LaneReported, Sort: models.SortNewest})},
		{"appealed", "appeals_open", ask(models.QueuePage{Lane: models.LaneAppealed})},
		{"appealed, oldest", "appeals_open_age", ask(models.QueuePage{Lane: models.LaneAppealed, Sort: models.SortOldest})},
		{"mine", "comments_claimed", ask(models.QueuePage{Lane: models.LaneMine})},
		{"mine, as it was passed", "comments_passed", ask(models.QueuePage{Lane: models.LaneMine, After: later})},
		{"set aside", "comments_set_aside", ask(models.QueuePage{Lane: models.LaneSetAside})},
		{"decided", "ledger_decided", ask(models.QueuePage{Lane: models.LaneDecided})},
		{"decided, later page", "ledger_decided", ask(models.QueuePage{Lane: models.LaneDecided, After: later})},
		{"pending of an article", "comments_waiting_article", ask(models.QueuePage{Lane: models.LanePending, Filter: models.Filter{Article: "other 3"}})},
		{"pending of an author", "comments_by_author", ask(models.QueuePage{Lane: models.LanePending, Filter: models.Filter{Author: uuid.NullUUID{UUID: c.AuthorID, Valid: true}}})},
		{"claim of a report", "report_cases_open", claim(models.Claim{Lane: models.LaneReported})},
		{"claim of an appeal", "appeals_open", claim(models.Claim{Lane: models.LaneAppealed})},
		{"what a verdict meets", "ledger_site_id_comment_id_version_key", verdict},
		{"how much somebody decided", "ledger_by_actor", pace},
		{"the newest of several sites", "comments_pkey", func() error { _, err := s.Newest(ctx, []uuid.UUID{site}); return err }},
		{"state of a thread", "comments_article_published", func() error { _, err := s.ThreadStates(ctx, site, []string{"other 3"}); return err }},
		{"what is mine to release", "comments_claimed", func() error { return s.ReleaseAll(ctx, site, w.actor.ID) }},
	}
	return append(desk, []read{
		{"queue", "comments_pending", queue(models.LanePending, time.Time{})},
		{"queue, later page", "comments_pending", queue(models.LanePending, time.Now().Add(time.Hour))},
		{"edits", "comments_edited", queue(models.LaneEdited, time.Time{})},
		{"edits, later page", "comments_edited", queue(models.LaneEdited, time.Now().Add(time.Hour))},
		{"totals of the queue", "comments_pending", func() error {
			_, err := s.QueueTotals(ctx, []uuid.UUID{site}, models.QueuePage{Me: w.actor.ID, Now: time.Now()})
			return err
		}},
		{"claim", "comments_waiting", claim(models.Claim{})},
		{"claim of a lane", "comments_edited", claim(models.Claim{Lane: models.LaneEdited})},
		{"claim of the next", "comments_waiting", claim(models.Claim{Mine: true, After: uuid.NullUUID{UUID: middle, Valid: true}})},
		{"claim of one", "comments_pkey", claim(models.Claim{Mine: true, ID: uuid.NullUUID{UUID: middle, Valid: true}})},
		{"thread", "comments_thread", thread(models.SortOldest, models.Spot{})},
		{"thread, later page", "comments_thread", thread(models.SortOldest, spot)},
		{"newest", "comments_newest", thread(models.SortNewest, models.Spot{})},
		{"newest, later page", "comments_newest", thread(models.SortNewest, spot)},
		{"top", "agreements_top", thread(models.SortTop, models.Spot{})},
		{"top, later page", "agreements_top", thread(models.SortTop, spot)},
		{"one branch", "comments_newest", func() error {
			_, _, err := s.Thread(ctx, site, models.ThreadPage{ArticleID: article, Branch: uuid.NullUUID{UUID: middle, Valid: true}, Limit: 100})
			return err
		}},
		{"branches", "comments_newest", branches(models.SortOldest, models.Spot{})},
		{"branches, later page", "comments_newest", branches(models.SortOldest, spot)},
		{"branches, newest", "comments_newest", branches(models.SortNewest, spot)},
		{"branches, top", "agreements_top", branches(models.SortTop, models.Spot{})},
		{"branches, top, later page", "agreements_top", branches(models.SortTop, spot)},
		{"head of a thread, its bylines", "comments_bylines", func() error { _, err := s.ThreadHead(ctx, site, "other 3"); return err }},
		{"head of a thread, its total", "comments_article_published", func() error { _, err := s.ThreadHead(ctx, site, "other 3"); return err }},
		{"place in a branch", "comments_newest", func() error {
			_, _, err := s.Ordinal(ctx, site, article, models.Place{RootID: middle, Path: middle[:]})
			return err
		}},
		{"agreement", "comments_pkey", func() error {
			return s.Serve(ctx, site, func(tx *models.Tx) error {
				_, err := tx.Agree(ctx, site, middle, time.Now(), make([]byte, 32))
				return err
			})
		}},
		{"overview", "comments_published", published(uuid.NullUUID{}, time.Time{})},
		{"overview, later page", "comments_published", published(uuid.NullUUID{}, time.Now().Add(-time.Hour))},
		{"feed of an article", "comments_article_published", published(one, time.Time{})},
		{"feed of an article, later page", "comments_article_published", published(one, time.Now().Add(-time.Hour))},
		{"one place", "comments_pkey", func() error { _, err := s.Place(ctx, site, middle); return err }},
		{"siblings of a root", "comments_newest", siblings(nil)},
		{"siblings of a reply", "comments_replies", siblings(&middle)},
		{"my last decision", "ledger_by_actor", func() error { _, err := s.LastDecision(ctx, site, w.actor.ID); return err }},
		{"history", "ledger_site_id_comment_id_version_key", func() error { _, err := s.History(ctx, site, middle, 0); return err }},
		{"log", "ledger_pkey", func() error { _, err := s.Ledger(ctx, site, 5000, 100); return err }},
		{"record of an author", "comments_by_author", func() error { _, err := s.AuthorRecord(ctx, site, c.AuthorID); return err }},
		{"comments of an author", "comments_by_author", func() error {
			_, _, err := s.WrittenComments(ctx, site, models.AuthorPage{AuthorID: c.AuthorID, Limit: 50})
			return err
		}},
		{"comments of an author, later page", "comments_by_author", func() error {
			_, _, err := s.WrittenComments(ctx, site, models.AuthorPage{AuthorID: c.AuthorID, Before: time.Now(), BeforeID: middle, Limit: 50})
			return err
		}},
		{"marks of an author", "ledger_site_id_comment_id_version_key", func() error { _, err := s.AuthorMarks(ctx, site, c.AuthorID); return err }},
		{"sanctions of an author", "sanctions_by_author", func() error { _, err := s.Sanctions(ctx, site, c.AuthorID); return err }},
		{"sanctions on a writer", "sanctions_by_network", func() error {
			_, err := s.SanctionsOn(ctx, site, models.Writer{AddressHash: make([]byte, 32), NetworkHash: make([]byte, 32)}, time.Now())
			return err
		}},
		{"last written from a network", "comment_networks_newest", func() error { return slow(models.Writer{NetworkHash: make([]byte, 32)}) }},
		{"last written by an address", "comments_by_author", func() error { return slow(models.Writer{AddressHash: make([]byte, 32)}) }},
		{"articles", "articles_newest", func() error { _, _, err := s.Articles(ctx, site, models.ArticlesPage{Limit: 50}); return err }},
		{"articles, later page", "articles_newest", func() error {
			_, _, err := s.Articles(ctx, site, models.ArticlesPage{Before: time.Now(), BeforeID: middle, Limit: 50})
			return err
		}},
		{"whom a comment is told to", "subscriptions_told", func() error { return tell(uuid.Nil) }},
		{"whom a comment is told to, later round", "subscriptions_told", func() error { return tell(middle) }},
		{"what is followed", "subscriptions_site_id_follower_id_kind_article_key_key", func() error { _, err := s.Subscriptions(ctx, site, c.ID); return err }},
		{"whose digest is due", "follow_ups_due", func() error {
			return s.Serve(ctx, site, func(tx *models.Tx) error { _, err := tx.TakeDigests(ctx, site, time.Now(), 500); return err })
		}},
		{"a digest", "follow_ups_by_follower", func() error {
			_, err := s.DigestItems(ctx, models.Digest{SiteID: site, FollowerID: c.ID, At: time.Now()})
			return err
		}},
		{"counts", "comments_article_published", func() error { _, err := s.Counts(ctx, site, []string{"other 1", "other 2"}); return err }},
	}...)
}

// statements are what a store sent, with the arguments.
type statements struct{ all []pgx.TraceQueryStartData }

func (s *statements) TraceQueryStart(ctx context.Context, conn *pgx.Conn, data pgx.TraceQueryStartData) context.Context {
	if len(data.Args) > 0 {
		if named, ok := data.Args[0].(pgx.QueryRewriter); ok {
			sql, args, err := named.RewriteQuery(ctx, conn, data.SQL, data.Args[1:])
			if err != nil {
				panic(err)
			}
			data.SQL, data.Args = sql, args
		}
	}
	s.add(data)
	return ctx
}

func (s *statements) add(data pgx.TraceQueryStartData) {
	if (strings.Contains(data.SQL, "select") || strings.Contains(data.SQL, "update")) && !strings.Contains(data.SQL, "set_config") {
		s.all = append(s.all, data)
	}
}

func (s *statements) TraceBatchStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceBatchStartData) context.Context {
	return ctx
}

func (s *statements) TraceBatchQuery(_ context.Context, _ *pgx.Conn, data pgx.TraceBatchQueryData) {
	s.add(pgx.TraceQueryStartData{SQL: data.SQL, Args: data.Args})
}

func (s *statements) TraceBatchEnd(context.Context, *pgx.Conn, pgx.TraceBatchEndData) {}

func (s *statements) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

var errExplained = errors.New("explained")

// explain asks the serving role for the plans of the statements, the first time and later, without running them.
func (w *world) explain(all []pgx.TraceQueryStartData) map[string]string {
	w.Helper()
	return w.explainAs("plenum_serve", all)
}

func (w *world) explainAs(role string, all []pgx.TraceQueryStartData) map[string]string {
	w.Helper()
	if len(all) == 0 {
		w.Fatal("nothing was read: something is wrong with this test")
	}
	plans := map[string]string{}
	err := pgx.BeginFunc(w.Context(), w.sql, func(tx pgx.Tx) error {
		if _, err := tx.Exec(w.Context(), `select set_config('role', $1, true), set_config('app.site_ids', $2, true)`, role, w.site.ID.String()); err != nil {
			return err
		}
		for _, s := range all {
			first, later, err := explain(w.Context(), tx, s)
			if err != nil {
				return fmt.Errorf("%s: %w", s.SQL, err)
			}
			plans["first"] += first
			plans["seventh"] += later
		}
		return errExplained
	})
	if !errors.Is(err, errExplained) {
		w.Fatal(err)
	}
	return plans
}

// explain prepares one statement and explains its execution, as only that shows which plan a connection would keep.
func explain(ctx context.Context, tx pgx.Tx, s pgx.TraceQueryStartData) (first, later string, err error) {
	name := "s" + strings.ReplaceAll(uuid.NewString(), "-", "")
	if _, err := tx.Exec(ctx, `prepare `+name+` as `+s.SQL); err != nil {
		return "", "", err
	}
	call := name
	if literals := literals(s.Args); len(literals) > 0 {
		call += `(` + strings.Join(literals, ", ") + `)`
	}
	for range 7 {
		rows, err := tx.Query(ctx, `explain (costs off) execute `+call, pgx.QueryExecModeSimpleProtocol)
		if err != nil {
			return "", "", err
		}
		lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
		if err != nil {
			return "", "", err
		}
		later = strings.Join(lines, "\n") + "\n"
		if first == "" {
			first = later
		}
	}
	return first, later, nil
}

// literals writes arguments as SQL does.
func literals(args []any) (all []string) {
	for _, arg := range args {
		switch arg.(type) {
		case pgx.QueryExecMode, pgx.QueryResultFormats, pgx.QueryResultFormatsByOID: // how to send it, no argument
		default:
			all = append(all, literal(arg))
		}
	}
	return all
}

func literal(arg any) string {
	switch v := arg.(type) {
	case nil:
		return "null"
	case *uuid.UUID:
		if v == nil {
			return "null"
		}
	case uuid.NullUUID:
		if !v.Valid {
			return "null"
		}
		arg = v.UUID
	case []byte:
		return fmt.Sprintf(`'\x%x'`, v)
	case time.Time:
		return "'" + v.Format(time.RFC3339Nano) + "'"
	case int, int64, bool:
		return fmt.Sprint(v)
	case []uuid.UUID:
		var all []string
		for _, id := range v {
			all = append(all, id.String())
		}
		return "'{" + strings.Join(all, ",") + "}'"
	case models.Strings:
		return "'{" + strings.Join(v, ",") + "}'"
	}
	return fmt.Sprintf("'%v'", arg)
}
