package models_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgconn"

	"plenum/models"
)

// fill makes 20,000 comments by SQL, every other one public and every tenth with a held edit, without the guards: only
// their rows matter here.
func (w *world) fill() (article uuid.UUID) {
	w.Helper()
	id := w.comment("the first", true)
	c, err := w.flow.Store.Comment(w.Context(), w.site.ID, id)
	w.must(err)
	_, err = w.sql.Exec(w.Context(), `set session_replication_role = replica;
		insert into articles select site_id, gen_random_uuid(), 'b' || n, url, title, text, state, 2, now() from articles, generate_series(1, 9) n;
		insert into moderators select gen_random_uuid(), 'm' || n, 'M', 'x', 'de', now() from generate_series(1, 9) n;
		insert into comments (site_id, id, article_id, root_id, path, depth, author_id, author_name, locale, rules_version, status, version, entry,
			revision, public_revision, held_revision, created_at, published_at, rank_at)
		select f.site_id, g.id, case when g.n % 20 < 2 then f.article_id else (select id from articles where key = 'b' || g.n % 9 + 1) end, g.id, decode(replace(g.id::text, '-', ''), 'hex'), 0, f.author_id, 'Ann', 'de', 1,
			case when g.n % 2 = 0 then 'approved' else 'pending' end, case when g.n % 2 = 0 then 2 else 1 end, case when g.n % 2 = 0 then gen_random_uuid() end,
			2, case when g.n % 2 = 0 then 1 end, case when g.n % 2 = 1 or g.n % 10 = 0 then 2 end, now(), case when g.n % 2 = 0 then now() - g.n * interval '1 s' end, now() + g.n * interval '1 s'
		from comments f, (select n, gen_random_uuid() as id from generate_series(1, 20000) n) g where f.id = '`+id.String()+`';
		insert into revisions select site_id, id, r, 'text', '<p>text</p>', 1, now() from comments, generate_series(1, 2) r on conflict do nothing;
		insert into ledger select site_id, row_number() over () + 10, gen_random_uuid(), 'decision', 'approve', id, 2, 1, 'approved', 1, null, 1, '{}',
			(select m.id from moderators m where m.email = 'm' || 1 + extract(second from published_at)::int % 9), null, null, null, now(), sha256(''), sha256('') from comments where version = 2 on conflict do nothing;
		set session_replication_role = origin; analyze`)
	if pg, ok := err.(*pgconn.PgError); ok {
		w.Fatalf("%v: %s", err, pg.Detail)
	}
	w.must(err)
	return c.ArticleID
}

// Under the serving role, the lists are read by the index that was made for them, never by going through all comments.
func TestListsAreReadByTheirIndex(t *testing.T) {
	w := newWorld(t)
	article := w.fill()
	middle := w.middle(article)
	site := w.site.ID
	for _, read := range []struct {
		what, index string
		do          func(s *models.Store) error
	}{
		{"queue", "comments_pending", func(s *models.Store) error {
			_, err := s.Queue(t.Context(), site, models.QueuePage{Lane: models.LanePending, Limit: 50})
			return err
		}},
		{"queue, later page", "comments_pending", func(s *models.Store) error {
			_, err := s.Queue(t.Context(), site, models.QueuePage{Lane: models.LanePending, After: time.Now().Add(time.Hour), AfterID: uuid.New(), Limit: 50})
			return err
		}},
		{"edits", "comments_edited", func(s *models.Store) error {
			_, err := s.Queue(t.Context(), site, models.QueuePage{Lane: models.LaneEdited, Limit: 50})
			return err
		}},
		{"claim", "comments_waiting", func(s *models.Store) error {
			return s.Serve(t.Context(), site, func(tx *models.Tx) error {
				_, err := tx.Claim(t.Context(), site, models.Claim{By: w.actor.ID, Now: time.Now(), Until: time.Now().Add(time.Minute), Limit: 10})
				return err
			})
		}},
		{"thread", "comments_thread", func(s *models.Store) error {
			_, _, err := s.Thread(t.Context(), site, models.ThreadPage{ArticleID: article, Limit: 100})
			return err
		}},
		{"thread, later page", "comments_thread", func(s *models.Store) error {
			_, _, err := s.Thread(t.Context(), site, models.ThreadPage{ArticleID: article, Limit: 100, AfterRoot: middle, AfterPath: middle[:]})
			return err
		}},
		{"newest", "comments_newest", func(s *models.Store) error {
			_, _, err := s.Thread(t.Context(), site, models.ThreadPage{ArticleID: article, Limit: 100, Newest: true})
			return err
		}},
		{"newest, later page", "comments_newest", func(s *models.Store) error {
			_, _, err := s.Thread(t.Context(), site, models.ThreadPage{ArticleID: article, Limit: 100, Newest: true, AfterRoot: middle, AfterPath: middle[:]})
			return err
		}},
		{"overview", "comments_published", func(s *models.Store) error {
			_, err := s.Published(t.Context(), site, models.PublishedPage{Limit: 50})
			return err
		}},
		{"feed of an article", "comments_article_published", func(s *models.Store) error {
			_, err := s.Published(t.Context(), site, models.PublishedPage{ArticleID: uuid.NullUUID{UUID: article, Valid: true}, Limit: 50})
			return err
		}},
		{"my last decision", "ledger_by_actor", func(s *models.Store) error { _, err := s.LastDecision(t.Context(), site, w.actor.ID); return err }},
	} {
		before, whole := w.scans(read.index), w.wholeScans()
		w.fresh(read.do)
		if got := w.scans(read.index); got == before {
			t.Errorf("%s does not use %s", read.what, read.index)
		}
		if got := w.wholeScans(); got != whole {
			t.Errorf("%s goes through a whole table", read.what)
		}
	}
}

// fresh runs a read on connections of its own, which say what they scanned when they are closed.
func (w *world) fresh(do func(s *models.Store) error) {
	w.Helper()
	store, err := models.Open(w.Context(), w.sql.Config().ConnString())
	w.must(err)
	defer store.Close()
	w.must(do(store))
}

func (w *world) scans(index string) (n int64) {
	w.Helper()
	w.settle()
	w.must(w.sql.QueryRow(w.Context(), `select idx_scan from pg_stat_user_indexes where indexrelname = $1`, index).Scan(&n))
	return n
}

func (w *world) wholeScans() (n int64) {
	w.Helper()
	w.must(w.sql.QueryRow(w.Context(), `select sum(seq_scan) from pg_stat_user_tables where relname in ('comments', 'ledger', 'revisions')`).Scan(&n))
	return n
}

// settle waits until no other connection to this database is left: each reports its scans before it goes.
func (w *world) settle() {
	w.Helper()
	ctx, stop := context.WithTimeout(w.Context(), 10*time.Second)
	defer stop()
	for others := 1; others > 0; {
		w.must(w.sql.QueryRow(ctx, `select count(*) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'`).Scan(&others))
	}
	_, err := w.sql.Exec(ctx, `select pg_stat_force_next_flush()`) // of our own scans, which prepared all this
	w.must(err)
	_, err = w.sql.Exec(ctx, `select pg_stat_clear_snapshot()`)
	w.must(err)
}

// middle is the id of a comment somewhere in the thread.
func (w *world) middle(article uuid.UUID) uuid.UUID {
	w.Helper()
	w.flow.Store.Close() // its connections would be waited for
	return uuid.MustParse(w.read(`select id::text from comments where article_id = $1 and public_revision is not null order by path offset 500 limit 1`, article))
}
