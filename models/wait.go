package models

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/google/uuid"
)

// Waited is how long readers' comments waited for their first decision, by the newest of those decisions.
type Waited struct {
	Decided int // looked at
	Median  int // seconds; 0 where none was
}

// Waited looks at so many of the newest first decisions since a time, by the log's own order.
func (q Queries) Waited(ctx context.Context, siteID uuid.UUID, since time.Time, limit int) (w Waited, err error) {
	err = q.at(ctx, siteID, func(tx *Tx) error {
		return first(tx.db.Raw(`select count(*) as decided,
				coalesce(percentile_disc(0.5) within group (order by extract(epoch from l.created_at - c.created_at)), 0)::integer as median
			from (select comment_id, created_at from ledger where site_id = @site and kind = 'decision' and version = 2
				and action in ('approve', 'reject', 'spam') and created_at > @since order by seq desc limit @limit) l
			join comments c on c.site_id = @site and c.id = l.comment_id where c.author_role = 'reader'`,
			sql.Named("site", siteID), sql.Named("since", since), sql.Named("limit", limit)).Scan(&w))
	})
	if err != nil {
		return Waited{}, fmt.Errorf("how long comments of site %s waited: %w", siteID, err)
	}
	return w, nil
}

// SetUsualWait writes down how long a decision usually takes, as the schema's owner. The threads themselves do not change:
// nobody who reads one is told of it.
func (s *Store) SetUsualWait(ctx context.Context, siteID uuid.UUID, step string) error {
	err := s.begin(ctx, asOwner, func(tx *Tx) error {
		tx.hint(Hint{SiteID: siteID, Whole: true})
		return tx.db.Exec(`update sites set usual_wait = ? where id = ?`, step, siteID).Error
	})
	if err != nil {
		return fmt.Errorf("set the usual wait of site %s: %w", siteID, err)
	}
	return nil
}
