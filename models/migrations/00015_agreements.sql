-- +goose Up

-- What a site chooses for its threads.
alter table sites
  add column thread_depth integer not null default 6 check (thread_depth between 1 and 20), -- levels of answers below each other; deeper ones stand beside each other
  add column reaction     text not null default 'agree' check (reaction in ('none', 'agree'));

-- How many readers agree with a comment. A row of its own, because many may write it at once, and a comment's own row is
-- what moderators decide on. The count stays when the marks behind it are gone.
create table agreements (
  site_id    uuid not null,
  article_id uuid not null,
  comment_id uuid not null,
  depth      integer not null, -- the comment's: roots are sorted by their count
  agreed     integer not null check (agreed > 0),
  primary key (site_id, comment_id),
  foreign key (site_id, article_id, comment_id) references comments (site_id, article_id, id)
) with (fillfactor = 70);
create index agreements_top on agreements (site_id, article_id, agreed desc, comment_id) where depth = 0;

-- Who has agreed today: an HMAC of the comment, the network and the browser's name under PLENUM_SECRET and the salt of the
-- day. The comment is hashed with the rest, so that one reader's agreements can't be laid side by side. No foreign key:
-- each would lock the comment's row, which the inserting statement has just found, and the marks are gone with the day.
create table agreement_marks (
  site_id    uuid not null references sites (id),
  comment_id uuid not null,
  day        date not null, -- UTC
  person     bytea not null check (octet_length(person) = 32),
  primary key (site_id, comment_id, day, person)
);
create index agreement_marks_age on agreement_marks (day);

-- The salt is random and goes with the day: then nobody can tell any more whose the marks were, the secret's holder neither.
create table agreement_salts (
  site_id uuid not null references sites (id),
  day     date not null,
  salt    bytea not null check (octet_length(salt) = 32),
  primary key (site_id, day)
);

-- +goose StatementBegin
do $$
declare t text;
begin
  foreach t in array array['agreements', 'agreement_marks', 'agreement_salts'] loop
    execute format('alter table %I enable row level security', t);
    execute format('create policy by_site on %I to plenum_serve using (site_id = any (app_site_ids()))', t);
  end loop;
end $$;
-- +goose StatementEnd
grant select, insert, update (agreed) on agreements to plenum_serve;
grant select, insert on agreement_marks, agreement_salts to plenum_serve;
