-- +goose Up

-- A site can end. From then on whoever serves sees it no more, on any replica, and the rows are deleted afterwards by the
-- schema's owner, however long that takes. The serving role may neither write this column nor delete from any log.
alter table sites add column ended_at timestamptz; -- null: it lives
alter policy found on sites using (ended_at is null);
alter policy by_site on sites using (ended_at is null and id = any (app_site_ids()));

-- +goose StatementBegin
create or replace function tell_of_site() returns trigger language plpgsql as $$
begin
  perform pg_notify('plenum_hints', json_build_object('site', new.id, 'whole', true, 'ended', new.ended_at is not null)::text);
  return null;
end $$;

-- The one way through an append-only log: the site has ended, and whoever deletes has the powers of the table's owner.
create function site_is_over(site uuid, log oid) returns boolean language sql stable as
  $$ select pg_has_role(relowner, 'usage') and exists (select from sites where id = site and ended_at is not null) from pg_class where oid = log $$;

create or replace function refuse_change() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' then
    if site_is_over(old.site_id, tg_relid) then
      return old;
    end if;
  end if;
  raise exception '% is append-only', tg_table_name using errcode = 'restrict_violation';
end $$;

create or replace function statements_erase() returns trigger language plpgsql as $$
begin
  if not site_is_over(old.site_id, tg_relid) and not exists (select from ledger l join ledger e on e.site_id = l.site_id and e.kind = 'erasure'
        and (e.comment_id = l.comment_id or e.author_id = l.author_id)
      where l.site_id = old.site_id and l.id = old.entry_id) then
    raise exception 'a statement goes only by the erasure of what it is about' using errcode = 'restrict_violation';
  end if;
  return old;
end $$;
-- +goose StatementEnd
