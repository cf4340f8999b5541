-- +goose Up

create index comments_received on comments (site_id, created_at);
create index reports_received on reports (site_id, created_at);
create index appeals_received on appeals (site_id, created_at);
create index ledger_undone on ledger (site_id, undoes) where undoes is not null;

-- The signed end of each site's log as it stood on a day, for the transparency page: whoever cuts the log off later is
-- contradicted by what was published.
create table ledger_days (
  site_id uuid not null references sites (id),
  day     date not null, -- UTC
  count   bigint not null,
  hash    bytea not null check (octet_length(hash) = 32),
  mac     bytea not null check (octet_length(mac) = 32),
  primary key (site_id, day)
);
create trigger append_only before update or delete on ledger_days for each row execute function refuse_change();
create trigger no_truncate before truncate on ledger_days for each statement execute function refuse_change();
alter table ledger_days enable row level security;
create policy by_site on ledger_days to plenum_serve using (site_id = any (app_site_ids()));
grant select, insert on ledger_days to plenum_serve;
