-- +goose Up

-- Whom a site tells that a public page of it is no longer true: its CDN, so that one that may keep pages for long (see
-- shared_cache_seconds) drops what was taken down at once. The header by which that call authorises itself is a secret
-- of the CDN's and must be sent as it is, so it is sealed under PLENUM_SECRET and not hashed.
alter table sites add column purge_url text not null default '' check (char_length(purge_url) <= 1000); -- empty: nobody
alter table sites add column purge_sealed bytea; -- null: it needs none
