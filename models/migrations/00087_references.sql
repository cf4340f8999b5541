-- +goose NO TRANSACTION
-- +goose Up

-- Whoever deletes a row, PostgreSQL looks for others that refer to it. Where a site ends all of its rows are, and without
-- these each of them was looked for among all the site's rows of the other table.
drop index concurrently if exists appeals_appealed;
create index concurrently appeals_appealed on appeals (site_id, appealed);
drop index concurrently if exists appeals_entry;
create index concurrently appeals_entry on appeals (site_id, entry) where entry is not null;
drop index concurrently if exists batch_items_comment;
create index concurrently batch_items_comment on batch_items (site_id, comment_id);
drop index concurrently if exists follow_ups_entry;
create index concurrently follow_ups_entry on follow_ups (site_id, entry);
drop index concurrently if exists imported_comment;
create index concurrently imported_comment on imported (site_id, comment_id);
drop index concurrently if exists ledger_appealed;
create index concurrently ledger_appealed on ledger (site_id, appealed) where appealed is not null;
drop index concurrently if exists ledger_article;
create index concurrently ledger_article on ledger (site_id, article_id) where article_id is not null;
drop index concurrently if exists report_cases_entry;
create index concurrently report_cases_entry on report_cases (site_id, entry) where entry is not null;
drop index concurrently if exists sanctions_comment;
create index concurrently sanctions_comment on sanctions (site_id, comment_id) where comment_id is not null;
drop index concurrently if exists sanctions_lifted;
create index concurrently sanctions_lifted on sanctions (site_id, lifted) where lifted is not null;
drop index concurrently if exists webhook_deliveries_comment;
create index concurrently webhook_deliveries_comment on webhook_deliveries (site_id, comment_id) where comment_id is not null;
drop index concurrently if exists webhook_deliveries_entry;
create index concurrently webhook_deliveries_entry on webhook_deliveries (site_id, entry) where entry is not null;
