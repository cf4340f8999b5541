-- +goose Up

-- What the night's work looks for: comments that are over, and not erased yet.
create index comments_expiring on comments (site_id, status, id)
  where erased_at is null and status in ('rejected', 'spam', 'removed', 'withdrawn');
