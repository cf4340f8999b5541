-- +goose NO TRANSACTION
-- +goose Up

-- What a person has ordered in bulk and nobody has worked off yet.
drop index concurrently if exists batches_open;
create index concurrently batches_open on batches (site_id, moderator_id) where finished_at is null;
