-- +goose Up

-- What was changed of a site's settings, and by whom: append-only.
create table setting_changes (
  site_id    uuid not null references sites (id),
  id         uuid not null,
  actor_id   uuid references moderators (id), -- null: the command line
  setting    text not null check (setting ~ '^[a-z_]+$'),
  was        text not null check (char_length(was) <= 4000),
  becomes    text not null check (char_length(becomes) <= 4000),
  created_at timestamptz not null,
  primary key (site_id, id)
);
create index setting_changes_newest on setting_changes (site_id, created_at desc, id desc);
alter table setting_changes enable row level security;
create policy by_site on setting_changes to plenum_serve using (site_id = any (app_site_ids()));
create trigger append_only before update or delete on setting_changes for each row execute function refuse_change();
create trigger no_truncate before truncate on setting_changes for each statement execute function refuse_change();

grant select, insert on setting_changes to plenum_serve;
grant update (name, origins, target_minutes, report_target_minutes, appeal_target_minutes, undo_seconds, appeal_days, close_after_days, thread_depth, reaction,
  limit_burst, limit_seconds, require_confirmed, shared_cache_seconds, bulk_hour, bulk_day, removals_hour, purge_url, purge_sealed) on sites to plenum_serve;
