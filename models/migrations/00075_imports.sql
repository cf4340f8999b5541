-- +goose Up

-- What was written elsewhere comes in by an entry of its own kind: it was public or refused where it comes from, and
-- nobody here has decided that. Its note says from where, and by whom.
-- The known kinds and actions are extended as they are found, so that no other step depends on this one's list.
-- +goose StatementBegin
do $$
declare known text;
begin
  select pg_get_expr(conbin, conrelid) into strict known from pg_constraint
    where conrelid = 'ledger'::regclass and conname = 'known_action';
  alter table ledger drop constraint known_action;
  execute format('alter table ledger add constraint known_action check (action = ''import'' or %s) not valid', known);
  select pg_get_expr(conbin, conrelid) into strict known from pg_constraint
    where conrelid = 'ledger'::regclass and conname = 'ledger_kind_check';
  alter table ledger drop constraint ledger_kind_check;
  execute format('alter table ledger add constraint ledger_kind_check check (kind = ''import'' or %s) not valid', known);
end $$;
-- +goose StatementEnd
alter table ledger add constraint import_imports check ((kind = 'import') = (action = 'import')) not valid;

-- Which comment of which source a comment is, so that it comes in once. No name of either is kept, only a hash.
create table imported (
  site_id    uuid not null,
  source     bytea not null check (octet_length(source) = 32), -- SHA-256 of the source and of the comment's key in there
  comment_id uuid not null,
  primary key (site_id, source),
  foreign key (site_id, comment_id) references comments (site_id, id)
);
alter table imported enable row level security;
create policy by_site on imported to plenum_serve using (site_id = any (app_site_ids()));
grant select, insert on imported to plenum_serve;
