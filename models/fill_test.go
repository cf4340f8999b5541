package models_test

import "github.com/google/uuid"

// fill makes 20,000 comments under one article and as many under 400 others, by 2,000 authors: every other one public,
// every tenth with a held edit, every third public one a reply, decided by ten moderators, and told to 20,000 followers;
// somebody agrees with every third. Without the guards, as only the rows matter here.
func (w *world) fill() (article uuid.UUID) {
	w.Helper()
	c, err := w.flow.Store.Comment(w.Context(), w.site.ID, w.comment("the first", true))
	w.must(err)
	_, err = w.sql.Exec(w.Context(), `set session_replication_role = replica;
		insert into articles (site_id, id, key, url, title, created_at)
			select site_id, gen_random_uuid(), 'other ' || n, '', '', now() from articles, generate_series(1, 400) n;
		insert into authors (site_id, id, created_at) select id, gen_random_uuid(), now() from sites, generate_series(1, 2000);
		create temp table numbered as select id, row_number() over () as n from authors;
		create temp table under as select id, row_number() over () - 1 as n from articles where key <> 'a';
		insert into comments (site_id, id, article_id, root_id, path, depth, author_id, author_name, locale, rules_version, status, version, entry,
			revision, public_revision, held_revision, created_at, published_at, rank_at, waiting_since)
		select f.site_id, g.id, case when g.n <= 20000 then f.article_id else u.id end, g.id, decode(replace(g.id::text, '-', ''), 'hex'), 0, a.id, 'Ann', 'de', 1,
			case when g.n % 2 = 0 then 'approved' else 'pending' end, case when g.n % 2 = 0 then 2 else 1 end, case when g.n % 2 = 0 then gen_random_uuid() end,
			2, case when g.n % 2 = 0 then 1 end, case when g.n % 2 = 1 or g.n % 10 = 0 then 2 end, now(),
			case when g.n % 2 = 0 then now() - g.n * interval '1 s' end, now() + g.n * interval '1 s', now()
		from (select * from comments limit 1) f, (select n, gen_random_uuid() as id from generate_series(1, 40000) n) g
			join numbered a on a.n = g.n % 2000 + 1 join under u on u.n = g.n % 400;
		update comments c set parent_id = p.id, root_id = p.id, path = p.path || c.path, depth = 1
			from (select id, path, article_id, row_number() over (partition by article_id order by id) as n from comments where public_revision is not null) p,
				(select id, article_id, row_number() over (partition by article_id order by id desc) as n from comments where public_revision is not null) r
			where r.id = c.id and p.article_id = r.article_id and p.n = r.n and r.n % 3 = 0 and p.id < c.id;
		insert into revisions select site_id, id, r, 'text', '<p>text</p>', 1, now() from comments, generate_series(1, 2) r on conflict do nothing;
		insert into ledger select site_id, row_number() over () + 10, gen_random_uuid(), 'decision', 'approve', id, 2, 1, 'approved', 1, null, 1, '{}',
			case when random() < 0.1 then '`+w.actor.ID.String()+`'::uuid else ('00000000-0000-7000-8000-00000000000' || floor(random() * 9))::uuid end,
			null, null, null, now(), sha256(''), sha256('') from comments where version = 2 on conflict do nothing;
		insert into report_cases select site_id, gen_random_uuid(), id, 1, created_at, created_at from (select *, row_number() over () as n from comments where public_revision is not null) c where n % 4 = 0;
		insert into appeals select site_id, gen_random_uuid(), id, entry, gen_random_uuid(), 'No.', created_at, created_at from (select *, row_number() over () as n from comments where entry is not null) c where n % 4 = 1;
		insert into search_words select site_id, id, words_of('de', 'Ann', case when n % 4000 = 0 then 'eine Nachtigall' else 'nur ein Text' end) from (select *, row_number() over () as n from comments) c on conflict do nothing;
		insert into sanctions select f.site_id, gen_random_uuid(), n.id, case when n.n % 2 = 0 then 'network' else 'ban' end, null, now(), case when n.n % 2 = 0 then sha256(n.id::text::bytea) end, gen_random_uuid(), now() from (select * from comments limit 1) f, numbered n;
		insert into comment_networks select site_id, id, sha256((id::text || 'n')::bytea), created_at from comments;
		insert into followers select f.site_id, gen_random_uuid(), sha256(n::text::bytea), n || '@example.org', now() from (select * from comments limit 1) f, generate_series(1, 20000) n;
		insert into subscriptions select site_id, gen_random_uuid(), id, case when n % 2 = 0 then 'site' else 'article' end, case when n % 2 = 0 then '' else 'other ' || n % 400 end,
			case when n % 10 = 0 then 'daily' else 'once' end, 'de', now(), now(), now() - interval '1 day' from (select *, row_number() over () as n from followers) f;
		insert into follow_ups select f.site_id, c.id, f.id, gen_random_uuid(), gen_random_uuid(), now(), case when f.n % 10 = 0 then now() end, null, case when f.n % 200 > 0 then now() end
			from (select *, row_number() over () as n from followers) f, (select id from comments where public_revision is not null limit 3) c;
		insert into agreements select site_id, article_id, id, depth, 1 + n % 50 from (select *, row_number() over () as n from comments where public_revision is not null) c where n % 3 = 0;
		insert into agreement_marks select site_id, id, current_date, sha256(id::text::bytea) from comments where public_revision is not null;
		set session_replication_role = origin; select gin_clean_pending_list('search_words_found'); analyze`) // a list that waits to be indexed makes the index look dear
	w.must(err)
	return c.ArticleID
}
