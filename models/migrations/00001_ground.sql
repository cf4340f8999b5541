-- +goose Up

-- plenum_serve is the role every serving transaction takes on: no login, no ownership, rows by site only.
-- Roles belong to the whole cluster, so several databases may meet here at once: hence the lock and the check.
-- +goose StatementBegin
do $$
begin
  perform pg_advisory_xact_lock(hashtext('plenum_serve'));
  if not exists (select from pg_roles where rolname = 'plenum_serve') then
    create role plenum_serve nologin;
  end if;
  if not pg_has_role(current_user, 'plenum_serve', 'member') then
    execute format('grant plenum_serve to %I', current_user);
  end if;
exception when insufficient_privilege then
  raise exception 'the role plenum_serve is missing and % may not create it', current_user
    using hint = 'run "plenum doctor": it prints the SQL for your database administrator';
end $$;
-- +goose StatementEnd
grant usage on schema public to plenum_serve;

-- The sites that the running transaction may see, as set_config('app.site_ids', 'id,id', true) named them.
-- nullif, because a pooled connection that once set it shows '' afterwards, not null.
create function app_site_ids() returns uuid[] language sql stable parallel safe as
  $$ select string_to_array(nullif(current_setting('app.site_ids', true), ''), ',')::uuid[] $$;

create table sites (
  id             uuid primary key,
  slug           text not null unique check (slug ~ '^[a-z0-9][a-z0-9-]{1,39}$'
                   and slug not in ('api', 'desk', 'static', 'embed', 'healthz', 'readyz', 'metrics', 'demo', 'admin')),
  name           text not null check (name <> ''),
  locale         text not null check (locale in ('de', 'en')),
  origins        text[] not null check (cardinality(origins) > 0), -- exact scheme://host[:port]
  target_minutes integer not null default 60 check (target_minutes > 0), -- the promise: decided within
  undo_seconds   integer check (undo_seconds >= 0),                     -- null: PLENUM_UNDO
  created_at     timestamptz not null
);

create table articles (
  site_id    uuid not null references sites (id),
  id         uuid not null,
  key        text not null check (char_length(key) between 1 and 512), -- the publisher's own name for it
  url        text not null,
  title      text not null,
  text       text not null default '',
  state      text not null default 'open' check (state in ('open', 'closed')),
  version    bigint not null default 1, -- raised whenever the public thread changes; 1: nothing of it is public yet, nor its address and title
  created_at timestamptz not null,
  primary key (site_id, id),
  unique (site_id, key)
);

-- One author per address and site, else one per comment. The address itself is here and nowhere else.
create table authors (
  site_id      uuid not null references sites (id),
  id           uuid not null,
  address_hash bytea check (octet_length(address_hash) = 32), -- HMAC of the canonical address under PLENUM_SECRET
  email        text check ((email is null) = (address_hash is null)),
  created_at   timestamptz not null,
  primary key (site_id, id),
  unique (site_id, address_hash)
);

create table rule_versions (
  site_id      uuid not null references sites (id),
  version      integer not null check (version > 0),
  published_at timestamptz not null,
  published_by uuid, -- a moderator; null: the command line
  primary key (site_id, version)
);

create table rule_intros (
  site_id uuid not null,
  version integer not null,
  locale  text not null check (locale in ('de', 'en')),
  intro   text not null,
  primary key (site_id, version, locale),
  foreign key (site_id, version) references rule_versions (site_id, version)
);

create table rules (
  site_id  uuid not null,
  version  integer not null,
  locale   text not null,
  number   integer not null check (number between 1 and 9), -- the key that rejects under it
  code     text not null check (code ~ '^[a-z][a-z0-9-]{0,39}$'),
  title    text not null check (title <> ''),
  text     text not null check (text <> ''),
  primary key (site_id, version, locale, number),
  unique (site_id, version, locale, code),
  foreign key (site_id, version, locale) references rule_intros (site_id, version, locale)
);

create table moderators (
  id            uuid primary key,
  email         text not null unique,
  name          text not null check (name <> ''),
  password_hash text not null, -- argon2id, PHC string
  locale        text not null check (locale in ('de', 'en')),
  created_at    timestamptz not null
);

