-- +goose Up

-- The statement to an author that a rule's key fills in, for each version of the rules and each language. Editors may
-- change it at any time; what was sent stands in statements.
create table statement_templates (
  site_id    uuid not null,
  version    integer not null,
  locale     text not null,
  code       text not null,
  text       text not null check (char_length(text) <= 1000),
  updated_at timestamptz not null,
  updated_by uuid references moderators (id), -- null: published with the rules
  primary key (site_id, version, locale, code),
  foreign key (site_id, version, locale, code) references rules (site_id, version, locale, code)
);
alter table statement_templates enable row level security;
create policy by_site on statement_templates to plenum_serve using (site_id = any (app_site_ids()));
grant select, insert, update (text, updated_at, updated_by) on statement_templates to plenum_serve;
