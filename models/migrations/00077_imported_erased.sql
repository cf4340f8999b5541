-- +goose Up

-- What was erased where it comes from comes in by an entry of kind import, erased.
-- +goose StatementBegin
create or replace function comments_erase() returns trigger language plpgsql as $$
begin
  if (new.author_name, new.author_url, new.erased_at) is distinct from (old.author_name, old.author_url, old.erased_at) and
     (old.erased_at is not null or new.erased_at is null or not exists (select from ledger l
        where l.site_id = new.site_id and l.id = new.entry and l.kind in ('erasure', 'import'))) then
    raise exception 'a comment''s author changes only by erasure, with its entry' using errcode = 'check_violation';
  end if;
  return new;
end $$;
-- +goose StatementEnd
