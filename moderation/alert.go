package moderation

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"plenum/models"
	"plenum/moderation/notify"
)

// alertPause is the least time between two mails about the same.
const alertPause = time.Hour

// RaiseAlerts tells moderators who wish it that something waits where nothing did, or that a promise is broken: each
// once, until it was over. It is to be called every minute.
func (f *Flow) RaiseAlerts(ctx context.Context) error {
	sites, err := f.Store.AlertSites(ctx)
	if err != nil {
		return err
	}
	for _, id := range sites {
		if err := f.raiseAlerts(ctx, id); err != nil {
			return fmt.Errorf("alerts of site %s: %w", id, err)
		}
	}
	return nil
}

func (f *Flow) raiseAlerts(ctx context.Context, siteID uuid.UUID) error {
	waiting, err := f.queue(ctx, []uuid.UUID{siteID}, uuid.Nil, Question{Lane: models.LanePending, Sort: models.SortUrgent, Limit: nearest})
	if err != nil {
		return err
	}
	t, now := waiting.Totals, f.now()
	so := map[string]bool{
		models.AlertWaiting: t.Pending+t.Edited+t.Reported+t.Appealed > 0,
		// By rank, so whatever is late is among the first: its rank is its due time or earlier.
		models.AlertLate: slices.ContainsFunc(waiting.Items, func(w models.Waiting) bool { return w.DueAt.Before(now) }),
	}
	return f.Store.Serve(ctx, siteID, func(tx *models.Tx) error {
		for kind, is := range so {
			if !is {
				if err := tx.EndAlerts(ctx, siteID, kind, now); err != nil {
					return err
				}
				continue
			}
			told, err := tx.RaiseAlerts(ctx, siteID, kind, now, alertPause)
			if err != nil {
				return err
			}
			for _, id := range told {
				if err := tx.Enqueue(ctx, notify.StaffNotice{SiteID: siteID, ModeratorID: id, About: kind, At: now}, time.Time{}); err != nil {
					return err
				}
			}
		}
		return nil
	})
}