create table memberships (
  site_id      uuid not null references sites (id),
  moderator_id uuid not null references moderators (id),
  role         text not null check (role in ('moderator', 'editor', 'admin')),
  created_at   timestamptz not null,
  primary key (site_id, moderator_id)
);
create index on memberships (moderator_id);

create table sessions (
  token_hash   bytea primary key check (octet_length(token_hash) = 32), -- SHA-256 of a random 256-bit token
  moderator_id uuid not null references moderators (id),
  created_at   timestamptz not null,
  expires_at   timestamptz not null
);
create index on sessions (expires_at);

create table api_tokens (
  site_id      uuid not null,
  id           uuid not null,
  moderator_id uuid not null,
  token_hash   bytea not null check (octet_length(token_hash) = 32),
  scope        text not null check (scope in ('read', 'write')),
  created_at   timestamptz not null,
  primary key (site_id, id),
  unique (site_id, token_hash),
  foreign key (site_id, moderator_id) references memberships (site_id, moderator_id)
);

-- The state of a comment: status, and which of its revisions is public and which waits.
-- In a queue exactly when a revision waits. Claims are two columns, so that SKIP LOCKED locks the row that is claimed.
create table comments (
  site_id         uuid not null,
  id              uuid not null,
  article_id      uuid not null,
  parent_id       uuid,
  root_id         uuid not null,
  path            bytea not null, -- the ids from the root to this comment: bytewise order is reading order
  depth           integer not null check (depth >= 0 and octet_length(path) = 16 * (depth + 1)),
  author_id       uuid not null,
  author_name     text not null check (char_length(author_name) between 1 and 80),
  author_url      text not null default '',
  author_role     text not null default 'reader' check (author_role in ('reader', 'staff')),
  locale          text not null check (locale in ('de', 'en')),
  rules_version   integer not null, -- that the author was shown
  status          text not null default 'pending'
                    check (status in ('pending', 'approved', 'rejected', 'spam', 'removed', 'withdrawn')),
  version         integer not null default 1 check (version > 0),
  entry           uuid, -- the ledger entry that made this version
  revision        integer not null default 1 check (revision > 0), -- the newest
  public_revision integer,
  held_revision   integer,
  created_at      timestamptz not null,
  published_at    timestamptz, -- first made public
  rank_at         timestamptz not null, -- the order of the queue
  claimed_by      uuid references moderators (id),
  claimed_until   timestamptz,
  primary key (site_id, id),
  unique (site_id, article_id, id),
  foreign key (site_id, article_id) references articles (site_id, id),
  foreign key (site_id, article_id, parent_id) references comments (site_id, article_id, id),
  foreign key (site_id, author_id) references authors (site_id, id),
  foreign key (site_id, rules_version) references rule_versions (site_id, version),
  constraint state_needs_entry check (status = 'pending' or entry is not null),
  constraint version_needs_entry check ((version = 1) = (entry is null)),
  constraint public_when_approved check ((status = 'approved') = (public_revision is not null)),
  constraint published_once_public check (public_revision is null or published_at is not null),
  constraint pending_waits check (status = 'approved' or (status = 'pending') = (held_revision is not null)),
  constraint held_is_not_public check (held_revision <= revision and held_revision <> public_revision),
  constraint claim_whole check ((claimed_by is null) = (claimed_until is null))
);

create table revisions (
  site_id        uuid not null,
  comment_id     uuid not null,
  number         integer not null check (number > 0),
  body           text not null check (char_length(body) between 1 and 10000),
  html           text not null,
  markup_version integer not null,
  created_at     timestamptz not null,
  primary key (site_id, comment_id, number),
  foreign key (site_id, comment_id) references comments (site_id, id) deferrable initially deferred
);
alter table comments
  add foreign key (site_id, id, revision) references revisions (site_id, comment_id, number) deferrable initially deferred,
  add foreign key (site_id, id, public_revision) references revisions (site_id, comment_id, number) deferrable initially deferred,
  add foreign key (site_id, id, held_revision) references revisions (site_id, comment_id, number) deferrable initially deferred;

