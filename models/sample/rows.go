package sample

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"plenum/models"
)

// rows are those of one chunk, table by table.
type rows struct{ comments, revisions, ledger [][]any }

func (w *writer) articles(ctx context.Context, conn *pgx.Conn) error {
	var all [][]any
	add := func(key, title string) {
		all = append(all, []any{w.Site, w.id("article", key), key, key, title, w.Until, int64(2)})
	}
	for i := range Articles(w.Comments) {
		add(Key(i), "Article "+strconv.Itoa(i))
	}
	for _, size := range Exact {
		add(ExactKey(size), fmt.Sprintf("Article with %d comments", size))
	}
	if err := insert(ctx, conn, "articles", []string{"site_id", "id", "key", "url", "title", "created_at", "version"}, all); err != nil {
		return err
	}
	all = nil
	for i := range w.Comments/authors + 1 {
		all = append(all, []any{w.Site, w.id("author", strconv.Itoa(i)), w.Until})
	}
	return insert(ctx, conn, "authors", []string{"site_id", "id", "created_at"}, all)
}

// write writes n comments, each below the article and in the state that choose answers, chunk by chunk.
func (w *writer) write(ctx context.Context, conn *pgx.Conn, n int, choose func() (uuid.UUID, string)) error {
	for n > 0 {
		var r rows
		for range min(n, chunk) {
			article, status := choose()
			w.comment(&r, article, status)
			n--
		}
		for _, one := range []struct {
			table   string
			columns []string
			rows    [][]any
		}{{"comments", commentColumns, r.comments}, {"revisions", revisionColumns, r.revisions}, {"ledger", ledgerColumns, r.ledger}} {
			if err := insert(ctx, conn, one.table, one.columns, one.rows); err != nil {
				return err
			}
		}
	}
	_, err := conn.Exec(ctx, `update ledger_heads set count = (select count(*) from ledger where site_id = $1) where site_id = $1`, w.Site)
	return err
}

var (
	commentColumns = []string{"site_id", "id", "article_id", "parent_id", "root_id", "path", "depth", "author_id", "author_name", "locale",
		"rules_version", "status", "version", "entry", "public_revision", "held_revision", "created_at", "published_at", "rank_at", "waiting_since"}
	revisionColumns = []string{"site_id", "comment_id", "number", "body", "html", "markup_version", "created_at"}
	ledgerColumns   = []string{"site_id", "seq", "id", "kind", "action", "comment_id", "version", "revision", "status", "public_revision", "rules_version",
		"rules", "actor_id", "created_at", "prev_hash", "hash"}
)

func (w *writer) comment(r *rows, article uuid.UUID, status string) {
	id, at := w.next()
	parent, here := w.answer(article, id)
	author := w.rng.IntN(w.Comments/authors + 1)
	written := w.texts[w.rng.IntN(len(w.texts))]
	var entry *uuid.UUID
	var public, held *int
	var published *time.Time
	one, version := 1, 1
	if status == models.Pending {
		held = &one
	} else {
		e := w.id("entry", id.String())
		entry, version = &e, 2
	}
	if status == models.Approved {
		public, published = &one, &at
		w.threads[article] = append(w.threads[article], here)[max(0, len(w.threads[article])+1-inReach):]
	}
	r.comments = append(r.comments, []any{w.Site, id, article, parent, here.root, here.path, len(here.path)/16 - 1, w.id("author", strconv.Itoa(author)),
		names[author%len(names)], written.locale, 1, status, version, entry, public, held, at, published, at.Add(time.Hour), at})
	r.revisions = append(r.revisions, []any{w.Site, id, 1, written.body, written.html, markupVer, at})
	if entry != nil {
		w.decided(r, id, *entry, status, public, at)
	}
}

func (w *writer) decided(r *rows, id, entry uuid.UUID, status string, public *int, at time.Time) {
	action, rules := "approve", []string{}
	if status == models.Rejected {
		action, rules = "reject", []string{"topic"}
	}
	w.seq++
	r.ledger = append(r.ledger, []any{w.Site, w.seq, entry, "decision", action, id, 2, 1, status, public, 1, rules, w.Moderator, at, make([]byte, 32), make([]byte, 32)})
}

// answer finds what a new comment stands below, if anything, and its own place there.
func (w *writer) answer(article, id uuid.UUID) (parent *uuid.UUID, here place) {
	open := w.threads[article]
	if len(open) == 0 || w.rng.IntN(100) < 45 {
		return nil, place{id, id, slices.Clone(id[:])}
	}
	above := open[w.rng.IntN(len(open))]
	if len(above.path)/16 > deepest {
		return nil, place{id, id, slices.Clone(id[:])}
	}
	return &above.id, place{id, above.root, slices.Concat(above.path, id[:])}
}

func insert(ctx context.Context, conn *pgx.Conn, table string, columns []string, rows [][]any) error {
	if _, err := conn.CopyFrom(ctx, pgx.Identifier{table}, columns, pgx.CopyFromRows(rows)); err != nil {
		return fmt.Errorf("%s: %w", table, err)
	}
	return nil
}
