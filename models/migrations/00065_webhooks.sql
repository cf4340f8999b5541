-- +goose Up

-- Where a site wants to be told of what happens to comments. Its secret signs what is told, so it is sealed under
-- PLENUM_SECRET and not hashed.
create table webhooks (
  site_id       uuid not null references sites (id),
  id            uuid not null,
  url           text not null check (char_length(url) <= 1000),
  events        text[] not null check (cardinality(events) > 0), -- words of moderation/webhook.go
  state         text not null default 'on' check (state in ('on', 'off', 'stopped')), -- stopped: by the program, after it failed for long
  sealed        bytea not null,
  sealed_before bytea,       -- the secret before, which signs too for a while
  before_until  timestamptz,
  failing_since timestamptz, -- null: the last call was taken
  created_at    timestamptz not null,
  created_by    uuid not null references moderators (id),
  primary key (site_id, id),
  constraint secret_before check ((sealed_before is null) = (before_until is null))
);

-- One event for one webhook: written with what it is about, by the transaction that writes the job which tells it. It holds
-- ids and words of ours; what else is told is read when it is told.
create table webhook_deliveries (
  site_id    uuid not null,
  id         uuid not null, -- the same at each try
  webhook_id uuid not null,
  event      text not null check (char_length(event) <= 40),
  comment_id uuid, -- null: a test
  entry      uuid, -- in the log; null: something that has none there
  state      text not null default 'waiting' check (state in ('waiting', 'told', 'failed')),
  attempts   integer not null default 0 check (attempts >= 0),
  tried_at   timestamptz,
  code       integer, -- that the last try was answered with; null: it was not answered
  millis     integer check (millis >= 0), -- until that answer
  created_at timestamptz not null,
  primary key (site_id, id),
  foreign key (site_id, webhook_id) references webhooks (site_id, id) on delete cascade,
  foreign key (site_id, comment_id) references comments (site_id, id),
  foreign key (site_id, entry) references ledger (site_id, id),
  constraint answer_with_its_time check ((code is null) = (millis is null)),
  constraint told_after_a_try check (state <> 'told' or tried_at is not null)
);
create index webhook_deliveries_newest on webhook_deliveries (site_id, webhook_id, created_at desc, id desc);
create index webhook_deliveries_old on webhook_deliveries (site_id, created_at);

-- +goose StatementBegin
do $$
declare t text;
begin
  foreach t in array array['webhooks', 'webhook_deliveries'] loop
    execute format('alter table %I enable row level security', t);
    execute format('create policy by_site on %I to plenum_serve using (site_id = any (app_site_ids()))', t);
  end loop;
end $$;
-- +goose StatementEnd
grant select, insert, delete on webhooks, webhook_deliveries to plenum_serve;
grant update (url, events, state, sealed, sealed_before, before_until, failing_since) on webhooks to plenum_serve;
grant update (state, attempts, tried_at, code, millis) on webhook_deliveries to plenum_serve;
