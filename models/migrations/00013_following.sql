-- +goose Up

-- Who wants to be told by e-mail: one row per address and site, for as long as something is followed. Deleting it deletes
-- everything below.
create table followers (
  site_id      uuid not null references sites (id),
  id           uuid not null,
  address_hash bytea not null check (octet_length(address_hash) = 32), -- HMAC of the canonical address under PLENUM_SECRET
  email        text not null,
  created_at   timestamptz not null,
  primary key (site_id, id),
  unique (site_id, address_hash)
);

-- What they want to be told of. Until it is confirmed by a link that was mailed to the address, nothing is.
create table subscriptions (
  site_id      uuid not null,
  id           uuid not null,
  follower_id  uuid not null,
  kind         text not null check (kind in ('replies', 'article', 'site')),
  article_key  text not null check (char_length(article_key) <= 512), -- not its id: an article comes to be with its first comment
  pace         text not null check (pace in ('once', 'daily')),
  locale       text not null check (locale in ('de', 'en')), -- of the mails
  created_at   timestamptz not null,
  asked_at     timestamptz not null, -- when a mail last asked to confirm it, or said that it is
  confirmed_at timestamptz,          -- what is published from then on is told
  primary key (site_id, id),
  unique (site_id, follower_id, kind, article_key),
  foreign key (site_id, follower_id) references followers (site_id, id) on delete cascade,
  constraint article_of_an_article check (case kind when 'article' then article_key <> '' when 'site' then article_key = '' else true end)
);
create index subscriptions_told on subscriptions (site_id, kind, article_key, follower_id) where confirmed_at is not null;
create index subscriptions_unconfirmed on subscriptions (site_id, asked_at) where confirmed_at is null;

-- Each comment is told to each follower once: this row says so, and the mail is a job committed with it.
create table follow_ups (
  site_id         uuid not null,
  comment_id      uuid not null,
  follower_id     uuid not null,
  subscription_id uuid not null, -- by which; without a reference, because the row outlives it: what was told stays told
  entry           uuid not null, -- that made the comment public
  created_at      timestamptz not null,
  due_at          timestamptz,   -- of a daily one: its digest's hour; null: at once
  digest_at       timestamptz,   -- when it was put into a digest
  sent_at         timestamptz,   -- null: not told yet, or taken down before it was
  primary key (site_id, comment_id, follower_id),
  foreign key (site_id, comment_id) references comments (site_id, id),
  foreign key (site_id, follower_id) references followers (site_id, id) on delete cascade,
  foreign key (site_id, entry) references ledger (site_id, id),
  constraint digest_of_a_daily check (digest_at is null or due_at is not null)
);
create index follow_ups_by_follower on follow_ups (site_id, follower_id, digest_at);
create index follow_ups_due on follow_ups (site_id, follower_id, due_at) where digest_at is null and sent_at is null and due_at is not null;

-- +goose StatementBegin
do $$
declare t text;
begin
  foreach t in array array['followers', 'subscriptions', 'follow_ups'] loop
    execute format('alter table %I enable row level security', t);
    execute format('create policy by_site on %I to plenum_serve using (site_id = any (app_site_ids()))', t);
  end loop;
end $$;
-- +goose StatementEnd
grant select, insert, delete on followers, subscriptions to plenum_serve;
grant update (email) on followers to plenum_serve; -- to hold the row while what is followed changes
grant update (pace, locale, asked_at, confirmed_at) on subscriptions to plenum_serve;
grant select, insert, update (subscription_id, entry, due_at, digest_at, sent_at) on follow_ups to plenum_serve;
