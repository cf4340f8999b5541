-- +goose Up

-- A session ends at expires_at whatever happens, and earlier when nothing was done in it for a while; seen_at is the last
-- thing done, because a look changes nothing. factor is the strongest proof given, confirmed_at when any was given last.
alter table sessions
  add column id           uuid not null default gen_random_uuid() unique, -- by which it can be named without its token
  add column seen_at      timestamptz,
  add column confirmed_at timestamptz,
  add column factor       text not null default 'password' check (factor in ('password', 'totp', 'recovery')),
  add column device       text not null default '' check (char_length(device) <= 200); -- what the browser calls itself
update sessions set seen_at = created_at, confirmed_at = created_at;
alter table sessions -- with defaults, so that a program of the release before can still sign people in
  alter column seen_at set default now(), alter column seen_at set not null,
  alter column confirmed_at set default now(), alter column confirmed_at set not null;
create index sessions_of on sessions (moderator_id);

-- Wrong codes in a row, and when the next may be tried: the wait doubles.
alter table moderators
  add column wrong_codes integer not null default 0 check (wrong_codes >= 0),
  add column codes_after timestamptz;

-- One secret per moderator for one-time passwords (RFC 6238), sealed under PLENUM_SECRET. It counts once it is confirmed.
create table totp_secrets (
  moderator_id uuid primary key references moderators (id),
  sealed       bytea not null,
  last_step    bigint not null default 0, -- a code is taken once (RFC 6238 §5.2)
  created_at   timestamptz not null,
  confirmed_at timestamptz
);

-- Shown once; each is good for one sign-in.
create table recovery_codes (
  moderator_id uuid not null references moderators (id),
  code_hash    bytea not null check (octet_length(code_hash) = 32), -- SHA-256 of a random 130-bit code
  created_at   timestamptz not null,
  used_at      timestamptz,
  primary key (moderator_id, code_hash)
);

-- A link by mail with which a password is set, once.
create table password_links (
  id           uuid primary key,
  token_hash   bytea not null unique check (octet_length(token_hash) = 32), -- the token is an HMAC of the id under PLENUM_SECRET
  moderator_id uuid not null references moderators (id),
  created_at   timestamptz not null,
  expires_at   timestamptz not null,
  used_at      timestamptz
);
create index password_links_of on password_links (moderator_id);

alter table sites add column second_factor text not null default 'optional' check (second_factor in ('optional', 'required'));

alter table api_tokens
  add column name       text not null default '' check (char_length(name) <= 80),
  add column expires_at timestamptz; -- null: until it is revoked

-- Who was given or taken what on a site: a log of its own beside the ledger, whose entries are about what people wrote.
create table staff_changes (
  site_id      uuid not null references sites (id),
  id           uuid not null,
  action       text not null check (action in ('invite', 'role', 'remove', 'token', 'revoke', 'second_factor')),
  actor_id     uuid references moderators (id), -- null: the command line
  moderator_id uuid references moderators (id), -- null: the site as a whole
  role         text check (role in ('moderator', 'editor', 'admin')), -- that they have from then on
  detail       text not null default '' check (char_length(detail) <= 100), -- words of ours: a scope, a setting
  created_at   timestamptz not null,
  primary key (site_id, id)
);
create index staff_changes_newest on staff_changes (site_id, created_at desc, id desc);
alter table staff_changes enable row level security;
create policy by_site on staff_changes to plenum_serve using (site_id = any (app_site_ids()));
create trigger append_only before update or delete on staff_changes for each row execute function refuse_change();
create trigger no_truncate before truncate on staff_changes for each statement execute function refuse_change();

grant update (seen_at, confirmed_at, factor) on sessions to plenum_serve;
grant insert on moderators to plenum_serve;
grant update (name, password_hash, wrong_codes, codes_after) on moderators to plenum_serve;
grant select, insert, update, delete on totp_secrets, recovery_codes, password_links to plenum_serve;
grant insert, update (role), delete on memberships to plenum_serve;
grant insert, delete on api_tokens to plenum_serve;
grant update (second_factor) on sites to plenum_serve;
grant select, insert on staff_changes to plenum_serve;
