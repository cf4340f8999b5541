-- +goose Up

-- By this an authenticator knows whose a passkey is: random, because it is kept on devices and shown to whoever has one
-- (W3C Web Authentication Level 3, §14.6.1).
alter table moderators add column user_handle uuid not null default gen_random_uuid() unique;

-- A moderator's passkeys: credentials that verify by themselves who uses them, so each is both factors at once.
create table passkeys (
  id            uuid primary key,
  moderator_id  uuid not null references moderators (id),
  credential_id bytea not null unique check (octet_length(credential_id) between 16 and 1023), -- §4, Credential ID
  public_key    bytea not null, -- COSE_Key
  name          text not null check (char_length(name) between 1 and 80), -- that its owner knows it by
  kept          text not null check (kept in ('device', 'synced')), -- on one device, or by a provider on several (§6.1.3)
  sign_count    bigint not null check (sign_count between 0 and 4294967295), -- only grows; 0: it does not count (§6.1.1)
  transports    text not null default '', -- how a browser reaches it, in its own words, by spaces
  created_at    timestamptz not null,
  used_at       timestamptz,
  copied_at     timestamptz -- it answered with a count that was used before: there may be two of it
);
create index passkeys_of on passkeys (moderator_id);

-- A challenge that waits for its answer, which deletes it. Unlogged: whoever loses one in a crash begins anew.
create unlogged table passkey_challenges (
  browser    bytea not null check (octet_length(browser) = 32), -- SHA-256 of the token that only this browser has
  ceremony   text not null check (ceremony in ('register', 'signin', 'prove')),
  challenge  text not null check (char_length(challenge) >= 22), -- at least 16 random bytes (§13.4.3), in base64url
  expires_at timestamptz not null,
  primary key (browser, ceremony)
);

alter table sessions
  drop constraint sessions_factor_check,
  add constraint sessions_factor_check check (factor in ('password', 'totp', 'recovery', 'passkey')) not valid;

grant select, insert, update (name, sign_count, used_at, copied_at), delete on passkeys to plenum_serve;
grant select, insert, update, delete on passkey_challenges to plenum_serve;
