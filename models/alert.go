package models

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/google/uuid"
)

// What a moderator may want a mail about.
const (
	AlertWaiting = "waiting" // something waits where nothing did
	AlertLate    = "late"    // the site's promise is broken
)

// Alert is one of these wishes.
type Alert struct {
	SiteID, ModeratorID uuid.UUID
	Kind                string
}

// Alerts lists what one moderator wants to be told, of each site they serve.
func (q Queries) Alerts(ctx context.Context, siteIDs []uuid.UUID, moderatorID uuid.UUID) (all []Alert, err error) {
	err = q.run(ctx, Scope{Sites: siteIDs}, func(tx *Tx) error {
		return tx.db.Raw(`select site_id, moderator_id, kind from alerts where site_id = any (cast(? as uuid[])) and moderator_id = ?
			order by site_id, kind`, texts(siteIDs), moderatorID).Scan(&all).Error
	})
	if err != nil {
		return nil, fmt.Errorf("alerts of %s: %w", moderatorID, err)
	}
	return all, nil
}

// PutAlerts sets what one moderator wants to be told of one site. A wish that was there keeps what was told.
func (q Queries) PutAlerts(ctx context.Context, siteID, moderatorID uuid.UUID, kinds []string) error {
	err := q.at(ctx, siteID, func(tx *Tx) error {
		err := tx.db.Exec(`delete from alerts where site_id = ? and moderator_id = ? and kind <> all (?)`, siteID, moderatorID, Strings(kinds)).Error
		if err != nil {
			return err
		}
		return tx.db.Exec(`insert into alerts (site_id, moderator_id, kind) select ?, ?, unnest(cast(? as text[])) on conflict do nothing`,
			siteID, moderatorID, Strings(kinds)).Error
	})
	if err != nil {
		return fmt.Errorf("set the alerts of %s: %w", moderatorID, err)
	}
	return nil
}

// AlertSites lists the sites of which somebody wants to be told something. As the schema's owner.
func (s *Store) AlertSites(ctx context.Context) (ids []uuid.UUID, err error) {
	err = s.begin(ctx, asOwner, func(tx *Tx) error {
		return tx.db.Raw(`select distinct site_id from alerts order by site_id`).Scan(&ids).Error
	})
	if err != nil {
		return nil, fmt.Errorf("sites with alerts: %w", err)
	}
	return ids, nil
}

// RaiseAlerts answers who has to be told now that something of a kind is so, and marks it as told. Whoever was told is
// told again only after it was over, and not within pause.
func (t *Tx) RaiseAlerts(_ context.Context, siteID uuid.UUID, kind string, now time.Time, pause time.Duration) (ids []uuid.UUID, err error) {
	err = t.db.Raw(`update alerts set told_at = @now, over_at = null where site_id = @site and kind = @kind
			and (told_at is null or over_at is not null and told_at <= @before) returning moderator_id`,
		sql.Named("now", now), sql.Named("site", siteID), sql.Named("kind", kind), sql.Named("before", now.Add(-pause))).Scan(&ids).Error
	if err != nil {
		return nil, fmt.Errorf("raise %s: %w", kind, err)
	}
	return ids, nil
}

// EndAlerts notes that something of a kind is over.
func (t *Tx) EndAlerts(_ context.Context, siteID uuid.UUID, kind string, now time.Time) error {
	err := t.db.Exec(`update alerts set over_at = ? where site_id = ? and kind = ? and told_at is not null and over_at is null`, now, siteID, kind).Error
	if err != nil {
		return fmt.Errorf("end %s: %w", kind, err)
	}
	return nil
}
