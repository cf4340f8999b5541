-- +goose Up

-- What one person may decide in bulk, and take down of what is public, so that an account that was taken over does no
-- more before somebody sees it. One by one, people approve and refuse as many as they like.
alter table sites
  add column bulk_hour     integer not null default 1000 check (bulk_hour > 0),  -- decisions in an hour, beyond which none are made in bulk
  add column bulk_day      integer not null default 5000 check (bulk_day > 0),   -- the same in a day
  add column removals_hour integer not null default 60 check (removals_hour > 0); -- public comments taken down in an hour

-- Somebody decided far more in an hour than is usual on the site: an alarm, raised once until it is over.
create table sprees (
  site_id      uuid not null references sites (id),
  id           uuid not null,
  moderator_id uuid not null references moderators (id), -- who may have left the staff since
  kind         text not null check (kind in ('approved', 'taken_down')),
  count        integer not null check (count > 0),       -- the most in an hour
  usual        integer not null check (usual >= 0),      -- what all of the staff do in a day, by the mean of four weeks
  started_at   timestamptz not null,                     -- the first of that hour's decisions
  last_at      timestamptz not null,
  over         boolean not null default false,           -- nothing unusual for an hour
  primary key (site_id, id),
  constraint begins_first check (started_at <= last_at)
);
create unique index sprees_one on sprees (site_id, moderator_id, kind) where not over;
create index sprees_newest on sprees (site_id, last_at desc, id desc);
alter table sprees enable row level security;
create policy by_site on sprees to plenum_serve using (site_id = any (app_site_ids()));
grant select, insert, update (count, usual, last_at, over) on sprees to plenum_serve;

-- A batch that takes back what one person decided in a time, whoever ordered it.
alter table batches add column spree_of uuid references moderators (id);
