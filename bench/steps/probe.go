package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// probeEvery is how often each statement is sent.
const probeEvery = 10 * time.Millisecond

// probes are what people do meanwhile, in one message each, as both releases may. What is written is taken back.
var probes = []struct{ what, statement string }{
	{"a reader", `select count(*) from (select c.path, r.html from comments c join sites s on s.id = c.site_id join articles a on a.site_id = c.site_id and a.id = c.article_id
		join revisions r on r.site_id = c.site_id and r.comment_id = c.id and r.number = c.public_revision
		where c.site_id = (select id from sites limit 1) and c.article_id = (select id from articles limit 1) order by c.path limit 100) page`},
	{"an author", `begin;
		with new as (insert into comments (site_id, id, article_id, root_id, path, depth, author_id, author_name, locale, rules_version, held_revision, created_at, rank_at, waiting_since)
			select site_id, id, article_id, id, decode(replace(id::text, '-', ''), 'hex'), 0, author_id, 'Ann', 'de', 1, 1, now(), now(), now()
			from (select site_id, gen_random_uuid() as id, id as article_id, (select id from authors limit 1) as author_id from articles limit 1) drawn returning site_id, id)
		insert into revisions (site_id, comment_id, number, body, html, markup_version, created_at) select site_id, id, 1, 'Neu', '<p>Neu</p>', 1, now() from new;
		rollback`},
	{"a moderator", `begin;
		select from moderators m join memberships b on b.moderator_id = m.id join sites s on s.id = b.site_id left join sessions e on e.moderator_id = m.id limit 1;
		select from comments where status = 'pending' limit 1 for no key update;
		update ledger_heads set count = count;
		rollback`},
}

// probed sends every statement again and again while something is done, and answers the longest that each took.
func probed(ctx context.Context, dsn string, do func() error) (longest []time.Duration, err error) {
	probing, stop := context.WithCancel(ctx)
	defer stop()
	longest = make([]time.Duration, len(probes))
	ended := make(chan error)
	for i, p := range probes {
		conn, err := pgx.Connect(ctx, dsn)
		if err != nil {
			return nil, err
		}
		go func() {
			err := probe(probing, conn, p.statement, &longest[i])
			if err != nil {
				err = fmt.Errorf("%s: %w", p.what, err)
			}
			ended <- errors.Join(err, conn.Close(context.WithoutCancel(ctx)))
		}()
	}
	err = do()
	stop()
	for range probes {
		err = errors.Join(err, <-ended)
	}
	return longest, err
}

// probe notes the longest answer to a statement until the context ends.
func probe(ctx context.Context, conn *pgx.Conn, statement string, longest *time.Duration) error {
	tick := time.NewTicker(probeEvery)
	defer tick.Stop()
	for {
		start := time.Now()
		// Several statements in one message; and without the context, which would cut the last one off.
		if _, err := conn.PgConn().Exec(context.WithoutCancel(ctx), statement).ReadAll(); err != nil {
			return err
		}
		*longest = max(*longest, time.Since(start))
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}
