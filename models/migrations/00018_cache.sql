-- +goose Up

-- For how long a shared cache (a CDN) before the program may keep a site's public pages without asking: the site's own
-- choice, because what is taken down stays up there for as long. 0: it asks each time.
alter table sites add shared_cache_seconds integer not null default 0 check (shared_cache_seconds between 0 and 86400);

-- Replicas answer readers from memory until they hear of a change. They hear of it from the rows themselves, so that no
-- way to change what is public can forget to say so; the notification arrives when the transaction commits. Several of
-- one transaction about the same thread are one.
-- +goose StatementBegin
create function tell_of_thread() returns trigger language plpgsql as $$
begin
  perform pg_notify('plenum_hints', json_build_object('site', new.site_id, 'article', new.key)::text);
  return null;
end $$;

create function tell_of_site() returns trigger language plpgsql as $$
begin
  perform pg_notify('plenum_hints', json_build_object('site', new.id, 'whole', true)::text);
  return null;
end $$;

create function tell_of_rules() returns trigger language plpgsql as $$
begin
  perform pg_notify('plenum_hints', json_build_object('site', new.site_id, 'whole', true)::text);
  return null;
end $$;
-- +goose StatementEnd
create trigger tell_of_new after insert on articles for each row when (new.version > 1) execute function tell_of_thread();
create trigger tell after update of version on articles for each row when (new.version <> old.version) execute function tell_of_thread();
create trigger tell after update on sites for each row execute function tell_of_site();
create trigger tell after insert on rule_versions for each row execute function tell_of_rules();
