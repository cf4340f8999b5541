-- +goose Up

-- Comments whose author must first confirm, by a mailed link, that the address is theirs. They are not among the comments,
-- so no lane, no count and no public surface can show one: confirmed, it is submitted as it was sent and gone from here;
-- left alone, it is deleted after some days. To its author it is a pending comment under the same id all the while.
create table unconfirmed (
  site_id       uuid not null references sites (id),
  id            uuid not null, -- that the comment will have
  article_key   text not null,
  locale        text not null check (locale in ('de', 'en')), -- of the mail
  email         text,
  address_hash  bytea check (octet_length(address_hash) = 32),
  network_hash  bytea check (octet_length(network_hash) = 32),
  rules_version integer not null, -- that the author was shown
  submission    text not null, -- JSON: all else that was sent, and nothing that a query asks for
  created_at    timestamptz not null,
  expires_at    timestamptz not null, -- and then it is deleted
  withdrawn_at  timestamptz, -- by its author: then nothing of it is left
  primary key (site_id, id),
  foreign key (site_id, rules_version) references rule_versions (site_id, version),
  constraint sent_unless_withdrawn check ((submission <> '') = (withdrawn_at is null)),
  constraint addressed_unless_withdrawn check ((withdrawn_at is null) = (email is not null) and (email is null) = (address_hash is null)),
  constraint withdrawn_whole check (withdrawn_at is null or network_hash is null)
);
create index unconfirmed_by_address on unconfirmed (site_id, address_hash) where address_hash is not null;
create index unconfirmed_expired on unconfirmed (expires_at);
alter table unconfirmed enable row level security;
create policy by_site on unconfirmed to plenum_serve using (site_id = any (app_site_ids()));
grant select, insert, delete, update (email, address_hash, network_hash, submission, withdrawn_at) on unconfirmed to plenum_serve;

alter table sites add column require_confirmed boolean not null default false;
