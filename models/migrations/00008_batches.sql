-- +goose Up

-- Several comments decided together: which they were is written down first, then each is decided in a transaction and
-- with a ledger entry of its own, that names the batch.
create table batches (
  site_id       uuid not null references sites (id),
  id            uuid not null,
  moderator_id  uuid not null references moderators (id),
  action        text not null,
  rules         text[] not null,
  statement     text not null, -- emptied when the batch is done; what was sent stands in statements
  note          text not null,
  from_template boolean not null,
  undoes        uuid, -- the batch that this one takes back
  created_at    timestamptz not null,
  finished_at   timestamptz,
  primary key (site_id, id),
  foreign key (site_id, undoes) references batches (site_id, id)
);
create unique index batches_undone_once on batches (site_id, undoes) where undoes is not null;

create table batch_items (
  site_id    uuid not null,
  batch_id   uuid not null,
  position   integer not null,
  comment_id uuid not null,
  version    integer not null, -- that was shown
  action     text not null,    -- the batch's, but for what waits below a branch that is removed
  outcome    text check (outcome in ('done', 'refused')),
  refusal    text, -- why: a key of the catalogue
  primary key (site_id, batch_id, position),
  foreign key (site_id, batch_id) references batches (site_id, id),
  foreign key (site_id, comment_id) references comments (site_id, id),
  constraint refused_why check ((outcome = 'refused') = (refusal is not null))
);
create index batch_items_open on batch_items (site_id, batch_id, position) where outcome is null;

-- +goose StatementBegin
do $$
declare t text;
begin
  foreach t in array array['batches', 'batch_items'] loop
    execute format('alter table %I enable row level security', t);
    execute format('create policy by_site on %I to plenum_serve using (site_id = any (app_site_ids()))', t);
  end loop;
end $$;
-- +goose StatementEnd
grant select, insert on batches, batch_items to plenum_serve;
grant update (finished_at, statement, note) on batches to plenum_serve;
grant update (outcome, refusal) on batch_items to plenum_serve;
