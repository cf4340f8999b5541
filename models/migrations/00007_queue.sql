-- +goose Up

-- plenum_search finds words. Under row security the operator @@ reaches no index, so the rows of one table are open to
-- this role alone, which may only read that table; what it finds is then read as plenum_serve, by site.
-- +goose StatementBegin
do $$
begin
  perform pg_advisory_xact_lock(hashtext('plenum_search'));
  if not exists (select from pg_roles where rolname = 'plenum_search') then
    create role plenum_search nologin;
  end if;
  if not pg_has_role(current_user, 'plenum_search', 'member') then
    execute format('grant plenum_search to %I', current_user);
  end if;
exception when insufficient_privilege then
  raise exception 'the role plenum_search is missing and % may not create it', current_user
    using hint = 'run "plenum doctor": it prints the SQL for your database administrator';
end $$;
-- +goose StatementEnd
grant usage on schema public to plenum_search;

-- Every order of what waits is an index: by the promise (00001), by age in both directions, by priority.
-- urgency turns priority round, so that all three columns of its index rise.
alter table comments add column urgency integer not null generated always as (-priority) stored;
create index comments_waiting_age on comments (site_id, status, waiting_since, id) where held_revision is not null;
create index comments_waiting_priority on comments (site_id, status, urgency, rank_at, id) where held_revision is not null;
create index comments_waiting_article on comments (site_id, article_id, rank_at, id) where held_revision is not null;
create index comments_claimed on comments (site_id, claimed_by, claimed_until) where claimed_by is not null;
create index comments_passed on comments (site_id, passed_to) where passed_to is not null;
create index comments_passed_role on comments (site_id, passed_role) where passed_role is not null;
create index report_cases_open_age on report_cases (site_id, opened_at, id) where entry is null;
create index appeals_open_age on appeals (site_id, created_at, id) where entry is null;
create index appeals_open_comment on appeals (site_id, comment_id) where entry is null;
create index ledger_decided on ledger (site_id, created_at, id)
  where kind = 'decision' and comment_id is not null and action not in ('pass', 'set_aside');

-- The words of each comment's newest text, in the comment's language, and of its author's name as they are written.
create table search_words (
  site_id    uuid not null,
  comment_id uuid not null,
  words      tsvector not null,
  primary key (site_id, comment_id),
  foreign key (site_id, comment_id) references comments (site_id, id) deferrable initially deferred
);
create index search_words_found on search_words using gin (words);

-- +goose StatementBegin
create function words_of(locale text, name text, body text) returns tsvector language sql stable parallel safe as $$
  select case locale when 'de' then to_tsvector('german', body) else to_tsvector('english', body) end
    || to_tsvector('simple', name)
$$;
create function revisions_words() returns trigger language plpgsql as $$
begin
  insert into search_words (site_id, comment_id, words)
    select c.site_id, c.id, words_of(c.locale, c.author_name, new.body) from comments c
    where c.site_id = new.site_id and c.id = new.comment_id
  on conflict (site_id, comment_id) do update set words = excluded.words;
  return new;
end $$;
-- +goose StatementEnd
create trigger words after insert on revisions for each row execute function revisions_words();
insert into search_words (site_id, comment_id, words)
  select c.site_id, c.id, words_of(c.locale, c.author_name, r.body) from comments c
    join revisions r on r.site_id = c.site_id and r.comment_id = c.id and r.number = c.revision;

alter table search_words enable row level security;
create policy by_site on search_words to plenum_serve using (site_id = any (app_site_ids()));
create policy found on search_words for select to plenum_search using (true);
grant select, insert, update (words) on search_words to plenum_serve;
grant select (site_id, comment_id, words) on search_words to plenum_search;
