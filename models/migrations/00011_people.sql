-- +goose Up

-- What a moderator lays on an author, each with an entry of the ledger: a warning, to be acknowledged with the next
-- comment; a pause; a ban of an address; a ban of a network. In force until its end, or until somebody lifts it.
create table sanctions (
  site_id         uuid not null references sites (id),
  id              uuid not null,
  author_id       uuid not null,
  kind            text not null check (kind in ('warn', 'pause', 'ban', 'network')),
  comment_id      uuid, -- the occasion
  until           timestamptz,
  network_hash    bytea check (octet_length(network_hash) = 32), -- HMAC under PLENUM_SECRET; emptied once the ban is over
  entry           uuid not null,
  created_at      timestamptz not null,
  acknowledged_at timestamptz, -- the author has read the warning
  lifted          uuid,        -- the entry that ended it early
  primary key (site_id, id),
  unique (site_id, entry),
  foreign key (site_id, author_id) references authors (site_id, id),
  foreign key (site_id, comment_id) references comments (site_id, id),
  foreign key (site_id, entry) references ledger (site_id, id),
  foreign key (site_id, lifted) references ledger (site_id, id),
  constraint warning_has_no_end check (kind <> 'warn' or until is null),
  constraint only_warnings_are_read check (kind = 'warn' or acknowledged_at is null),
  constraint pause_and_network_end check (kind not in ('pause', 'network') or until is not null),
  constraint network_of_a_network check (kind = 'network' or network_hash is null)
);
create index sanctions_by_author on sanctions (site_id, author_id, created_at);
create index sanctions_by_network on sanctions (site_id, network_hash) where network_hash is not null;

-- From which network a comment came, as a keyed hash only, for two weeks: long enough to ban a network or to tell one
-- reader without an address from another.
create table comment_networks (
  site_id      uuid not null,
  comment_id   uuid not null,
  network_hash bytea not null check (octet_length(network_hash) = 32),
  created_at   timestamptz not null,
  primary key (site_id, comment_id),
  foreign key (site_id, comment_id) references comments (site_id, id)
);
create index comment_networks_newest on comment_networks (site_id, network_hash, created_at);
create index comment_networks_age on comment_networks (created_at);

-- An author's comments, newest first: what the desk lists of them.
drop index comments_by_author;
create index comments_by_author on comments (site_id, author_id, created_at desc, id desc);

-- What editors set of an article. A day count of 0 keeps it open whatever the site has; null is the site's own.
alter table sites add column close_after_days integer check (close_after_days between 1 and 3650); -- null: articles stay open
alter table articles
  add column lead             text not null default '' check (char_length(lead) <= 2000),
  add column closes_at        timestamptz,
  add column close_after_days integer check (close_after_days between 0 and 3650), -- from created_at on
  add column slow_minutes     integer not null default 0 check (slow_minutes between 0 and 1440), -- one comment per author in so many
  add column notice           text not null default '' check (char_length(notice) <= 1000); -- above the thread, as plain text
create index articles_newest on articles (site_id, created_at desc, id desc);

-- +goose StatementBegin
do $$
declare t text;
begin
  foreach t in array array['sanctions', 'comment_networks'] loop
    execute format('alter table %I enable row level security', t);
    execute format('create policy by_site on %I to plenum_serve using (site_id = any (app_site_ids()))', t);
  end loop;
end $$;
-- +goose StatementEnd
grant select, insert on sanctions, comment_networks to plenum_serve;
grant update (acknowledged_at, lifted) on sanctions to plenum_serve;
grant update (section, lead, closes_at, close_after_days, slow_minutes, notice) on articles to plenum_serve;
