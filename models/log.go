package models

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/google/uuid"
)

// LogFilter narrows the log. Zero fields do not.
type LogFilter struct {
	Actor, Comment, Author uuid.NullUUID
	Action, Rule           string
	From, To               time.Time // To is not included
	Before                 int64     // only entries before this one
	Limit                  int
}

// Log lists entries of the site's ledger, newest first.
func (q Queries) Log(ctx context.Context, siteID uuid.UUID, f LogFilter) (all []Entry, err error) {
	query, args := `select * from ledger where site_id = @site`, []any{sql.Named("site", siteID), sql.Named("limit", f.Limit)}
	add := func(set bool, condition, name string, value any) {
		if set {
			query += ` and ` + condition
			args = append(args, sql.Named(name, value))
		}
	}
	add(f.Actor.Valid, `actor_id = @actor`, "actor", f.Actor.UUID)
	add(f.Comment.Valid, `comment_id = @comment`, "comment", f.Comment.UUID)
	add(f.Author.Valid, `author_id = @author`, "author", f.Author.UUID)
	add(f.Action != "", `action = @action`, "action", f.Action)
	add(f.Rule != "", `@rule = any (rules)`, "rule", f.Rule)
	add(!f.From.IsZero(), `created_at >= @from`, "from", f.From)
	add(!f.To.IsZero(), `created_at < @to`, "to", f.To)
	add(f.Before > 0, `seq < @before`, "before", f.Before)
	err = q.at(ctx, siteID, func(tx *Tx) error {
		return tx.db.Raw(query+` order by seq desc limit @limit`, args...).Scan(&all).Error
	})
	if err != nil {
		return nil, fmt.Errorf("log: %w", err)
	}
	return all, nil
}

// Written lists what was written with the entries.
func (q Queries) Written(ctx context.Context, siteID uuid.UUID, entries []Entry) (all []Statement, err error) {
	ids := make([]uuid.UUID, len(entries))
	for i, e := range entries {
		ids[i] = e.ID
	}
	err = q.at(ctx, siteID, func(tx *Tx) error {
		return tx.db.Raw(`select entry_id, kind, text, salt from statements where site_id = @site and entry_id = any (cast(@ids as uuid[]))`,
			sql.Named("site", siteID), sql.Named("ids", texts(ids))).Scan(&all).Error
	})
	if err != nil {
		return nil, fmt.Errorf("what was written: %w", err)
	}
	return all, nil
}
