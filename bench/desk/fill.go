package main

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"plenum/models"
	"plenum/moderation"
)

// site is a filled database with the desk of one moderator before it.
type site struct {
	models.Site
	url     string
	store   *models.Store
	flow    *moderation.Flow
	actor   moderation.Actor
	decided time.Duration // what the last decision took
}

// fill makes a database with a site of n comments: one in ten waits, nine of these new and one an edit; one in a
// hundred has an open report, one in two hundred an open appeal, one in a thousand is set aside.
func fill(ctx context.Context, dsn, name string, n int) (*site, error) {
	sql, err := pgx.Connect(ctx, dsn)
	if err != nil {
		return nil, err
	}
	_, err = sql.Exec(ctx, "create database "+name)
	if err := sql.Close(ctx); err != nil {
		return nil, err
	}
	if err != nil {
		return nil, err
	}
	s := &site{url: dsn + " dbname=" + name}
	if s.store, err = models.Open(ctx, s.url); err != nil {
		return nil, err
	}
	if _, err := s.store.Migrate(ctx); err != nil {
		return nil, err
	}
	s.flow = moderation.New(s.store, []byte("a secret of thirty-two characters"))
	if s.Site, err = s.flow.CreateSite(ctx, moderation.NewSite{Slug: "bench", Name: "Bench", Locale: "de", Origins: []string{"https://news.example"}}); err != nil {
		return nil, err
	}
	m := models.Moderator{ID: uuid.Must(uuid.NewV7()), Email: "mo@news.example", Name: "Mo", PasswordHash: "x", Locale: "de", CreatedAt: time.Now()}
	if err := s.store.CreateModerator(ctx, m, s.ID, moderation.RoleEditor); err != nil {
		return nil, err
	}
	s.actor = moderation.Actor{ID: m.ID, Name: m.Name, Email: m.Email, Role: moderation.RoleEditor}
	return s, s.pour(ctx, n)
}

// pour writes the rows with the guards off, as only they matter here.
func (s *site) pour(ctx context.Context, n int) error {
	sql, err := pgx.Connect(ctx, s.url)
	if err != nil {
		return err
	}
	defer sql.Close(ctx)
	for _, statement := range []string{`set session_replication_role = replica`, rows, texts, decisions, cases, `set session_replication_role = origin`, `vacuum analyze`} {
		if statement[0] != 's' && statement != `vacuum analyze` {
			statement = fmt.Sprintf(statement, s.ID, n, s.actor.ID)
		}
		if _, err := sql.Exec(ctx, statement); err != nil {
			return fmt.Errorf("%.60s: %w", statement, err)
		}
	}
	return nil
}

// In each: %[1]s the site, %[2]d the number of comments, %[3]s the moderator.
const (
	rows = `
		insert into articles (site_id, id, key, url, title, created_at)
			select '%[1]s', md5('article' || a)::uuid, 'key ' || a, '', 'Article ' || a, now() from generate_series(0, %[2]d / 50) a;
		insert into authors (site_id, id, created_at) select '%[1]s', md5('author' || a)::uuid, now() from generate_series(0, %[2]d / 20) a;
		insert into comments (site_id, id, article_id, root_id, path, depth, author_id, author_name, locale, rules_version, status, version, entry,
			revision, public_revision, held_revision, created_at, published_at, rank_at, waiting_since, priority, set_aside_until)
		select '%[1]s', g.id, md5('article' || n %% (%[2]d / 50))::uuid, g.id, decode(replace(g.id::text, '-', ''), 'hex'), 0, md5('author' || n %% (%[2]d / 20))::uuid,
			'Ann', 'de', 1, case when n %% 10 <> 0 or n %% 100 = 0 then case when n %% 7 = 1 then 'rejected' else 'approved' end else 'pending' end,
			case when n %% 10 <> 0 or n %% 100 = 0 then 2 else 1 end, case when n %% 10 <> 0 or n %% 100 = 0 then md5('entry' || n)::uuid end,
			2, case when (n %% 10 <> 0 or n %% 100 = 0) and n %% 7 <> 1 then 1 end, case when n %% 100 = 0 and n %% 7 <> 1 or n %% 10 = 0 and n %% 100 <> 0 then 2 end,
			now() - (%[2]d - n) * interval '1 s', case when (n %% 10 <> 0 or n %% 100 = 0) and n %% 7 <> 1 then now() - (%[2]d - n) * interval '1 s' end,
			now() - (%[2]d - n) * interval '1 s' + interval '1 h' - (n %% 13) * interval '1 min', now() - (%[2]d - n) * interval '1 s', n %% 13,
			case when n %% 1000 = 10 then now() + n %% 20000 * interval '1 min' end
		from (select n, overlay(md5(n::text) placing lpad(to_hex(n), 12, '0') from 1)::uuid as id from generate_series(1, %[2]d) n) g`
	texts = `
		insert into revisions (site_id, comment_id, number, body, html, markup_version, created_at)
		select c.site_id, c.id, r, b.body, '<p>' || b.body || '</p>', 1, c.created_at
		from (select *, row_number() over (order by id) as n from comments) c, lateral (select 'Die Häuser am Fluss, Nummer ' || n || ', sind teurer als gedacht; '
			|| 'wer dort wohnt, weiß es seit Jahren. Wort' || n %% 1000 || case when n %% (%[2]d / 20) = 3 then ' Nachtigall' else '' end as body) b,
			generate_series(1, 2) r where r = 1 or c.held_revision = 2 or c.revision = 2;
		insert into search_words (site_id, comment_id, words)
			select c.site_id, c.id, words_of(c.locale, c.author_name, r.body)
			from comments c join revisions r on r.site_id = c.site_id and r.comment_id = c.id and r.number = c.revision`
	decisions = `
		insert into ledger (site_id, seq, id, kind, action, comment_id, version, revision, status, public_revision, held_revision, rules_version, rules,
			actor_id, created_at, prev_hash, hash)
		select site_id, row_number() over (order by id), entry, 'decision', case status when 'approved' then 'approve' else 'reject' end, id, 2, 1, status,
			public_revision, held_revision, 1, case status when 'approved' then '{}'::text[] else '{topic}' end, '%[3]s', created_at, sha256(''), sha256('')
		from comments where version = 2;
		update ledger_heads set count = (select count(*) from ledger) where %[2]d > 0 and site_id = '%[1]s'`
	cases = `
		insert into report_cases (site_id, id, comment_id, revision, opened_at, rank_at)
			select site_id, gen_random_uuid(), id, 1, created_at, created_at + interval '1 day' from
				(select *, row_number() over (order by id) as n from comments where status = 'approved' and held_revision is null) c where n %% 85 = 0 and %[2]d > 0 and '%[3]s' <> '';
		insert into appeals (site_id, id, comment_id, appealed, decider_id, text, created_at, rank_at)
			select site_id, gen_random_uuid(), id, entry, gen_random_uuid(), 'No.', created_at, created_at + interval '7 days' from
				(select *, row_number() over (order by id) as n from comments where status = 'rejected' and site_id = '%[1]s') c where n %% 20 = 0`
)
