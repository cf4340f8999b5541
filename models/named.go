package models

import (
	"context"
	"fmt"
	"sync"

	"github.com/jackc/pgx/v5"
)

// named is pgx.NamedArgs for statements that are asked again and again: pgx reads such a one each time, which takes longer
// than to send it.
type named map[string]any

// positional is a statement with $1, $2 … for its names, in their order.
type positional struct {
	sql   string
	names []any
}

// statements are those that were read. They are written in this package, so there is an end to them.
var statements sync.Map // of SQL

// RewriteQuery gives the statement that pgx.NamedArgs would. A name without a value is an error.
func (n named) RewriteQuery(ctx context.Context, conn *pgx.Conn, sql string, args []any) (string, []any, error) {
	known, ok := statements.Load(sql)
	if !ok {
		names := pgx.NamedArgs{}
		for name := range n {
			names[name] = name
		}
		text, order, err := names.RewriteQuery(ctx, conn, sql, args)
		if err != nil {
			return "", nil, err
		}
		known, _ = statements.LoadOrStore(sql, positional{text, order})
	}
	statement := known.(positional)
	values := make([]any, len(statement.names))
	for i, name := range statement.names {
		word, _ := name.(string)
		value, given := n[word]
		if !given {
			return "", nil, fmt.Errorf("argument %d of a statement has no value: %s", i+1, sql)
		}
		values[i] = value
	}
	return statement.sql, values, nil
}
