-- +goose Up

-- Whoever erases by an inquiry deletes it, and every other about the address: it holds the address itself.
alter table inquiries drop column erased_at;
