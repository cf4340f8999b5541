-- +goose Up

-- How often one asker may ask for one thing: a bucket each, by the generic cell rate algorithm. The key is an HMAC under
-- PLENUM_SECRET of what is asked for and by whom, so no address stands here. Unlogged, because a crash may forget it: the
-- limits then begin anew. The site is all zeros for what is asked of no site, as the desk's door.
create unlogged table limits (
  site_id uuid not null,
  key     bytea not null check (octet_length(key) = 32),
  free_at timestamptz not null, -- when the bucket is whole again; then the row says nothing more, and is swept
  primary key (site_id, key)
);
create index limits_swept on limits (free_at);
alter table limits enable row level security;
create policy by_site on limits to plenum_serve using (site_id = any (app_site_ids()));
grant select, insert, update (free_at) on limits to plenum_serve;

-- Of one network or address: so many comments at once, and then one in so many seconds. Beyond it a proof of work is
-- asked for, and six times as many are taken.
alter table sites
  add column limit_burst   integer not null default 5 check (limit_burst between 1 and 1000),
  add column limit_seconds integer not null default 30 check (limit_seconds between 1 and 3600),
  add constraint limits_live_a_day check (limit_burst * limit_seconds <= 23 * 3600);
