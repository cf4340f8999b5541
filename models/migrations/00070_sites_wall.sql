-- +goose Up

-- The serving role may set a site's second factor, and nothing but the statement held it to one site. Now the second wall
-- does, too. Every site may be read, because it is looked up by its name before any is named; and whoever serves adds none.
alter table sites enable row level security;
create policy found on sites for select to plenum_serve using (true);
create policy by_site on sites for update to plenum_serve using (id = any (app_site_ids()));
