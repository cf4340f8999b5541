package models

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// SearchCap is how many comments a search finds at most: the newest.
const SearchCap = 1000

// Search finds the comments of the site whose newest text or author's name has all the words, in their German or
// English forms, newest first. It runs as plenum_search, which sees nothing but words and ids; whoever reads on does it
// as the serving role again, so an id of another site would lead nowhere.
func (q Queries) Search(ctx context.Context, siteID uuid.UUID, words string) (found []uuid.UUID, err error) {
	err = q.at(ctx, siteID, func(tx *Tx) error {
		if err := tx.become(ctx, "plenum_search"); err != nil {
			return err
		}
		// By pgx: GORM reads @@ as the name of an argument.
		rows, err := tx.pgx.Query(ctx, `select w.comment_id from search_words w,
				(select plainto_tsquery('german', $2) || plainto_tsquery('english', $2) || plainto_tsquery('simple', $2) as words) asked
			where numnode(asked.words) > 0 and w.words @@ asked.words and w.site_id = $1
			order by w.comment_id desc limit $3`, siteID, words, SearchCap)
		if err != nil {
			return err
		}
		if found, err = pgx.CollectRows(rows, pgx.RowTo[uuid.UUID]); err != nil {
			return err
		}
		return tx.become(ctx, "plenum_serve")
	})
	if err != nil {
		return nil, fmt.Errorf("search: %w", err)
	}
	return found, nil
}

// become takes on another role for the rest of the transaction.
func (t *Tx) become(ctx context.Context, role string) error {
	_, err := t.pgx.Exec(ctx, `select set_config('role', $1, true)`, role)
	return err
}
