-- +goose Up

-- The names that the newsroom has written under: few rows, read with each page of a thread.
create index comments_bylines on comments (site_id, author_name) where author_role = 'staff' and public_revision is not null;