-- Append-only and chained. It holds ids, words of ours, times and salted hashes; what a person wrote is in statements.
create table ledger (
  site_id         uuid not null references sites (id),
  seq             bigint not null, -- 1, 2, 3 … without a gap, given by the trigger
  id              uuid not null,
  kind            text not null check (kind in ('decision', 'edit', 'withdrawal', 'erasure')),
  action          text not null check (action in ('approve', 'reject', 'spam', 'remove', 'keep', 'restore', 'reopen', 'undo', 'edit', 'withdraw')),
  comment_id      uuid not null,
  version         integer not null check (version > 1), -- of the comment, made by this entry
  revision        integer not null,                     -- judged, or made
  status          text not null, -- the state that this entry leads to
  public_revision integer,
  held_revision   integer,
  rules_version   integer not null, -- in force at the time
  rules           text[] not null default '{}',
  actor_id        uuid references moderators (id), -- null: the author
  undoes          uuid,
  statement_hash  bytea,
  note_hash       bytea,
  created_at      timestamptz not null,
  prev_hash       bytea not null check (octet_length(prev_hash) = 32),
  hash            bytea not null check (octet_length(hash) = 32),
  primary key (site_id, seq),
  unique (site_id, id),
  unique (site_id, comment_id, version), -- a version has one entry
  unique (site_id, comment_id, id, status, version),
  foreign key (site_id, comment_id) references comments (site_id, id),
  foreign key (site_id, comment_id, revision) references revisions (site_id, comment_id, number),
  foreign key (site_id, rules_version) references rule_versions (site_id, version),
  foreign key (site_id, undoes) references ledger (site_id, id),
  constraint grounds check (action not in ('reject', 'remove') or cardinality(rules) > 0),
  constraint decided_by_somebody check ((kind = 'decision') = (actor_id is not null)),
  constraint undo_names_what check ((action = 'undo') = (undoes is not null))
);
create index ledger_by_actor on ledger (site_id, actor_id, seq desc);

-- The head of each site's chain; mac is HMAC-SHA256 under PLENUM_SECRET, written by the program in the same transaction.
create table ledger_heads (
  site_id uuid primary key references sites (id),
  count   bigint not null default 0,
  hash    bytea not null default decode(repeat('00', 32), 'hex'),
  mac     bytea
);

create table statements (
  site_id  uuid not null,
  entry_id uuid not null,
  kind     text not null check (kind in ('statement', 'note')), -- to the author; internal
  text     text not null,
  salt     bytea not null,
  primary key (site_id, entry_id, kind),
  foreign key (site_id, entry_id) references ledger (site_id, id)
);

-- A comment's state is what its newest entry says, and a new version has an entry of its own.
alter table comments add constraint state_has_entry
  foreign key (site_id, id, entry, status, version) references ledger (site_id, comment_id, id, status, version)
  deferrable initially deferred;

-- +goose StatementBegin
create function comments_guard() returns trigger language plpgsql as $$
begin
  if new.version = old.version then
    if (new.status, new.entry, new.revision, new.public_revision, new.held_revision, new.published_at)
       is distinct from (old.status, old.entry, old.revision, old.public_revision, old.held_revision, old.published_at) then
      raise exception 'a comment''s state changes only with its next version' using errcode = 'check_violation';
    end if;
  elsif new.version <> old.version + 1 or new.entry is not distinct from old.entry then
    raise exception 'a comment''s version grows by one, with an entry of its own' using errcode = 'check_violation';
  end if;
  return new;
end $$;

-- The chain: the head's row is locked, so the entries of a site stand in one line. The text that is hashed is the
-- columns one a line, null as nothing, times in microseconds since 1970; moderation.VerifyLedger reads it the same way.
create function ledger_chain() returns trigger language plpgsql as $$
declare head ledger_heads;
begin
  select * into strict head from ledger_heads where site_id = new.site_id for update;
  new.seq := head.count + 1;
  new.prev_hash := head.hash;
  new.hash := sha256(new.prev_hash || convert_to(array_to_string(array[
    new.site_id::text, new.seq::text, new.id::text, new.kind, new.action, new.comment_id::text, new.version::text,
    new.revision::text, new.status, new.public_revision::text, new.held_revision::text, new.rules_version::text,
    array_to_string(new.rules, ','), new.actor_id::text, new.undoes::text, encode(new.statement_hash, 'hex'),
    encode(new.note_hash, 'hex'), (extract(epoch from new.created_at) * 1000000)::bigint::text], E'\n', ''), 'UTF8'));
  update ledger_heads set count = new.seq, hash = new.hash, mac = null where site_id = new.site_id;
  return new;
