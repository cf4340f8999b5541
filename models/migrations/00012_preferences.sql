-- +goose Up

-- How a moderator likes the desk. Single keys can be switched off (WCAG 2.2, 2.1.4).
alter table moderators
  add column single_keys text not null default 'on' check (single_keys in ('on', 'off')),
  add column scheme      text not null default 'system' check (scheme in ('system', 'light', 'dark'));
grant update (single_keys, scheme) on moderators to plenum_serve;

-- What a moderator wants a mail about: that something waits where nothing did, or that the site's promise is broken.
-- told_at is when it was last said; it is said again only after it was over.
create table alerts (
  site_id      uuid not null,
  moderator_id uuid not null,
  kind         text not null check (kind in ('waiting', 'late')),
  told_at      timestamptz,
  over_at      timestamptz, -- since when it is over again; null: it was not, since it was told
  primary key (site_id, moderator_id, kind),
  foreign key (site_id, moderator_id) references memberships (site_id, moderator_id) on delete cascade,
  constraint over_after_told check (over_at is null or told_at is not null)
);
alter table alerts enable row level security;
create policy by_site on alerts to plenum_serve using (site_id = any (app_site_ids()));
grant select, insert, delete, update (told_at, over_at) on alerts to plenum_serve;
