-- +goose Up

-- Erasure wipes what somebody wrote and who they are. The place in the thread, the facts of each decision and the totals
-- stay. Each comment that is erased gets an entry of the ledger, and so does its author where the address is erased.
-- The known actions are extended as they are found, so that no other step depends on this one's list.
-- +goose StatementBegin
do $$
declare known text;
begin
  select pg_get_expr(conbin, conrelid) into strict known from pg_constraint
    where conrelid = 'ledger'::regclass and conname = 'known_action';
  alter table ledger drop constraint known_action;
  execute format('alter table ledger add constraint known_action check (action = ''erase'' or %s)', known);
end $$;
-- +goose StatementEnd
alter table ledger add constraint erasure_erases check ((kind = 'erasure') = (action = 'erase'));
create index ledger_erasures on ledger (site_id, comment_id, author_id) where kind = 'erasure';

-- What is erased is withdrawn, and has neither name nor text.
alter table comments
  add column erased_at timestamptz,
  drop constraint comments_author_name_check,
  add constraint author_name_length check (char_length(author_name) <= 80),
  add constraint named_unless_erased check ((author_name = '') = (erased_at is not null)),
  add constraint erased_is_over check (erased_at is null or status = 'withdrawn' and author_url = '');
alter table revisions
  add column erased_at timestamptz,
  drop constraint revisions_body_check,
  add constraint body_length check (char_length(body) <= 10000),
  add constraint written_unless_erased check ((body = '') = (erased_at is not null)),
  add constraint erased_whole check (erased_at is null or html = '');

-- The keyed hash may outlive the address: while a ban of it is in force, and to find the comments that are left.
alter table authors
  drop constraint authors_check,
  add constraint address_has_hash check (email is null or address_hash is not null);

-- +goose StatementBegin
create function comments_erase() returns trigger language plpgsql as $$
begin
  if (new.author_name, new.author_url, new.erased_at) is distinct from (old.author_name, old.author_url, old.erased_at) and
     (old.erased_at is not null or new.erased_at is null or not exists (select from ledger l
        where l.site_id = new.site_id and l.id = new.entry and l.kind = 'erasure')) then
    raise exception 'a comment''s author changes only by erasure, with its entry' using errcode = 'check_violation';
  end if;
  return new;
end $$;

create function revisions_erase() returns trigger language plpgsql as $$
begin
  if old.erased_at is not null or new.erased_at is null
     or (new.site_id, new.comment_id, new.number, new.created_at) is distinct from (old.site_id, old.comment_id, old.number, old.created_at)
     or not exists (select from comments c where c.site_id = new.site_id and c.id = new.comment_id and c.erased_at is not null) then
    raise exception 'a text changes only by the erasure of its comment' using errcode = 'check_violation';
  end if;
  return new;
end $$;

create function statements_erase() returns trigger language plpgsql as $$
begin
  if not exists (select from ledger l join ledger e on e.site_id = l.site_id and e.kind = 'erasure'
        and (e.comment_id = l.comment_id or e.author_id = l.author_id)
      where l.site_id = old.site_id and l.id = old.entry_id) then
    raise exception 'a statement goes only by the erasure of what it is about' using errcode = 'restrict_violation';
  end if;
  return old;
end $$;
-- +goose StatementEnd
create trigger erase before update of author_name, author_url, erased_at on comments for each row execute function comments_erase();
create trigger erase before update on revisions for each row execute function revisions_erase();
create trigger erase before delete on statements for each row execute function statements_erase();

-- What was erased, by ids alone: a backup that is restored is brought up to this list before it serves anybody.
create table erasures (
  site_id    uuid not null references sites (id),
  kind       text not null check (kind in ('comment', 'author', 'report', 'subscription')),
  subject    uuid not null, -- the comment's, author's, report's or subscription's id
  created_at timestamptz not null,
  primary key (site_id, kind, subject)
);

-- Somebody asked what is kept under an address: the link that is mailed there is good for a short while, and for each of
-- its two uses once. The row is made for any address; whether there is anything to send is found out by the job.
create table inquiries (
  site_id      uuid not null references sites (id),
  id           uuid not null,
  address_hash bytea not null check (octet_length(address_hash) = 32),
  email        text not null, -- where the link goes
  locale       text not null check (locale in ('de', 'en')),
  created_at   timestamptz not null,
  expires_at   timestamptz not null, -- and is deleted soon after
  exported_at  timestamptz, -- its data was handed out
  erased_at    timestamptz, -- what was under the address is erased
  primary key (site_id, id)
);
create index inquiries_newest on inquiries (site_id, address_hash, created_at);

create index reports_by_address on reports (site_id, address_hash) where address_hash is not null;

-- +goose StatementBegin
do $$
declare t text;
begin
  foreach t in array array['erasures', 'inquiries'] loop
    execute format('alter table %I enable row level security', t);
    execute format('create policy by_site on %I to plenum_serve using (site_id = any (app_site_ids()))', t);
  end loop;
end $$;
-- +goose StatementEnd
grant select, insert on erasures to plenum_serve;
grant select, insert, delete, update (exported_at, erased_at) on inquiries to plenum_serve;
grant update (author_name, author_url, erased_at) on comments to plenum_serve;
grant update (body, html, erased_at) on revisions to plenum_serve;
grant update (email, address_hash) on authors to plenum_serve;
grant update (text, name, email, address_hash) on reports to plenum_serve;
grant update (text) on appeals to plenum_serve;
grant delete on statements, signals, search_words, comment_networks to plenum_serve;