end $$;

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only', tg_table_name using errcode = 'restrict_violation';
end $$;
-- +goose StatementEnd
create trigger guard before update on comments for each row execute function comments_guard();
create trigger chain before insert on ledger for each row execute function ledger_chain();
create trigger append_only before update or delete on ledger for each row execute function refuse_change();
create trigger append_only before update or delete on rules for each row execute function refuse_change();
create trigger append_only before update or delete on rule_versions for each row execute function refuse_change();
create trigger append_only before update or delete on rule_intros for each row execute function refuse_change();
create trigger no_truncate before truncate on ledger for each statement execute function refuse_change();
create trigger no_truncate before truncate on rules for each statement execute function refuse_change();
create trigger no_truncate before truncate on rule_versions for each statement execute function refuse_change();
create trigger no_truncate before truncate on rule_intros for each statement execute function refuse_change();

-- Answers to repeated requests. Only ids are kept: the answer is made again from what is stored.
create table idempotency_keys (
  site_id      uuid not null references sites (id),
  call         text not null,
  caller       text not null, -- a moderator's id; empty: readers
  key          text not null,
  request_hash bytea not null check (octet_length(request_hash) = 32),
  result       uuid not null,
  created_at   timestamptz not null,
  primary key (site_id, call, caller, key)
);
create index on idempotency_keys (site_id, created_at);

-- What waits, most urgent first: all of it (claims), and lane by lane.
create index comments_waiting on comments (site_id, rank_at, id) where held_revision is not null;
create index comments_pending on comments (site_id, rank_at, id) where status = 'pending';
create index comments_edited on comments (site_id, rank_at, id) where status = 'approved' and held_revision is not null;
-- What is public: in reading order, newest roots first, by time of publication, and the replies of one.
create index comments_thread on comments (site_id, article_id, path) where public_revision is not null;
create index comments_newest on comments (site_id, article_id, root_id desc, path) where public_revision is not null;
create index comments_published on comments (site_id, published_at desc, id desc) where public_revision is not null;
create index comments_article_published on comments (site_id, article_id, published_at desc, id desc) where public_revision is not null;
create index comments_replies on comments (site_id, parent_id) where public_revision is not null;
create index comments_by_author on comments (site_id, author_id);

-- The second wall. The owner is not FORCEd under it: migrations and pg_dump must see everything.
-- +goose StatementBegin
do $$
declare t text;
begin
  foreach t in array array['articles', 'authors', 'rule_versions', 'rule_intros', 'rules', 'memberships', 'api_tokens',
      'comments', 'revisions', 'ledger', 'ledger_heads', 'statements', 'idempotency_keys'] loop
    execute format('alter table %I enable row level security', t);
    execute format('create policy by_site on %I to plenum_serve using (site_id = any (app_site_ids()))', t);
  end loop;
end $$;
-- +goose StatementEnd
-- Somebody who signs in must learn which sites are theirs before any site is named.
create policy own on memberships for select to plenum_serve
  using (moderator_id = nullif(current_setting('app.moderator_id', true), '')::uuid);

grant select on sites, rule_versions, rule_intros, rules, memberships, moderators to plenum_serve;
grant insert on rule_versions, rule_intros, rules to plenum_serve;
grant update (locale) on moderators to plenum_serve;
grant select, insert, delete on sessions to plenum_serve;
grant select on api_tokens to plenum_serve;
grant select, insert on articles, authors, comments, revisions, ledger, statements to plenum_serve;
grant update (url, title, text, state, version) on articles to plenum_serve;
grant update (status, version, entry, revision, public_revision, held_revision, published_at, rank_at, claimed_by, claimed_until)
  on comments to plenum_serve;
grant select, update (count, hash, mac) on ledger_heads to plenum_serve;
grant select, insert, update, delete on idempotency_keys to plenum_serve;
grant select, insert, update (kind) on river_job to plenum_serve; -- River's insert sets kind to itself on a conflict
grant usage on all sequences in schema public to plenum_serve;
grant select, insert, update, delete on river_queue to plenum_serve;
revoke truncate, update, delete on ledger from plenum_serve;
-- +goose StatementBegin
do $$ begin execute format('revoke truncate on ledger, rules, rule_versions, rule_intros from %I', current_user); end $$;
-- +goose StatementEnd
