-- +goose Up

-- What readers report of one public comment is one case until somebody decides it: open while entry is null.
create table report_cases (
  site_id    uuid not null,
  id         uuid not null,
  comment_id uuid not null,
  revision   integer not null, -- that was public when the case was opened
  opened_at  timestamptz not null,
  rank_at    timestamptz not null, -- the order of the lane: opened_at and the site's target for reports
  entry      uuid, -- the decision that answered it
  primary key (site_id, id),
  foreign key (site_id, comment_id, revision) references revisions (site_id, comment_id, number),
  foreign key (site_id, entry) references ledger (site_id, id)
);
create unique index report_cases_one_open on report_cases (site_id, comment_id) where entry is null;
create index report_cases_open on report_cases (site_id, rank_at, id) where entry is null;
create index report_cases_by_comment on report_cases (site_id, comment_id, opened_at);

create table reports (
  site_id      uuid not null,
  id           uuid not null,
  case_id      uuid not null,
  number       text not null check (number ~ '^[0-9A-HJKMNP-TV-Z]{10}$'), -- random; what the reporter keeps
  kind         text not null check (kind in ('rule', 'illegal')),
  rule         text, -- a rule's code, of the version in force
  text         text not null, -- why; for illegal content a substantiated explanation, DSA Art. 16(2)(a)
  name         text, -- DSA Art. 16(2)(c)
  email        text,
  address_hash bytea check (octet_length(address_hash) = 32),
  good_faith   boolean not null, -- DSA Art. 16(2)(d)
  locale       text not null check (locale in ('de', 'en')), -- of the receipt and the outcome
  created_at   timestamptz not null,
  primary key (site_id, id),
  unique (site_id, number),
  foreign key (site_id, case_id) references report_cases (site_id, id),
  constraint rule_when_rule check ((kind = 'rule') = (rule is not null)),
  constraint illegal_in_good_faith check (kind = 'rule' or good_faith),
  constraint address_whole check ((email is null) = (address_hash is null))
);
create index reports_by_case on reports (site_id, case_id, created_at);

-- An appeal is about one decision, and never decided by whoever made that one.
-- The two keys below hold an appeal to who really made a decision: an entry's actor, and no other.
alter table ledger add constraint ledger_acted unique (site_id, id, actor_id);
create table appeals (
  site_id    uuid not null,
  id         uuid not null,
  comment_id uuid not null,
  appealed   uuid not null, -- the decision
  decider_id uuid not null references moderators (id), -- who made it
  text       text not null,
  created_at timestamptz not null,
  rank_at    timestamptz not null, -- the order of the lane: created_at and the site's target for appeals
  entry      uuid, -- what closed it: the decision on the appeal, or whatever else moved the comment on
  outcome    text check (outcome in ('upheld', 'overturned', 'moot')), -- null: open
  decided_by uuid references moderators (id), -- of upheld and overturned
  primary key (site_id, id),
  unique (site_id, appealed), -- one per decision
  foreign key (site_id, comment_id) references comments (site_id, id),
  foreign key (site_id, appealed, decider_id) references ledger (site_id, id, actor_id),
  foreign key (site_id, entry) references ledger (site_id, id),
  foreign key (site_id, entry, decided_by) references ledger (site_id, id, actor_id),
  constraint by_another_person check (decided_by <> decider_id),
  constraint closed_whole check ((entry is null) = (outcome is null)),
  constraint decided_whole check (coalesce(outcome in ('upheld', 'overturned'), false) = (decided_by is not null))
);
create index appeals_open on appeals (site_id, rank_at, id) where entry is null;
create index appeals_by_comment on appeals (site_id, comment_id, created_at);

alter table sites
  add column report_target_minutes integer not null default 1440 check (report_target_minutes > 0), -- a report's own promise
  add column appeal_target_minutes integer not null default 10080 check (appeal_target_minutes > 0),
  add column appeal_days           integer not null default 183 check (appeal_days >= 183); -- DSA Art. 20(1): six months at least

-- +goose StatementBegin
do $$
declare t text;
begin
  foreach t in array array['report_cases', 'reports', 'appeals'] loop
    execute format('alter table %I enable row level security', t);
    execute format('create policy by_site on %I to plenum_serve using (site_id = any (app_site_ids()))', t);
  end loop;
end $$;
-- +goose StatementEnd
grant select, insert on report_cases, reports, appeals to plenum_serve;
grant update (entry, rank_at) on report_cases to plenum_serve;
grant update (case_id) on reports to plenum_serve; -- into the open case, where an answered one is opened again beside it
grant update (entry, outcome, decided_by) on appeals to plenum_serve;
