-- +goose Up

-- Which rule a signal of triage points a writer at before they send. It is a hint: nothing is refused by it.
create table rule_hints (
  site_id uuid not null references sites (id),
  signal  text not null check (signal in ('links', 'shouting', 'duplicate', 'nearness')), -- those that a writer can do something about
  rule    text not null check (rule ~ '^[a-z][a-z0-9-]{0,39}$'), -- a code; where the rules in force have no such rule, nothing is said
  primary key (site_id, signal)
);
alter table rule_hints enable row level security;
create policy by_site on rule_hints to plenum_serve using (site_id = any (app_site_ids()));
grant select, insert, delete on rule_hints to plenum_serve;

-- The rule that a word points its writer at; null: only the desk is pointed at the word.
alter table site_words add column rule text check (rule ~ '^[a-z][a-z0-9-]{0,39}$');

-- How long a decision usually takes, in steps so coarse that a page that was rendered an hour ago is still right.
alter table sites add column usual_wait text not null default 'unknown' check (usual_wait in ('unknown', 'hour', 'hours', 'day', 'days'));
