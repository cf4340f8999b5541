package models

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"time"

	"github.com/google/uuid"
)

// BacklogCap is how far a lane of one site is counted for monitoring: a size that is larger is this.
const BacklogCap = 10_000

// Backlog is what waits in one lane of one site.
type Backlog struct {
	Site, Lane string
	Size       int        // up to BacklogCap
	Oldest     *time.Time // since when the oldest waits; nil: nothing does
	Minutes    int        // the site's promise for the lane
}

// promises are the lanes that a site promises something about, and the column that says what.
var promises = []struct{ lane, minutes string }{
	{LanePending, "target_minutes"}, {LaneEdited, "target_minutes"}, {LaneReported, "report_target_minutes"}, {LaneAppealed, "appeal_target_minutes"},
}

// Backlogs measures every lane of every site by the indexes of the lanes. As the schema's owner: for monitoring.
func (s *Store) Backlogs(ctx context.Context, now time.Time) (all []Backlog, err error) {
	err = s.begin(ctx, asOwner, func(tx *Tx) error {
		var sites []uuid.UUID
		if err := tx.db.Raw(`select id from sites`).Scan(&sites).Error; err != nil {
			return err
		}
		query := ``
		for i, p := range promises {
			if i > 0 {
				query += ` union all `
			}
			query += `select site.slug as site, '` + p.lane + `' as lane, n.size, n.oldest, site.` + p.minutes + ` as minutes
				from sites site cross join lateral (select count(*) as size, min(o.age) as oldest from (select ` + lanes[p.lane].age + ` as age
				from ` + tallies[p.lane] + ` order by 1 limit ` + strconv.Itoa(BacklogCap) + `) o) n`
		}
		return tx.db.Raw(query+` order by 1, 2`, sql.Named("sites", texts(sites)), sql.Named("now", now)).Scan(&all).Error
	})
	if err != nil {
		return nil, fmt.Errorf("backlogs: %w", err)
	}
	return all, nil
}

// JobCount says how many jobs of a kind are in a state, and when the first of them was due.
type JobCount struct {
	Kind, State string // River's words: available, scheduled, retryable, running, cancelled, discarded
	Count       int
	Due         time.Time
}

// JobCounts counts the jobs that are not done, by kind and state. As the schema's owner: for monitoring.
func (s *Store) JobCounts(ctx context.Context) (all []JobCount, err error) {
	err = s.db.WithContext(ctx).Raw(`select kind, state::text as state, count(*) as count, min(scheduled_at) as due from river_job
		where state in ('available', 'scheduled', 'retryable', 'running', 'cancelled', 'discarded') group by 1, 2 order by 1, 2`).Scan(&all).Error
	if err != nil {
		return nil, fmt.Errorf("count the jobs: %w", err)
	}
	return all, nil
}
