-- +goose Up

alter table articles add column section text not null default '';

-- What triage said of one text: the terms of its priority, for the desk to show. Nothing is decided by it.
create table signals (
  site_id     uuid not null,
  comment_id  uuid not null,
  revision    integer not null,
  name        text not null,
  position    integer not null, -- in the list of signals
  version     integer not null, -- of the signal
  unavailable boolean not null,
  score       float8 not null check (score between 0 and 1),
  minutes     integer not null, -- its term of the priority
  reason      text not null,    -- a key of the catalogue of languages; empty: nothing to say
  args        text not null,    -- JSON: what fills the reason's sentence
  spans       text not null,    -- JSON: ranges of runes in the visible text
  primary key (site_id, comment_id, revision, name),
  foreign key (site_id, comment_id, revision) references revisions (site_id, comment_id, number) deferrable initially deferred
);

-- What an editor wants to be pointed at: plain words and patterns, matched on folded text.
create table site_words (
  site_id    uuid not null references sites (id),
  id         uuid not null,
  kind       text not null check (kind in ('word', 'pattern')),
  text       text not null check (char_length(text) between 1 and 500),
  note       text not null default '', -- why it is there
  minutes    integer not null check (minutes between 1 and 30), -- that a hit moves a comment forward
  created_at timestamptz not null,
  created_by uuid not null references moderators (id),
  primary key (site_id, id),
  unique (site_id, kind, text)
);

-- +goose StatementBegin
do $$
declare t text;
begin
  foreach t in array array['signals', 'site_words'] loop
    execute format('alter table %I enable row level security', t);
    execute format('create policy by_site on %I to plenum_serve using (site_id = any (app_site_ids()))', t);
  end loop;
end $$;
-- +goose StatementEnd
grant select, insert on signals to plenum_serve;
grant select, insert, delete on site_words to plenum_serve;
