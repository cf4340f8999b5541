-- +goose Up

-- What the desk does beyond deciding a comment is logged in the same chain: a sanction is about an author, a change of
-- an article's settings about an article. An entry is about exactly one of the three.
alter table ledger
  alter column comment_id drop not null,
  alter column version drop not null,
  alter column revision drop not null,
  alter column status drop not null,
  add column author_id   uuid,        -- warned, paused, banned
  add column article_id  uuid,        -- opened, closed, slowed, given a notice
  add column batch_id    uuid,        -- decided together with others
  add column until       timestamptz, -- the end of a pause, a ban or a setting aside
  add column assigned_to uuid references moderators (id), -- passed to a colleague; null: to the editors
  add column appealed    uuid,        -- the decision that an appeal was about
  add foreign key (site_id, author_id) references authors (site_id, id),
  add foreign key (site_id, article_id) references articles (site_id, id),
  add foreign key (site_id, appealed) references ledger (site_id, id),
  drop constraint ledger_action_check,
  drop constraint grounds,
  add constraint known_action check (action in (
    'approve', 'reject', 'spam', 'remove', 'keep', 'restore', 'reopen', 'undo', -- of a comment: its state
    'pass', 'set_aside', 'feature', 'unfeature', 'uphold', 'overturn',          -- of a comment: how it is dealt with
    'edit', 'withdraw',                                                         -- by the author
    'warn', 'pause', 'ban', 'lift',                                             -- of an author
    'article')),                                                                -- of an article
  add constraint grounds check (action not in ('reject', 'remove', 'warn', 'pause', 'ban') or cardinality(rules) > 0),
  add constraint about_one check (num_nonnulls(comment_id, author_id, article_id) = 1),
  add constraint about_a_comment_whole check (num_nonnulls(comment_id, version, revision, status) in (0, 4)),
  add constraint appeal_names_what check ((action in ('uphold', 'overturn')) = (appealed is not null));
create index ledger_by_author on ledger (site_id, author_id, seq desc) where author_id is not null;
create index ledger_by_batch on ledger (site_id, batch_id) where batch_id is not null;

-- How the desk deals with what waits. rank_at is waiting_since and the target, less the minutes of priority.
alter table comments
  add column waiting_since   timestamptz not null default now(), -- when what waits was sent
  add column priority        integer not null default 0 check (priority between 0 and 60), -- minutes that triage moves it forward
  add column set_aside_until timestamptz,
  add column passed_to       uuid references moderators (id),
  add column passed_role     text check (passed_role in ('editor')),
  add column featured_at     timestamptz,
  add constraint passed_to_one check (num_nonnulls(passed_to, passed_role) <= 1),
  add constraint featured_is_public check (featured_at is null or public_revision is not null);
update comments set waiting_since = created_at;
alter table comments alter column waiting_since drop default;
create index comments_set_aside on comments (site_id, set_aside_until, id) where set_aside_until is not null;
create index comments_featured on comments (site_id, article_id, featured_at) where featured_at is not null;
grant update (waiting_since, priority, set_aside_until, passed_to, passed_role, featured_at) on comments to plenum_serve;

-- +goose StatementBegin
create or replace function comments_guard() returns trigger language plpgsql as $$
begin
  if new.version = old.version then
    if (new.status, new.entry, new.revision, new.public_revision, new.held_revision, new.published_at, new.featured_at,
        new.set_aside_until, new.passed_to, new.passed_role)
       is distinct from (old.status, old.entry, old.revision, old.public_revision, old.held_revision, old.published_at, old.featured_at,
        old.set_aside_until, old.passed_to, old.passed_role) then
      raise exception 'a comment''s state changes only with its next version' using errcode = 'check_violation';
    end if;
  elsif new.version <> old.version + 1 or new.entry is not distinct from old.entry then
    raise exception 'a comment''s version grows by one, with an entry of its own' using errcode = 'check_violation';
  end if;
  return new;
end $$;

-- As before; an entry that has one of the newer columns has them behind, one a line.
create or replace function ledger_chain() returns trigger language plpgsql as $$
declare head ledger_heads;
begin
  select * into strict head from ledger_heads where site_id = new.site_id for update;
  new.seq := head.count + 1;
  new.prev_hash := head.hash;
  new.hash := sha256(new.prev_hash || convert_to(array_to_string(array[
    new.site_id::text, new.seq::text, new.id::text, new.kind, new.action, new.comment_id::text, new.version::text,
    new.revision::text, new.status, new.public_revision::text, new.held_revision::text, new.rules_version::text,
    array_to_string(new.rules, ','), new.actor_id::text, new.undoes::text, encode(new.statement_hash, 'hex'),
    encode(new.note_hash, 'hex'), (extract(epoch from new.created_at) * 1000000)::bigint::text], E'\n', '')
    || case when num_nonnulls(new.author_id, new.article_id, new.batch_id, new.until, new.assigned_to, new.appealed) = 0 then ''
       else E'\n' || array_to_string(array[new.author_id::text, new.article_id::text, new.batch_id::text,
         (extract(epoch from new.until) * 1000000)::bigint::text, new.assigned_to::text, new.appealed::text], E'\n', '') end, 'UTF8'));
  update ledger_heads set count = new.seq, hash = new.hash, mac = null where site_id = new.site_id;
  return new;
end $$;
-- +goose StatementEnd
