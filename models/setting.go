package models

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
)

// SettingChange is one entry of the append-only log of what was changed of a site's settings.
type SettingChange struct {
	SiteID, ID   uuid.UUID
	ActorID      *uuid.UUID // nil: the command line
	Setting      string
	Was, Becomes string // words of ours; numbers in decimal
	CreatedAt    time.Time
	Actor        string // of a list: their name
}

// LockSite finds a site, and lets nobody else change it before the end of the transaction.
func (t *Tx) LockSite(_ context.Context, siteID uuid.UUID) (site Site, err error) {
	if err := first(t.db.Raw(`select * from sites where id = ? for no key update`, siteID).Scan(&site)); err != nil {
		return Site{}, fmt.Errorf("lock site %s: %w", siteID, err)
	}
	return site, nil
}

// SetSite sets what can be set of a site, as site has it. Every thread of it may look otherwise now.
func (t *Tx) SetSite(_ context.Context, siteID uuid.UUID, site Site) error {
	site.ID = siteID
	err := t.db.Exec(`update sites set name = @Name, origins = @Origins, target_minutes = @TargetMinutes, report_target_minutes = @ReportTargetMinutes,
			appeal_target_minutes = @AppealTargetMinutes, undo_seconds = @UndoSeconds, appeal_days = @AppealDays, close_after_days = @CloseAfterDays,
			thread_depth = @ThreadDepth, reaction = @Reaction, limit_burst = @LimitBurst, limit_seconds = @LimitSeconds, require_confirmed = @RequireConfirmed,
			shared_cache_seconds = @SharedCacheSeconds, bulk_hour = @BulkHour, bulk_day = @BulkDay, removals_hour = @RemovalsHour,
			purge_url = @PurgeURL, purge_sealed = @PurgeSealed where id = @ID`, site).Error
	if err == nil {
		err = t.db.Exec(`update articles set version = version + 1 where site_id = ? and version > 1`, siteID).Error
	}
	if err != nil {
		return fmt.Errorf("set site %s: %w", siteID, err)
	}
	t.hint(Hint{SiteID: siteID, Whole: true})
	return nil
}

// CreateSettingChange appends to the log.
func (q Queries) CreateSettingChange(ctx context.Context, c SettingChange) error {
	return q.ofSite(ctx, c.SiteID, "log a change of a setting", `insert into setting_changes (site_id, id, actor_id, setting, was, becomes, created_at)
		values (@SiteID, @ID, @ActorID, @Setting, @Was, @Becomes, @CreatedAt)`, c)
}

// SettingChanges lists the newest entries of the log.
func (q Queries) SettingChanges(ctx context.Context, siteID uuid.UUID, limit int) (all []SettingChange, err error) {
	err = q.at(ctx, siteID, func(tx *Tx) error {
		return tx.db.Raw(`select c.*, coalesce(a.name, '') as actor from setting_changes c left join moderators a on a.id = c.actor_id
			where c.site_id = ? order by c.created_at desc, c.id desc limit ?`, siteID, limit).Scan(&all).Error
	})
	if err != nil {
		return nil, fmt.Errorf("changes of the settings: %w", err)
	}
	return all, nil
}
